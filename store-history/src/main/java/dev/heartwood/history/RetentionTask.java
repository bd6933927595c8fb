package dev.heartwood.history;

import java.lang.ref.WeakReference;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The maintenance of histories, every 200 ms, on one thread for all of them: states beyond the bounds are released, and
 * places that are not recorded are removed from new states. The thread ends when no history needs it.
 */
final class RetentionTask {
    private static final long PERIOD_MILLIS = 200;
    private static final ScheduledThreadPoolExecutor THREAD = thread();

    private final ScheduledFuture<?> task;

    private RetentionTask(ScheduledFuture<?> task) {
        this.task = task;
    }

    static RetentionTask start(Runnable upkeep) {
        // This task does not keep a history alive that was dropped, with its store, without being closed.
        WeakReference<Runnable> dropped = new WeakReference<>(upkeep);
        Runnable task = () -> {
            Runnable held = dropped.get();
            if (held == null) {
                throw new IllegalStateException("the history is gone: the task ends with this exception");
            }
            held.run();
        };
        return new RetentionTask(
                THREAD.scheduleWithFixedDelay(task, PERIOD_MILLIS, PERIOD_MILLIS, TimeUnit.MILLISECONDS));
    }

    void end() {
        task.cancel(false);
    }

    private static ScheduledThreadPoolExecutor thread() {
        ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "heartwood-history");
            thread.setDaemon(true);
            return thread;
        });
        executor.setRemoveOnCancelPolicy(true);
        executor.setKeepAliveTime(10, TimeUnit.SECONDS);
        executor.allowCoreThreadTimeOut(true);
        return executor;
    }
}
