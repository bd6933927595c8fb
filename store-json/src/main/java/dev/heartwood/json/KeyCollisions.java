package dev.heartwood.json;

import io.vavr.collection.HashMap;
import org.jspecify.annotations.Nullable;

/**
 * Counts the keys of one object that share a hash code. A hash map holds them as a list, so a text made of colliding
 * keys would cost the square of its size; ordinary data has no more than a few.
 */
final class KeyCollisions {
    /** An object of fewer keys is harmless, and is not counted. */
    static final int THRESHOLD = 64;

    /** The maximum number of keys of an object that share a hash code. */
    static final int MOST = 64;

    private int[] hashes = new int[4 * THRESHOLD];
    private int[] counts = new int[4 * THRESHOLD];
    private int used;

    KeyCollisions(HashMap<String, @Nullable Object> map) {
        for (String key : map.keySet()) {
            add(key);
        }
    }

    /** Counts a key that is new to the object; false if there are too many of its hash. */
    boolean add(String key) {
        if (2 * used == hashes.length) {
            grow();
        }
        int hash = key.hashCode();
        int slot = slot(hash);
        if (counts[slot] == 0) {
            hashes[slot] = hash;
            used++;
        }
        return ++counts[slot] <= MOST;
    }

    private int slot(int hash) {
        int mask = hashes.length - 1;
        int slot = ((hash * 0x9E3779B9) >>> 7) & mask;
        while (counts[slot] != 0 && hashes[slot] != hash) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private void grow() {
        int[] oldHashes = hashes;
        int[] oldCounts = counts;
        hashes = new int[2 * oldHashes.length];
        counts = new int[2 * oldCounts.length];
        for (int i = 0; i < oldHashes.length; i++) {
            if (oldCounts[i] != 0) {
                int slot = slot(oldHashes[i]);
                hashes[slot] = oldHashes[i];
                counts[slot] = oldCounts[i];
            }
        }
    }
}
