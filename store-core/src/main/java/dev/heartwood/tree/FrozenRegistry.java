package dev.heartwood.tree;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.WeakReference;
import org.jspecify.annotations.Nullable;

/**
 * Remembers containers that are known to be frozen trees, so that values that the library returned go back in without a
 * walk.
 *
 * <p>A Vavr collection cannot carry a mark, so the marks stand here: a fixed table of weak references, each slot
 * overwritten by the newest container that falls into it. The table is an optimisation; no promise depends on it:
 * {@link FrozenBlocks} knows the large parts of a forgotten container, and the rest is walked. It keeps nothing alive,
 * and any thread may use it.
 *
 * <p>A mark names the dialect for which the tree was checked: memory accepts values that a file may refuse.
 *
 * <p>With each container goes an upper bound of its height, since a subtree that moves deeper must still respect the
 * depth limit. Reading hands out {@code limit - depth} for free; the exact height is measured only when that is not
 * enough.
 */
public final class FrozenRegistry {
    /** For tests without the table: nothing is remembered, and so nothing is known. */
    private static final boolean SWITCHED_OFF = Boolean.getBoolean("dev.heartwood.knowNothing");

    private static final int SLOTS = 1 << 12;
    private static final @Nullable Mark[] TABLE = new Mark[SLOTS];
    private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(Mark[].class);

    private FrozenRegistry() {}

    /** Vouches that {@code container} is a tree in {@code dialect} with at most {@code height} nested containers. */
    public static void remember(Object container, int height, Object dialect) {
        if (SWITCHED_OFF) {
            return;
        }
        int slot = slot(container);
        // Acquire/release: a thread that finds the mark finds its height; the container itself reached both threads by
        // a publication of its own.
        Mark mark = (Mark) SLOT.getAcquire(TABLE, slot);
        if (mark == null || !mark.refersTo(container) || !mark.dialect.refersTo(dialect)) {
            SLOT.setRelease(TABLE, slot, new Mark(container, height, FrozenBlocks.reference(dialect)));
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
        return mark != null && mark.refersTo(container) && mark.dialect.refersTo(dialect) ? mark.height : -1;
    }

    private static int slot(Object container) {
        int hash = System.identityHashCode(container);
        return (hash ^ (hash >>> 12)) & (SLOTS - 1);
    }

    private static final class Mark extends WeakReference<Object> {
        // A race on it can only keep the larger of two true bounds.
        private volatile int height;
        /** Held weakly: a dialect may hold a whole store, and a mark stays until another falls into its slot. */
        private final WeakReference<Object> dialect;

        Mark(Object container, int height, WeakReference<Object> dialect) {
            super(container);
            this.height = height;
            this.dialect = dialect;
        }
    }
}
