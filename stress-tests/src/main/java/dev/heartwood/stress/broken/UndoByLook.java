package dev.heartwood.stress.broken;

import dev.heartwood.Store;

/**
 * Undoes by a look at the place, and a write that does not ask what stands there by then.
 *
 * @param store where
 * @param key the place
 * @param before the value that comes back
 * @param after the value that is to be there
 */
public record UndoByLook(Store store, String key, int before, int after) {
    /** Whether it was undone. */
    public boolean undo() {
        if (store.get(key, Integer.class) != after) {
            return false;
        }
        store.put(key, before);
        return true;
    }
}
