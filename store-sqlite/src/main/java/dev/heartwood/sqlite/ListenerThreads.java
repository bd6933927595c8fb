package dev.heartwood.sqlite;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The threads that tell listeners of other processes' commits: one, and another one for each that is held up by its
 * listener. There is none while nothing happens.
 */
final class ListenerThreads {
    private static final int IDLE_SECONDS = 10;

    private ListenerThreads() {}

    /** Threads of that name. After a shutdown nothing is told, and nobody is told so: whoever closes has told it all. */
    static ExecutorService of(String name) {
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
