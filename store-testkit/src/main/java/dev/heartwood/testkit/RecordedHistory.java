package dev.heartwood.testkit;

import dev.heartwood.GuardException;
import dev.heartwood.Store;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The calls of several threads on stores over one tree, in real time: the begin, the end, the result and the commit of
 * each call.
 *
 * <p>A number identifies each commit: each program that commits also increments a counter, by a commuted function. The
 * last number that the function received is that of the tree on which the commit was accepted.
 */
final class RecordedHistory {
    private static final Duration HURRY = Duration.ofNanos(500_000);

    private final AtomicLong clock = new AtomicLong();
    private final ConcurrentLinkedQueue<Call> calls = new ConcurrentLinkedQueue<>();
    private final Duration patience;

    /** A history in which no program waits longer than the given time. */
    RecordedHistory(Duration patience) {
        this.patience = patience;
    }

    /**
     * One call.
     *
     * @param store which of the stores
     * @param isPlainRead whether it was a read outside of batches
     * @param began on the clock of the history
     * @param ended on the same
     * @param number that of its commit; 0 if it has committed nothing
     */
    record Call(
            int store,
            boolean isPlainRead,
            HistoryProgram program,
            long began,
            long ended,
            HistoryModel.Kind kind,
            List<String> told,
            long number) {}

    /** Runs a program as a batch. */
    void batch(int index, Store store, HistoryProgram program) throws InterruptedException {
        batch(index, store, program, patience, true);
    }

    /**
     * Runs a program as a batch that gives up soon: if its commit is rolled back after that, the batch does not run
     * again. A batch that has given up has received no result and has committed nothing; the commit numbers, which have
     * no gap, show the latter.
     */
    void hurriedBatch(int index, Store store, HistoryProgram program) throws InterruptedException {
        batch(index, store, program, HURRY, false);
    }

    private void batch(int index, Store store, HistoryProgram program, Duration timeout, boolean waits)
            throws InterruptedException {
        long[] number = new long[1];
        long began = clock.incrementAndGet();
        HistoryModel.Kind kind = program.writes() ? HistoryModel.Kind.COMMITTED : HistoryModel.Kind.CHANGED_NOTHING;
        List<String> told = List.of();
        try {
            told = store.<List<String>, RuntimeException>awaitTransact(
                    tx -> {
                        List<String> answers = program.run(new StoreCells(tx));
                        if (program.writes()) {
                            tx.commute("count", Long.class, last -> {
                                number[0] = last + 1;
                                return last + 1;
                            });
                        }
                        return answers;
                    },
                    timeout);
        } catch (GuardException e) {
            kind = HistoryModel.Kind.REFUSED_BY_A_GUARD;
        } catch (TimeoutException e) {
            if (!waits) {
                return;
            }
            kind = HistoryModel.Kind.WAITS;
        }
        long committed = kind == HistoryModel.Kind.COMMITTED ? number[0] : 0;
        calls.add(new Call(index, false, program, began, clock.incrementAndGet(), kind, told, committed));
    }

    /** Reads outside of batches. */
    void read(int index, Store store, HistoryProgram program) {
        long began = clock.incrementAndGet();
        List<String> told = program.run(new StoreCells(store));
        calls.add(new Call(
                index, true, program, began, clock.incrementAndGet(), HistoryModel.Kind.CHANGED_NOTHING, told, 0));
    }

    /** All calls. */
    List<Call> calls() {
        return List.copyOf(calls);
    }
}
