package dev.heartwood.log;

import dev.heartwood.StoreClosedException;
import dev.heartwood.StoreIOException;
import dev.heartwood.log.LogException.InDoubt;
import dev.heartwood.log.LogException.Refused;
import dev.heartwood.log.LogException.Unavailable;
import dev.heartwood.storage.NanoClock;
import dev.heartwood.tree.DurationText;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

/** Repeats requests that may be sent any number of times, until they are answered or the deadline has passed. */
final class LogRequests {
    private final NanoClock clock;
    private final RandomGenerator random;
    private final Duration deadline;
    private final BooleanSupplier closed;

    LogRequests(NanoClock clock, RandomGenerator random, Duration deadline, BooleanSupplier closed) {
        this.clock = clock;
        this.random = random;
        this.deadline = deadline;
        this.closed = closed;
    }

    /** A request that may be sent any number of times. */
    interface Request<T> {
        T send() throws Unavailable, Refused;
    }

    /**
     * The answer to a request.
     *
     * @throws StoreIOException if there is none before the deadline, or the log refuses it
     * @throws StoreClosedException if the store is closed meanwhile
     */
    <T> T ask(Request<T> request) {
        Retries retries = retries();
        for (; ; ) {
            try {
                return request.send();
            } catch (Refused e) {
                // The end of the store has closed the connection.
                if (closed.getAsBoolean()) {
                    throw new StoreClosedException();
                }
                throw new StoreIOException("the log refused a read: " + e.getMessage(), e);
            } catch (Unavailable e) {
                if (closed.getAsBoolean()) {
                    throw new StoreClosedException();
                }
                if (!retries.pause()) {
                    throw new StoreIOException(
                            silence() + " (" + e.getMessage()
                                    + "). Nothing was changed; try again when the log can be reached",
                            e);
                }
            }
        }
    }

    /**
     * The parts of texts in a log, each asked for until it is there or the deadline has passed. A text of many parts takes
     * long to read; a request that fails on the way must not begin all of it again, nor use up the time of the others.
     */
    StagedText.Parts parts(SharedLog log) {
        return name -> ask(() -> Optional.ofNullable(log.get(name))).orElse(null);
    }

    /**
     * Stores parts of texts in a log, each repeated until the log has it or the deadline has passed, as {@link #parts} reads
     * them. A part that the log already has is stored again as it is.
     */
    StagedText.PartWriter partWriter(SharedLog log) {
        return (name, part) -> {
            Retries retries = retries();
            for (; ; ) {
                try {
                    log.put(name, part);
                    return;
                } catch (InDoubt | Unavailable e) {
                    if (closed.getAsBoolean() || !retries.pause()) {
                        throw e;
                    }
                }
            }
        };
    }

    /** Whether a call that began at this time has waited for the deadline. */
    boolean hasWaited(long began) {
        return clock.nanoTime() - began > deadline.toNanos();
    }

    /** Says that the log has not answered for the deadline. */
    String silence() {
        return "the log has not answered for " + DurationText.of(deadline);
    }

    /** The tries of one request. */
    Retries retries() {
        return new Retries(clock, random, deadline.toNanos());
    }

    /**
     * The tries to read a checkpoint where others are written meanwhile. They last for twice the deadline, as long as one of two
     * checkpoints stays: so a process that reads a checkpoint within the deadline finds one that stays until it has read it.
     */
    Retries checkpointRetries() {
        return new Retries(clock, random, 2 * Math.min(deadline.toNanos(), Long.MAX_VALUE / 2));
    }

    /** Pauses between tries: one millisecond at first, then twice as long each time, up to 100 ms, with random jitter. */
    static final class Retries {
        private static final long SHORTEST_NANOS = 1_000_000;
        private static final long LONGEST_NANOS = 100_000_000;

        private final NanoClock clock;
        private final RandomGenerator random;
        private final long began;
        private final long deadlineNanos;
        private long pause = SHORTEST_NANOS;

        private Retries(NanoClock clock, RandomGenerator random, long deadlineNanos) {
            this.clock = clock;
            this.random = random;
            this.began = clock.nanoTime();
            this.deadlineNanos = deadlineNanos;
        }

        /** Whether the deadline has passed. */
        boolean isOver() {
            return clock.nanoTime() - began > deadlineNanos;
        }

        /** Pauses before the next try; false, without a pause, if the deadline has passed. */
        boolean pause() {
            if (isOver()) {
                return false;
            }
            clock.pause(pause / 2 + random.nextLong(pause));
            pause = Math.min(2 * pause, LONGEST_NANOS);
            return true;
        }
    }
}
