package dev.heartwood.sqlite;

import java.nio.file.Path;
import java.sql.SQLException;

/**
 * Keeps the write-ahead log short. SQLite restarts it only in a moment without readers. Under many reads that moment
 * may come late; so beyond a size this class waits for it.
 *
 * <p>It reads the size of the WAL rarely: on Linux 6.13 and later, reading a file's time of change makes the next write
 * update it, and a sync that must also write that takes one and a half times as long.
 */
final class WalCheckpointer {
    /** In bytes. */
    static final long LONGEST = 8 << 20;

    private static final long LOOK_EVERY = 1 << 20;

    private final Path file;
    private long limit = LONGEST;
    private long lookAt;

    /** The WAL beside a database. */
    WalCheckpointer(Path database) {
        this.file = SideFiles.log(database);
    }

    /** Called between transactions. */
    void keepShort(SqliteConnection writer) throws SQLException {
        if (writer.written() < lookAt) {
            return;
        }
        lookAt = writer.written() + LOOK_EVERY;
        long size = file.toFile().length();
        if (size > limit) {
            // After waiting for a long reader, such as a backup, it does not wait again before the WAL has grown by the
            // same size.
            limit = writer.beginLogAnew() ? LONGEST : size + LONGEST;
        }
    }
}
