package dev.heartwood.file.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.heartwood.Store;
import dev.heartwood.file.commit.FileRoot;
import dev.heartwood.file.context.Reporter;
import dev.heartwood.file.context.Settings;
import dev.heartwood.file.context.StoreContext;
import dev.heartwood.file.disk.ForwardingDisk;
import dev.heartwood.file.disk.ForwardingOutput;
import dev.heartwood.file.disk.StoreLayout;
import dev.heartwood.file.recovery.CrashHarness;
import dev.heartwood.file.recovery.Recovery;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The readers of the files that the store writes: at every moment, only users that may read the file. */
class PrivateFileTest {
    /** A disk that looks at who may read a file whenever bytes are written to it. */
    private final Witness disk = new Witness();

    private StoreLayout place;

    @BeforeEach
    void inA(@TempDir Path directory) throws IOException {
        Path home = directory.toRealPath();
        assumeTrue(Files.getFileStore(home).supportsFileAttributeView("posix"), "needs POSIX permissions");
        Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxr-xr-x"));
        place = new StoreLayout(home.resolve("state.json"));
    }

    @ParameterizedTest
    @ValueSource(longs = {1 << 16, 0})
    void whatStandsInAPrivateFileIsPrivateWhereverItIsWritten(long journalAbove) throws IOException {
        Files.writeString(place.file(), "{\"password\":\"hunter2\"}");
        chmod("rw-------");
        try (Store store = open(journalAbove)) {
            store.put("a", 1);
            store.put("a", 2);
            Files.writeString(place.file(), "{\"password\":\"hunter3\"}");
            store.put("a", 3);
        }
        open(journalAbove).close();
        assertThat(disk.written).isNotEmpty().allMatch(line -> line.startsWith("rw-------"));
        assertThat(place.kept("external", 1)).exists();
        assertThat(mode(place.directory())).isEqualTo("rwx------");
        try (Stream<Path> all = Files.walk(place.parent())) {
            assertThat(all.filter(Files::isRegularFile).filter(path -> !path.equals(place.lock())))
                    .hasSizeGreaterThan(3)
                    .allSatisfy(path -> assertThat(mode(path)).isEqualTo("rw-------"));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1 << 16, 0})
    void aFileThatIsMadePrivateWhileItIsOpenIsSoFromTheNextCommitOn(long journalAbove) throws IOException {
        Files.writeString(place.file(), "{}");
        chmod("rw-r--r--");
        try (Store store = open(journalAbove)) {
            store.put("a", 1);
            store.put("a", 2);
            chmod("rw-------");
            disk.written.clear();
            store.put("password", "hunter2");
            assertThat(disk.written.stream().filter(line -> !line.contains("journal-")))
                    .allMatch(line -> line.startsWith("rw-------"));
        }
        assertThat(mode(place.file())).isEqualTo("rw-------");
        assertThat(mode(place.directory())).isEqualTo("rwx------");
    }

    @Test
    void aNewFileHasTheModeThatFilesHaveHere() throws IOException {
        String usual = mode(Files.createFile(place.parent().resolve("other")));
        try (Store store = open(1 << 16)) {
            assertThat(mode(place.file())).isEqualTo(usual);
            store.put("a", 1);
            assertThat(mode(place.file())).isEqualTo(usual);
        }
        assertThat(mode(place.file())).isEqualTo(usual);
    }

    @Test
    void aFileThatOthersMayReadStaysSo() throws IOException {
        Files.writeString(place.file(), "{}");
        chmod("rw-rw-r--");
        try (Store store = open(0)) {
            store.put("a", 1);
        }
        assertThat(mode(place.file())).isEqualTo("rw-rw-r--");
        assertThat(disk.written).noneMatch(line -> line.startsWith("rw-rw-rw-"));
    }

    @Test
    void theFilesWithCopiedRightsGoOnceTheyAreCopied() throws IOException {
        Files.writeString(place.file(), "{}");
        chmod("rw-r--r--");
        try (Store store = open(0)) {
            store.put("a", 1);
            try (Stream<Path> all = Files.list(place.directory())) {
                assertThat(all.map(path -> path.getFileName().toString())).noneMatch(name -> name.contains("-like-"));
            }
        }
    }

    /** Another user who may read the file, and to whom the directory was opened, follows the store. */
    @ParameterizedTest
    @ValueSource(longs = {1 << 16, 0})
    void whatIsBesideAFileThatOthersMayReadIsOpenToThemToo(long journalAbove) throws IOException {
        Files.writeString(place.file(), "{}");
        chmod("rw-r--r--");
        for (int opening = 1; opening <= 2; opening++) {
            try (Store store = open(journalAbove)) {
                store.put("a", opening);
                try (Stream<Path> all = Files.list(place.directory())) {
                    assertThat(all.filter(
                                    path -> path.getFileName().toString().matches("(generation|journal)-.*|durable")))
                            .hasSizeGreaterThan(2)
                            .allSatisfy(path -> assertThat(mode(path)).isEqualTo("rw-r--r--"));
                }
            }
        }
    }

