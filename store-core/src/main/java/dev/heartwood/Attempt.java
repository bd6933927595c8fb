package dev.heartwood;

import io.vavr.collection.HashMap;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A change on its way into the store: its reads on the tree of its last run, and its result for a tree.
 *
 * <p>Single operations and batches are the same to the one loop that commits them, {@link CommitLoop}. Used by one
 * thread; only {@link #reads} is used by others.
 */
abstract class Attempt implements Supplier<List<Edit>> {
    /** How often it ran. */
    int runs;

    /**
     * The result for {@code base}; the same instance if it changes nothing. Runs the function at the first call, and if
     * something that the last run read differs in {@code base}; otherwise applies the result of the last run to
     * {@code base}. An exception of the caller's function is thrown unchanged.
     */
    abstract HashMap<String, @Nullable Object> next(Snapshot base);

    /** The reads of the last run. */
    abstract ReadSet reads();

    /** Whether running calls code of the caller, which may be slow and must not use the store. */
    abstract boolean callsOut();

    /** Whether it failed in a function that is applied to the newest value of its place: then only a failure on the newest state counts. */
    boolean hasFailedOnNewest() {
        return false;
    }

    /** Why it commits; null where nothing was said. */
    @Nullable
    String label() {
        return null;
    }

    /** The place of its write, for people who analyse contention: a path, or a word for many places. */
    abstract String place();

    /** The place because of which it ran again, the last one if there were several; null where it ran once. */
    abstract @Nullable KeyPath conflict();

    /** The first place that it has written, for the Flight Recorder. To ask once it is committed. */
    String firstPlace() {
        return place();
    }

    /** The edits that lead from the tree last applied to to the one made of it. */
    @Override
    public abstract List<Edit> get();

    /** Takes note of the states before and after it, once it is settled; the same state when it changed nothing. */
    void settled(Snapshot before, Snapshot after) {}
}
