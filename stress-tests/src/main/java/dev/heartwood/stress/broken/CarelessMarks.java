package dev.heartwood.stress.broken;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/** Marks on objects whose writers do not mind one another, and whose larger table is seen while it is still empty. */
public final class CarelessMarks {
    private record Mark(Object object, int height, @Nullable Mark next) {}

    private volatile AtomicReferenceArray<@Nullable Mark> table;

    /** A table with so many buckets, a power of two. */
    public CarelessMarks(int buckets) {
        table = new AtomicReferenceArray<>(buckets);
    }

    /** Looks at the head of the bucket, and then puts a mark in its place. */
    public void put(Object object, int height) {
        put(table, object, height);
    }

    private static void put(AtomicReferenceArray<@Nullable Mark> buckets, Object object, int height) {
        int index = System.identityHashCode(object) & (buckets.length() - 1);
        buckets.set(index, new Mark(object, height, buckets.get(index)));
    }

    /** The height in the mark of the object; -1 if it has none. */
    public int height(Object object) {
        AtomicReferenceArray<@Nullable Mark> buckets = table;
        Mark mark = buckets.get(System.identityHashCode(object) & (buckets.length() - 1));
        while (mark != null && mark.object != object) {
            mark = mark.next;
        }
        return mark == null ? -1 : mark.height;
    }

    /** Doubles the table: shows the new one first, and then moves the marks into it. */
    public void grow() {
        AtomicReferenceArray<@Nullable Mark> old = table;
        AtomicReferenceArray<@Nullable Mark> larger = new AtomicReferenceArray<>(2 * old.length());
        table = larger;
        for (int i = 0; i < old.length(); i++) {
            for (Mark mark = old.get(i); mark != null; mark = mark.next) {
                put(larger, mark.object, mark.height);
            }
        }
    }
}
