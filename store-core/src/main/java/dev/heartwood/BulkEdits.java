package dev.heartwood;

import dev.heartwood.tree.Nodes;
import io.vavr.Tuple2;
import io.vavr.collection.HashMap;
import io.vavr.collection.Vector;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * The operations of {@link TreeEditor} that write at several places, in terms of those that write at one. Each runs as
 * a part of a batch, so all of it happens or none of it, and the batch records the reads and writes of each step.
 */
final class BulkEdits {
    private BulkEdits() {}

    /** Sets each key of the map at the path. */
    static void putAll(Transaction tx, KeyPath path, HashMap<String, @Nullable Object> entries) {
        for (Tuple2<String, @Nullable Object> entry : entries) {
            set(tx, path.child(entry._1), entry._2);
        }
    }

    /** Sets every value that is not a map, and descends where both sides have a map. */
    static void mergeTree(Transaction tx, KeyPath path, HashMap<String, @Nullable Object> tree) {
        record Part(KeyPath path, @Nullable Object node) {}
        Deque<Part> open = new ArrayDeque<>();
        open.push(new Part(path, tree));
        while (!open.isEmpty()) {
            Part part = open.pop();
            if (part.node instanceof HashMap && tx.look(part.path, ReadSet.Kind.KIND) instanceof HashMap) {
                for (Tuple2<String, @Nullable Object> entry : Nodes.map(part.node)) {
                    open.push(new Part(part.path.child(entry._1), entry._2));
                }
            } else {
                set(tx, part.path, part.node);
            }
        }
    }

    /** Removes the value at one path, and then puts it at another. */
    static void move(Transaction tx, KeyPath from, KeyPath to) {
        if (to.equals(from)) {
            tx.get(from);
            return;
        }
        if (to.startsWith(from)) {
            throw new IllegalArgumentException("cannot move " + from.forPeople() + " to " + to.forPeople()
                    + ", which lies below it: copy does that");
        }
        place(tx, to, tx.remove(from));
    }

    /** Copies the value at one path to another. */
    static void copy(Transaction tx, KeyPath from, KeyPath to) {
        place(tx, to, tx.get(from));
    }

    /** Makes the map or list at a path below the root an empty one. */
    static void clear(Transaction tx, KeyPath path) {
        Object node = tx.look(path, ReadSet.Kind.KIND);
        if (node instanceof HashMap) {
            set(tx, path, HashMap.empty());
        } else if (node instanceof Vector) {
            set(tx, path, Vector.empty());
        } else if (node != Nodes.MISSING) {
            throw new TypeMismatchException(
                    path, path.forPeople() + " is " + Descriptions.of(tx.get(path)) + ", not a map or a list");
        }
    }

    /** In a map as {@code set}, in a list as {@code insert}; reads whether something is there. */
    private static void place(Transaction tx, KeyPath path, @Nullable Object value) {
        KeyPath parent = path.parent();
        if (parent != null && tx.look(parent, ReadSet.Kind.KIND) instanceof Vector) {
            tx.insert(path, value);
        } else {
            tx.look(path, ReadSet.Kind.PRESENCE);
            tx.set(path, value);
        }
    }

    /** {@code set} of a node that the door has seen. */
    private static void set(Transaction tx, KeyPath path, @Nullable Object node) {
        tx.rewrite(new Rewrite(tx, path, Rewrite.Mode.SET, found -> node));
    }
}
