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

/** Options of a store in a SQLite file. Each method gives new options; immutable. */
public final class SqliteOptions {
    /** Some seventy years: as long as can be added to a clock of nanoseconds without a thought. */
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

    /** When a commit is on the disk; {@link Synchronous#FULL} unless said. */
    public SqliteOptions synchronous(Synchronous mode) {
        return new SqliteOptions(mode, busyTimeout, watchInterval, readOnly, networkAllowed, maxCommitBytes, store);
    }

    /**
     * How long to wait while another process holds the file, before {@link StoreIOException}; 10 s unless said.
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
     * How often to ask for other processes' commits while somebody watches or awaits; 10 ms unless said. Each time
     * costs some microseconds on a thread of its own, at 10 ms less than a hundredth of a processor; while nobody
     * watches, nothing is asked.
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
     * How many bytes of values one commit may write at most, counted as they would stand in a readable JSON file:
     * indented, so a value deep inside counts more than in a compact form. Default: 64 MiB. A larger commit is refused
     * with an {@link dev.heartwood.UnsupportedValueException} before it is accepted, and nothing is changed then. With
     * any choice, each key of the top level holds 268,435,456 characters at most.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public SqliteOptions maxCommitBytes(long bytes) {
        if (bytes < 1) {
            throw new IllegalArgumentException("expected at least 1 byte, not " + bytes);
        }
        return new SqliteOptions(synchronous, busyTimeout, watchInterval, readOnly, networkAllowed, bytes, store);
    }

    /** Only reads and watches: the file must be there, every write is refused with {@link StoreIOException}. */
    public SqliteOptions readOnly() {
        return new SqliteOptions(synchronous, busyTimeout, watchInterval, true, networkAllowed, maxCommitBytes, store);
    }

    /**
     * Opens files on network file systems, which is refused otherwise: processes on several machines would corrupt the
     * file, and locks often do not work there. Say this only where one machine uses it, and its locks work.
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
     * @throws StoreIOException if it cannot be opened, or is not a store's; then nothing was changed
     */
    public Store open(Path file) {
        Objects.requireNonNull(file, "file must not be null");
        Dialect dialect = Json.options().dialect(); // first: nobody would close the database if this failed
        if (file.toFile().length() == 0) {
            // Nothing is there yet: a guard that refuses an empty tree is asked before the database is made.
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

    /** An empty store in a database in memory, which nobody else sees and which is gone when it is closed. */
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
