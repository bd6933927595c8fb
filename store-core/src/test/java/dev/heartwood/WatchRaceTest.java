package dev.heartwood;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Watchers while many threads commit. */
@Timeout(120)
class WatchRaceTest {
    private final ExecutorService pool = Executors.newFixedThreadPool(3);
    private final Store store = Store.of(Map.of("a", 0, "b", 0));

    @AfterEach
    void end() {
        pool.shutdownNow();
    }

    @Test
    void everyIsToldEachStateOnceInOrderOneCallAtATime() throws InterruptedException {
        AtomicInteger inside = new AtomicInteger();
        AtomicBoolean twoAtATime = new AtomicBoolean();
        List<Update> updates = new ArrayList<>(); // not thread-safe: each call sees the effects of the one before it
        AtomicInteger told = new AtomicInteger();
        store.watch("a", Delivery.every(pool), update -> {
            twoAtATime.compareAndSet(false, inside.incrementAndGet() != 1);
            updates.add(update);
            inside.decrementAndGet();
            told.incrementAndGet();
        });
        Crew.together(4, index -> {
            for (int i = 0; i < 3_000; i++) {
                store.increment(i % 3 == 0 ? "b" : "a");
            }
        });
        until(told, 8_000);
        assertThat(twoAtATime).isFalse();
        long value = 0;
        long version = -1;
        for (Update update : updates) {
            assertThat(update.oldValue()).isEqualTo(value);
            assertThat(update.newValue()).isEqualTo(++value);
            assertThat(update.skipped()).isZero();
            assertThat(update.after().version()).isGreaterThan(version);
            version = update.after().version();
        }
    }

    @Test
    void latestIsToldInOrderOneCallAtATimeAndTheLastStateInTheEnd() throws InterruptedException {
        AtomicInteger inside = new AtomicInteger();
        AtomicBoolean twoAtATime = new AtomicBoolean();
        AtomicInteger last = new AtomicInteger();
        Queue<Update> updates = new ConcurrentLinkedQueue<>();
        store.watch("a", Delivery.latest(pool), update -> {
            twoAtATime.compareAndSet(false, inside.incrementAndGet() != 1);
            updates.add(update);
            inside.decrementAndGet();
            last.set(update.after().get("a", Integer.class));
        });
        Crew.together(4, index -> {
            for (int i = 0; i < 3_000; i++) {
                store.increment(i % 3 == 0 ? "b" : "a");
            }
        });
        until(last, 8_000);
        assertThat(twoAtATime).isFalse();
        Object value = 0L;
        for (Update update : updates) {
            assertThat(update.oldValue()).isEqualTo(value);
            value = update.newValue();
            assertThat(update.skipped())
                    .isEqualTo(update.after().version() - update.before().version() - 1);
        }
    }

    @Test
    void whoRegistersDuringACommitSeesItInTheBaseOrInTheFirstUpdate() {
        for (int round = 0; round < 2_000; round++) {
            boolean every = round % 2 == 0;
            Store fresh = Store.of(Map.of("a", 0));
            AtomicLong seen = new AtomicLong(-1);
            AtomicLong calls = new AtomicLong();
            Subscription[] watch = new Subscription[1];
            Delivery delivery = every ? Delivery.every(Runnable::run) : Delivery.latest(Runnable::run);
            Crew.together(2, index -> {
                if (index == 0) {
                    fresh.increment("a");
                    fresh.increment("a");
                } else {
                    watch[0] = fresh.watch("a", delivery, update -> {
                        seen.set(update.after().get("a", Long.class));
                        calls.incrementAndGet();
                    });
                }
            });
            long base = watch[0].base().get("a", Long.class);
            assertThat(base == 2 ? base : seen.get())
                    .as("round %d, from %d", round, base)
                    .isEqualTo(2);
            assertThat(calls.get()).isLessThanOrEqualTo(2 - base);
            if (every) {
                assertThat(calls.get()).isEqualTo(2 - base);
            }
        }
    }

    @Test
    void atMostTheCallThatIsUnderWayEndsAfterClose() {
        for (int round = 0; round < 300; round++) {
            AtomicBoolean closed = new AtomicBoolean();
            AtomicInteger after = new AtomicInteger();
            Subscription watch = store.watch("a", Delivery.every(Runnable::run), update -> {
                if (closed.get()) {
                    after.incrementAndGet();
                }
            });
            Crew.together(3, index -> {
                if (index == 0) {
                    watch.close();
                    closed.set(true);
                } else {
                    for (int i = 0; i < 20; i++) {
                        store.increment("a");
                    }
                }
            });
            assertThat(after.get()).isLessThanOrEqualTo(1);
        }
    }

    @Test
    void watchersComeAndGoUnderFire() {
        AtomicBoolean over = new AtomicBoolean();
        Crew writers = new Crew();
        for (int i = 0; i < 2; i++) {
            writers.start(() -> {
                while (!over.get()) {
                    store.increment("a");
                }
            });
        }
        Crew.together(2, index -> {
            for (int i = 0; i < 200; i++) {
                AtomicLong last = new AtomicLong();
                AtomicBoolean gap = new AtomicBoolean();
                Subscription watch = store.watch("a", Delivery.every(Runnable::run), update -> {
                    long before = last.getAndSet(update.after().version());
                    gap.compareAndSet(
                            false, before != 0 && before != update.before().version());
                });
                watch.close();
                assertThat(gap).isFalse();
                assertThat(last.get() == 0 || last.get() > watch.base().version())
                        .isTrue();
            }
        });
        over.set(true);
        writers.join();
        assertThat(store.get("a")).isEqualTo(store.version());
    }

    private static void until(AtomicInteger count, int wanted) throws InterruptedException {
        while (count.get() < wanted) {
            Thread.sleep(1);
        }
    }
}
