package dev.heartwood;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A watcher's deliveries on its executor: in rounds, one at a time, each a task of its own, so that the executor's other
 * tasks have their turn in between.
 */
final class Rounds {
    private final Executor executor;
    private final Watch watch;
    private final Turn turn = new Turn();

    Rounds(Executor executor, Watch watch) {
        this.executor = executor;
        this.watch = watch;
    }

    /** Lets the first one go; until then none does, whoever asks. */
    void begin() {
        if (isAskedAgain()) {
            send(false);
        }
    }

    /** Asks for one that looks at all that is there now. */
    void ask() {
        if (turn.ask()) {
            send(false);
        }
    }

    /** For who has the turn. Sends a round, and those that are left to this thread. */
    private void send(boolean fromRound) {
        Round round;
        do {
            turn.begin();
            round = new Round();
            try {
                executor.execute(round);
            } catch (Throwable e) {
                if (!round.take()) {
                    watch.fail(e); // an executor that fails after it has run the round has not refused it
                } else if (fromRound) {
                    // Its queue is full, or it is shut down: the task that it has taken goes on.
                    round.again = deliver();
                } else {
                    refused(e);
                    // Who asked meanwhile relied on the round that was refused.
                    round.again = isAskedAgain();
                }
            }
        } while (round.sent());
    }

    /** True: another round is asked for, and the caller has its turn. */
    private boolean deliver() {
        turn.begin();
        watch.deliver();
        return isAskedAgain();
    }

    private boolean isAskedAgain() {
        return turn.leave() && turn.ask();
    }

    private void refused(Throwable failure) {
        watch.fail(failure);
        if (executor instanceof ExecutorService service && service.isShutdown()) {
            watch.close(); // It will refuse all that follow.
        }
    }

    private final class Round implements Runnable {
        private final AtomicBoolean taken = new AtomicBoolean();
        private final Thread sender = Thread.currentThread();

        // For the sender's thread alone.
        private boolean sending = true;
        private boolean again;

        @Override
        public void run() {
            if (take() && deliver()) {
                if (Thread.currentThread() == sender && sending) {
                    again = true; // Inside execute: the sender goes on when that returns, not ever deeper in its stack.
                } else {
                    send(true);
                }
            }
        }

        /** Whoever takes it runs it: the executor or, where that has refused it, nobody. */
        boolean take() {
            return taken.compareAndSet(false, true);
        }

        /** True: the next one is left to the sender. */
        boolean sent() {
            sending = false;
            return again;
        }
    }
}
