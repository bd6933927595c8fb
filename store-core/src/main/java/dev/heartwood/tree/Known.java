package dev.heartwood.tree;

import io.vavr.collection.HashMap;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.WeakReference;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Remembers containers that are known to be whole trees of ours, so that what the library handed out goes back in
 * without a walk.
 *
 * <p>A Vavr collection cannot carry a mark, so the marks stand here: a fixed table of weak references, each slot
 * overwritten by the newest container that falls into it. A forgotten container costs a walk, never a wrong answer:
 * the table holds nothing alive and may be asked by any thread.
 *
 * <p>A mark names the dialect in which the tree was vouched for: what memory holds, a file may not.
 *
 * <p>With each container goes an upper bound of its height, since a subtree that moves deeper must still respect the
 * depth limit. Reading hands out {@code limit - depth} for free; the exact height is measured only when that is not
 * enough.
 */
public final class Known {
    private static final int SLOTS = 1 << 12;
    private static final @Nullable Mark[] TABLE = new Mark[SLOTS];
    private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(Mark[].class);

    private Known() {}

    /** Vouches that {@code container} is a tree in {@code dialect} with at most {@code height} nested containers. */
    public static void remember(Object container, int height, Object dialect) {
        int slot = slot(container);
        // Acquire/release: who finds the mark finds its height; the container itself came to both threads by a
        // publication of its own.
        Mark mark = (Mark) SLOT.getAcquire(TABLE, slot);
        if (mark == null || !mark.refersTo(container) || mark.dialect != dialect) {
            SLOT.setRelease(TABLE, slot, new Mark(container, height, dialect));
        } else if (height < mark.height) {
            mark.height = height;
        }
    }

    /**
     * The height bound that {@code container} was remembered with, or -1 when it is not known as a tree in
     * {@code dialect}.
     */
    public static int height(Object container, Object dialect) {
        if (Nodes.size(container) == 0) {
            return 1;
        }
        Mark mark = (Mark) SLOT.getAcquire(TABLE, slot(container));
        return mark != null && mark.refersTo(container) && mark.dialect == dialect ? mark.height : -1;
    }

    /** Measures how many containers are nested in a tree, itself counted. What occurs many times is looked at once. */
    public static int measure(Object container) {
        IdentityHashMap<Object, Integer> depths = new IdentityHashMap<>();
        Deque<Object> open = new ArrayDeque<>();
        depths.put(container, 1);
        open.push(container);
        int height = 1;
        while (!open.isEmpty()) {
            Object parent = open.pop();
            int depth = Objects.requireNonNull(depths.get(parent)) + 1;
            Iterable<?> children = parent instanceof HashMap ? Nodes.map(parent).values() : Nodes.list(parent);
            for (Object child : children) {
                // Only a deeper place than the one before makes it worth a second look.
                if (child != null && Nodes.isContainer(child) && depths.getOrDefault(child, 0) < depth) {
                    depths.put(child, depth);
                    open.push(child);
                    height = Math.max(height, depth);
                }
            }
        }
        return height;
    }

    private static int slot(Object container) {
        int hash = System.identityHashCode(container);
        return (hash ^ (hash >>> 12)) & (SLOTS - 1);
    }

    private static final class Mark extends WeakReference<Object> {
        // A race on it can only keep the larger of two true bounds.
        private volatile int height;
        private final Object dialect;

        Mark(Object container, int height, Object dialect) {
            super(container);
            this.height = height;
            this.dialect = dialect;
        }
    }
}
