package dev.heartwood;

import io.vavr.collection.HashMap;
import org.jspecify.annotations.Nullable;

/** A state, seen from a place in it: its paths begin there. */
final class ScopedView extends TreeView {
    private final TreeView whole;
    private final KeyPath place;

    /** The whole tree, and the place from which it is seen. */
    ScopedView(TreeView whole, KeyPath place) {
        this.whole = whole;
        this.place = place;
    }

    @Override
    public TreeView under(KeyPath path) {
        return new ScopedView(whole, absolute(path));
    }

    @Override
    public KeyPath place() {
        return place;
    }

    @Override
    KeyPath absolute(KeyPath path) {
        return place.resolve(path);
    }

    @Override
    HashMap<String, @Nullable Object> tree(KeyPath path, ReadSet.Kind how) {
        return whole.tree(path, how);
    }

    @Override
    Snapshot state() {
        return whole.state();
    }

    @Override
    void noteRead(KeyPath path, int bits) {
        whole.noteRead(path, bits);
    }

    @Override
    Dialect dialect() {
        return whole.dialect();
    }

    @Override
    public String toString() {
        return whole + " under " + place.forPeople();
    }
}
