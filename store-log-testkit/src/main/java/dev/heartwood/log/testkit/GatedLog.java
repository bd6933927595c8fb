package dev.heartwood.log.testkit;

import dev.heartwood.log.LogException;
import dev.heartwood.log.SharedLog;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** A connection with small values, whose appends can be held up, or lose the answer to one entry. */
final class GatedLog extends ForwardingLog {
    /** So small that some commits of the contract need several parts. */
    private static final int LARGEST_VALUE = 1_000;

    private volatile @Nullable CountDownLatch gate;
    private volatile boolean doubtNext;
    private volatile @Nullable Position doubted;

    GatedLog(SharedLog log) {
        super(log);
    }

    /** Holds up each append from now on. */
    void hold() {
        gate = new CountDownLatch(1);
    }

    void release() {
        CountDownLatch held = gate;
        gate = null;
        if (held != null) {
            held.countDown();
        }
    }

    /** The next entry is appended, and no try ever has an answer. */
    void doubtNext() {
        doubtNext = true;
    }

    @Override
    public Outcome append(Position on, Entry next, @Nullable Claim mine)
            throws LogException.InDoubt, LogException.Unavailable, LogException.Refused {
        await(gate);
        if (doubtNext) {
            doubtNext = false;
            doubted = next.at();
            Outcome unheard = super.append(on, next, mine);
            throw new LogException.InDoubt("the answer was lost: " + unheard, null);
        } else if (next.at().equals(doubted)) {
            throw new LogException.InDoubt("the answer was lost again", null);
        }
        return super.append(on, next, mine);
    }

    private static void await(@Nullable CountDownLatch held) {
        boolean interrupted = false;
        while (held != null && held.getCount() > 0) {
            try {
                held.await();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public int largestValue() {
        return Math.min(super.largestValue(), LARGEST_VALUE);
    }
}
