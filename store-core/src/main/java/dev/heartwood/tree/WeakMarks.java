package dev.heartwood.tree;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.WeakReference;
import org.jspecify.annotations.Nullable;

/**
 * Marks on objects, by identity, for as long as the objects live: a hash table of weak references that grows with the
 * number of marked objects.
 *
 * <p>Any thread may read and set marks, without locks. A mark that is set while the table grows may be lost, so a mark
 * must only save work that can be repeated; no other mark is lost while its object lives.
 */
final class WeakMarks {
    private static final VarHandle BUCKET = MethodHandles.arrayElementVarHandle(Mark[].class);
    private static final VarHandle COUNT;
    private static final VarHandle GROWING;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            COUNT = lookup.findVarHandle(WeakMarks.class, "count", int.class);
            GROWING = lookup.findVarHandle(WeakMarks.class, "growing", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private static final int FEWEST_BUCKETS = 1 << 8;

    private volatile @Nullable Mark[] table;

    @SuppressWarnings("UnusedVariable") // through its handle
    private volatile int count;

    @SuppressWarnings("UnusedVariable") // through its handle
    private volatile boolean growing;

    WeakMarks() {
        this(FEWEST_BUCKETS);
    }

    /** A table that starts with so few buckets, a power of two, that a test can fill one. */
    WeakMarks(int buckets) {
        table = new Mark[buckets];
    }

    /** The facts known of an object; the object itself is held weakly. */
    static final class Mark extends WeakReference<Object> {
        final int height;
        /** The dialect in which the object is known to be frozen, held weakly, too. */
        final @Nullable WeakReference<Object> dialect;

        private final int hash;
        private final @Nullable Mark next;

        private Mark(
                Object object, int hash, int height, @Nullable WeakReference<Object> dialect, @Nullable Mark next) {
            super(object);
            this.hash = hash;
            this.height = height;
            this.dialect = dialect;
            this.next = next;
        }
    }

    /** The mark of the object, or null. */
    @Nullable
    Mark get(Object object) {
        @Nullable Mark[] buckets = table;
        int hash = hash(object);
        // Acquire pairs with the release of the compare-and-set in add(): a mark that is found is seen whole.
        Mark mark = (Mark) BUCKET.getAcquire(buckets, hash & (buckets.length - 1));
        while (mark != null && !mark.refersTo(object)) {
            mark = mark.next;
        }
        return mark;
    }

    /** Marks the object, in place of the mark that it may have. */
    Mark put(Object object, int height, @Nullable WeakReference<Object> dialect) {
        @Nullable Mark[] buckets = table;
        Mark added = add(buckets, object, hash(object), height, dialect);
        if ((int) COUNT.getAndAdd(this, 1) > 2 * buckets.length && GROWING.compareAndSet(this, false, true)) {
            try {
                // Asked again behind the flag: a table that another thread has replaced since, moved once more, would
                // take the place of the newer one, and of all marks that were made in that.
                if (table == buckets) {
                    grow(buckets);
                }
            } finally {
                growing = false;
            }
        }
        return added;
    }

    private static Mark add(
            @Nullable Mark[] buckets, Object object, int hash, int height, @Nullable WeakReference<Object> dialect) {
        int index = hash & (buckets.length - 1);
        for (; ; ) {
            Mark head = (Mark) BUCKET.getAcquire(buckets, index);
            Mark added = new Mark(object, hash, height, dialect, others(head, object));
            // Compare-and-set: a mark that another thread has put at the head since would be lost.
            if (BUCKET.compareAndSet(buckets, index, head, added)) {
                return added;
            }
        }
    }

    /**
     * The chain without the marks of the dead, and of the object: one that is marked often has one mark all the same.
     */
    private static @Nullable Mark others(@Nullable Mark chain, Object object) {
        Mark others = null;
        boolean all = true;
        for (Mark mark = chain; mark != null; mark = mark.next) {
            Object marked = mark.get();
            if (marked == null || marked == object) {
                all = false;
            } else {
                others = new Mark(marked, mark.hash, mark.height, mark.dialect, others);
            }
        }
        return all ? chain : others;
    }

    /** Moves live marks into a table of the right size, which may also be a smaller one. */
    private void grow(@Nullable Mark[] old) {
        int living = count(old);
        @Nullable Mark[] larger = new Mark[Math.max(FEWEST_BUCKETS, Integer.highestOneBit(Math.max(1, living)) << 1)];
        for (int i = 0; i < old.length; i++) {
            for (Mark mark = (Mark) BUCKET.getAcquire(old, i); mark != null; mark = mark.next) {
                Object object = mark.get();
                if (object != null) {
                    add(larger, object, mark.hash, mark.height, mark.dialect);
                }
            }
        }
        count = living;
        // Volatile, and last: a thread that finds the larger table finds in it all marks that were set before it grew.
        table = larger;
    }

    /** How many marks of living objects there are. */
    int count() {
        return count(table);
    }

    private static int count(@Nullable Mark[] buckets) {
        int living = 0;
        for (int i = 0; i < buckets.length; i++) {
            for (Mark mark = (Mark) BUCKET.getAcquire(buckets, i); mark != null; mark = mark.next) {
                living += mark.refersTo(null) ? 0 : 1;
            }
        }
        return living;
    }

    private static int hash(Object object) {
        int hash = System.identityHashCode(object) * 0x9E3779B9;
        return hash ^ (hash >>> 16);
    }
}
