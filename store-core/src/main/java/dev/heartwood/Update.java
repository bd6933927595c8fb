package dev.heartwood;

import dev.heartwood.tree.Nodes;
import dev.heartwood.tree.TreeEquality;
import org.jspecify.annotations.Nullable;

/** The news for a watcher: the value at its path is another than before. Immutable. */
public final class Update {
    private final KeyPath path;
    private final Snapshot before;
    private final Snapshot after;
    private final boolean differs;

    Update(KeyPath path, Snapshot before, Snapshot after) {
        this(path, before, after, false);
    }

    /** An update of which the thread that committed may have seen already that its values differ. */
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
     * A committed state before the change. With {@link Delivery#every} the state just before {@link #after}. With
     * {@link Delivery#latest} the last state in which the place was as the listener knows it: the place then changed
     * with the next commit, and perhaps again up to {@code after}.
     */
    public Snapshot before() {
        return before;
    }

    /**
     * The committed state with the value that is told. With {@link Delivery#latest} that of the last commit which
     * changed the place.
     */
    public Snapshot after() {
        return after;
    }

    /** The value before; null when it was missing, which {@code before().contains(path())} tells from a JSON null. */
    public @Nullable Object oldValue() {
        return value(before);
    }

    /** The value after; null when it is missing, which {@code after().contains(path())} tells from a JSON null. */
    public @Nullable Object newValue() {
        return value(after);
    }

    /** How many versions between the two states are left out; at most {@link Integer#MAX_VALUE} are counted. */
    public int skipped() {
        return (int) Math.min(Integer.MAX_VALUE, after.version() - before.version() - 1);
    }

    /** The difference in words: {@code /counter: 4 -> 5}. */
    @Override
    public String toString() {
        return path.forPeople() + ": " + TreePrinter.brief(nodeBefore()) + " -> " + TreePrinter.brief(nodeAfter());
    }

    /** Whether the two values really differ: an equal container in the place of another is no news. */
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
