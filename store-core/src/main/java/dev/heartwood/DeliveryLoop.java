package dev.heartwood;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Runs a watcher's delivery rounds on its executor: one at a time, each a task of its own, so that other tasks of the
 * executor can run in between.
 *
 * <pre>
 *   HELD --begin--&gt; IDLE --ask--&gt; SENT --run--&gt; RUNNING --&gt; IDLE, and SENT again if there is more
 *                              refused, overdue: back to IDLE, or SENT anew
 * </pre>
 *
 * <p>The thread that moves the turn to SENT passes this object to the executor. The thread that moves it to RUNNING
 * runs one round. A task that runs when the turn is not SENT does nothing, so a late task that was given up is
 * harmless.
 */
final class DeliveryLoop implements Runnable {
    private static final long HELD = 0;
    private static final long IDLE = 1;
    private static final long SENT = 2;
    private static final long RUNNING = 3;
    private static final long STATE = 3;
    /**
     * Each SENT has a number of its own, so that a thread cannot mistake another thread's turn for the one that it
     * sent.
     */
    private static final long NEXT = 4;

    private static final VarHandle TURN;

    static {
        try {
            TURN = MethodHandles.lookup().findVarHandle(DeliveryLoop.class, "turn", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final ScheduledFollower<?> follower;
    /**
     * Identifies, for the {@link ReentrancyGuard} of a thread, that the thread is inside the executor's
     * {@code execute}.
     */
    private final long number = ReentrancyGuard.number();

    /**
     * Every write to it is volatile: a round sees every change that was handed over before the request for the round,
     * and all effects of the listener in the previous round.
     */
    private volatile long turn = HELD;

    /** The turn to which {@link #waitsSince} belongs. */
    private volatile long waiting = HELD;

    /** The time at which the task of a turn was found accepted by the executor but not begun. */
    private volatile long waitsSince;

    private volatile long patienceNanos;

    DeliveryLoop(ScheduledFollower<?> follower) {
        this.follower = follower;
    }

    /** Allows the first round. Until then no request begins one. */
    void begin() {
        turn = IDLE;
    }

    boolean isHeld() {
        return turn == HELD;
    }

    /** Requests a round that sees every change that was handed over until now. */
    void ask() {
        long now = turn;
        if (state(now) == IDLE) {
            resetPatience();
            send(now, false);
        } else if (state(now) == SENT) {
            lookAfter(now);
        } // else the round that runs looks for more when it is done
    }

    @Override
    public void run() {
        try {
            rounds();
        } catch (Throwable e) {
            try {
                giveBack();
            } finally {
                // An assignment: it needs neither stack nor heap. Any next commit requests the round that this task has
                // left. It comes after the turn is given back: a commit that looked before that found it taken.
                follower.reminder.set = true;
            }
            follower.failed(e);
        }
    }

    /** After an error: the turn is free, also if the task has not come to take it. */
    private void giveBack() {
        long now = turn;
        if (state(now) == SENT) {
            TURN.compareAndSet(this, now, now - SENT + IDLE);
        }
    }

    private void rounds() {
        long now = turn;
        boolean mine = state(now) == SENT && TURN.compareAndSet(this, now, now - SENT + RUNNING);
        while (mine) {
            now = turn;
            try {
                follower.tellRound();
            } finally {
                // An assignment: an exhausted stack, which no call survives, does not keep the watcher from later
                // rounds.
                turn = now - RUNNING + IDLE;
            }
            mine = goOn();
        }
    }

    /** After a round. True: this thread has the turn once more, and is to run another round. */
    private boolean goOn() {
        // The turn was given back before this look. A thread that adds a change after the look finds the turn free;
        // one that added it before is seen here. In the other order the change could be left to nobody.
        long now = turn;
        if (follower.hasNothing() || state(now) != IDLE) {
            return false;
        }
        if (ReentrancyGuard.here().sending == number) {
            // Inside execute: the sender looks again when that returns, and goes on, not ever deeper in its stack.
            return false;
        }
        return send(now, true);
    }

    /**
     * Moves the turn on to SENT, if it is still {@code now}, and passes this to the executor.
     *
     * @param fromRound whether the thread belongs to the executor, and so runs a refused task itself
     * @return true if it was refused, and this thread has the turn
     */
    private boolean send(long now, boolean fromRound) {
        ReentrancyGuard here = ReentrancyGuard.here();
        long outer = here.sending;
        long from = now;
        for (; ; ) {
            long sent = (from & ~STATE) + NEXT + SENT;
            if (!TURN.compareAndSet(this, from, sent)) {
                return false;
            }
            // From here to the executor nothing is called outside the try: no other thread would submit a task for this
            // turn.
            try {
                here.sending = number;
                follower.execute(this);
            } catch (Throwable e) {
                if (TURN.compareAndSet(this, sent, sent - SENT + (fromRound ? RUNNING : IDLE))) {
                    if (!fromRound) {
                        follower.refused(e);
                    }
                    return fromRound;
                }
                follower.failed(e); // it has run the round, and not refused it
            } finally {
                here.sending = outer;
            }
            // One read, for the look and for the compare-and-set. Read again, the turn could be one that another thread
            // has taken since: it would be taken from under that thread's round, and two rounds would run at once.
            from = turn;
            if (from == sent) {
                beginWait(sent);
                return false;
            }
            if (follower.hasNothing() || state(from) != IDLE) {
                return false;
            }
        }
    }

    /** A round that was submitted and has not begun: the executor may be busy, may have dropped it, or may be dead. */
    private void lookAfter(long sent) {
        if (follower.isExecutorTerminated()) {
            follower.executorEnded(new StoreException(
                    "the executor was shut down before all pending changes were delivered: the subscription is"
                            + " closed; watch again with another executor"));
        } else if (waiting != sent) {
            beginWait(sent); // the thread that has sent it has not come to that yet
        } else if (System.nanoTime() - waitsSince > patienceNanos) {
            long waited = patienceNanos;
            patienceNanos = Math.max(waited, 2 * waited); // a busy executor gets few tasks more than it needs
            follower.failed(new StoreException("the executor has not begun a task within " + waited / 1_000_000
                    + " ms: it is busy, or it drops tasks; nothing is lost, and another task is sent"));
            send(sent, false);
        }
    }

    /**
     * The executor has accepted the task, and not begun it. With an executor that runs tasks on the calling thread this
     * never happens, so it never reads the clock.
     */
    private void beginWait(long sent) {
        // In this order: a thread that finds the turn here finds the time. Two threads may do this for one turn, or one
        // for a turn that is over: then the wait counts from later on.
        waitsSince = System.nanoTime();
        waiting = sent;
    }

    /** A volatile write, and so a fence, only where it changes something. */
    private void resetPatience() {
        long first = follower.patienceNanos();
        if (patienceNanos != first) {
            patienceNanos = first;
        }
    }

    private static long state(long turn) {
        return turn & STATE;
    }
}
