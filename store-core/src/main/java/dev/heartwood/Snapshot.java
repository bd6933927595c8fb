package dev.heartwood;

import dev.heartwood.tree.TreeEquality;
import io.vavr.collection.HashMap;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One complete state of the tree, which never changes. It shares its structure with all other states, so a kept
 * snapshot takes memory only for the changes since then.
 *
 * <p>Immutable and safe to hand to other threads, even through a data race: every field of its value is final.
 *
 * <p>A snapshot retains its own tree and nothing of its store: neither later states nor watchers.
 */
public final class Snapshot extends TreeView {
    /**
     * Also identifies the store of this state, and whether it is a draft: another field would add 8 bytes to each
     * state.
     */
    private final Origin origin;

    private final long version;
    private final HashMap<String, @Nullable Object> root;

    /**
     * Not a part of the value: the mark of {@link Timeline} on a step that has not reached all followers. It is the
     * previous state from the moment when this state is offered, and this state itself once all followers have the
     * step.
     */
    @Nullable
    Snapshot stepFrom;

    Snapshot(Origin origin, long version, HashMap<String, @Nullable Object> root) {
        this.origin = origin;
        this.version = version;
        this.root = root;
    }

    /** The version that committed this state; a draft has the version it was edited from. Never reused. */
    public long version() {
        return version;
    }

    /**
     * The author, reason, time and code line of the commit that led to this state, as far as they were recorded: see
     * {@link Origins}. The first state of a store has none of them. A draft has only the label that its body set.
     */
    public Origin origin() {
        return origin;
    }

    /** The tree itself. O(1); putting it back is O(1), too. */
    public HashMap<String, @Nullable Object> root() {
        return Freeze.handOutMap(root, dialect());
    }

    /**
     * A draft: this state, changed by {@code body}. Nothing is committed; offer it to
     * {@link Store#compareAndSet(Snapshot, Snapshot)}, compare it, or write it out.
     */
    public Snapshot edit(Consumer<? super Transaction> body) {
        Objects.requireNonNull(body, "body must not be null");
        Transaction tx = new Transaction(this, true, false);
        try {
            body.accept(tx);
            tx.applyCommutes(KeyPath.root());
        } finally {
            tx.end();
        }
        return tx.hasChanged() ? new Snapshot(draftOrigin(tx.label()), version, tx.tree()) : this;
    }

    private Origin draftOrigin(@Nullable String given) {
        StoreIdentity drafts = identity().drafts();
        String label = given != null || !isDraft() ? given : origin.label();
        return label == null ? drafts.unrecorded() : Origin.named(drafts, null, label);
    }

    /**
     * This state with paths relative to a place.
     *
     * @param place from the root
     */
    @Override
    public TreeView under(KeyPath place) {
        return new ScopedView(this, Objects.requireNonNull(place, "place must not be null"));
    }

    /** Whether both hold equal trees, however deep; versions do not matter. Shared parts are skipped. */
    public boolean sameTree(Snapshot other) {
        return TreeEquality.trees(root, Objects.requireNonNull(other, "other must not be null").root);
    }

    /** The changes from this state to {@code newer}: applied to this state, the diff makes {@code newer}. */
    public Diff diff(Snapshot newer) {
        return diff(Diff.between(root, Objects.requireNonNull(newer, "newer must not be null").root), newer);
    }

    private Diff diff(Diff whole, Snapshot newer) {
        return identity().isPartial() || newer.identity().isPartial() ? whole.ofParts() : whole;
    }

    /**
     * How the value at a place changed from this state to {@code newer}, with paths from the root. If the place came, went or
     * was replaced together with a container above it, or moved because its list grew or shrank before it, that is a change of
     * the place itself; {@code diff(newer).under(place)} is a part of the whole diff, which has it at another path. Takes time
     * for the changes at the place alone. The result may not apply by itself.
     */
    public Diff diff(Snapshot newer, KeyPath place) {
        Objects.requireNonNull(newer, "newer must not be null");
        return diff(Diff.at(Objects.requireNonNull(place, "place must not be null"), root, newer.root), newer);
    }

    /** For people: the version, a few keys with their values, and the number of further keys; in O(1). */
    @Override
    public String toString() {
        return "Snapshot[" + summary() + "]";
    }

    String summary() {
        return "version " + version + (isDraft() ? " (draft)" : "") + ", " + Descriptions.contents(root);
    }

    @Override
    HashMap<String, @Nullable Object> tree(KeyPath path, ReadSet.Kind how) {
        return root;
    }

    @Override
    Snapshot state() {
        return this;
    }

    @Override
    Dialect dialect() {
        return identity().dialect();
    }

    /** The tree, for use inside the library. */
    HashMap<String, @Nullable Object> tree() {
        return root;
    }

    StoreIdentity identity() {
        return origin.identity();
    }

    boolean isDraft() {
        return identity().isDraft();
    }
}
