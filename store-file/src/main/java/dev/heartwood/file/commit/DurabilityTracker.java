package dev.heartwood.file.commit;

import dev.heartwood.storage.WaitQueue;
import java.io.IOException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** How far the writing has come, told by the thread that writes to those that wait for it. */
final class DurabilityTracker {
    // Invariants, all written by one thread:
    //   A version at or below `durable` is durable, unless it was rolled back.
    //   A version is in `takenBack` before a later one is durable: who looks at `durable` first misses none.
    private final WaitQueue waiters = new WaitQueue();
    private final RolledBackVersions takenBack = new RolledBackVersions();
    private volatile long durable;
    private volatile @Nullable Throwable failure;
    private volatile @Nullable Trouble trouble;
    private volatile Look look = new Look(0, null);
    private volatile @Nullable Throwable closeTrouble;
    private volatile boolean ended;

    /**
     * An answer to those who asked whether what is durable is still where the next opening finds it.
     *
     * @param number how many had asked by then
     * @param trouble why that is not so, or cannot be told; null if it is so
     */
    record Look(long number, @Nullable IOException trouble) {}

    /** A failure to write, not equal to any other. */
    private static final class Trouble {
        final Throwable cause;

        Trouble(Throwable cause) {
            this.cause = cause;
        }
    }

    DurabilityTracker(long durable) {
        this.durable = durable;
    }

    /** Why no more can be written until the store is opened anew; null while that is not so. */
    @Nullable
    Throwable failure() {
        return failure;
    }

    /** The last failure to write, or null. */
    @Nullable
    Throwable trouble() {
        Trouble last = trouble;
        return last == null ? null : last.cause;
    }

    /** The failure that kept the last commits from being written at the end; null if nothing did. */
    @Nullable
    Throwable closeTrouble() {
        return closeTrouble;
    }

    /** Nothing more is written, for this reason; null if all was. */
    void closesWith(@Nullable Throwable trouble) {
        closeTrouble = trouble;
    }

    /** All up to this version was durable at some time, but for what was rolled back. */
    long durable() {
        return durable;
    }

    /** The last look. */
    Look look() {
        return look;
    }

    /** Waits for a look, and gives why what is durable is not where it should be; null if it is. */
    @Nullable
    Throwable awaitLook(long number) {
        waiters.await(() -> look.number() >= number || failure != null || ended);
        return failure != null ? failure : look.number() >= number ? look.trouble() : null;
    }

    /** Tells of a look. */
    void looked(Look newest) {
        look = newest;
        waiters.wake();
    }

    /** Whether the version is durable for sure. */
    boolean isDurable(long version) {
        return version <= durable && takenBack.isEmpty();
    }

    /** Waits until the version is durable, and gives null; or was rolled back, and gives how. */
    RolledBackVersions.@Nullable Range await(long version) {
        waiters.await(() -> version <= durable || takenBack.of(version) != null);
        return takenBack.of(version);
    }

    /**
     * Waits until something is so, and gives null; or until writing fails, and gives why.
     *
     * @param begin run before the waiting, so that no failure after it is missed
     */
    @Nullable
    Throwable awaitOrTrouble(BooleanSupplier done, Runnable begin) {
        Trouble before = trouble;
        begin.run();
        for (; ; ) {
            Throwable why = failure != null ? failure : trouble != before ? trouble() : null;
            if (done.getAsBoolean()) {
                return null;
            } else if (why != null) {
                return why;
            }
            waiters.await(() -> done.getAsBoolean() || failure != null || trouble != before);
        }
    }

    /** Waits until all is written, or will never be. */
    void awaitEnd() {
        waiters.await(() -> ended);
    }

    /** All up to this version is durable. */
    void durable(long version) {
        durable = version;
        waiters.wake();
    }

    /** Writing failed, for now: what is pending stays so. */
    void troubled(Throwable cause) {
        trouble = new Trouble(cause);
        waiters.wake();
    }

    /** Nothing more is accepted; before what is pending is rolled back, so that nobody builds on that. */
    void refuseMore(Throwable cause) {
        failure = cause;
    }

    /** Nothing more can be written. */
    void failed(Throwable cause) {
        failure = cause;
        troubled(cause);
    }

    /** Pending commits were rolled back; those who wait for it are told by the {@link #troubled} that must follow. */
    void lost(RolledBackVersions.Range range) {
        if (range.indeterminate()) {
            failure = range.cause();
        }
        takenBack.add(range);
    }

    /** All is written, or will never be. */
    void ended() {
        ended = true;
        waiters.wake();
    }
}
