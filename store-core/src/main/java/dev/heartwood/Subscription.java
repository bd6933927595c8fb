package dev.heartwood;

/** A watcher's registration. Thread-safe. */
public interface Subscription extends AutoCloseable {
    /** The state that the watcher starts from: it is told of what comes after it. Kept by who holds this, closed or not. */
    Snapshot base();

    /** Whether it is over: closed by its owner, by the store, or because its backlog was full or its executor shut down. */
    boolean isClosed();

    /** Ends it: what is pending is not told any more; a call that is under way may still end. Idempotent. */
    @Override
    void close();
}
