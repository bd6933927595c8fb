package dev.heartwood.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heartwood.Delivery;
import dev.heartwood.KeyPath;
import dev.heartwood.Store;
import dev.heartwood.StoreClosedException;
import dev.heartwood.Subscription;
import dev.heartwood.json.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Many threads on one file: interrupted, closing, reading, listening. */
class JsonFileThreadsTest extends JsonFileCase {
    @Test
    void interruptedCallersGetTheirAnswerAndTheStoreGoesOn() throws IOException {
        Thread.currentThread().interrupt();
        try (Store store = journal.open(file)) {
            store.put("a", 1);
            store.flush();
            store.put("b", 2);
            assertThat(Thread.interrupted()).isTrue();
            store.put("c", 3);
            Thread.currentThread().interrupt();
        }
        assertThat(Thread.interrupted()).isTrue();
        try (Store store = journal.open(file)) {
            assertThat(store.keys()).containsExactly("a", "b", "c");
        }
    }

    /** A program that ends without a close ends, though its last commits may be lost. */
    @Test
    void noThreadOfAStoreKeepsItsProgramAlive() {
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        try (Store store = journal.mergeEdits().open(file);
                Store follower = options.follow().open(file)) {
            store.put("a", follower.size());
            Set<Thread> threads = new HashSet<>(Thread.getAllStackTraces().keySet());
            threads.removeAll(before);
            assertThat(threads).hasSizeGreaterThan(2).allMatch(Thread::isDaemon);
        }
    }

    @Test
    void closingWhileWritingCommitsOrRefusesEachWrite() throws Exception {
        for (int round = 0; round < 20; round++) {
            Path mine = directory.resolve("closing-" + round + ".json");
            Store store = (round % 2 == 0 ? options : journal).open(mine);
            List<AtomicLong> counts = new ArrayList<>();
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                String key = "k" + i;
                AtomicLong count = new AtomicLong();
                counts.add(count);
                threads.add(new Thread(() -> {
                    try {
                        for (; ; ) {
                            store.put(key, count.get() + 1);
                            count.incrementAndGet();
                        }
                    } catch (StoreClosedException e) {
                        // The end of it.
                    }
                }));
            }
            threads.forEach(Thread::start);
            Thread.sleep(5);
            store.close();
            for (Thread thread : threads) {
                thread.join();
            }
            try (Store again = options.open(mine)) {
                for (int i = 0; i < 4; i++) {
                    assertThat(again.getOrDefault("k" + i, Long.class, 0L))
                            .isEqualTo(counts.get(i).get());
                }
            }
        }
    }

    @Test
    void aListenerOnTheCommittersThreadMayWrite() throws Exception {
        try (Store store = options.open(file);
                Subscription copying = store.watch(
                        "a", Delivery.every(Runnable::run), update -> store.put("copy", update.newValue()))) {
            store.put("a", 7);
            store.await(view -> view.contains("copy"), Duration.ofSeconds(10));
            assertThat(store.get("copy")).isEqualTo(7L);
            assertThat(copying).isNotNull();
        }
    }

    @Test
    void readersSeeACommitOnlyWhenItStandsInTheFile() throws Exception {
        List<Throwable> wrong = new CopyOnWriteArrayList<>();
        try (Store store = options.open(file)) {
            store.put("n", 0);
            Thread reader = new Thread(() -> {
                try {
                    for (long seen = 0; seen < 300; ) {
                        seen = store.get("n", Long.class);
                        assertThat(Json.read(file).get("n").get())
                                .satisfies(n -> assertThat((long) n).isPositive());
                        assertThat((long) Json.read(file).get("n").get()).isGreaterThanOrEqualTo(seen);
                    }
                } catch (Throwable e) {
                    wrong.add(e);
                }
            });
            store.put("n", 1);
            reader.start();
            for (int i = 2; i <= 300; i++) {
                store.put("n", i);
            }
            reader.join();
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void aConditionThatDependsOnAnUndurableStateIsAnsweredWhenItIsDurable() throws Exception {
        try (Store store = options.open(file)) {
            List<Thread> threads = new ArrayList<>();
            AtomicLong won = new AtomicLong();
            for (int i = 0; i < 8; i++) {
                String me = "t" + i;
                threads.add(new Thread(() -> {
                    if (store.init(KeyPath.of("leader"), me)) {
                        won.incrementAndGet();
                    }
                }));
            }
            threads.forEach(Thread::start);
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(won).hasValue(1);
        }
    }
}
