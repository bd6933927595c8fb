package dev.heartwood.sqlite;

import dev.heartwood.Dialect;
import dev.heartwood.Store;
import dev.heartwood.StoreIOException;
import dev.heartwood.StoreOptions;
import dev.heartwood.json.Json;
import dev.heartwood.tree.DurationText;
import io.vavr.collection.HashMap;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;

/** Options of a store in a SQLite file. Each method returns new options; immutable. */
public final class SqliteOptions {
    /** About seventy years: can be added to a clock of nanoseconds without overflow. */
    private static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE / 4);

    private static final long MAX_COMMIT_BYTES = 64 << 20;

    private final Synchronous synchronous;
    private final Duration busyTimeout;
    private final Duration watchInterval;
    private final boolean readOnly;
    private final boolean networkAllowed;
    private final long maxCommitBytes;
    private final StoreOptions store;

    SqliteOptions() {
        this(
                Synchronous.FULL,
                Duration.ofSeconds(10),
                Duration.ofMillis(10),
                false,
                false,
                MAX_COMMIT_BYTES,
                Store.options());
    }

    private SqliteOptions(
            Synchronous synchronous,
            Duration busyTimeout,
            Duration watchInterval,
            boolean readOnly,
            boolean networkAllowed,
            long maxCommitBytes,
            StoreOptions store) {
        this.synchronous = synchronous;
        this.busyTimeout = busyTimeout;
        this.watchInterval = watchInterval;
        this.readOnly = readOnly;
        this.networkAllowed = networkAllowed;
        this.maxCommitBytes = maxCommitBytes;
        this.store = store;
    }

    /** Sets when a commit is on the disk. Default: {@link Synchronous#FULL}. */
    public SqliteOptions synchronous(Synchronous mode) {
        return new SqliteOptions(mode, busyTimeout, watchInterval, readOnly, networkAllowed, maxCommitBytes, store);
    }

    /**
     * The time to wait while another process holds the file, before a {@link StoreIOException}. Default: 10 s.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public SqliteOptions busyTimeout(Duration timeout) {
        if (Objects.requireNonNull(timeout, "timeout must not be null").isNegative()) {
            throw new IllegalArgumentException("expected a duration of zero or more, not " + DurationText.of(timeout));
        }
        return new SqliteOptions(
                synchronous, capped(timeout), watchInterval, readOnly, networkAllowed, maxCommitBytes, store);
    }

    /**
     * The interval at which the store looks for commits of other processes while there is a watcher or a waiting
     * thread. Default: 10 ms. Each look costs some microseconds on a thread of its own, at 10 ms less than a hundredth
     * of a processor; without watchers there are no looks.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public SqliteOptions watchInterval(Duration interval) {
        if (Objects.requireNonNull(interval, "interval must not be null").isNegative() || interval.isZero()) {
            throw new IllegalArgumentException(
                    "expected a duration of more than zero, not " + DurationText.of(interval));
        }
        return new SqliteOptions(
                synchronous, busyTimeout, capped(interval), readOnly, networkAllowed, maxCommitBytes, store);
    }

    /**
     * The maximum number of bytes of values in one commit, counted as in a readable JSON file: indented, so a deeply
     * nested value counts more than in a compact form. Default: 64 MiB. A larger commit is refused with an
     * {@link dev.heartwood.UnsupportedValueException} before it is accepted, and nothing is changed. With any setting,
     * each top-level key holds at most 268,435,456 characters.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public SqliteOptions maxCommitBytes(long bytes) {
        if (bytes < 1) {
            throw new IllegalArgumentException("expected at least 1 byte, not " + bytes);
        }
        return new SqliteOptions(synchronous, busyTimeout, watchInterval, readOnly, networkAllowed, bytes, store);
    }

    /** Only reads and watches: the file must exist, and every write is refused with a {@link StoreIOException}. */
    public SqliteOptions readOnly() {
        return new SqliteOptions(synchronous, busyTimeout, watchInterval, true, networkAllowed, maxCommitBytes, store);
    }

    /**
     * Allows files on network file systems, which are refused otherwise: processes on several machines would corrupt
     * the file, and locks often do not work there. Use this only if a single machine uses the file, and its locks work.
     */
    public SqliteOptions allowNetworkFileSystem() {
        return new SqliteOptions(synchronous, busyTimeout, watchInterval, readOnly, true, maxCommitBytes, store);
    }

    /** Options that every store has, such as its failure handler. */
    public SqliteOptions store(StoreOptions options) {
        return new SqliteOptions(
                synchronous,
                busyTimeout,
                watchInterval,
                readOnly,
                networkAllowed,
                maxCommitBytes,
                Objects.requireNonNull(options, "options must not be null"));
    }

    /**
     * Opens the store in {@code file}, as {@link SqliteStore#open}.
     *
     * @throws StoreIOException if it cannot be opened, or is not a store; then nothing was changed
     */
    public Store open(Path file) {
        Objects.requireNonNull(file, "file must not be null");
        Dialect dialect = Json.options().dialect(); // first: if this failed later, the database would stay open
        if (file.toFile().length() == 0) {
            // The file does not exist yet: a guard that refuses an empty tree must run before the database is made.
            store.requireGuardsHold(HashMap.empty(), dialect);
        }
        SqliteRoot root = SqliteRoot.open(Database.open(file, this), dialect);
        try {
            return store.over(root);
        } catch (Throwable e) {
            root.close();
            throw e;
        }
    }

    /** An empty store in a private database in memory, which is gone when it is closed. */
    public Store inMemory() {
        return open(Path.of(Database.MEMORY));
    }

    private static Duration capped(Duration duration) {
        return duration.compareTo(LONGEST) > 0 ? LONGEST : duration;
    }

    Synchronous synchronous() {
        return synchronous;
    }

    Duration busyTimeout() {
        return busyTimeout;
    }

    Duration watchInterval() {
        return watchInterval;
    }

    boolean isReadOnly() {
        return readOnly;
    }

    long maxCommitBytes() {
        return maxCommitBytes;
    }

    boolean isNetworkAllowed() {
        return networkAllowed;
    }
}
