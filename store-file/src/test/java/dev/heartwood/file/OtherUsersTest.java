package dev.heartwood.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heartwood.Store;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that several users of a machine use, with real users; needs root, and is skipped with a word elsewhere. */
class OtherUsersTest {
    private Path file;
    private String classes;

    @BeforeEach
    void inA(@TempDir Path directory) throws Exception {
        Machine.requireRoot();
        Machine.requireTools("setpriv");
        for (Path path = directory.toRealPath(); path.getNameCount() > 1; path = path.getParent()) {
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        Path home = Files.createDirectory(directory.toRealPath().resolve("home"));
        Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxrwxrwx"));
        file = home.resolve("state.json");
        classes = readable(directory.toRealPath().resolve("classes"));
    }

    @Test
    void whatTheSuperuserOpensOnceStillBelongsToItsOwner() throws Exception {
        Files.writeString(file, "{\"a\":1}");
        own(file, 1001);
        try (Store store = JsonFile.open(file)) {
            store.put("b", 1);
        }
        try (Stream<Path> all = Files.walk(file.getParent())) {
            assertThat(all.filter(path -> !path.equals(file.getParent())))
                    .hasSizeGreaterThan(3)
                    .allSatisfy(path ->
                            assertThat(Files.getAttribute(path, "unix:uid")).isEqualTo(1001));
        }
        assertThat(openedBy(1001)).contains("open 2 ");
        assertThat(openedBy(1001)).contains("open 2 ");
    }

    @Test
    void aUserWhoCouldNotFinishACommitIsRefusedBeforeTheFirst() throws Exception {
        Files.writeString(file, "{\"a\":1}");
        own(file, 1001);
        assertThat(openedBy(1002))
                .contains("the file belongs to user 1001", "No file was changed")
                .doesNotContain("open 1");
        try (Stream<Path> all = Files.walk(file.getParent())) {
            assertThat(all).containsExactlyInAnyOrder(file.getParent(), file);
        }
    }

    private static void own(Path path, int user) throws Exception {
        Files.setAttribute(path, "unix:uid", user);
        Files.setAttribute(path, "unix:gid", user);
    }

    private String openedBy(int user) throws Exception {
        String id = Integer.toString(user);
        List<String> command = new ArrayList<>(List.of("setpriv", "--reuid", id, "--regid", id, "--clear-groups"));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-cp", classes, Recoverer.class.getName(), file.toString()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return said;
    }

    /** Copies of the classes where every user may read them: a repository below a home directory is private. */
    private String readable(Path to) throws IOException {
        Files.createDirectories(to);
        List<String> copies = new ArrayList<>();
        for (String entry : Child.classPath().split(File.pathSeparator, -1)) {
            Path from = Path.of(entry);
            if (Files.exists(from)) {
                Path copy = to.resolve(Integer.toString(copies.size()));
                copyAll(from, copy);
                copies.add(copy.toString());
            }
        }
        return String.join(File.pathSeparator, copies);
    }

    private static void copyAll(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path path : (Iterable<Path>) all::iterator) {
                Path copy = to.resolve(from.relativize(path).toString());
                if (Files.isDirectory(path)) {
                    Files.createDirectories(copy);
                } else {
                    Files.copy(path, copy);
                    Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rw-r--r--"));
                }
            }
        }
    }
}
