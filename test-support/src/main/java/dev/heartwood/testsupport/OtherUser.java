package dev.heartwood.testsupport;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Other users of this machine, which run programs of the class path of a test. Only the superuser can do that;
 * otherwise a test is skipped, with a message.
 */
public final class OtherUser {
    private final String classes;
    private final String temporary;

    private OtherUser(String classes, String temporary) {
        this.classes = classes;
        this.temporary = temporary;
    }

    /**
     * Prepares a directory in which all users may make files.
     *
     * @param directory a directory of the test, in which a copy of the class path is made too, where every user may read it
     * @param home the directory for the files, which is made
     */
    public static OtherUser of(Path directory, Path home) throws IOException {
        Machine.requireRoot();
        Machine.requireTools("setpriv");
        for (Path path = directory.toRealPath(); path != null && path.getNameCount() > 1; path = path.getParent()) {
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        for (Path made : List.of(home, directory.resolve("temporary"))) {
            Files.createDirectory(made);
            Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rwxrwxrwx"));
        }
        return new OtherUser(
                readable(directory.resolve("classes")),
                directory.resolve("temporary").toString());
    }

    /** Gives a file to a user, and to the group of the same number. */
    public static void own(Path path, int user) throws IOException {
        Files.setAttribute(path, "unix:uid", user);
        Files.setAttribute(path, "unix:gid", user);
    }

    /** Runs a program as a user that is in no group but that of the same number. Returns the output of the program. */
    public String run(int user, Class<?> program, String... arguments) throws IOException, InterruptedException {
        String id = Integer.toString(user);
        return runAs(List.of("--reuid", id, "--regid", id, "--clear-groups"), program, arguments);
    }

    /** The same for a user whose primary group has the same number, and which is in a second group, too. */
    public String runIn(int group, int user, Class<?> program, String... arguments)
            throws IOException, InterruptedException {
        String id = Integer.toString(user);
        return runAs(List.of("--reuid", id, "--regid", id, "--groups", Integer.toString(group)), program, arguments);
    }

    private String runAs(List<String> user, Class<?> program, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("setpriv"));
        command.addAll(user);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(
                List.of("-XX:TieredStopAtLevel=1", "-Djava.io.tmpdir=" + temporary, "-cp", classes, program.getName()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return said;
    }

    /** The entries of this process's class path and module path, and the tests of the module. */
    private static List<String> classPath() {
        List<String> entries = new ArrayList<>();
        for (String property : List.of("jdk.module.path", "surefire.test.class.path", "java.class.path")) {
            entries.addAll(Arrays.asList(System.getProperty(property, "").split(File.pathSeparator, -1)));
        }
        entries.add(Path.of("target", "classes").toAbsolutePath().toString());
        entries.add(Path.of("target", "test-classes").toAbsolutePath().toString());
        entries.removeIf(String::isEmpty);
        return entries;
    }

    /** Copies of the classes where every user may read them: a repository below a home directory is private. */
    private static String readable(Path to) throws IOException {
        Files.createDirectories(to);
        List<String> copies = new ArrayList<>();
        for (String entry : classPath()) {
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
