package dev.heartwood.json.file;

import dev.heartwood.Edit;
import dev.heartwood.Snapshot;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An accepted commit; the ones that are not durable yet hang together by {@link #previous}. */
final class Node {
    final long version;
    final List<Edit> edits;
    /** About how many bytes of memory it keeps. */
    final long weight;
    /** Null once {@link #forget forgotten}, as is {@link #before}. */
    volatile @Nullable Snapshot state;

    volatile @Nullable Snapshot before;
    /** The commit that this one builds on, while this one is not durable; null afterwards. */
    volatile @Nullable Node previous;

    private Node(Snapshot before, Snapshot state, List<Edit> edits, long weight, @Nullable Node previous) {
        this.version = state.version();
        this.before = before;
        this.state = state;
        this.edits = edits;
        this.weight = weight;
        this.previous = previous;
    }

    /** A state that is durable. */
    static Node durable(Snapshot state) {
        return new Node(state, state, List.of(), 0, null);
    }

    /** A state that is to become durable after {@code previous}, which holds {@code before}. */
    static Node after(Node previous, Snapshot before, Snapshot state, List<Edit> edits) {
        return new Node(before, state, edits, Weight.of(edits), previous);
    }

    /** Lets go of the trees: it is published, and not the newest. Thousands may wait, and only their edits are needed. */
    void forget() {
        before = null;
        state = null;
    }
}
