package dev.heartwood.stress.seam;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A call that sleeps until somebody wakes it, watched by another thread: which wakes it in the end where nobody else did,
 * so that a suite ends that has shown its fault.
 */
public final class Sleeper {
    /** The answer of a call that nobody woke. */
    public static final int SLEPT_ON = 0;
    /** The answer of a call that threw. */
    public static final int THREW = -1;

    private static final long SOON_NANOS = MILLISECONDS.toNanos(2);
    private static final long NEVER_NANOS = SECONDS.toNanos(20);

    private static final int LIGHT = 1 << 16;
    private static final int HEAVY = 1 << 19;

    // A suite has at most two actors; a third party works here.
    private static final ExecutorService THIRD_PARTIES = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "third party");
        thread.setDaemon(true);
        return thread;
    });
    // After the first the suite has failed, and need not take its time for the others.
    private static volatile boolean oneSleptOn;

    /**
     * jcstress makes as many states at once as it has time and memory for, and to find out how many that are, runs growing
     * numbers of them: for seconds, where threads sleep and memory is no limit.
     */
    final byte[] weight;

    private final long patienceNanos;
    private volatile @Nullable Thread thread;
    private volatile int answer;

    private Sleeper(long patienceNanos, int weight) {
        this.patienceNanos = patienceNanos;
        this.weight = new byte[weight];
    }

    /** One that must be woken: a machine that is slow is no excuse to say that it was not. */
    public static Sleeper ofStore() {
        return new Sleeper(NEVER_NANOS, LIGHT);
    }

    /** The same, of a suite that does not do a thousand in the time in which others do ten thousand. */
    public static Sleeper ofSlowStore() {
        return new Sleeper(NEVER_NANOS, HEAVY);
    }

    /** One of a control: may be said to have slept on where the machine was slow. */
    public static Sleeper ofControl() {
        return new Sleeper(SOON_NANOS, 4 * LIGHT);
    }

    /** The same, where most sleep on. */
    public static Sleeper ofSlowControl() {
        return new Sleeper(SOON_NANOS, 4 * HEAVY);
    }

    /** Makes the call, which must not answer {@link #SLEPT_ON}. */
    public void sleep(IntSupplier call) {
        thread = Thread.currentThread();
        int given = THREW;
        try {
            given = call.getAsInt();
        } finally {
            answer = given;
        }
    }

    /** The same on a thread of its own. */
    public void sleepElsewhere(IntSupplier call) {
        THIRD_PARTIES.execute(() -> sleep(call));
    }

    /** Waits until the call sleeps, or is over. */
    public void awaitSleep() {
        Thread sleeping = begun();
        while (answer == SLEPT_ON && !isAsleep(sleeping)) {
            giveWay();
        }
    }

    /** Interrupts the thread of the call. */
    public void interrupt() {
        begun().interrupt();
    }

    /** Waits for the answer of the call, or says that it slept on, and then it is over too. */
    public int answer() {
        Thread sleeping = begun();
        long patience = oneSleptOn ? SOON_NANOS : patienceNanos;
        long since = System.nanoTime();
        while (answer == SLEPT_ON && (System.nanoTime() - since < patience || !isAsleep(sleeping))) {
            giveWay();
        }
        int given = answer;
        while (answer == SLEPT_ON) {
            oneSleptOn |= patienceNanos == NEVER_NANOS;
            LockSupport.unpark(sleeping);
            giveWay();
        }
        return given;
    }

    private Thread begun() {
        for (; ; giveWay()) {
            Thread found = thread;
            if (found != null) {
                return found;
            }
        }
    }

    private static boolean isAsleep(Thread thread) {
        Thread.State state = thread.getState();
        return state == Thread.State.WAITING || state == Thread.State.TIMED_WAITING;
    }

    // jcstress binds each actor to a processor, and a third party is where the actor is that made it.
    @SuppressWarnings("ThreadPriorityCheck")
    private static void giveWay() {
        Thread.yield();
    }
}
