package dev.heartwood.history;

import dev.heartwood.Store;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Options of a history: how much it keeps. Each method gives new options; immutable. Each bound that is given holds. */
public final class HistoryOptions {
    static final HistoryOptions DEFAULT = new HistoryOptions(0, null, 0);

    private static final long COMMITS = 10_000;
    private static final long COMMITS_BESIDE_OTHER_BOUNDS = 1_000_000;

    /** 0: not given. */
    private final long commits;

    private final @Nullable Duration time;
    /** 0: not given. */
    private final long bytes;

    private HistoryOptions(long commits, @Nullable Duration time, long bytes) {
        this.commits = commits;
        this.time = time;
        this.bytes = bytes;
    }

    /**
     * How many of the newest commits are kept. Default: 10,000; or 1,000,000 where a duration or a number of bytes is
     * given.
     *
     * @throws IllegalArgumentException if it is less than 1
     */
    public HistoryOptions keep(int commits) {
        return new HistoryOptions(requirePositive(commits), time, bytes);
    }

    /**
     * How long commits are kept, by their own times; at least the newest state always is. Default: without end.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public HistoryOptions keep(Duration time) {
        if (time.isNegative() || time.isZero()) {
            throw new IllegalArgumentException("expected a positive duration, not " + time);
        }
        return new HistoryOptions(commits, time, bytes);
    }

    /**
     * How many bytes of memory the past states may take, beside what the newest one takes: an estimate of the parts that
     * they do not share with it. At least the newest commit is kept. Default: no bound.
     *
     * @throws IllegalArgumentException if it is less than 1
     */
    public HistoryOptions bytes(long bytes) {
        return new HistoryOptions(commits, time, requirePositive(bytes));
    }

    /**
     * Begins to record a store: from its newest state on, until the history is closed.
     *
     * @param store the store, or a handle of it: {@link History#undo} is for the commits of its author
     */
    public History of(Store store) {
        return History.record(Objects.requireNonNull(store, "store"), this);
    }

    long commits() {
        return commits > 0 ? commits : time == null && bytes == 0 ? COMMITS : COMMITS_BESIDE_OTHER_BOUNDS;
    }

    @Nullable
    Duration time() {
        return time;
    }

    long bytes() {
        return bytes;
    }

    private static long requirePositive(long bound) {
        if (bound < 1) {
            throw new IllegalArgumentException("expected a bound of at least 1, not " + bound);
        }
        return bound;
    }
}
