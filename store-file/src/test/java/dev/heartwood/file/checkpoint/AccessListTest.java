package dev.heartwood.file.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heartwood.Store;
import dev.heartwood.file.JsonFile;
import dev.heartwood.file.commit.FileRoot;
import dev.heartwood.file.context.Reporter;
import dev.heartwood.file.context.Settings;
import dev.heartwood.file.context.StoreContext;
import dev.heartwood.file.disk.ForwardingDisk;
import dev.heartwood.file.disk.ForwardingOutput;
import dev.heartwood.file.disk.StoreLayout;
import dev.heartwood.file.recovery.CrashHarness;
import dev.heartwood.file.recovery.Recovery;
import dev.heartwood.testsupport.Machine;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * POSIX access control lists, with real users: a user that cannot read the file can read none of the files that are
 * made from it. Needs root and setfacl; elsewhere it is skipped with a message.
 */
class AccessListTest {
    private static final int ALLOWED = 4321;
    /** Not named in the list, but a member of the group that the file has. */
    private static final int MEMBER = 5555;

    private static final int GROUP = 1234;
    private final Witness disk = new Witness();
    private StoreLayout place;

    @BeforeEach
    void inA(@TempDir Path directory) throws Exception {
        Machine.requireRoot();
        Machine.requireTools("setpriv", "setfacl", "getfacl");
        for (Path path = directory.toRealPath(); path.getNameCount() > 1; path = path.getParent()) {
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        place = new StoreLayout(directory.toRealPath().resolve("state.json"));
        Files.writeString(place.file(), "{\"secret\":0}");
        Files.setPosixFilePermissions(place.file(), PosixFilePermissions.fromString("rw-------"));
        Files.setAttribute(place.file(), "unix:gid", GROUP);
        Machine.runOrSkip("setfacl", "-m", "u:" + ALLOWED + ":rw", place.file().toString());
    }

    @ParameterizedTest
    @ValueSource(longs = {1 << 16, 0})
    void whoTheListLeavesOutReadsNoVersionAndNoCopyAtAnyMoment(long journalAbove) throws Exception {
        List<Path> readable = new ArrayList<>();
        disk.atWrite = file -> {
            if (mayRead(MEMBER, file)) {
                readable.add(file);
            }
        };
        String list = list(place.file());
        try (Store store = open(journalAbove)) {
            store.put("a", 1);
            store.put("a", 2);
            Files.writeString(place.file(), "{\"secret\":1}");
            store.put("a", 3);
            store.flush();
        }
        assertThat(list(place.file())).isEqualTo(list);
        assertThat(list(place.kept("external", 1))).isEqualTo(list);
        assertThat(mayRead(ALLOWED, place.file())).isTrue();
        assertThat(disk.writes.get()).isPositive();
        assertThat(readable).isEmpty();
        try (Stream<Path> all = Files.walk(place.parent())) {
            assertThat(all.filter(Files::isRegularFile))
                    .hasSizeGreaterThan(3)
                    .allSatisfy(path -> assertThat(mayRead(MEMBER, path))
                            .as(path.toString())
                            .isFalse());
        }
        // The copies are shut in. They have the list all the same, in case one is moved out of there.
        assertThat(list(place.generation(newestGeneration()))).isEqualTo(list);
    }

    @Test
    void aUserWhomTheListDeniesWhatAllOthersMayStaysDenied() throws Exception {
        setfacl("-b");
        Files.setPosixFilePermissions(place.file(), PosixFilePermissions.fromString("rw-r--r--"));
        setfacl("-m", "u:" + ALLOWED + ":-,g::-,m::r");
        assertThat(mayRead(ALLOWED, place.file())).isFalse();
        try (Store store = open(1 << 16)) {
            store.put("a", 1);
            assertThat(mayRead(ALLOWED, place.file())).isFalse();
            assertThat(mayRead(MEMBER, place.file())).isFalse();
            assertThat(mayRead(7777, place.file())).isTrue();
        }
    }

    @Test
    void aListThatIsChangedWhileTheStoreIsOpenHoldsFromTheNextCommitOn() throws Exception {
        try (Store store = open(1 << 16)) {
            store.put("a", 1);
            store.put("a", 2);
            setfacl("-m", "u:" + MEMBER + ":r");
            String list = list(place.file());
            store.put("a", 3);
            store.put("a", 4);
            assertThat(list(place.file())).isEqualTo(list);
            setfacl("-b");
            Files.setPosixFilePermissions(place.file(), PosixFilePermissions.fromString("rw-r-----"));
            store.put("a", 5);
            assertThat(mayRead(ALLOWED, place.file())).isFalse();
            assertThat(mayRead(MEMBER, place.file())).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-------", "rw-rw----"})
    void aListThatComesWhileACommitIsUnderWayIsNotLost(String mode) throws Exception {
        setfacl("-b");
        Files.setPosixFilePermissions(place.file(), PosixFilePermissions.fromString(mode));
        try (Store store = open(1 << 16)) {
            store.put("a", 1);
            AtomicReference<String> list = new AtomicReference<>();
            disk.atWrite = file -> {
                disk.atWrite = written -> {};
                setfacl("-m", "u:" + ALLOWED + ":r,g::-");
                list.set(list(place.file()));
            };
            store.put("a", 2);
            assertThat(list(place.file())).isEqualTo(list.get());
            assertThat(mayRead(ALLOWED, place.file())).isTrue();
            assertThat(mayRead(MEMBER, place.file())).isFalse();
            assertThat(place.file()).content().contains("\"a\": 2");
        }
    }

    /** Such a file is made as any other, without a copy of a list, until somebody changes it. */
    @Test
    void aFileThatTheStoreMadeKeepsTheListThatItIsGivenLater() throws Exception {
        Files.delete(place.file());
        try (Store store = open(1 << 16)) {
            store.put("a", 1);
            store.put("a", 2);
            Files.setPosixFilePermissions(place.file(), PosixFilePermissions.fromString("rw-r--r--"));
            setfacl("-m", "u:" + ALLOWED + ":-,g::-,m::r");
            String list = list(place.file());
            store.put("a", 3);
            store.put("a", 4);
            assertThat(list(place.file())).isEqualTo(list);
            assertThat(mayRead(ALLOWED, place.file())).isFalse();
            assertThat(mayRead(7777, place.file())).isTrue();
        }
    }

    @Test
    void aListThatAFileOfTheStoreGetsWhileACommitIsUnderWayIsNotLost() throws Exception {
        Files.delete(place.file());
        try (Store store = open(1 << 16)) {
            store.put("a", 1);
            Files.setPosixFilePermissions(place.file(), PosixFilePermissions.fromString("rw-r--r--"));
            store.put("a", 2);
            AtomicReference<String> list = new AtomicReference<>();
            disk.atWrite = file -> {
                disk.atWrite = written -> {};
                setfacl("-m", "u:" + ALLOWED + ":-,g::-,m::r");
                list.set(list(place.file()));
            };
            store.put("a", 3);
            assertThat(list(place.file())).isEqualTo(list.get());
            assertThat(mayRead(ALLOWED, place.file())).isFalse();
        }
    }

    @Test
    void aFileThatIsDeletedAndRepairedHasTheListAgain() throws Exception {
        String list = list(place.file());
        try (Store store = open(1 << 16)) {
            store.put("a", 1);
            Files.delete(place.file());
            store.put("a", 2);
            assertThat(list(place.file())).isEqualTo(list);
        }
        Files.delete(place.file());
        Settings repair = CrashHarness.settings(1 << 16).withRepair(true);
        Recovery.open(new StoreContext(disk, place, CrashHarness.FORMAT, repair, Reporter.NOBODY))
                .storage()
                .close();
        assertThat(list(place.file())).isEqualTo(list);
    }

    @Test
    void aBackupHasTheList() throws Exception {
        Path target = place.parent().resolve("backup.json");
        try (Store store = open(1 << 16)) {
            store.put("a", 1);
            JsonFile.backup(place.file(), target);
        }
        assertThat(list(target)).isEqualTo(list(place.file()));
        assertThat(mayRead(MEMBER, target)).isFalse();
        assertThat(place.parent().resolve("backup.json.d")).doesNotExist();
    }

    @Test
    void whoTidiesUpInTheDirectoryStopsNoCommit() throws Exception {
        String list = list(place.file());
        try (Store store = open(1 << 16)) {
            store.put("a", 1);
            try (Stream<Path> all = Files.list(place.directory())) {
                for (Path path : (Iterable<Path>) all::iterator) {
                    if (path.getFileName().toString().startsWith("tmp-")) {
                        Files.delete(path);
                    }
                }
            }
            store.put("a", 2);
        }
        assertThat(list(place.file())).isEqualTo(list);
        try (Stream<Path> all = Files.list(place.directory())) {
            assertThat(all).noneMatch(path -> path.getFileName().toString().startsWith("tmp-"));
        }
    }

    private Store open(long journalAbove) throws IOException {
        return Store.over(FileRoot.open(new StoreContext(
                disk, place, CrashHarness.FORMAT, CrashHarness.settings(journalAbove), Reporter.NOBODY)));
    }

    private void setfacl(String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of("setfacl"));
        command.addAll(List.of(options));
        command.add(place.file().toString());
        assertThat(said(command)).isEmpty();
    }

    private static String list(Path file) throws IOException {
        return said(List.of("getfacl", "-c", "-p", "-n", file.toString()));
    }

    private long newestGeneration() throws IOException {
        try (Stream<Path> all = Files.list(place.directory())) {
            return all.mapToLong(path ->
                            StoreLayout.generationNumber(path.getFileName().toString()))
                    .max()
                    .orElseThrow();
        }
    }

    private static boolean mayRead(int user, Path file) throws IOException {
        String id = Integer.toString(user);
        String group = Integer.toString(user == MEMBER ? GROUP : user);
        return said(List.of(
                        "setpriv",
                        "--reuid",
                        id,
                        "--regid",
                        group,
                        "--clear-groups",
                        "sh",
                        "-c",
                        "cat \"$0\" >/dev/null 2>&1 && echo read",
                        file.toString()))
                .contains("read");
    }

    private static String said(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    private interface Look {
        void at(Path file) throws IOException;
    }

    /** A disk that checks the readers of a file whenever bytes were written to it. */
    private static final class Witness extends ForwardingDisk {
        private volatile Look atWrite = file -> {};
        private final AtomicInteger writes = new AtomicInteger();

        @Override
        public Output create(Path file, int mode) throws IOException {
            Output out = super.create(file, mode);
            atWrite.at(file);
            return new ForwardingOutput(out) {
                @Override
                public void write(byte[] bytes, int length, long position) throws IOException {
                    super.write(bytes, length, position);
                    writes.incrementAndGet();
                    atWrite.at(file);
                }
            };
        }
    }
}
