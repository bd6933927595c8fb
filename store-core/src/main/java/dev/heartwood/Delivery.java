package dev.heartwood;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How a watcher is called: for the latest state or for every one, on which executor, and who hears of failures.
 * Immutable.
 *
 * <p>Any executor will do. A task tells one update, or at most 64 of {@link #every}, so watchers can share a thread.
 *
 * <ul>
 *   <li>It rejects a task: the handler is told, and what was pending is told with the next change. If it fails with an
 *       {@code Error}, as a pool does that gets no memory for a thread, the next commit tries again, whatever it
 * changes.
 *   <li>It has been shut down, and a change finds that it rejects tasks or has terminated: the subscription ends, and
 * the
 *       handler is told.
 *   <li>It has not begun a task for ten seconds when the next change comes, because it is busy or drops tasks silently:
 * the
 *       handler is told, and another task is sent; after that, not for twice the time, and so on. A task that comes
 * late does
 *       no harm.
 * </ul>
 *
 * <p>An executor that runs tasks on the calling thread runs the listener on a thread that committed, and keeps that
 * thread for as long as others commit meanwhile. An executor whose {@code execute} blocks keeps the thread that
 * committed; other threads commit on.
 */
public final class Delivery {
    /** How many undelivered updates {@link #every} keeps unless told otherwise. */
    public static final int DEFAULT_BACKLOG = 65_536;

    /** How long a task may wait to be begun before it counts as dropped. */
    private static final long PATIENCE_NANOS = Duration.ofSeconds(10).toNanos();

    private final Executor executor;
    private final boolean every;
    private final int backlog;
    private final @Nullable Consumer<? super Throwable> handler;
    private final long patienceNanos;

    private Delivery(
            Executor executor,
            boolean every,
            int backlog,
            @Nullable Consumer<? super Throwable> handler,
            long patienceNanos) {
        this.executor = Objects.requireNonNull(executor, "executor must not be null");
        this.every = every;
        this.backlog = backlog;
        this.handler = handler;
        this.patienceNanos = patienceNanos;
    }

    /**
     * The newest value, when the listener is ready for it; the states between are skipped and not kept. A watcher for
     * which no change waits keeps no state.
     */
    public static Delivery latest(Executor executor) {
        return new Delivery(executor, false, DEFAULT_BACKLOG, null, PATIENCE_NANOS);
    }

    /**
     * Every state in which the value differs from the state before. They are kept until the listener has had them, up
     * to a {@linkplain #backlog backlog}.
     */
    public static Delivery every(Executor executor) {
        return new Delivery(executor, true, DEFAULT_BACKLOG, null, PATIENCE_NANOS);
    }

    /**
     * How many updates {@link #every} keeps for a slow listener; past that the subscription closes, and its handler is
     * told. Default: {@value #DEFAULT_BACKLOG}.
     *
     * @throws IllegalArgumentException if it is less than 1
     */
    public Delivery backlog(int updates) {
        if (updates < 1) {
            throw new IllegalArgumentException("expected a backlog of 1 or more, not " + updates);
        }
        return new Delivery(executor, every, updates, handler, patienceNanos);
    }

    /**
     * The handler that is told when the listener throws, the executor rejects it, or the backlog is full; else the
     * store's handler.
     */
    public Delivery failureHandler(Consumer<? super Throwable> told) {
        return new Delivery(
                executor, every, backlog, Objects.requireNonNull(told, "told must not be null"), patienceNanos);
    }

    Delivery orHandler(Consumer<? super Throwable> fallback) {
        return handler != null ? this : failureHandler(fallback);
    }

    /** With another time than ten seconds after which a task that has not begun counts as dropped: for tests. */
    Delivery patience(Duration other) {
        return new Delivery(executor, every, backlog, handler, other.toNanos());
    }

    long patienceNanos() {
        return patienceNanos;
    }

    Executor executor() {
        return executor;
    }

    boolean isEvery() {
        return every;
    }

    int backlog() {
        return backlog;
    }

    void fail(Throwable failure) {
        FailureHandlers.tell(handler != null ? handler : FailureHandlers::log, failure);
    }
}
