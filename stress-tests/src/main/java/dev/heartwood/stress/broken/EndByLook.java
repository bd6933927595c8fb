package dev.heartwood.stress.broken;

import dev.heartwood.Store;

/**
 * Ends a session by a look at its heartbeats, and a removal that does not ask whether they have moved by then.
 *
 * @param store where
 * @param key the heartbeats
 * @param seen the number that was seen last
 */
public record EndByLook(Store store, String key, int seen) {
    /** Ends it if it is silent. */
    public void end() {
        if (store.get(key, Integer.class) == seen) {
            boolean ignored = store.discard(key);
        }
    }
}
