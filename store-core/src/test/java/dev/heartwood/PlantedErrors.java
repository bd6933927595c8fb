package dev.heartwood;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Throws an error, or runs an action, at a numbered call. Instrumented code asks here before each call that it makes; the calls of one thread
 * are counted, from the one after its won compare-and-set on or at once.
 */
public final class PlantedErrors {
    private static final String WON = "Timeline.publish > java/util/concurrent/atomic/AtomicReference.compareAndSet";

    private static @Nullable Thread thread;
    private static Runnable action = () -> {};
    private static int target;
    private static boolean counting;
    private static final List<String> CALLS = new ArrayList<>();

    private PlantedErrors() {}

    /** Plants {@code thrown} at the call with this number after a commit of the current thread; 0 only counts. */
    public static void plant(int number, Supplier<Error> thrown) {
        plant(number, throwing(thrown), false);
    }

    /** Plants {@code thrown} at the call with this number on the current thread; 0 only counts. */
    public static void plantAtOnce(int number, Supplier<Error> thrown) {
        plant(number, throwing(thrown), true);
    }

    /** Runs {@code interlude} before the call with this number after a commit of the current thread; 0 only counts. */
    public static void runBefore(int number, Runnable interlude) {
        plant(number, interlude, false);
    }

    /** Runs {@code interlude} before the call with this number on the current thread; 0 only counts. */
    public static void runBeforeAtOnce(int number, Runnable interlude) {
        plant(number, interlude, true);
    }

    private static Runnable throwing(Supplier<Error> thrown) {
        return () -> {
            throw thrown.get();
        };
    }

    private static void plant(int number, Runnable planted, boolean atOnce) {
        CALLS.clear();
        counting = atOnce;
        target = number;
        action = planted;
        thread = Thread.currentThread();
    }

    /** Ends the counting. */
    public static void dig() {
        thread = null;
    }

    /** The calls that were counted. */
    public static List<String> calls() {
        return List.copyOf(CALLS);
    }

    /** For instrumented code. */
    public static void call(String call) {
        if (Thread.currentThread() != thread) {
            return;
        }
        if (counting) {
            CALLS.add(call);
            if (CALLS.size() == target) {
                action.run();
            }
        }
        counting |= call.equals(WON);
    }
}
