package dev.heartwood.testkit;

import dev.heartwood.CommitOutcome;
import dev.heartwood.GuardException;
import dev.heartwood.IndeterminateCommitException;
import dev.heartwood.Root;
import dev.heartwood.Store;
import dev.heartwood.StoreIOException;
import dev.heartwood.TreeView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Whole histories of several processes on one machine, under faults between them and their storage. Each process runs
 * random programs over its own store, and prints the results as lines. One serial order must explain the lines of all
 * processes together, as it must for one process.
 *
 * <p>The processes have one clock, that of the machine. A process asks for the outcome of an indeterminate commit until
 * it is known. No caller has received a result from a commit that was not made. A process may be cut off, held up and
 * stopped, but not be killed: its last call would be unknown.
 */
public final class ProcessHistory {
    private static final Duration HURRY = Duration.ofNanos(500_000);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String FIELD = "\t";
    private static final String ANSWER = "|";

    private final int process;
    private final Store store;
    private final Consumer<String> lines;

    /** The kinds of programs; a line names the kind and the seed. */
    private enum Kind {
        READING,
        QUIET,
        WRITING,
        WAKING;

        HistoryProgram program(long seed) {
            Random random = new Random(seed);
            return switch (this) {
                case READING -> HistoryProgram.reading(random);
                case QUIET -> HistoryProgram.quiet(random);
                case WRITING -> HistoryProgram.writing(random);
                case WAKING -> HistoryProgram.waking();
            };
        }
    }

    /**
     * The programs of one process.
     *
     * @param process its number, another for each process
     * @param lines takes the results, line by line; called by the threads that run the programs
     */
    public ProcessHistory(int process, Store store, Consumer<String> lines) {
        this.process = process;
        this.store = store;
        this.lines = lines;
    }

    /** The tree with which a history begins. */
    public static Map<String, @Nullable Object> tree() {
        return HistoryModel.tree();
    }

    /** A store with the guard that the programs run into. */
    public static Store guarded(Root root) {
        return HistoryRace.guarded(root);
    }

    /** Runs random programs one after the other; several threads may do so. */
    public void work(long seed, int calls) {
        Random random = new Random(seed);
        for (int i = 0; i < calls; i++) {
            switch (random.nextInt(5)) {
                case 0 -> read(random.nextLong());
                case 1 -> batch(Kind.QUIET, random.nextLong(), PATIENCE);
                case 2 -> batch(Kind.WRITING, random.nextLong(), HURRY);
                default -> batch(Kind.WRITING, random.nextLong(), PATIENCE);
            }
        }
    }

    /** Commits a state in which no program waits: called again and again until all programs have ended. */
    public void wake() {
        batch(Kind.WAKING, 0, PATIENCE);
    }

    private void read(long seed) {
        long began = System.nanoTime();
        List<String> told = Kind.READING.program(seed).run(new StoreCells(store));
        tell(Kind.READING, seed, true, began, HistoryModel.Kind.CHANGED_NOTHING, told, 0);
    }

    private void batch(Kind kind, long seed, Duration timeout) {
        HistoryProgram program = kind.program(seed);
        long[] number = new long[1];
        List<String> told = new ArrayList<>();
        HistoryModel.Kind end = program.writes() ? HistoryModel.Kind.COMMITTED : HistoryModel.Kind.CHANGED_NOTHING;
        long began = System.nanoTime();
        try {
            boolean ignored = store.<Boolean, RuntimeException>awaitTransact(
                    tx -> {
                        // The lines of the previous run no longer count.
                        told.clear();
                        told.addAll(program.run(new StoreCells(tx)));
                        if (program.writes()) {
                            tx.commute("count", Long.class, last -> {
                                number[0] = last + 1;
                                return last + 1;
                            });
                        }
                        return true;
                    },
                    timeout);
        } catch (GuardException e) {
            end = HistoryModel.Kind.REFUSED_BY_A_GUARD;
            told.clear();
        } catch (TimeoutException e) {
            if (timeout == HURRY) {
                return;
            }
            end = HistoryModel.Kind.WAITS;
            told.clear();
        } catch (IndeterminateCommitException doubt) {
            if (!isMade(doubt)) {
                return;
            }
        } catch (StoreIOException e) {
            // Not made, says the message.
            return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        long committed = end == HistoryModel.Kind.COMMITTED ? number[0] : 0;
        tell(kind, seed, false, began, end, told, committed);
    }

    /** Asks for the outcome of an indeterminate commit until it is known. */
    private boolean isMade(IndeterminateCommitException doubt) {
        for (; ; ) {
            try {
                CommitOutcome outcome = store.outcomeOf(doubt);
                if (outcome == CommitOutcome.UNKNOWN) {
                    throw new AssertionError("the outcome of a commit in doubt is not known any more", doubt);
                }
                return outcome == CommitOutcome.COMMITTED;
            } catch (StoreIOException e) {
                // The storage does not answer yet.
            }
        }
    }

    private void tell(
            Kind kind,
            long seed,
            boolean isPlainRead,
            long began,
            HistoryModel.Kind end,
            List<String> told,
            long committed) {
        lines.accept(String.join(
                FIELD,
                kind.name(),
                Long.toString(seed),
                Integer.toString(process),
                Boolean.toString(isPlainRead),
                Long.toString(began),
                Long.toString(System.nanoTime()),
                end.name(),
                Long.toString(committed),
                String.join(ANSWER, told)));
    }

    private static RecordedHistory.Call call(String line) {
        String[] fields = line.split(FIELD, -1);
        List<String> told = fields[8].isEmpty() ? List.of() : Arrays.asList(fields[8].split("\\" + ANSWER, -1));
        return new RecordedHistory.Call(
                Integer.parseInt(fields[2]),
                Boolean.parseBoolean(fields[3]),
                Kind.valueOf(fields[0]).program(Long.parseLong(fields[1])),
                Long.parseLong(fields[4]),
                Long.parseLong(fields[5]),
                HistoryModel.Kind.valueOf(fields[6]),
                told,
                Long.parseLong(fields[7]));
    }

    /**
     * Checks a history.
     *
     * @param told the lines of all processes
     * @param plainReadsAreFresh false where a read outside of batches may be behind the commits of other processes
     * @param end the tree at the end
     * @return why it cannot be explained; empty if it can
     */
    public static Optional<String> fault(List<String> told, boolean plainReadsAreFresh, TreeView end) {
        List<RecordedHistory.Call> calls =
                told.stream().map(ProcessHistory::call).toList();
        return HistoryChecker.fault(calls, plainReadsAreFresh, HistoryRace.contents(end));
    }
}
