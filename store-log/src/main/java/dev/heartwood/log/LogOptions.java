package dev.heartwood.log;

import dev.heartwood.Root;
import dev.heartwood.Store;
import dev.heartwood.StoreOptions;
import dev.heartwood.tree.DurationText;
import java.time.Duration;
import java.util.Objects;

/** Options of a store over a log. Each method returns new options; immutable. */
public final class LogOptions {
    static final LogOptions DEFAULT =
            new LogOptions(Reads.LOCAL, Duration.ofSeconds(10), Duration.ofSeconds(1), 1_000, 1_000, 100_000, 1 << 20);

    /** {@link System#nanoTime} counts four times as much. */
    private static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE / 4);

    private final Reads reads;
    private final Duration deadline;
    private final Duration pollInterval;
    private final int checkpointEvery;
    private final int keepEntries;
    private final int rememberWriters;
    private final long compressCheckpointsAbove;

    private LogOptions(
            Reads reads,
            Duration deadline,
            Duration pollInterval,
            int checkpointEvery,
            int keepEntries,
            int rememberWriters,
            long compressCheckpointsAbove) {
        this.reads = reads;
        this.deadline = deadline;
        this.pollInterval = pollInterval;
        this.checkpointEvery = checkpointEvery;
        this.keepEntries = keepEntries;
        this.rememberWriters = rememberWriters;
        this.compressCheckpointsAbove = compressCheckpointsAbove;
    }

    /** The state that plain reads, snapshots, {@code await} and watchers show. Default: {@link Reads#LOCAL}. */
    public LogOptions reads(Reads choice) {
        return new LogOptions(
                Objects.requireNonNull(choice, "reads must not be null"),
                deadline,
                pollInterval,
                checkpointEvery,
                keepEntries,
                rememberWriters,
                compressCheckpointsAbove);
    }

    /**
     * The time for which a commit, or a read that asks the log, is tried again while the log does not answer. After it,
     * a commit that may have been applied ends with {@link dev.heartwood.IndeterminateCommitException}, any other call
     * with {@link dev.heartwood.StoreIOException}. The store waits for a request under way, so the engine's own
     * time-out comes on top. A checkpoint is read by many requests, each with this deadline.
     *
     * <p>A checkpoint may be replaced while a process reads it. So an earlier one stays for twice the deadline of the store that writes
     * checkpoints, and a store that opens or was away for long begins with another one until twice its own deadline has passed.
     *
     * <p>Default: 10 s.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public LogOptions deadline(Duration choice) {
        Duration used = positive(choice, "deadline");
        return new LogOptions(
                reads, used, pollInterval, checkpointEvery, keepEntries, rememberWriters, compressCheckpointsAbove);
    }

    /**
     * The interval at which the log is polled independently of its wake-ups, and so the maximum delay of foreign
     * commits if wake-ups are lost. Default: 1 s.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public LogOptions pollInterval(Duration choice) {
        Duration used = positive(choice, "poll interval");
        return new LogOptions(
                reads, deadline, used, checkpointEvery, keepEntries, rememberWriters, compressCheckpointsAbove);
    }

    /**
     * The number of entries after which this replica writes a checkpoint and trims the log; 0 for never. A replica that
     * opens reads the newest checkpoint and the entries after it. A checkpoint is written by a thread of its own; a store
     * that closes waits for one under way, and writes one that is due. Default: 1,000.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public LogOptions checkpointEvery(int entries) {
        requireNotNegative(entries, "number of entries between checkpoints");
        return new LogOptions(
                reads, deadline, pollInterval, entries, keepEntries, rememberWriters, compressCheckpointsAbove);
    }

    /**
     * The number of entries before its checkpoint that a trim leaves in the log; more where the earlier checkpoint that stays
     * (see {@link #deadline}) is further back, since the entries after that one stay, too. A replica that is further behind reads
     * the whole checkpoint, and its watchers get one update in place of many. Default: 1,000.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public LogOptions keepEntries(int entries) {
        requireNotNegative(entries, "number of entries to keep");
        return new LogOptions(
                reads, deadline, pollInterval, checkpointEvery, entries, rememberWriters, compressCheckpointsAbove);
    }

    /**
     * The number of entries for which a checkpoint remembers the last entry of each writer. A writer that was cut off
     * while an append was in doubt can learn the outcome within this number of entries. Default: 100,000.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public LogOptions rememberWriters(int entries) {
        requireNotNegative(entries, "number of entries for which writers are remembered");
        return new LogOptions(
                reads, deadline, pollInterval, checkpointEvery, keepEntries, entries, compressCheckpointsAbove);
    }

    /**
     * The size from which on the checkpoints that this replica writes are compressed, in bytes of their JSON: with zlib, in Base64, since
     * all that a log stores is text. A tree of many like records then takes a fraction of the space, and opens faster. Tools of the
     * server show a checkpoint only while it is plain. Every replica reads both kinds, whatever it writes itself. Processes that run a
     * version of the library before this option refuse a log with a compressed checkpoint, and name the feature: where there are such
     * processes, compress none. Default: 1,048,576, so that what a person may want to read stays JSON.
     *
     * @param bytes 0 to compress every checkpoint, {@code Long.MAX_VALUE} for none
     * @throws IllegalArgumentException if it is negative
     */
    public LogOptions compressCheckpointsAbove(long bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException(
                    "the size above which checkpoints are compressed must not be negative: " + bytes);
        }
        return new LogOptions(reads, deadline, pollInterval, checkpointEvery, keepEntries, rememberWriters, bytes);
    }

    /**
     * Opens the tree in a log. The store owns the connection and closes it.
     *
     * @throws dev.heartwood.StoreIOException if the log does not answer before the deadline, or refuses
     * @throws dev.heartwood.StoreException if the log holds no tree, or one of a newer version of the library
     */
    public Store over(SharedLog log) {
        return over(log, Store.options());
    }

    /** The same with options that every store has, such as its failure handler. */
    public Store over(SharedLog log, StoreOptions options) {
        Root root = root(log);
        try {
            return options.over(root);
        } catch (Throwable e) {
            // For example, a guard refuses the tree: no other code has the root, so it must be closed here.
            root.close();
            throw e;
        }
    }

    /**
     * The root of such a store, for {@link Store#over(Root)} or {@link dev.heartwood.StoreOptions#over(Root)}; opened
     * as {@link #over(SharedLog)} does.
     */
    public Root root(SharedLog log) {
        return LogRoot.open(log, this, Wiring.system());
    }

    Reads reads() {
        return reads;
    }

    Duration deadline() {
        return deadline;
    }

    Duration pollInterval() {
        return pollInterval;
    }

    int checkpointEvery() {
        return checkpointEvery;
    }

    int keepEntries() {
        return keepEntries;
    }

    int rememberWriters() {
        return rememberWriters;
    }

    long compressCheckpointsAbove() {
        return compressCheckpointsAbove;
    }

    /** As long as the clock can count it, at most. */
    private static Duration positive(Duration choice, String what) {
        Objects.requireNonNull(choice, "choice must not be null");
        if (choice.isNegative() || choice.isZero()) {
            throw new IllegalArgumentException("expected a " + what + " above zero, not " + DurationText.of(choice));
        }
        return choice.compareTo(LONGEST) > 0 ? LONGEST : choice;
    }

    private static void requireNotNegative(int entries, String what) {
        if (entries < 0) {
            throw new IllegalArgumentException("expected a " + what + " of zero or more, not " + entries);
        }
    }
}
