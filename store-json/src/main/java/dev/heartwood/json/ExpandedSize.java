package dev.heartwood.json;

import static java.util.Objects.requireNonNull;

import dev.heartwood.tree.Nodes;
import io.vavr.Tuple2;
import io.vavr.collection.HashMap;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * The approximate length of trees as JSON, in characters. A container that occurs many times counts each time, but is
 * visited once: 2<sup>60</sup> leaves that share their containers are counted in 60 steps.
 */
final class ExpandedSize {
    /** Large enough for any limit, and no sum of two such sizes overflows. */
    private static final long HUGE = Long.MAX_VALUE / 4;

    private static final int NUMBER = 8;

    private final IdentityHashMap<Object, Long> sizes = new IdentityHashMap<>();
    private final Deque<Level> open = new ArrayDeque<>();
    private long once;

    /** The size of everything counted so far, each container once. */
    long once() {
        return once;
    }

    /** The size of a tree. */
    long of(@Nullable Object tree) {
        if (!isInner(tree)) {
            return leaf(tree);
        }
        Long known = sizes.get(tree);
        if (known != null) {
            return known;
        }
        open.push(new Level(requireNonNull(tree)));
        for (; ; ) {
            Level level = open.element();
            if (level.children.hasNext()) {
                count(level, level.children.next());
                continue;
            }
            open.pop();
            once += level.own;
            long size = Math.min(HUGE, level.own + level.below);
            sizes.put(level.container, size);
            if (open.isEmpty()) {
                return size;
            }
            open.element().add(size);
        }
    }

    private void count(Level level, @Nullable Object entry) {
        Object child = entry;
        if (level.container instanceof HashMap && entry instanceof Tuple2<?, ?> pair) {
            level.own += ((String) pair._1).length() + 3L;
            child = pair._2;
        }
        level.own++;
        if (!isInner(child)) {
            level.own += leaf(child);
            return;
        }
        Long known = sizes.get(child);
        if (known != null) {
            level.add(known);
        } else {
            open.push(new Level(requireNonNull(child)));
        }
    }

    /** An empty container cannot be shared. */
    private static boolean isInner(@Nullable Object node) {
        return node != null && Nodes.isContainer(node) && Nodes.size(node) > 0;
    }

    private static long leaf(@Nullable Object leaf) {
        if (leaf instanceof String string) {
            return string.length() + 2L;
        } else if (leaf instanceof BigInteger number) {
            return number.bitLength() / 3 + 1L;
        } else if (leaf instanceof BigDecimal number) {
            return number.unscaledValue().bitLength() / 3 + (long) NUMBER;
        }
        return NUMBER / 2;
    }

    private static final class Level {
        private final Object container;
        private final Iterator<?> children;
        private long own = 1;
        private long below;

        Level(Object container) {
            this.container = container;
            this.children = container instanceof HashMap
                    ? Nodes.map(container).iterator()
                    : Nodes.list(container).iterator();
        }

        void add(long size) {
            below = Math.min(HUGE, below + size);
        }
    }
}
