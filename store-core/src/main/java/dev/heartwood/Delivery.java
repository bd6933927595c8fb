package dev.heartwood;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The way in which a watcher is called: for the latest state or for every one, its executor, and its failure handler.
 * Immutable.
 *
 * <p>Any executor works. A task delivers one update, or at most 64 with {@link #every}, so watchers can share a thread.
 *
 * <ul>
 *   <li>If the executor rejects a task, the handler gets the exception, and the pending changes are delivered with the
 *       next change. If it fails with an {@code Error} (a pool that gets no memory for a thread, for example), any next
 *       commit tries again.
 *   <li>If the executor has been shut down, the next change finds that it rejects tasks or has terminated: the
 *       subscription ends, and the handler gets an exception.
 *   <li>If the executor has not begun a task for ten seconds when the next change comes, because it is busy or drops
 *       tasks silently, the handler gets an exception, and another task is submitted. The time doubles after each such
 *       task. A late task does no harm.
 * </ul>
 *
 * <p>An executor that runs tasks on the calling thread runs the listener on a committing thread, and may occupy that
 * thread for as long as other threads commit meanwhile. If {@code execute} blocks, it blocks the committing thread;
 * other threads go on committing.
 */
public final class Delivery {
    /** The default number of undelivered updates that {@link #every} keeps. */
    public static final int DEFAULT_BACKLOG = 65_536;

    /** The time after which a task that has not begun counts as dropped. */
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
     * Delivers the newest value when the listener is ready for it; intermediate states are skipped and not retained. A
     * watcher without pending changes retains no state.
     */
    public static Delivery latest(Executor executor) {
        return new Delivery(executor, false, DEFAULT_BACKLOG, null, PATIENCE_NANOS);
    }

    /**
     * Delivers every state in which the value differs from the state before. States are retained until the listener has
     * received them, up to a {@linkplain #backlog backlog}.
     */
    public static Delivery every(Executor executor) {
        return new Delivery(executor, true, DEFAULT_BACKLOG, null, PATIENCE_NANOS);
    }

    /**
     * The number of updates that {@link #every} keeps for a slow listener; beyond it the subscription closes, and its
     * handler gets an exception. Default: {@value #DEFAULT_BACKLOG}.
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
     * The handler for failures: the listener throws, the executor rejects a task, or the backlog is full. Default: the
     * store's failure handler.
     */
    public Delivery failureHandler(Consumer<? super Throwable> told) {
        return new Delivery(
                executor, every, backlog, Objects.requireNonNull(told, "told must not be null"), patienceNanos);
    }

    Delivery orHandler(Consumer<? super Throwable> fallback) {
        return handler != null ? this : failureHandler(fallback);
    }

    /** For tests: sets the time after which a task that has not begun counts as dropped. */
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
