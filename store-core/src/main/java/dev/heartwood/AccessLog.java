package dev.heartwood;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The places that a batch touches, in the order in which it does, and sorted into a {@link ReadWriteSet} when there are
 * many notes or somebody asks. Most batches are small and commit undisturbed: then nobody ever asks.
 *
 * <p>Confined to the batch's thread.
 */
final class AccessLog {
    private static final int FIRST = 4;
    private static final int FEW = 8;
    private static final int WRITE = 32;
    private static final int BITS = 6;

    private @Nullable KeyPath[] paths = new KeyPath[FIRST];
    /**
     * The number of steps of the path that lead to the place, and the kinds of access: {@link ReadSet.Kind#bit}s, then
     * a write.
     */
    private int[] whats = new int[FIRST];

    /** How many parts of the batch are open that may be undone, and the writes since the first of them began. */
    private int parts;

    private List<ReadWriteSet.Written> writes = List.of();

    private int count;
    private int sortedCount;
    private @Nullable ReadWriteSet sorted;

    /** Notes that the place at the first {@code size} steps was looked at. */
    void read(KeyPath path, int size, ReadSet.Kind how) {
        add(path, size, how.bit());
    }

    /** Notes that the place at the first {@code size} steps was looked at in several ways, given as bits. */
    void readBits(KeyPath path, int size, int bits) {
        add(path, size, bits);
    }

    /** Notes that the place at the first {@code size} steps has another value now. */
    void write(KeyPath path, int size) {
        if (parts == 0) {
            add(path, size, WRITE);
        } else {
            remember(path, size);
            readWriteSet().write(path, size);
        }
    }

    /** Notes that the list at the place, which had {@code length} elements, got longer at its end. */
    void append(KeyPath path, int size, int length) {
        if (parts > 0) {
            remember(path, size);
        }
        readWriteSet().append(path, size, length);
    }

    private void remember(KeyPath path, int size) {
        ReadWriteSet place = readWriteSet().placeToWrite(path, size);
        if (place != null) {
            writes.add(place.remember());
        }
    }

    /** A part of the batch begins that may be undone. Gives the number of writes that are remembered before it. */
    int openPart() {
        if (parts++ == 0) {
            writes = new ArrayList<>();
        }
        return writes.size();
    }

    /** The part that began last has ended. */
    void closePart() {
        if (--parts == 0) {
            writes = List.of();
        }
    }

    /**
     * Takes back the writes after the first {@code count} that are remembered: their places count as read from now on.
     */
    void undoWrites(int count) {
        for (int i = writes.size() - 1; i >= count; i--) {
            writes.remove(i).undo();
        }
    }

    /** All notes so far, sorted. */
    ReadWriteSet readWriteSet() {
        ReadWriteSet readWriteSet = sorted != null ? sorted : new ReadWriteSet();
        for (int i = 0; i < count; i++) {
            sort(readWriteSet, paths[i], whats[i] >>> BITS, whats[i] & ((1 << BITS) - 1));
        }
        sortedCount += count;
        count = 0;
        sorted = readWriteSet;
        return readWriteSet;
    }

    /** How many notes were made, about: a place may have several. */
    int size() {
        return sortedCount + count;
    }

    private void add(KeyPath path, int size, int bit) {
        int last = count - 1;
        if (last >= 0 && paths[last] == path && whats[last] >>> BITS == size) {
            // A batch often writes next the place that it has read. A read after it is of the batch's own value.
            whats[last] |= (whats[last] & WRITE) == 0 ? bit : 0;
            return;
        }
        if (count == FEW) {
            readWriteSet();
        } else if (count == paths.length) {
            paths = Arrays.copyOf(paths, FEW);
            whats = Arrays.copyOf(whats, FEW);
        }
        paths[count] = path;
        whats[count++] = size << BITS | bit;
    }

    private static void sort(ReadWriteSet readWriteSet, @Nullable KeyPath path, int size, int bits) {
        if (path == null) {
            throw new AssertionError("noted without a path");
        }
        int read = bits & (WRITE - 1);
        if (read != 0) {
            readWriteSet.read(path, size, read);
        }
        if ((bits & WRITE) != 0) {
            readWriteSet.write(path, size);
        }
    }
}
