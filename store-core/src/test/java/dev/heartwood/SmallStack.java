package dev.heartwood;

import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;

/** A thread with a stack of 256 kB: code that recurses along the depth of a tree fails on it. */
final class SmallStack {
    private static final long BYTES = 256 * 1024;

    private SmallStack() {}

    static <T> T call(Callable<T> body) throws Exception {
        FutureTask<T> task = new FutureTask<>(body);
        Thread thread = new Thread(null, task, "small stack", BYTES);
        thread.start();
        thread.join();
        return task.get();
    }
}
