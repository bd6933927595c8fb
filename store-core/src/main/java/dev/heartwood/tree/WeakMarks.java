package dev.heartwood.tree;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.WeakReference;
import org.jspecify.annotations.Nullable;

/**
 * Marks on objects, by identity, for as long as the objects live: a hash table of weak references that grows with what
 * is marked.
 *
 * <p>Any thread may ask and mark, without locks. A mark that is made while the table grows may be lost, and so must be
 * worth no more than the work to find it out again; no other mark is ever given up while its object lives.
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

    private volatile @Nullable Mark[] table = new Mark[1 << 8];

    @SuppressWarnings("UnusedVariable") // through its handle
    private volatile int count;

    @SuppressWarnings("UnusedVariable") // through its handle
    private volatile boolean growing;

    /** What is known of an object; the object itself is held weakly. */
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

    /** Marks the object; the newest mark counts. */
    Mark put(Object object, int height, @Nullable WeakReference<Object> dialect) {
        @Nullable Mark[] buckets = table;
        Mark added = add(buckets, object, hash(object), height, dialect);
        if ((int) COUNT.getAndAdd(this, 1) > 2 * buckets.length && GROWING.compareAndSet(this, false, true)) {
            try {
                grow(buckets);
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
            Mark living = head;
            while (living != null && (living.refersTo(null) || living.refersTo(object))) {
                living = living.next;
            }
            Mark added = new Mark(object, hash, height, dialect, living);
            if (BUCKET.compareAndSet(buckets, index, head, added)) {
                return added;
            }
        }
    }

    /** Moves what lives into a table of the right size, which may also be a smaller one. */
    private void grow(@Nullable Mark[] old) {
        int living = 0;
        for (int i = 0; i < old.length; i++) {
            for (Mark mark = old[i]; mark != null; mark = mark.next) {
                living += mark.refersTo(null) ? 0 : 1;
            }
        }
        @Nullable Mark[] larger = new Mark[Math.max(1 << 8, Integer.highestOneBit(Math.max(1, living)) << 1)];
        int moved = 0;
        for (int i = 0; i < old.length; i++) {
            for (Mark mark = old[i]; mark != null; mark = mark.next) {
                Object object = mark.get();
                if (object != null) {
                    add(larger, object, mark.hash, mark.height, mark.dialect);
                    moved++;
                }
            }
        }
        count = moved;
        table = larger;
    }

    private static int hash(Object object) {
        int hash = System.identityHashCode(object) * 0x9E3779B9;
        return hash ^ (hash >>> 16);
    }
}
