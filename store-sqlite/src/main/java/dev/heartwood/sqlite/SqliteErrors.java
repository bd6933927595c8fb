package dev.heartwood.sqlite;

import dev.heartwood.StoreIOException;
import dev.heartwood.storage.IoErrors;
import java.io.IOException;
import java.sql.SQLException;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** SQLite's errors in words: the file, the failure, the remedy. */
final class SqliteErrors {
    /** SQLite's primary result codes. */
    private static final int ERROR = 1;

    private static final int PERM = 3;
    private static final int BUSY = 5;
    private static final int LOCKED = 6;
    private static final int READONLY = 8;
    private static final int IOERR = 10;
    private static final int CORRUPT = 11;
    private static final int FULL = 13;
    private static final int CANTOPEN = 14;
    private static final int TOOBIG = 18;
    private static final int NOTADB = 26;

    private SqliteErrors() {}

    static StoreIOException with(Object file, SQLException e) {
        return new StoreIOException(file + ": " + inWords(e), e);
    }

    static StoreIOException with(Object file, IOException e) {
        return new StoreIOException(file + ": " + IoErrors.inWords(e), e);
    }

    /** Whether another connection held a lock for longer than the busy timeout. */
    static boolean isBusy(SQLException e) {
        return code(e) == BUSY || code(e) == LOCKED;
    }

    /**
     * Whether a commit with this error was certainly not made: there was no room for its pages, so it has no end mark.
     */
    static boolean isDefinite(SQLException e) {
        return isBusy(e) || code(e) == FULL;
    }

    /** Whether the disk has no room, or no place, for the files that SQLite makes beside the database. */
    static boolean isNoRoom(SQLException e) {
        return code(e) == FULL || code(e) == CANTOPEN || isSharedMemoryFull(e);
    }

    /** Whether the file is no database, or a broken one. */
    static boolean isDamaged(SQLException e) {
        return code(e) == CORRUPT || code(e) == NOTADB;
    }

    /** Whether a statement names a table or a column that is not there. */
    static boolean isWrongSchema(SQLException e) {
        return code(e) == ERROR;
    }

    private static String inWords(SQLException e) {
        if (isSharedMemoryFull(e)) {
            return "the disk is full: SQLite has no room for the shared memory beside the database (-shm)."
                    + " Make room, and try again";
        }
        return switch (code(e)) {
            case BUSY, LOCKED ->
                "another process held the database for longer than the busy timeout; nothing was"
                        + " committed: try again, or set a longer busyTimeout";
            case FULL -> "the disk is full; nothing of the commit was written: make room, and try the commit again";
            case READONLY, PERM ->
                "the database cannot be written (" + e.getMessage()
                        + "): make the file and its directory writable, or open it with readOnly()";
            case CORRUPT ->
                "the database is damaged (" + e.getMessage()
                        + "): restore a backup with SqliteStore.restore(backup, file) or heartwood restore BACKUP FILE, or with"
                        + " the command .restore of the sqlite3 tool. Do not copy the backup over the file: a log (-wal) beside it would be applied to it";
            case NOTADB -> "this is not a SQLite database: choose another file; it was left as it is";
            case CANTOPEN ->
                "the database cannot be opened: is the directory writable? Even to read a database that is in use, or was"
                        + " not closed, SQLite makes files beside it (" + e.getMessage() + ")";
            case ERROR ->
                "the database is not as this library made it (" + e.getMessage()
                        + "). Another program changed its tables:"
                        + " restore a backup with SqliteStore.restore(backup, file) or heartwood restore BACKUP FILE";
            case TOOBIG -> "a row is larger than SQLite allows: split the value among several keys of the top level";
            case IOERR ->
                "reading or writing the disk failed (" + e.getMessage()
                        + "): check the disk, then close the store and open it again";
            default -> String.valueOf(e.getMessage());
        };
    }

    /** SQLite's message if there is no room to extend the shared memory beside the database. */
    private static boolean isSharedMemoryFull(SQLException e) {
        return e instanceof SQLiteException error && error.getResultCode() == SQLiteErrorCode.SQLITE_IOERR_SHMSIZE;
    }

    private static int code(SQLException e) {
        return e.getErrorCode() & 0xff;
    }
}
