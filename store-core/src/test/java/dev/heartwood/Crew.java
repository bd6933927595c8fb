package dev.heartwood;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadFactory;

/** Threads of a test. They start together, and an exception in one of them is thrown where they are joined. */
final class Crew {
    private final ThreadFactory factory;
    private final List<FutureTask<Boolean>> tasks = new ArrayList<>();

    Crew() {
        this(Crew::daemon);
    }

    Crew(ThreadFactory factory) {
        this.factory = factory;
    }

    /** Runs the actor on so many threads at once, and waits for all. */
    static void together(int threads, Actor actor) {
        CyclicBarrier start = new CyclicBarrier(threads);
        Crew crew = new Crew();
        for (int i = 0; i < threads; i++) {
            int index = i;
            crew.start(() -> {
                await(start);
                actor.act(index);
            });
        }
        crew.join();
    }

    /** Runs the action on another thread, waits for it, and returns its result. */
    static <T> T elsewhere(Callable<T> action) {
        FutureTask<T> task = new FutureTask<>(action);
        daemon(task).start();
        return result(task);
    }

    /** {@link #elsewhere(Callable)} without a result. */
    static void elsewhere(Action action) {
        elsewhere(() -> {
            action.run();
            return true;
        });
    }

    /** Starts one more thread; the returned thread can be interrupted. */
    Thread start(Action action) {
        FutureTask<Boolean> task = new FutureTask<>(() -> {
            action.run();
            return true;
        });
        tasks.add(task);
        Thread thread = factory.newThread(task);
        thread.start();
        return thread;
    }

    /** Waits for all threads that were started. */
    void join() {
        tasks.forEach(Crew::result);
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "crew");
        thread.setDaemon(true);
        return thread;
    }

    private static <T> T result(FutureTask<T> task) {
        try {
            return task.get();
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted while waiting for the crew", e);
        } catch (ExecutionException e) {
            throw new AssertionError("one of the crew failed: " + e.getCause(), e.getCause());
        }
    }

    private static void await(CyclicBarrier barrier) throws InterruptedException {
        try {
            barrier.await();
        } catch (BrokenBarrierException e) {
            throw new AssertionError(e);
        }
    }

    /** One of several threads that do the same. */
    @FunctionalInterface
    interface Actor {
        void act(int index) throws Exception;
    }

    /** The action of a thread. */
    @FunctionalInterface
    interface Action {
        void run() throws Exception;
    }
}
