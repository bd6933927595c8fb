package dev.heartwood.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whether the files of a database are still the same, on a file system whose clock stands still between its ticks. */
class FilesInUseTest {
    private static final Instant TICK = Instant.parse("2026-01-01T12:00:00Z");

    @TempDir
    Path directory;

    private Path database;
    private Instant now = TICK;
    private Instant lastChange = TICK;
    private FilesInUse files;

    @BeforeEach
    void open() throws Exception {
        assumeTrue(directory.getFileSystem().supportedFileAttributeViews().contains("unix"));
        database = Files.createFile(directory.resolve("shared.db"));
        Files.createFile(directory.resolve("shared.db-wal"));
        Files.createFile(directory.resolve("shared.db-shm"));
        files = new FilesInUse(database, () -> now, time -> FileTime.from(lastChange));
    }

    @Test
    void secondChangeWithinOneTickOfTheClockIsNoticed() throws Exception {
        now = TICK.plusMillis(500);
        assertThat(files.firstChanged()).isNull();
        Files.delete(directory.resolve("shared.db-wal"));
        assertThat(files.firstChanged()).contains("shared.db-wal was deleted");
    }

    @Test
    void changeAfterTheTickIsNoticed() throws Exception {
        now = TICK.plusSeconds(10);
        assertThat(files.firstChanged()).isNull();
        Files.delete(directory.resolve("shared.db-wal"));
        lastChange = now;
        assertThat(files.firstChanged()).contains("shared.db-wal was deleted");
    }

    /** A directory that takes the place of another may have changed at the very same time. */
    @Test
    void directoryInWhosePlaceACopyStandsIsNoticedByItsIdentity() throws Exception {
        now = TICK.plusSeconds(10);
        assertThat(files.firstChanged()).isNull();
        Path moved = Files.move(directory, directory.resolveSibling(directory.getFileName() + "-moved"));
        Files.createDirectory(directory);
        try {
            assertThat(files.firstChanged()).contains("shared.db was deleted");
        } finally {
            Files.delete(directory);
            Files.move(moved, directory);
        }
    }

    @Test
    void directoryAtRestIsNotLookedThroughAgain() throws Exception {
        now = TICK.plusSeconds(10);
        assertThat(files.firstChanged()).isNull();
        Files.delete(directory.resolve("shared.db-wal"));
        // No file system does this: the time of change would be another one. It shows that nothing else was looked at.
        assertThat(files.firstChanged()).isNull();
    }

    @Test
    void clockThatIsSetBackOnlyCostsTime() throws Exception {
        now = TICK.minus(Duration.ofDays(1));
        assertThat(files.firstChanged()).isNull();
        Files.delete(directory.resolve("shared.db-shm"));
        assertThat(files.firstChanged()).contains("shared.db-shm was deleted");
    }
}