    @Test
    void aPrivateFileThatIsMissingAndRepairedIsPrivateAgain() throws IOException {
        Files.writeString(place.file(), "{\"password\":\"hunter2\"}");
        chmod("rw-------");
        open(1 << 16).close();
        Files.delete(place.file());
        Settings repair = CrashHarness.settings(1 << 16).withRepair(true);
        Recovery.open(new StoreContext(disk, place, CrashHarness.FORMAT, repair, Reporter.NOBODY))
                .storage()
                .close();
        assertThat(mode(place.file())).isEqualTo("rw-------");
        assertThat(disk.written).allMatch(line -> line.startsWith("rw-------"));
    }

    /** Older copies may still be open to others. */
    @Test
    void aFileThatWasMadePrivateIsPrivateAgainAfterItIsRepaired() throws IOException {
        Files.writeString(place.file(), "{}");
        chmod("rw-r--r--");
        try (Store store = open(1 << 16)) {
            store.put("a", 1);
        }
        chmod("rw-------");
        try (Store store = open(1 << 16)) {
            store.put("password", "hunter2");
        }
        Files.delete(place.file());
        disk.written.clear();
        Settings repair = CrashHarness.settings(1 << 16).withRepair(true);
        Recovery.open(new StoreContext(disk, place, CrashHarness.FORMAT, repair, Reporter.NOBODY))
                .storage()
                .close();
        assertThat(Files.readString(place.file())).contains("hunter2");
        assertThat(mode(place.file())).isEqualTo("rw-------");
        assertThat(disk.written).isNotEmpty().allMatch(line -> line.startsWith("rw-------"));
    }

    /** The next opening goes on with the copy that the one before has left. */
    @Test
    void theNewestCopyOfAFileThatWasMadePrivateWhileItWasClosedIsPrivate() throws IOException {
        Files.writeString(place.file(), "{\"password\":\"hunter2\"}");
        chmod("rw-r--r--");
        open(1 << 16).close();
        chmod("rw-------");
        open(1 << 16).close();
        try (Stream<Path> all = Files.list(place.directory())) {
            assertThat(all.filter(path ->
                            StoreLayout.generationNumber(path.getFileName().toString()) >= 0))
                    .hasSize(1)
                    .allSatisfy(path -> assertThat(mode(path)).isEqualTo("rw-------"));
        }
    }

    @Test
    void aFileThatIsMadeReadOnlyWhileACommitIsUnderWayIsReplacedByAReadOnlyOne() throws IOException {
        Files.writeString(place.file(), "{}");
        chmod("rw-r--r--");
        disk.denies = true;
        try (Store store = open(1 << 16)) {
            store.put("a", 1);
            disk.afterCreate = () -> chmod("r--r--r--");
            store.put("a", 2);
            assertThat(mode(place.file())).isEqualTo("r--r--r--");
            store.put("a", 3);
        }
        assertThat(mode(place.file())).isEqualTo("r--r--r--");
        assertThat(place.file()).hasContent("{\n  \"a\": 3\n}");
    }

    /** Otherwise a power cut could leave an empty file. */
    @Test
    void aVersionThatIsCopiedSinceTheRightsOfTheFileHaveChangedIsSyncedBeforeItTakesItsName() throws IOException {
        Files.writeString(place.file(), "{}");
        chmod("rw-r--r--");
        try (Store store = open(1 << 16)) {
            store.put("a", 1);
            disk.afterCreate = () -> chmod("rw-r-----");
            store.put("a", 2);
            assertThat(mode(place.file())).isEqualTo("rw-r-----");
            assertThat(disk.written).anyMatch(line -> line.contains("heartwood-tmp+"));
            assertThat(disk.unsynced).doesNotContain(place.file());
        }
    }

    private Store open(long journalAbove) throws IOException {
        return Store.over(FileRoot.open(new StoreContext(
                disk, place, CrashHarness.FORMAT, CrashHarness.settings(journalAbove), Reporter.NOBODY)));
    }

    private void chmod(String mode) throws IOException {
        Files.setPosixFilePermissions(place.file(), PosixFilePermissions.fromString(mode));
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    private interface Step {
        void run() throws IOException;
    }

    private static final class Witness extends ForwardingDisk {
        private final List<String> written = new CopyOnWriteArrayList<>();
        /** The files with bytes that a power cut may take away. */
        private final Set<Path> unsynced = ConcurrentHashMap.newKeySet();
        /** Done once. */
        private volatile Step afterCreate = () -> {};
        /** Whether it opens no file for writing that is read-only, as for all but the superuser. */
        private volatile boolean denies;

        @Override
        public Output open(Path file) throws IOException {
            if (denies && !mode(file).contains("w")) {
                throw new AccessDeniedException(file.toString());
            }
            return super.open(file);
        }

        @Override
        public Output create(Path file, int mode) throws IOException {
            Step once = afterCreate;
            afterCreate = () -> {};
            once.run();
            return new ForwardingOutput(super.create(file, mode)) {
                @Override
                public void write(byte[] bytes, int length, long position) throws IOException {
                    super.write(bytes, length, position);
                    written.add(mode(file) + " " + file);
                    unsynced.add(file);
                }

                @Override
                public void force() throws IOException {
                    super.force();
                    unsynced.remove(file);
                }
            };
        }

        @Override
        public void rename(Path from, Path to) throws IOException {
            super.rename(from, to);
            unsynced.remove(to);
            if (unsynced.remove(from)) {
                unsynced.add(to);
            }
        }
    }
}
