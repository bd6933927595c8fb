package dev.heartwood;

import io.vavr.collection.HashMap;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A change on its way into the store: what it read on the tree that it last ran on, and what it makes of a tree.
 *
 * <p>Single operations and batches are the same to the one loop that commits them, {@link Store#commit}. Used by one
 * thread; {@link #reads} alone is looked at by others.
 */
abstract class Attempt implements Supplier<List<Edit>> {
    /** How often it ran. */
    int runs;

    private @Nullable Snapshot before;
    private @Nullable Snapshot after;

    /**
     * Looks at {@code tree}, and says whether all that the last run read is the same there: then there is nothing to
     * run again. False before the first run.
     */
    abstract boolean holds(HashMap<String, @Nullable Object> tree);

    /** Runs on {@code base}, the state last looked at; what the caller's function throws comes out unchanged. */
    abstract void run(Snapshot base);

    /**
     * {@code tree} with the changes of the last run, the same instance if there are none; null where they no longer
     * apply, so that it must run again.
     */
    abstract @Nullable HashMap<String, @Nullable Object> applyTo(HashMap<String, @Nullable Object> tree);

    /** What the last run read. */
    abstract Reads reads();

    /** Whether running calls code of the caller, which may be slow and must not use the store. */
    abstract boolean callsOut();

    /** Where it writes, for people who look at contention: a path, or the word for many. */
    abstract String place();

    /** The edits that lead from the tree last applied to to the one made of it. */
    @Override
    public abstract List<Edit> get();

    /** Takes note of the states before and after it; the same state when it changed nothing. */
    final void settled(Snapshot from, Snapshot to) {
        before = from;
        after = to;
    }

    /** What it did, once it is settled. */
    final Commit toCommit() {
        return new Commit(Objects.requireNonNull(before), Objects.requireNonNull(after), runs);
    }
}
