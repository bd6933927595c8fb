package dev.heartwood.inspector;

import java.lang.reflect.InvocationTargetException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicLong;

/** The threads that answer pages: virtual ones where the JDK has them, else a bounded number of daemons. */
final class ServerThreads {
    /** The number of threads for short requests, in addition to one for each page that may follow. */
    private static final int SPARE = 8;

    private ServerThreads() {}

    static ExecutorService create(int pages) {
        try {
            // Java 21 and later; this is compiled for 17.
            return (ExecutorService)
                    Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
        } catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException e) {
            return Executors.newFixedThreadPool(pages + SPARE, daemon("heartwood-inspector"));
        }
    }

    static ThreadFactory daemon(String name) {
        AtomicLong number = new AtomicLong();
        return task -> {
            Thread thread = new Thread(task, name + "-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }
}
