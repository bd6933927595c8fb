package dev.heartwood.sqlite;

import dev.heartwood.Store;
import dev.heartwood.StoreIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * Opens a tree that lives in a SQLite file, so that several processes share it.
 *
 * <p>The opened store is a full {@link Store}. <b>Atomicity</b> holds across processes: operations and batches of all
 * processes are linearizable. A function runs again only if a value that it read has changed.
 * <b>Reads</b> see every commit that any process had finished before the call; so they query the file, which takes some
 * microseconds, may block for as long as another process holds it, and may throw a {@link StoreIOException}. All reads
 * through one snapshot see one state and query the file once. <b>Watchers</b> get the commits of other processes,
 * several of which may be merged into one state. A direct executor runs a listener on the publishing thread: a
 * committing or reading thread, or a thread of the store. That thread holds no lock that others need.
 *
 * <p><b>Durability.</b> A call that returns is on the disk ({@link Synchronous#FULL}). Commits of one process that wait
 * at the same time share a transaction. Commits of another process may starve a slow function, because the
 * {@linkplain Store right of way} holds only within one process. If its files are deleted or replaced while it is open,
 * or another state is restored into them, a store refuses further commits ({@link StoreIOException}); plain reads show
 * the last good state.
 *
 * <p>The file has one row for each top-level key, readable with any SQLite tool. It must not be copied or opened by
 * other means inside a process that has it open (closing it would drop SQLite's locks): use {@link #backup}. Symbolic
 * links are followed; a file with several hard links is refused, since each name would have a log of its own.
 */
public final class SqliteStore {
    private SqliteStore() {}

    /**
     * Opens the store in {@code file}; a missing file is created.
     *
     * @param file the database, in a directory that exists; {@code :memory:} is a store in memory
     * @throws StoreIOException if it cannot be opened, or is not a store; then nothing was changed
     */
    public static Store open(Path file) {
        return options().open(file);
    }

    /** The default options of a store; each method of {@link SqliteOptions} names its default. */
    public static SqliteOptions options() {
        return new SqliteOptions();
    }

    /**
     * Writes one state of a store into a new file, while other processes go on writing. When this returns, the copy is
     * on the disk, in every {@link Synchronous} mode. If files have modes, it has the group and the mode of the
     * database; until then only its owner can read it.
     *
     * @param file the database, in use or not
     * @param target the copy, which must not exist, in a directory that does
     * @throws StoreIOException if that is not possible; then there is no copy
     */
    public static void backup(Path file, Path target) {
        Backup.of(
                Objects.requireNonNull(file, "file must not be null"),
                Objects.requireNonNull(target, "target must not be null"));
    }

    /**
     * Puts the state of a backup into a database that nobody uses, or into a new file. When this returns, the state is
     * on the disk; the file keeps its permissions. A crash meanwhile leaves the old state or the new one, whole; a
     * hidden file beside it may stay, which the next restore removes. Never copy a backup over a database instead: a
     * log ({@code -wal}) that a killed process has left there would be applied to it.
     *
     * <p>Versions go back to that of the backup.
     *
     * @param backup a file from {@link #backup}, or another store's database, in use or not
     * @param file the database, in a directory that exists; of any state, but not damaged
     * @throws StoreIOException if {@code file} is open anywhere, or the restore is not possible; then it is unchanged
     */
    public static void restore(Path backup, Path file) {
        Restore.of(
                Objects.requireNonNull(backup, "backup must not be null"),
                Objects.requireNonNull(file, "file must not be null"));
    }

    /**
     * Reads all of a database, which may be in use, and verifies its structure and each row. Changes nothing.
     *
     * @param file the database
     * @return the faults, in words; empty if there are none
     * @throws StoreIOException if there is no such file, or it may not be opened here
     */
    public static List<String> check(Path file) {
        return DatabaseCheck.of(Objects.requireNonNull(file, "file must not be null"));
    }
}
