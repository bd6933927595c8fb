package dev.heartwood.langgraph4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heartwood.KeyPath;
import dev.heartwood.Store;
import dev.heartwood.file.JsonFile;
import dev.heartwood.sqlite.SqliteStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.bsc.langgraph4j.RunnableConfig;
import org.bsc.langgraph4j.checkpoint.Checkpoint;
import org.bsc.langgraph4j.checkpoint.MemorySaver;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several threads that work on one thread of a graph. */
class CheckpointRaceTest {
    private static final int THREADS = 4;
    private static final int TURNS = 15;
    private static final RunnableConfig TODAY = Graphs.thread("today");

    @TempDir
    Path folder;

    @Test
    void noUpdateIsLostInMemory() throws Exception {
        try (Store store = Store.create()) {
            HeartwoodCheckpointSaver saver = HeartwoodCheckpointSaver.of(store, Graphs.BYTES);

            assertNothingIsLost(List.of(saver, saver));
        }
    }

    @Test
    void noUpdateIsLostInAFileAndAllAreThereAfterARestart() throws Exception {
        Path file = folder.resolve("graphs.json");
        try (Store store = JsonFile.open(file)) {
            assertNothingIsLost(List.of(HeartwoodCheckpointSaver.of(store, Graphs.TEXT)));
        }
        try (Store store = JsonFile.open(file)) {
            Checkpoint newest =
                    HeartwoodCheckpointSaver.of(store, Graphs.TEXT).get(TODAY).orElseThrow();
            assertThat(Graphs.words(newest)).hasSize(THREADS * TURNS);
        }
    }

    @Test
    void noUpdateIsLostWhereTwoStoresShareASqliteFile() throws Exception {
        Path file = folder.resolve("graphs.db");
        try (Store one = SqliteStore.open(file);
                Store other = SqliteStore.open(file)) {
            assertNothingIsLost(List.of(
                    HeartwoodCheckpointSaver.of(one, Graphs.TEXT), HeartwoodCheckpointSaver.of(other, Graphs.TEXT)));
        }
    }

    /** The race that the saver of the framework loses, in the order in which it is lost: its users read, and then put. */
    @Test
    void theFrameworksSaverLosesAnUpdateThatFallsBetweenAReadAndAPut() throws Exception {
        MemorySaver saver = new MemorySaver();
        saver.put(TODAY, Graphs.checkpoint("write"));
        Checkpoint readByAnn = saver.get(TODAY).orElseThrow();

        saver.put(TODAY, Graphs.with(saver.get(TODAY).orElseThrow(), "bob"));
        saver.put(TODAY, Graphs.with(readByAnn, "ann"));

        assertThat(Graphs.words(saver.get(TODAY).orElseThrow())).containsExactly("ann");
    }

    @Test
    void theSameOrderLosesNothingInAnUpdate() {
        try (Store store = Store.create()) {
            HeartwoodCheckpointSaver saver = HeartwoodCheckpointSaver.of(store, Graphs.BYTES);
            saver.put(TODAY, Graphs.checkpoint("write"));
            AtomicBoolean first = new AtomicBoolean(true);

            saver.update(TODAY, before -> {
                if (first.getAndSet(false)) {
                    inAnotherThread(() -> saver.update(TODAY, read -> Graphs.with(read, "bob")));
                }
                return Graphs.with(before, "ann");
            });

            assertThat(Graphs.words(saver.get(TODAY).orElseThrow())).containsExactly("bob", "ann");
        }
    }

    @Test
    void anUpdateThatWasOvertakenReturnsTheCheckpointThatItHasPut() {
        try (Store store = Store.create()) {
            HeartwoodCheckpointSaver saver = HeartwoodCheckpointSaver.of(store, Graphs.BYTES);
            saver.put(TODAY, Graphs.checkpoint("write"));
            AtomicBoolean first = new AtomicBoolean(true);

            RunnableConfig updated = saver.update(TODAY, before -> {
                if (first.getAndSet(false)) {
                    inAnotherThread(() -> saver.update(TODAY, read -> Graphs.with(read, "bob")));
                }
                return Graphs.with(before, "ann");
            });

            assertThat(saver.get(updated)).map(Graphs::words).contains(List.of("bob", "ann"));
        }
    }

    @Test
    void aReleaseThatWasOvertakenReturnsAllThatItHasSetAside() {
        AtomicReference<Runnable> overtake = new AtomicReference<>();
        try (Store store = Store.options()
                .guard("overtaken once", KeyPath.root(), view -> {
                    Runnable other = overtake.getAndSet(null);
                    if (other != null) {
                        inAnotherThread(other);
                    }
                    return true;
                })
                .create()) {
            HeartwoodCheckpointSaver saver = HeartwoodCheckpointSaver.of(store, Graphs.BYTES);
            saver.put(TODAY, Graphs.checkpoint("one"));
            overtake.set(() -> saver.put(TODAY, Graphs.checkpoint("two")));

            assertThat(saver.release(TODAY).checkpoints())
                    .extracting(Checkpoint::getNodeId)
                    .containsExactly("two", "one");
        }
    }

    private static void inAnotherThread(Runnable action) {
        Thread thread = new Thread(action);
        thread.start();
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void assertNothingIsLost(List<HeartwoodCheckpointSaver> savers) throws Exception {
        savers.get(0).put(TODAY, Graphs.checkpoint("write"));
        CountDownLatch start = new CountDownLatch(1);
        ExecutorService executor = Executors.newFixedThreadPool(THREADS);
        List<Future<Object>> all = new ArrayList<>();
        for (int thread = 0; thread < THREADS; thread++) {
            HeartwoodCheckpointSaver saver = savers.get(thread % savers.size());
            String name = "thread " + thread + ", turn ";
            Callable<Object> task = () -> {
                start.await();
                for (int turn = 0; turn < TURNS; turn++) {
                    String word = name + turn;
                    saver.update(TODAY, before -> Graphs.with(before, word));
                }
                return name;
            };
            all.add(executor.submit(task));
        }
        start.countDown();
        for (Future<Object> done : all) {
            done.get();
        }
        executor.shutdown();

        assertThat(Graphs.words(savers.get(0).get(TODAY).orElseThrow()))
                .hasSize(THREADS * TURNS)
                .doesNotHaveDuplicates();
        assertThat(savers.get(0).list(TODAY)).hasSize(THREADS * TURNS + 1);
    }
}
