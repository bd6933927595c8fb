package dev.heartwood;

import dev.heartwood.tree.Nodes;
import dev.heartwood.tree.TreeEquality;
import org.jspecify.annotations.Nullable;

/** A change for a watcher: the value at its path differs from the value before. Immutable. */
public final class Update {
    private final KeyPath path;
    private final Snapshot before;
    private final Snapshot after;
    private final boolean differs;

    Update(KeyPath path, Snapshot before, Snapshot after) {
        this(path, before, after, false);
    }

    /** An update whose values the committing thread may already have compared. */
    Update(KeyPath path, Snapshot before, Snapshot after, boolean differs) {
        this.path = path;
        this.before = before;
        this.after = after;
        this.differs = differs;
    }

    /** The watched path. */
    public KeyPath path() {
        return path;
    }

    /**
     * A committed state before the change. With {@link Delivery#every}, the state just before {@link #after}. With
     * {@link Delivery#latest}, the last state in which the place still had the value that the listener received last:
     * the next commit changed the place, and later ones up to {@code after} may have changed it again.
     */
    public Snapshot before() {
        return before;
    }

    /**
     * The committed state with the new value. With {@link Delivery#latest}, the state of the last commit that changed
     * the place.
     */
    public Snapshot after() {
        return after;
    }

    /**
     * The value before; null if it was missing. {@code before().contains(path())} distinguishes that from a JSON null.
     */
    public @Nullable Object oldValue() {
        return value(before);
    }

    /** The value after; null if it is missing. {@code after().contains(path())} distinguishes that from a JSON null. */
    public @Nullable Object newValue() {
        return value(after);
    }

    /** The number of skipped versions between the two states; at most {@link Integer#MAX_VALUE}. */
    public int skipped() {
        return (int) Math.min(Integer.MAX_VALUE, after.version() - before.version() - 1);
    }

    /** The difference in words: {@code /counter: 4 -> 5}. */
    @Override
    public String toString() {
        return path.forPeople() + ": " + TreePrinter.brief(nodeBefore()) + " -> " + TreePrinter.brief(nodeAfter());
    }

    /** Whether the two values really differ: replacing a container by an equal one is not a change. */
    boolean isNews() {
        return differs || !TreeEquality.trees(nodeBefore(), nodeAfter());
    }

    /** The node at the path before; {@link Nodes#MISSING} where there is none. */
    @Nullable
    Object nodeBefore() {
        return PathCopy.look(before.tree(), path);
    }

    /** The node at the path after; {@link Nodes#MISSING} where there is none. */
    @Nullable
    Object nodeAfter() {
        return PathCopy.look(after.tree(), path);
    }

    private @Nullable Object value(Snapshot state) {
        Object node = PathCopy.look(state.tree(), path);
        return node == Nodes.MISSING ? null : state.handOut(path, node);
    }
}
