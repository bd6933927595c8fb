package dev.heartwood.stress.broken;

import java.util.Map;
import java.util.function.IntSupplier;

/** Looks whether a place is free, and then puts, in two steps. */
public final class CheckThenPut extends SmallStore {
    /** A store in memory. */
    public CheckThenPut(Map<String, ?> tree) {
        super(tree);
    }

    /** Means to put only where nothing is. */
    public boolean init(String key, int value) {
        if (snapshot().contains(key)) {
            return false;
        }
        batch(tx -> tx.put(key, value));
        return true;
    }

    /** Means to put only where {@code expected} is. */
    public boolean replace(String key, int expected, int next) {
        if (number(key) != expected) {
            return false;
        }
        batch(tx -> tx.put(key, next));
        return true;
    }

    /** Means to compute a value once, and to give everybody the same. */
    public int computeIfAbsent(String key, IntSupplier value) {
        int there = number(key);
        if (there != -1) {
            return there;
        }
        int made = value.getAsInt();
        batch(tx -> tx.put(key, made));
        return made;
    }
}
