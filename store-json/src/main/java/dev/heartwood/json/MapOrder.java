package dev.heartwood.json;

import io.vavr.Tuple2;
import io.vavr.collection.HashMap;
import java.util.Arrays;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * The entries of one map after another, by key. Maps that were built of the same keys iterate alike, so the order found
 * for one small map serves for the next, as long as the very same keys come along.
 */
final class MapOrder {
    private static final int SMALL = 32;
    private static final Comparator<Tuple2<String, @Nullable Object>> BY_KEY = Comparator.comparing(Tuple2::_1);

    private Tuple2<String, @Nullable Object>[] entries = array(SMALL);
    private int size;

    /** The keys of the last small map as it iterated, and the order that was found for them. */
    private final String[] keys = new String[SMALL];

    private final int[] order = new int[SMALL];
    private int known = -1;

    void load(HashMap<String, @Nullable Object> map) {
        size = map.size();
        if (size > entries.length) {
            entries = array(size);
        }
        int i = 0;
        boolean same = size == known;
        for (Tuple2<String, @Nullable Object> entry : map) {
            entries[i] = entry;
            if (i < SMALL) {
                same = same && keys[i] == entry._1;
                keys[i] = entry._1;
            }
            i++;
        }
        if (size > SMALL) {
            known = -1;
            Arrays.sort(entries, 0, size, BY_KEY);
        } else if (!same) {
            known = size;
            insertionSort();
        }
    }

    int size() {
        return size;
    }

    /** The entry at a place in the order of the keys. */
    Tuple2<String, @Nullable Object> get(int place) {
        return entries[size > SMALL ? place : order[place]];
    }

    private void insertionSort() {
        for (int i = 0; i < size; i++) {
            int place = i;
            while (place > 0 && keys[order[place - 1]].compareTo(keys[i]) > 0) {
                order[place] = order[place - 1];
                place--;
            }
            order[place] = i;
        }
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static Tuple2<String, @Nullable Object>[] array(int size) {
        return new Tuple2[size];
    }
}
