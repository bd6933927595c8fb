package dev.heartwood;

import static dev.heartwood.tree.Nodes.MISSING;
import static java.util.Objects.requireNonNull;

import dev.heartwood.tree.MapDelta;
import dev.heartwood.tree.Nodes;
import dev.heartwood.tree.VectorDelta;
import io.vavr.collection.HashMap;
import io.vavr.collection.Vector;
import org.jspecify.annotations.Nullable;

/** The children in which two nodes of any kind differ: maps, lists, leaves, or nothing. */
final class ChildDelta {
    /** Visits each child that is another reference. */
    @FunctionalInterface
    interface Visitor {
        /** One child; {@link Nodes#MISSING} on the side where it is absent. Answers whether to go on. */
        boolean differs(String token, @Nullable Object before, @Nullable Object after);
    }

    private ChildDelta() {}

    /** Visits the differing children, in no promised order; false if the visitor stopped it. */
    static boolean forEach(@Nullable Object before, @Nullable Object after, Visitor visitor) {
        boolean lists = before instanceof Vector || after instanceof Vector;
        boolean maps = before instanceof HashMap || after instanceof HashMap;
        if (lists && maps) {
            return mapAndList(before, after, visitor);
        }
        if (lists) {
            return VectorDelta.forEach(
                    list(before), list(after), (index, old, now) -> visitor.differs(Integer.toString(index), old, now));
        }
        return MapDelta.forEach(
                map(before), map(after), (key, old, now) -> visitor.differs(requireNonNull((String) key), old, now));
    }

    /** How many children a node has. */
    static int sizeOf(@Nullable Object node) {
        return node != null && Nodes.isContainer(node) ? Nodes.size(node) : 0;
    }

    /** A map in the place of a list, or the other way round: a key that looks like an index is the same place. */
    private static boolean mapAndList(@Nullable Object before, @Nullable Object after, Visitor visitor) {
        return forEach(before, MISSING, (token, old, missing) -> {
                    Object now = Nodes.child(after, token);
                    return old == now || visitor.differs(token, old, now);
                })
                && forEach(
                        MISSING,
                        after,
                        (token, missing, now) ->
                                Nodes.child(before, token) != MISSING || visitor.differs(token, MISSING, now));
    }

    /** A leaf, and nothing at all, have no children, as an empty map has none. */
    private static HashMap<String, @Nullable Object> map(@Nullable Object node) {
        return node instanceof HashMap ? Nodes.map(node) : HashMap.empty();
    }

    private static Vector<@Nullable Object> list(@Nullable Object node) {
        return node instanceof Vector ? Nodes.list(node) : Vector.empty();
    }
}
