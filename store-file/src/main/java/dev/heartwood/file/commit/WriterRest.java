package dev.heartwood.file.commit;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** The rest of the writer thread between commits. A commit pays for a wake-up only while the thread rests. Public for the stress suites. */
public final class WriterRest {
    /** The thread that rests, or is about to. */
    private volatile @Nullable Thread resting;

    /**
     * Sleeps until somebody wakes this thread, so many nanoseconds at most; for ever with {@link Long#MAX_VALUE}.
     * Returns at once if there is work, and may return early for no reason.
     */
    public void rest(BooleanSupplier somethingToDo, long nanos) {
        // This thread sets the flag, and then looks for a commit; a committer adds its commit, and then reads the
        // flag. All four are volatile, so one of the two sees the other. If this thread looked first, a commit
        // between the look and the flag would wake nobody, and sleep until the next commit.
        resting = Thread.currentThread();
        if (!somethingToDo.getAsBoolean()) {
            if (nanos == Long.MAX_VALUE) {
                LockSupport.park(this);
            } else {
                LockSupport.parkNanos(this, nanos);
            }
        }
        resting = null;
    }

    /** There is work, which the thread can already see. */
    public void wake() {
        Thread thread = resting;
        if (thread != null) {
            LockSupport.unpark(thread);
        }
    }
}
