package dev.heartwood.stress.crowd;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Threads that work until time is up; any exception in one of them fails the test. */
final class Crew {
    /** The working time of a crew: short in every build, {@code -Dcrowd.seconds=30} for the long run. */
    static final Duration SHIFT = Duration.ofSeconds(Integer.getInteger("crowd.seconds", 3));

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final List<Thread> threads = new ArrayList<>();
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private final long until = System.nanoTime() + SHIFT.toNanos();

    /** Adds so many threads, each of which repeats the work. */
    Crew add(int count, String role, Work work) {
        for (int i = 0; i < count; i++) {
            int number = i;
            threads.add(new Thread(() -> repeat(work, number), role + " " + number));
        }
        return this;
    }

    private void repeat(Work work, int number) {
        Random random = new Random(number);
        try {
            while (System.nanoTime() - until < 0 && failures.isEmpty()) {
                work.once(random);
            }
        } catch (Throwable e) {
            failures.add(e);
        }
    }

    /** Runs the crew, and fails if a thread failed or does not end. */
    void work() throws InterruptedException {
        threads.forEach(Thread::start);
        long deadline = until + PATIENCE.toNanos();
        for (Thread thread : threads) {
            thread.join(Math.max(1, (deadline - System.nanoTime()) / 1_000_000));
            if (thread.isAlive()) {
                AssertionError stuck = new AssertionError(thread.getName() + " does not come to an end");
                stuck.setStackTrace(thread.getStackTrace());
                throw stuck;
            }
        }
        if (!failures.isEmpty()) {
            throw new AssertionError(failures.size() + " threads failed", failures.peek());
        }
    }

    /** One round of a thread. */
    interface Work {
        void once(Random random) throws Exception;
    }
}
