package dev.heartwood.log;

import dev.heartwood.storage.BackgroundTask;
import dev.heartwood.storage.ListenerThreads;
import dev.heartwood.storage.NanoClock;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.concurrent.ExecutorService;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * The dependencies of a root: clock, randomness and threads. A simulation supplies its own, so that one seed determines
 * everything.
 *
 * @param clock the clock for deadlines and waits
 * @param writer a random id of this opening, without a colon
 * @param random the jitter of pauses
 * @param threads makes the threads
 */
record Wiring(NanoClock clock, String writer, RandomGenerator random, Threads threads) {
    private static final int ID_BYTES = 12;

    /** Makes the threads of a root. */
    interface Threads {
        /** A task that runs from time to time, like {@link BackgroundTask}. */
        Background background(String name, LongSupplier task);

        /** The threads that call listeners for commits of other processes. */
        ExecutorService listeners(String name);
    }

    /** A task on a thread of its own. */
    interface Background {
        /** Makes the task run soon. */
        void wake();

        /** Ends the task. */
        void stop();
    }

    /** The surroundings of a process. */
    static Wiring system() {
        SecureRandom random = new SecureRandom();
        byte[] id = new byte[ID_BYTES];
        random.nextBytes(id);
        return new Wiring(NanoClock.SYSTEM, HexFormat.of().formatHex(id), random, new RealThreads());
    }

    private static final class RealThreads implements Threads {
        @Override
        public Background background(String name, LongSupplier task) {
            BackgroundTask background = new BackgroundTask(name, task);
            return new Background() {
                @Override
                public void wake() {
                    background.wake();
                }

                @Override
                public void stop() {
                    background.stop();
                }
            };
        }

        @Override
        public ExecutorService listeners(String name) {
            return ListenerThreads.named(name);
        }
    }
}
