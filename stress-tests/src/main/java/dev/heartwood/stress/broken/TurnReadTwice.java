package dev.heartwood.stress.broken;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Rounds on the thread that asks for them, one at a time. A thread that goes on after its own round looks whether the turn
 * is free, and reads it again for its compare-and-set.
 */
public final class TurnReadTwice {
    private static final long RUNNING = 1;
    private static final long NEXT = 2;

    private final AtomicLong turn = new AtomicLong();
    private final BooleanSupplier hasNothing;
    private final Runnable round;
    private volatile @Nullable Thread sender;
    private volatile @Nullable Thread resender;

    /** Rounds for as long as there is something to do. */
    public TurnReadTwice(BooleanSupplier hasNothing, Runnable round) {
        this.hasNothing = hasNothing;
        this.round = round;
    }

    /** There is something to do: asks for a round if none is under way. */
    public void ask() {
        long now = turn.get();
        if (isFree(now)) {
            send(now);
        }
    }

    private void send(long now) {
        Thread me = Thread.currentThread();
        for (long from = now; ; from = turn.get()) {
            if (!turn.compareAndSet(from, (from | RUNNING) + NEXT)) {
                return;
            }
            sender = me;
            run();
            if (sender == me) {
                sender = null;
            }
            if (resender != me) {
                return;
            }
            resender = null;
            if (hasNothing.getAsBoolean() || !isFree(turn.get())) {
                return;
            }
        }
    }

    private void run() {
        long mine = turn.get();
        round.run();
        turn.set(mine & ~RUNNING);
        if (!hasNothing.getAsBoolean() && isFree(turn.get()) && sender == Thread.currentThread()) {
            resender = sender;
        }
    }

    private static boolean isFree(long turn) {
        return (turn & RUNNING) == 0;
    }
}
