package dev.heartwood.history;

import dev.heartwood.KeyPath;
import dev.heartwood.Store;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/** A batch that must run twice. */
final class Contention {
    private Contention() {}

    /** Writes one place after it has read another, which another thread changes meanwhile. */
    static void between(Store store, KeyPath read, KeyPath written) {
        AtomicBoolean again = new AtomicBoolean();
        store.batch(tx -> {
            tx.get(read);
            if (!again.getAndSet(true)) {
                CompletableFuture.runAsync(() -> store.put(read, "another")).join();
            }
            tx.put(written, 1);
        });
    }
}
