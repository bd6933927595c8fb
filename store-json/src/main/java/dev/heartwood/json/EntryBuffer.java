package dev.heartwood.json;

import dev.heartwood.tree.MapEntries;
import io.vavr.collection.HashMap;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The entries of one map after another, taken out of each at once: an iterator makes a tuple for each of them. */
abstract class EntryBuffer implements MapEntries.Visitor {
    /** The entries in the order of the map, followed by leftovers of an earlier, larger map. */
    String[] keys = new String[32];

    @Nullable
    Object[] values = new Object[32];

    int size;

    /** Takes the entries of a map in place of those before. */
    final void take(HashMap<String, @Nullable Object> map) {
        size = 0;
        MapEntries.forEach(map, this);
    }

    @Override
    public void visit(String key, @Nullable Object value) {
        if (size == keys.length) {
            keys = Arrays.copyOf(keys, 2 * size);
            values = Arrays.copyOf(values, 2 * size);
        }
        keys[size] = key;
        values[size] = value;
        size++;
    }
}
