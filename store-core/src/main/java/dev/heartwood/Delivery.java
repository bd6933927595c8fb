package dev.heartwood;

import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How a watcher is called: for the latest state or for every one, on which executor, and who hears of failures.
 * Immutable.
 *
 * <p>Any executor will do that runs, or rejects, every task: one that drops tasks silently ends the watching. A task tells
 * one update, or at most 64 of {@link #every}, so watchers can share a thread. What was pending when a task was rejected is
 * told with the next change; an {@code ExecutorService} that has been shut down ends the subscription.
 *
 * <p>An executor that runs tasks on the calling thread runs the listener on a thread that committed, and keeps that thread
 * for as long as others commit meanwhile.
 */
public final class Delivery {
    /** How many undelivered updates {@link #every} keeps unless told otherwise. */
    public static final int DEFAULT_BACKLOG = 65_536;

    private final Executor executor;
    private final boolean every;
    private final int backlog;
    private final @Nullable Consumer<? super Throwable> handler;

    private Delivery(Executor executor, boolean every, int backlog, @Nullable Consumer<? super Throwable> handler) {
        this.executor = Objects.requireNonNull(executor, "executor");
        this.every = every;
        this.backlog = backlog;
        this.handler = handler;
    }

    /** The newest state, when the listener is ready for it; those between are skipped and not kept. */
    public static Delivery latest(Executor executor) {
        return new Delivery(executor, false, DEFAULT_BACKLOG, null);
    }

    /**
     * Every state in which the value differs from the state before. They are kept until the listener has had them, up to
     * a {@linkplain #backlog backlog}.
     */
    public static Delivery every(Executor executor) {
        return new Delivery(executor, true, DEFAULT_BACKLOG, null);
    }

    /**
     * How many updates {@link #every} keeps for a slow listener; past that the subscription closes, and its handler is
     * told. {@value #DEFAULT_BACKLOG} unless said.
     *
     * @throws IllegalArgumentException if it is less than 1
     */
    public Delivery backlog(int updates) {
        if (updates < 1) {
            throw new IllegalArgumentException("expected a backlog of 1 or more, not " + updates);
        }
        return new Delivery(executor, every, updates, handler);
    }

    /** Who is told when the listener throws, the executor rejects it, or the backlog is full; else the store's handler. */
    public Delivery failureHandler(Consumer<? super Throwable> told) {
        return new Delivery(executor, every, backlog, Objects.requireNonNull(told, "told"));
    }

    Delivery orHandler(Consumer<? super Throwable> fallback) {
        return handler != null ? this : failureHandler(fallback);
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
        Failures.tell(handler != null ? handler : Failures::log, failure);
    }
}
