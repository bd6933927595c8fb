package dev.heartwood.file.commit;

import dev.heartwood.IndeterminateCommitException;
import dev.heartwood.StoreIOException;
import dev.heartwood.file.disk.HolderLostException;
import dev.heartwood.file.disk.NotWrittenException;
import dev.heartwood.storage.IoErrors;
import dev.heartwood.storage.WaitQueue;
import java.io.IOException;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** The progress of the writer thread, which publishes it here to waiting threads. */
final class DurabilityTracker {
    /**
     * What answers a failed write, loaded with this class: where no file descriptor is left, a class that is needed for the
     * first time cannot be loaded.
     */
    static final List<Class<?>> LOADED = List.of(
            Trouble.class,
            RolledBackVersions.Range.class,
            CommitErrors.class,
            IoErrors.class,
            HolderLostException.class,
            NotWrittenException.class,
            IndeterminateCommitException.class,
            StoreIOException.class);

    // Invariants, all written by one thread:
    //   A version at or below `durable` is durable, unless it was rolled back.
    //   A version is in `takenBack` before a later one is durable: a reader that looks at `durable` first misses none.
    private final WaitQueue waiters = new WaitQueue();
    private final RolledBackVersions takenBack = new RolledBackVersions();
    private volatile long durable;
    private volatile @Nullable Throwable failure;
    private volatile @Nullable Trouble trouble;
    private volatile Look look = new Look(0, null);
    private volatile @Nullable Throwable closeTrouble;
    private volatile boolean ended;

    /**
     * An answer to callers that asked whether the next opening will find the durable commits.
     *
     * @param number the number of requests by then
     * @param trouble the reason why it will not, or why that is unknown; null if it will
     */
    record Look(long number, @Nullable IOException trouble) {}

    /** A failure to write, compared by identity. */
    private static final class Trouble {
        final Throwable cause;

        Trouble(Throwable cause) {
            this.cause = cause;
        }
    }

    DurabilityTracker(long durable) {
        this.durable = durable;
    }

    /** The reason why nothing can be written until the store is opened anew; null while there is none. */
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

    /** Nothing more is written, for this reason; null if everything was written. */
    void closesWith(@Nullable Throwable trouble) {
        closeTrouble = trouble;
    }

    /** Every commit up to this version was durable at some time, except the rolled back ones. */
    long durable() {
        return durable;
    }

    /** The last look. */
    Look look() {
        return look;
    }

    /** Waits for a look, and returns the reason why the durable commits are not in their place; null if they are. */
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

    /** Waits until the version is durable, and returns null; if the version was rolled back, returns its range. */
    RolledBackVersions.@Nullable Range await(long version) {
        waiters.await(() -> version <= durable || takenBack.of(version) != null || ended);
        RolledBackVersions.Range lost = takenBack.of(version);
        return lost != null || version <= durable
                ? lost
                : new RolledBackVersions.Range(durable, Long.MAX_VALUE, Long.MAX_VALUE, lastWord(), true);
    }

    /** The reason why an ended writer thread has said nothing about a commit: it died of an error that it could not handle. */
    private Throwable lastWord() {
        Throwable why = failure != null ? failure : trouble();
        return why != null ? why : new IllegalStateException("the thread that writes the file has ended");
    }

    /**
     * Waits until the condition holds, and returns null; or until a write fails, and returns the reason.
     *
     * @param begin run before the waiting, so that no failure after it is missed
     */
    @Nullable
    Throwable awaitOrTrouble(BooleanSupplier done, Runnable begin) {
        Trouble before = trouble;
        begin.run();
        for (; ; ) {
            Throwable why = failure != null ? failure : trouble != before ? trouble() : null;
            // In this order: what is done before the end is seen with it.
            boolean isOver = ended;
            if (done.getAsBoolean()) {
                return null;
            } else if (why != null || isOver) {
                return why != null ? why : lastWord();
            }
            waiters.await(() -> done.getAsBoolean() || failure != null || trouble != before || ended);
        }
    }

    /** Waits until everything is written, or will never be. */
    void awaitEnd() {
        waiters.await(() -> ended);
    }

    /** Every commit up to this version is durable. */
    void durable(long version) {
        durable = version;
        waiters.wake();
    }

    /** Writing failed, for now: pending commits stay pending. */
    void troubled(Throwable cause) {
        trouble = new Trouble(cause);
        waiters.wake();
    }

    /** Nothing more is accepted. Called before pending commits are rolled back, so that no commit builds on them. */
    void refuseMore(Throwable cause) {
        failure = cause;
    }

    /** Nothing more can be written. */
    void failed(Throwable cause) {
        failure = cause;
        troubled(cause);
    }

    /** Pending commits were rolled back. The call of {@link #troubled} that must follow tells the waiting callers. */
    void lost(RolledBackVersions.Range range) {
        if (range.indeterminate()) {
            failure = range.cause();
        }
        takenBack.add(range);
    }

    /** Everything is written, or will never be. */
    void ended() {
        ended = true;
        waiters.wake();
    }
}
