package dev.heartwood.sqlite;

import java.nio.file.Path;
import java.sql.SQLException;

/**
 * Keeps the write-ahead log short. SQLite begins it anew only in a moment in which nobody reads, and where reads come
 * thick and fast that moment may be long in coming; so past a size we wait for it.
 */
final class Log {
    /** In bytes. */
    static final long LONGEST = 8 << 20;

    private final Path file;
    private long limit = LONGEST;

    /** The log beside a database. */
    Log(Path database) {
        this.file = database.resolveSibling(database.getFileName() + "-wal");
    }

    /** Called between transactions. */
    void keepShort(Session writer) throws SQLException {
        long size = file.toFile().length();
        if (size > limit) {
            // Somebody who reads for long, such as a backup, is not waited for again before it has grown as much.
            limit = writer.beginLogAnew() ? LONGEST : size + LONGEST;
        }
    }
}
