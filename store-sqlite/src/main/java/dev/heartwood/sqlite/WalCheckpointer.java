package dev.heartwood.sqlite;

import java.nio.file.Path;
import java.sql.SQLException;

/**
 * Keeps the write-ahead log short. SQLite begins it anew only in a moment in which nobody reads, and where reads come
 * thick and fast that moment may be long in coming; so past a size we wait for it.
 *
 * <p>Its size is asked for rarely: on Linux 6.13 and later, whoever looks at a file's time of change has the next write
 * change it, and a sync that has to write that too takes half as long again.
 */
final class WalCheckpointer {
    /** In bytes. */
    static final long LONGEST = 8 << 20;

    private static final long LOOK_EVERY = 1 << 20;

    private final Path file;
    private long limit = LONGEST;
    private long lookAt;

    /** The log beside a database. */
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
            // Somebody who reads for long, such as a backup, is not waited for again before it has grown as much.
            limit = writer.beginLogAnew() ? LONGEST : size + LONGEST;
        }
    }
}
