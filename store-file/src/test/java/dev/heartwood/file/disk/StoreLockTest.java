package dev.heartwood.file.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heartwood.StoreIOException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Openings that come between the steps of another one. The other process is played by this one, under another name of
 * the directory: the registry of the process does not know it, and the lock does.
 */
class StoreLockTest {
    private final RealDisk real = new RealDisk();
    private StoreLayout place;
    private StoreLayout elsewhere;

    @BeforeEach
    void inA(@TempDir Path directory) throws IOException {
        Path home = Files.createDirectory(directory.toRealPath().resolve("home"));
        place = new StoreLayout(home.resolve("state.json"));
        elsewhere = new StoreLayout(
                Files.createSymbolicLink(home.resolveSibling("link"), home).resolve("state.json"));
    }

    @Test
    void whoMadeTheDirectoryAndIsRefusedLeavesTheLockOfAnother() throws IOException {
        StoreLock[] other = {null};
        Disk disk = new ForwardingDisk() {
            @Override
            public void forceDirectory(Path forced) throws IOException {
                other[0] = StoreLock.take(real, elsewhere);
                super.forceDirectory(forced);
            }
        };
        assertThatThrownBy(() -> StoreLock.take(disk, place))
                .isInstanceOf(StoreIOException.class)
                .hasMessageContaining("is open in this process already");
        assertThat(place.lock()).exists();
        requireLocked();
        other[0].close();
    }

    @Test
    void aDirectoryThatIsTakenAwayMeanwhileIsMadeAgain() throws IOException {
        StoreLock refused = StoreLock.take(real, elsewhere);
        Disk disk = new ForwardingDisk() {
            private boolean closed;

            @Override
            public @Nullable Attributes attributes(Path path) throws IOException {
                Attributes found = super.attributes(path);
                if (!closed) {
                    closed = true;
                    refused.close();
                }
                return found;
            }
        };
        try (StoreLock lock = StoreLock.take(disk, place)) {
            requireLocked();
            lock.keep();
        }
        assertThat(place.lock()).exists();
    }

    @Test
    void aDirectoryThatIsMadeMeanwhileIsTaken() throws IOException {
        Disk disk = new ForwardingDisk() {
            @Override
            public void createDirectory(Path directory) throws IOException {
                if (Files.notExists(directory)) {
                    super.createDirectory(directory);
                }
                super.createDirectory(directory);
            }
        };
        StoreLock lock = StoreLock.take(disk, place);
        requireLocked();
        lock.close();
        assertThat(place.directory()).exists();
    }

    @Test
    void aLockFileThatIsReplacedBeforeItIsLockedIsNotTheOneThatCounts() throws IOException {
        int[] looks = {0};
        Disk disk = new ForwardingDisk() {
            @Override
            public @Nullable Object identity(Path file) throws IOException {
                Object found = super.identity(file);
                if (looks[0]++ == 0) {
                    // Kept under another name, so that its number is not given to the next one.
                    Files.move(file, file.resolveSibling("old"));
                    Files.createFile(file);
                }
                return found;
            }
        };
        try (StoreLock lock = StoreLock.take(disk, place)) {
            requireLocked();
            lock.keep();
        }
        assertThat(looks[0]).isEqualTo(4);
    }

    @Test
    void whoHasItOpenIsNotNamedBeforeTheyHaveSaidIt() {
        assertThat(StoreLock.describe("process 7, since 2026-01-01T00:00:00Z\n"))
                .isEqualTo("process 7, since 2026-01-01T00:00:00Z");
        assertThat(StoreLock.describe("")).isEqualTo("which has only begun to open it");
    }

    @Test
    void whereTheDirectoryCannotStayTheOpeningEnds() {
        Disk disk = new ForwardingDisk() {
            @Override
            public void forceDirectory(Path forced) throws IOException {
                Files.delete(place.directory());
            }
        };
        assertThatThrownBy(() -> StoreLock.take(disk, place)).isInstanceOf(NoSuchFileException.class);
        assertThatThrownBy(() -> StoreLock.take(disk, place)).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void whatSomebodyPutIntoTheDirectoryStaysWithIt() throws IOException {
        StoreLock refused = StoreLock.take(real, place);
        Files.createFile(place.directory().resolve("note"));
        refused.close();
        assertThat(place.directory().resolve("note")).exists();
        StoreLock.take(real, place).close();
    }

    @Test
    void aChannelIsClosedAlsoWhereTheLockFileCannotBeDeleted() throws IOException {
        Disk disk = new ForwardingDisk() {
            @Override
            public void delete(Path file) throws IOException {
                throw new IOException("planted");
            }
        };
        StoreLock refused = StoreLock.take(disk, place);
        assertThatThrownBy(refused::close).hasMessage("planted");
        StoreLock.take(real, place).close();
    }

    @Test
    void theLockNamesItsHolderAndNobodyBefore() throws IOException {
        place.prepare(real);
        Files.writeString(place.lock(), "process 4194304, since 2020-01-01T00:00:00Z, and more than that\n");
        StoreLock lock = StoreLock.take(real, place);
        assertThat(place.lock())
                .content()
                .matches("process " + ProcessHandle.current().pid() + ", since [-0-9T:]+Z\n");
        lock.close();
    }

    /** The lock of the file that has the name now is held in this process. */
    private void requireLocked() throws IOException {
        try (FileChannel channel = FileChannel.open(place.lock(), StandardOpenOption.WRITE)) {
            assertThatThrownBy(channel::tryLock).isInstanceOf(OverlappingFileLockException.class);
        }
    }
}
