package dev.heartwood.inspector;

import dev.heartwood.Snapshot;
import dev.heartwood.Store;
import dev.heartwood.StoreClosedException;
import dev.heartwood.history.Entry;
import dev.heartwood.history.History;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The commits after the last one that a page has. Nothing is queued for a page: the feed remembers the last state that
 * it returned, and looks into the history for later commits. If there are more than {@link #MOST}, the older part comes
 * as one step. So a page that falls behind costs no more than one that keeps up.
 *
 * <p>Not thread-safe: each page has its own.
 */
final class CommitFeed {
    /** The most commits that one look returns one by one. */
    static final int MOST = 50;

    private final Store store;
    private final History history;
    private Snapshot last;
    /** The store's version at the last look: a history of some places alone may have no newer state. */
    private long seen;

    private boolean ended;

    private CommitFeed(Store store, History history, Snapshot last) {
        this.store = store;
        this.history = history;
        this.last = last;
        this.seen = last.version();
    }

    /** A feed from a version on; null if the history no longer has it. */
    static @Nullable CommitFeed after(long version, Store store, History history) {
        for (Snapshot state : history.states()) {
            if (state.version() == version) {
                return new CommitFeed(store, history, state);
            }
        }
        return null;
    }

    /** The steps since the last call, oldest first; empty if nothing was committed. */
    List<RecordedStep> next() {
        if (!isChanged()) {
            return List.of();
        }
        List<Entry> entries = history.entries();
        int first = firstAfterLast(entries);
        List<RecordedStep> steps = new ArrayList<>();
        int single = Math.max(first, entries.size() - MOST);
        for (Entry entry : entries.subList(single, entries.size())) {
            // Older commits, or steps of sessions, which are no entries: the page goes from state to state.
            if (entry.previous().version() > last.version()) {
                steps.add(RecordedStep.across(last, entry.previous()));
            }
            steps.add(RecordedStep.of(entry));
            last = entry.state();
        }
        return steps;
    }

    /** Whether the store is closed, and all its commits were given. */
    boolean isEnded() {
        return ended;
    }

    private boolean isChanged() {
        if (ended) {
            return false;
        }
        try {
            long newest = store.version();
            boolean changed = newest != seen;
            seen = newest;
            return changed;
        } catch (StoreClosedException e) {
            ended = true;
            return true; // the history has the last commits
        }
    }

    private int firstAfterLast(List<Entry> entries) {
        int first = entries.size();
        while (first > 0 && entries.get(first - 1).version() > last.version()) {
            first--;
        }
        return first;
    }
}
