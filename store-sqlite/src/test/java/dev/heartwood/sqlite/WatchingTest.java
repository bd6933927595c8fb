package dev.heartwood.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heartwood.Delivery;
import dev.heartwood.Snapshot;
import dev.heartwood.Store;
import dev.heartwood.StoreClosedException;
import dev.heartwood.Subscription;
import dev.heartwood.Update;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Hearing of one's own commits and of others', and that a listener holds nobody up. */
@Timeout(60)
class WatchingTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    @TempDir
    Path directory;

    Store mine;
    Store theirs;
    ExecutorService pool;

    /** Where a listener is held up, and until when. */
    final CountDownLatch heldUp = new CountDownLatch(1);

    final CountDownLatch goOn = new CountDownLatch(1);

    @BeforeEach
    void open() {
        mine = SqliteStore.open(directory.resolve("shared.db"));
        theirs = SqliteStore.open(directory.resolve("shared.db"));
        pool = Executors.newCachedThreadPool();
    }

    @AfterEach
    void close() {
        goOn.countDown();
        theirs.close();
        mine.close();
        pool.shutdown();
    }

    @Test
    void everyWatcherHearsOfEachStateOfAnotherThatWasSeenApart() throws Exception {
        BlockingQueue<Update> heard = new LinkedBlockingQueue<>();
        mine.put("n", 0);
        mine.watch("n", Delivery.every(Runnable::run), heard::add);
        theirs.put("n", 1);
        Update first = poll(heard);
        assertThat(first.newValue()).isEqualTo(1L);
        assertThat(first.skipped()).isZero();
        theirs.put("elsewhere", 1);
        mine.put("n", 2);
        assertThat(poll(heard).newValue()).isEqualTo(2L);
    }

    @Test
    void commitsOfAnotherThatComeTogetherAreOneUpdateThatSaysHowManyItSkipped() throws Exception {
        BlockingQueue<Update> heard = new LinkedBlockingQueue<>();
        mine.close();
        mine = SqliteStore.options().watchInterval(Duration.ofDays(1)).open(directory.resolve("shared.db"));
        mine.watch("n", Delivery.every(Runnable::run), heard::add);
        mine.put("n", 0);
        assertThat(poll(heard).newValue()).isEqualTo(0L);
        for (int i = 1; i <= 3; i++) {
            theirs.put("n", i);
        }
        assertThat(mine.get("n")).isEqualTo(3L);
        Update joined = poll(heard);
        assertThat(joined.oldValue()).isEqualTo(0L);
        assertThat(joined.newValue()).isEqualTo(3L);
        assertThat(joined.skipped()).isEqualTo(2);
    }

    @Test
    void intervalAsLongAsCanBeSaidIsOneThatDoesNotEnd() throws Exception {
        mine.close();
        mine = SqliteStore.options()
                .watchInterval(Duration.ofSeconds(Long.MAX_VALUE))
                .busyTimeout(Duration.ofSeconds(Long.MAX_VALUE))
                .open(directory.resolve("shared.db"));
        for (int i = 0; i < 3; i++) {
            theirs.put("n", i);
            // Whoever begins to watch has others' commits looked for once at least.
            BlockingQueue<Update> heard = new LinkedBlockingQueue<>();
            try (Subscription watch = mine.watch("n", Delivery.every(Runnable::run), heard::add)) {
                assertThat(poll(heard).newValue()).isEqualTo((long) i);
                assertThat(watch.isClosed()).isFalse();
            }
        }
        mine.put("n", "mine");
        assertThat(theirs.get("n")).isEqualTo("mine");
    }

    @Test
    void awaitIsWokenByAnother() throws Exception {
        Future<Snapshot> result = pool.submit(() -> mine.await(view -> view.contains("result"), LONG));
        theirs.put("unrelated", 1);
        theirs.put("result", 42);
        assertThat(result.get().get("result")).isEqualTo(42L);
    }

    @Test
    void listenerMayCommitToItsOwnStore() throws Exception {
        BlockingQueue<Object> seen = new LinkedBlockingQueue<>();
        mine.watch("in", Delivery.every(Runnable::run), update -> {
            mine.put("out", update.newValue());
            seen.add(mine.get("out"));
        });
        mine.put("in", 1);
        assertThat(seen.poll(20, TimeUnit.SECONDS)).isEqualTo(1L);
        theirs.put("in", 2);
        assertThat(seen.poll(20, TimeUnit.SECONDS)).isEqualTo(2L);
        assertThat(theirs.get("out")).isEqualTo(2L);
    }

    @Test
    void lockThatTheLoserOfARaceDoesNotUseIsFreedThoughAListenerIsHeldUp() throws Exception {
        watchAndStop("news");
        theirs.put("news", 1);
        heldUp.await();
        AtomicInteger runs = new AtomicInteger();
        assertThatThrownBy(() -> mine.batch(tx -> {
                    tx.put("n", tx.getOrDefault("n", Long.class, 0L) + 1);
                    if (runs.incrementAndGet() == 2) {
                        throw new IllegalStateException("no second run");
                    }
                    theirs.put("n", 5);
                }))
                .hasMessage("no second run");
        theirs.increment("n");
        goOn.countDown();
        assertThat(mine.get("n")).isEqualTo(6L);
    }

    @Test
    void listenerThatIsHeldUpByAnothersCommitHoldsUpNobody() throws Exception {
        watchAndStop("news");
        BlockingQueue<Update> heard = new LinkedBlockingQueue<>();
        mine.watch("n", Delivery.every(Runnable::run), heard::add);
        theirs.put("news", 1);
        heldUp.await();
        BlockingQueue<Thread> asked = new LinkedBlockingQueue<>();
        // It starts only now: a thread that begins to wait looks for news itself, and could run that listener.
        Future<Snapshot> waiting = pool.submit(() -> mine.await(
                view -> {
                    asked.add(Thread.currentThread());
                    return view.contains("n");
                },
                LONG));
        Thread waiter = asked.take();
        while (waiter.getState() != Thread.State.WAITING && waiter.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
        theirs.put("n", 1);
        assertThat(waiting.get().get("n")).isEqualTo(1L);
        assertThat(poll(heard).newValue()).isEqualTo(1L);
        assertThat(elsewhere(() -> mine.increment("n"))).isEqualTo(2L);
        assertThat(elsewhere(() -> theirs.increment("n"))).isEqualTo(3L);
        assertThat(elsewhere(() -> mine.get("n"))).isEqualTo(3L);
        elsewhere(() -> {
            mine.flush();
            return true;
        });
    }

    @Test
    void listenerThatIsHeldUpOnTheCommittingThreadHoldsUpNobodyElse() throws Exception {
        watchAndStop("news");
        Future<?> committing = pool.submit(() -> mine.put("news", 1));
        heldUp.await();
        assertThat(elsewhere(() -> mine.get("news"))).isEqualTo(1L);
        assertThat(elsewhere(() -> mine.put("news", 2))).isEqualTo(1L);
        assertThat(elsewhere(() -> theirs.increment("news"))).isEqualTo(3L);
        assertThat(elsewhere(() -> mine.increment("news"))).isEqualTo(4L);
        assertThat(committing).isNotDone();
        goOn.countDown();
        committing.get();
    }

    @Test
    void listenerThatIsHeldUpWhileTheStoreClosesHoldsUpNobodyElse() throws Exception {
        watchAndStop("news");
        Future<?> committing = pool.submit(() -> mine.put("news", 1));
        heldUp.await();
        elsewhere(() -> {
            mine.close();
            return true;
        });
        assertThatThrownBy(() -> mine.get("news")).isInstanceOf(StoreClosedException.class);
        assertThat(elsewhere(() -> theirs.increment("news"))).isEqualTo(2L);
        goOn.countDown();
        committing.get();
    }

    @Test
    void listenerMayCommitThroughAnotherStoreOnTheSameFile() throws Exception {
        BlockingQueue<Object> seen = new LinkedBlockingQueue<>();
        mine.watch("in", Delivery.every(Runnable::run), update -> seen.add(theirs.merge("out", 1L, (a, b) -> 2L)));
        mine.put("in", 1);
        assertThat(seen.poll(20, TimeUnit.SECONDS)).isEqualTo(1L);
        theirs.put("in", 2);
        assertThat(seen.poll(20, TimeUnit.SECONDS)).isEqualTo(2L);
    }

    @Test
    void listenerMayAwaitACommitOfAnother() throws Exception {
        BlockingQueue<Object> seen = new LinkedBlockingQueue<>();
        mine.watch("question", Delivery.every(Runnable::run), update -> {
            try {
                heldUp.countDown();
                seen.add(mine.await(view -> view.contains("answer"), LONG).get("answer"));
            } catch (Exception e) {
                seen.add(e);
            }
        });
        theirs.put("question", 1);
        heldUp.await();
        theirs.put("answer", 42);
        assertThat(seen.poll(20, TimeUnit.SECONDS)).isEqualTo(42L);
    }

    /** Has a listener wait in its first call, on the thread that publishes. */
    private void watchAndStop(String key) {
        mine.watch(key, Delivery.latest(Runnable::run), update -> {
            heldUp.countDown();
            try {
                goOn.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private <T> T elsewhere(Callable<T> work) throws Exception {
        return pool.submit(work).get(20, TimeUnit.SECONDS);
    }

    private static Update poll(BlockingQueue<Update> heard) throws InterruptedException {
        Update update = heard.poll(20, TimeUnit.SECONDS);
        assertThat(update).isNotNull();
        return update;
    }
}
