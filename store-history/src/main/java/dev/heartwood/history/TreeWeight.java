package dev.heartwood.history;

import io.vavr.collection.HashMap;
import io.vavr.collection.Vector;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** The size of a tree, in entries: a text counts one more for each 64 characters. Safe at any depth. */
final class TreeWeight {
    /** Shared parts are counted at each place, so the count needs a limit; a larger tree is large enough. */
    private static final long MOST = 1_000_000;

    private static final int CHARACTERS = 64;

    private TreeWeight() {}

    static long of(@Nullable Object tree) {
        Deque<Object> open = new ArrayDeque<>();
        long entries = count(tree, open);
        while (!open.isEmpty() && entries < MOST) {
            Object next = open.pop();
            Iterable<?> children = next instanceof HashMap<?, ?> map ? map.values() : (Vector<?>) next;
            for (Object child : children) {
                entries += count(child, open);
            }
        }
        return entries;
    }

    private static long count(@Nullable Object node, Deque<Object> open) {
        if (node instanceof HashMap || node instanceof Vector) {
            open.push(node);
            return 1;
        }
        return 1L + (node instanceof String text ? text.length() / CHARACTERS : 0);
    }
}
