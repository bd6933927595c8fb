package dev.heartwood.storage;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The daemon threads that call listeners for commits of other processes: one, and another one for each that is blocked
 * by a listener. While idle there is none.
 */
public final class ListenerThreads {
    private static final int IDLE_SECONDS = 10;

    private ListenerThreads() {}

    /** Threads of that name. After a shutdown, tasks are dropped silently: a closing store has delivered everything. */
    public static ExecutorService named(String name) {
        return new ThreadPoolExecutor(
                0,
                Integer.MAX_VALUE,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                task -> {
                    Thread thread = new Thread(task, name);
                    thread.setDaemon(true);
                    return thread;
                },
                new ThreadPoolExecutor.DiscardPolicy());
    }
}
