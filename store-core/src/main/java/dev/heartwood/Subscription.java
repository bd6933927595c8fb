package dev.heartwood;

/** A watcher's registration. Thread-safe. */
public interface Subscription extends AutoCloseable {
    /**
     * The initial state of the watcher, which receives all later changes. A subscription retains it, even when closed.
     */
    Snapshot base();

    /**
     * Whether the subscription has ended: closed by its owner, by the store, or because its backlog was full or its
     * executor shut down.
     */
    boolean isClosed();

    /** Ends the subscription: pending changes are dropped; a call that has already begun may still run. Idempotent. */
    @Override
    void close();
}
