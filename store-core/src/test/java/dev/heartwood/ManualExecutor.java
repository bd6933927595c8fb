package dev.heartwood;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;

/** Runs tasks only on request, which makes a listener as slow as the test wants. */
final class ManualExecutor implements Executor {
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
    }

    int waiting() {
        return tasks.size();
    }

    /** The task that has waited longest. */
    Runnable next() {
        return tasks.element();
    }

    /** Runs the task that has waited longest, if there is one. */
    boolean runOne() {
        Runnable task = tasks.poll();
        if (task != null) {
            task.run();
        }
        return task != null;
    }

    /** Runs the waiting tasks, and the tasks that they submit. */
    void runAll() {
        while (runOne()) {}
    }
}
