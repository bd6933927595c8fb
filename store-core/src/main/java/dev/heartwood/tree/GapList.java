package dev.heartwood.tree;

import io.vavr.collection.Vector;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A list in one array with a gap where it was edited last, as text editors keep their text. An edit moves the elements
 * between the gap and its own place, so edits that go from one end to the other move each element once.
 */
final class GapList {
    private @Nullable Object[] array;
    private int gap;
    private int gapEnd;

    GapList(Vector<@Nullable Object> list) {
        this.array = list.toJavaArray();
        this.gap = array.length;
        this.gapEnd = array.length;
    }

    int size() {
        return array.length - (gapEnd - gap);
    }

    @Nullable
    Object get(int index) {
        return array[index < gap ? index : index + gapEnd - gap];
    }

    void set(int index, @Nullable Object element) {
        array[index < gap ? index : index + gapEnd - gap] = element;
    }

    void insert(int index, @Nullable Object element) {
        if (gap == gapEnd) {
            grow();
        }
        moveGap(index);
        array[gap++] = element;
    }

    void remove(int index) {
        moveGap(index);
        array[gapEnd++] = null;
    }

    Vector<@Nullable Object> toVector() {
        moveGap(size());
        return Vector.ofAll(Arrays.asList(array).subList(0, gap));
    }

    private void grow() {
        int more = Math.max(16, array.length / 2);
        @Nullable Object[] larger = Arrays.copyOf(array, array.length + more);
        System.arraycopy(array, gapEnd, larger, gapEnd + more, array.length - gapEnd);
        array = larger;
        gapEnd += more;
    }

    private void moveGap(int index) {
        int distance = Math.abs(index - gap);
        if (index < gap) {
            System.arraycopy(array, index, array, gapEnd - distance, distance);
            gapEnd -= distance;
        } else {
            System.arraycopy(array, gapEnd, array, gap, distance);
            gapEnd += distance;
        }
        gap = index;
    }
}
