package dev.heartwood.file.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heartwood.file.disk.MemoryDisk;
import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every state that a power cut may leave, in memory: each must open, and hold every promised commit. */
class CrashTest {
    private static final int SMALL = 4_096;
    private static final int JOURNAL = 0;

    @Test
    void everyCrashOfASmallStoreLeavesWhatWasAcknowledged() throws IOException {
        CrashHarness store = new CrashHarness(SMALL, MemoryDisk::new);
        store.commit(1, 10);
        store.commit(2, 600);
        store.keepGeneration();
        store.commit(1, 10);
        store.reopen();
        store.commit(1, 10);
        print("a small store", store.crashEverywhere(new Random(1), 50, 3));
    }

    @Test
    void everyCrashOfAJournalLeavesWhatWasAcknowledged() throws IOException {
        CrashHarness store = new CrashHarness(JOURNAL, MemoryDisk::new);
        store.commit(1, 10);
        store.commit(3, 300);
        store.commit(1, 10);
        print("a journal", store.crashEverywhere(new Random(2), 200, 3));
    }

    @Test
    void everyCrashOfACheckpointLeavesWhatWasAcknowledged() throws IOException {
        CrashHarness store = new CrashHarness(JOURNAL, MemoryDisk::new);
        store.commit(2, 200);
        store.checkpoint();
        store.commit(2, 200);
        store.reopen();
        store.commit(1, 10);
        print("a checkpoint", store.crashEverywhere(new Random(3), 200, 3));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void everyCrashOfACheckpointBesideCommitsLeavesWhatWasAcknowledged(long seed) throws IOException {
        Random random = new Random(seed);
        CrashHarness store = new CrashHarness(JOURNAL, MemoryDisk::new);
        store.commit(2, 200);
        store.checkpointBeside(random);
        store.commit(1, 10);
        store.checkpointBeside(random);
        store.reopen();
        store.commit(1, 10);
        print("a checkpoint beside commits, seed " + seed, store.crashEverywhere(random, 10, 1));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void whatWasCommittedBesideACheckpointThatLeftASmallFileIsThere(long seed) throws IOException {
        Random random = new Random(seed);
        int states = 0;
        // Which commits come beside the checkpoint is a race with its thread: one round may have none.
        for (int round = 0; round < 12; round++) {
            CrashHarness store = new CrashHarness(SMALL, MemoryDisk::new);
            store.commit(2, 3_000);
            store.commit(1, -1);
            store.checkpointBeside(random);
            store.commit(1, 10);
            store.reopen();
            store.checkpointBeside(random);
            store.reopen();
            store.commit(1, 10);
            states += store.crashSomewhere(random, 250, 1);
        }
        print("a checkpoint that leaves a small file, seed " + seed, states);
    }

    @Test
    void everyCrashOnTheWayFromSmallToLargeAndBackLeavesWhatWasAcknowledged() throws IOException {
        CrashHarness store = new CrashHarness(800, MemoryDisk::new);
        store.commit(1, 200);
        store.commit(2, 500);
        store.commit(1, 10);
        store.commit(1, -1);
        store.checkpoint();
        store.commit(1, 10);
        store.commit(1, 900);
        store.reopen();
        store.commit(1, 10);
        print("from small to large and back", store.crashEverywhere(new Random(4), 100, 2));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void longHistoriesWithCheckpointsAndRestartsLeaveWhatWasAcknowledged(long seed) throws IOException {
        Random random = new Random(seed);
        CrashHarness store =
                new CrashHarness(new int[] {JOURNAL, 800, 2_000, SMALL}[random.nextInt(4)], MemoryDisk::new);
        for (int step = 0; step < 40; step++) {
            switch (random.nextInt(10)) {
                case 0 -> store.checkpoint();
                case 1 -> store.keepGeneration();
                case 2 -> store.reopen();
                case 3 -> store.commit(1, -1);
                default -> store.commit(1 + random.nextInt(4), random.nextInt(random.nextInt(4) == 0 ? 2_000 : 100));
            }
        }
        int states = store.crashSomewhere(random, Integer.getInteger("heartwood.crashes", 1_500), 1);
        print("a long history, seed " + seed, states);
        assertThat(states).isPositive();
    }

    private static void print(String what, int states) {
        System.out.println("crashes of " + what + ": " + states + " states tried");
    }
}
