package dev.heartwood;

import dev.heartwood.tree.TreeEquality;
import io.vavr.collection.HashMap;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One state of the tree, whole and unchanging, for as long as you keep it. It shares its structure with all other
 * states, so keeping one costs what has changed since.
 *
 * <p>Immutable and safe to hand to other threads, even through a data race: every field of its value is final.
 *
 * <p>A snapshot that is kept keeps its own tree and nothing of its store: neither later states nor watchers.
 */
public final class Snapshot extends TreeView {
    /**
     * Also says which store this belongs to, and whether it is a draft: a field more would add 8 bytes to each state.
     */
    private final Origin origin;

    private final long version;
    private final HashMap<String, @Nullable Object> root;

    /**
     * No part of the value: the mark of {@link Timeline} on a step that has not reached all followers. The state before
     * this one from then on when this is offered, and this state itself once all followers have the step.
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
     * The author of the commit that led to this state, its reason, time and place, as far as it was recorded: see {@link Origins}. Of
     * the first state of a store nothing is. A draft has the label that its body gave, and nothing else.
     */
    public Origin origin() {
        return origin;
    }

    /** The tree itself. O(1), and put back in O(1). */
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
     * This state, seen from a place in it.
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

    /** The changes from this state to {@code newer}: applied to this, it gives {@code newer}. */
    public Diff diff(Snapshot newer) {
        return Diff.between(root, Objects.requireNonNull(newer, "newer must not be null").root);
    }

    /** For people: the version, a few keys with their values, and how many keys there are more; in O(1). */
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
