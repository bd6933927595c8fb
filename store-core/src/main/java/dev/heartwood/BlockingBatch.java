package dev.heartwood;

import dev.heartwood.tree.DurationText;
import io.vavr.collection.HashMap;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A batch whose body may wait: a {@link Batch} with a timeout, and with the reads of the attempt that was given up last.
 *
 * @param <R> the result type of the body
 * @param <E> the exception type of the body
 */
final class BlockingBatch<R extends @Nullable Object, E extends Exception> extends Batch<R, E> {
    private final Duration timeout;
    private final long deadline;
    private @Nullable GivenUp givenUp;

    BlockingBatch(TreeEditor editor, TransactionFunction<R, E> body, Duration timeout) {
        super(editor, body);
        this.timeout = timeout;
        this.deadline = System.nanoTime() + Durations.of(timeout);
    }

    @Override
    boolean mayWait() {
        return true;
    }

    /** The first attempt always begins; no other begins after the timeout or an interrupt. */
    @Override
    void begin() throws InterruptedException, TimeoutException {
        if (runs > 0) {
            if (Thread.currentThread().isInterrupted()) {
                throw new InterruptedException("interrupted before the batch could commit: nothing was committed");
            }
            if (deadline - System.nanoTime() <= 0) {
                throw timedOut("");
            }
        }
    }

    @Override
    void gaveUp(Transaction tx) {
        givenUp = new GivenUp(tx.readWriteSet(), tx.before().tree());
    }

    /** Registers the calling thread at everything that the attempt had read, of which this keeps nothing. */
    Waiter register(Root root) {
        GivenUp last = java.util.Objects.requireNonNull(givenUp);
        givenUp = null;
        return Waiter.register(root, last.reads, last.base);
    }

    /** Sleeps until another attempt is worth while. */
    void sleep(Waiter waiter) throws InterruptedException, TimeoutException {
        try {
            if (!waiter.sleep(deadline)) {
                throw timedOut("; " + waiter.waitedFor());
            }
        } finally {
            waiter.close();
        }
    }

    /** {@code waitedFor} continues the sentence; empty for a batch that ran at the deadline. */
    private TimeoutException timedOut(String waitedFor) {
        return new TimeoutException("the batch could not commit within " + DurationText.of(timeout)
                + ": nothing was committed, after " + runs + " attempt" + (runs == 1 ? "" : "s") + waitedFor);
    }

    private record GivenUp(ReadWriteSet reads, HashMap<String, @Nullable Object> base) {}
}
