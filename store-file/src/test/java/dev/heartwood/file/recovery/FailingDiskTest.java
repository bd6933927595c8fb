package dev.heartwood.file.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heartwood.file.disk.FailingDisk;
import dev.heartwood.file.disk.NotWrittenException;
import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every operation of a history fails in turn, once, or for a while, and then there is a crash: every acknowledged
 * commit is there, every commit that was reported as not written is absent, and the store goes on where it said that it
 * does.
 */
public class FailingDiskTest {
    @ParameterizedTest
    @ValueSource(longs = {0, 700, 4_096})
    void everyFailureOfEveryOperationIsAnswered(long journalAbove) throws IOException {
        Random random = new Random(journalAbove);
        int histories = 0;
        int states = 0;
        for (int failures : new int[] {1, 2, 3, 8}) {
            for (boolean partly : new boolean[] {false, true}) {
                int operation = 0;
                for (boolean reached = true; reached; operation++) {
                    FailingDisk[] disk = {null};
                    CrashHarness store = new CrashHarness(journalAbove, start -> {
                        FailingDisk made = new FailingDisk(start);
                        disk[0] = disk[0] == null ? made : disk[0];
                        return made;
                    });
                    disk[0].arm(operation, failures, partly);
                    history(store, disk[0]);
                    reached = disk[0].count() > operation;
                    states += store.crashSomewhere(random, 12, 1);
                    histories++;
                }
            }
        }
        System.out.println("failures, then crashes, journal above " + journalAbove + ": " + histories + " histories, "
                + states + " states tried");
        assertThat(histories).isGreaterThan(100);
    }

    /**
     * Beside the checkpoints, which are on a thread of their own, there are commits: any operation of both may fail.
     */
    @ParameterizedTest
    @ValueSource(longs = {0, 700})
    void everyFailureOfACheckpointBesideCommitsIsAnswered(long journalAbove) throws IOException {
        Random random = new Random(journalAbove);
        int histories = 0;
        int states = 0;
        for (int failures : new int[] {1, 2, 8}) {
            for (boolean partly : new boolean[] {false, true}) {
                int operation = 0;
                for (boolean reached = true; reached; operation++) {
                    FailingDisk[] disk = {null};
                    CrashHarness store = new CrashHarness(journalAbove, start -> {
                        FailingDisk made = new FailingDisk(start);
                        disk[0] = disk[0] == null ? made : disk[0];
                        return made;
                    });
                    disk[0].arm(operation, failures, partly);
                    historyBesideCheckpoints(store, disk[0], random);
                    reached = disk[0].count() > operation;
                    states += store.crashSomewhere(random, 6, 1);
                    histories++;
                }
            }
        }
        System.out.println("failures beside a checkpoint, then crashes, journal above " + journalAbove + ": "
                + histories + " histories, " + states + " states tried");
        assertThat(histories).isGreaterThan(100);
    }

    private static void historyBesideCheckpoints(CrashHarness store, FailingDisk disk, Random random)
            throws IOException {
        if (!(tried(() -> store.commit(2, 800))
                && tried(() -> store.checkpointBeside(random))
                && tried(() -> store.commit(1, 10))
                && tried(() -> store.checkpointBeside(random))
                && tried(() -> store.commit(1, 10)))) {
            return;
        }
        disk.disarm();
        // There is room again.
        store.commit(1, 10);
        store.checkpointBeside(random);
        store.reopen();
        store.commit(1, 10);
    }

    private static void history(CrashHarness store, FailingDisk disk) throws IOException {
        if (!(tried(() -> store.commit(1, 10))
                && tried(() -> store.commit(2, 400))
                && tried(store::checkpointSame)
                && tried(() -> store.commit(1, 10))
                && tried(store::checkpoint)
                && tried(() -> store.commit(1, -1))
                && tried(store::checkpoint)
                && tried(store::keepGeneration)
                && tried(() -> store.commit(1, 600)))) {
            return;
        }
        disk.disarm();
        // There is room again.
        store.commit(1, 10);
        store.reopen();
        store.commit(1, 10);
    }

    /** False if the store must take no more commits. */
    private static boolean tried(Step step) throws IOException {
        try {
            step.run();
        } catch (NotWrittenException e) {
            assertThat(e).hasMessageContaining("planted");
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("planted");
            return e instanceof Tolerable;
        }
        return true;
    }

    private interface Step {
        void run() throws IOException;
    }

    /** A failure to tidy up: the writer reports it, and goes on. */
    public static final class Tolerable extends IOException {
        private static final long serialVersionUID = 1L;

        Tolerable(IOException cause) {
            super(cause.getMessage(), cause);
        }
    }
}
