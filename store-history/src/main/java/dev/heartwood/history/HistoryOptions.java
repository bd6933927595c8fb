package dev.heartwood.history;

import dev.heartwood.Store;
import java.util.Objects;

/** What a history keeps. Each method gives new options; immutable. */
public final class HistoryOptions {
    static final HistoryOptions DEFAULT = new HistoryOptions(10_000);

    private final long commits;

    private HistoryOptions(long commits) {
        this.commits = commits;
    }

    /**
     * How many of the newest commits are kept. Default: 10,000.
     *
     * @throws IllegalArgumentException if it is less than 1
     */
    public HistoryOptions keep(int commits) {
        if (commits < 1) {
            throw new IllegalArgumentException("expected a bound of at least 1, not " + commits);
        }
        return new HistoryOptions(commits);
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
        return commits;
    }
}
