package dev.heartwood.stress.crowd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heartwood.Delivery;
import dev.heartwood.KeyPath;
import dev.heartwood.Store;
import dev.heartwood.Subscription;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Listeners that come and go, throw, write and close, while others commit: no listener misses an update of its place.
 */
class ListenerStormTest {
    private static final KeyPath HITS = KeyPath.of("hits");

    private final LongAdder failures = new LongAdder();
    private final Store store =
            Store.options().failureHandler(failure -> failures.increment()).of(Map.of("hits", 0, "echo", 0));
    private final ExecutorService executor = Executors.newFixedThreadPool(4);

    @AfterEach
    void shutDown() {
        executor.shutdownNow();
    }

    @Test
    void everyListenerHearsAnUnbrokenRowFromItsBaseOn() throws InterruptedException {
        new Crew()
                .add(4, "writer", random -> store.increment(HITS))
                .add(4, "writer elsewhere", random -> store.put("other", random.nextInt()))
                .add(8, "listener", random -> listen(random.nextBoolean() ? executor : Runnable::run, random))
                .add(2, "thrower", random -> listenBadly())
                .work();

        assertThat(failures.sum()).isPositive();
    }

    @Test
    void aWatcherThatWritesIsHeardItself() throws InterruptedException {
        AtomicLong echoes = new AtomicLong();
        AtomicLong heard = new AtomicLong();
        Subscription echoing = store.watch(HITS, Delivery.every(Runnable::run), update -> {
            store.increment("echo");
            echoes.incrementAndGet();
        });
        Subscription hearing = store.watch("echo", Delivery.every(executor), update -> heard.incrementAndGet());

        new Crew()
                .add(4, "writer", random -> {
                    store.increment(HITS);
                    Thread.sleep(0, 50_000);
                })
                .work();

        long hits = store.get(HITS, Long.class);
        Waiting.until(() -> echoes.get() == hits && heard.get() == hits);
        assertThat(store.get("echo", Long.class)).isEqualTo(hits);
        echoing.close();
        hearing.close();
        assertThat(failures.sum()).isZero();
    }

    private void listen(Executor where, Random random) throws InterruptedException {
        Queue<Long> heard = new ConcurrentLinkedQueue<>();
        Delivery delivery = Delivery.every(where).backlog(Integer.MAX_VALUE);
        Subscription watching =
                store.watch(HITS, delivery, update -> heard.add(update.after().get(HITS, Long.class)));
        Thread.sleep(random.nextInt(5));
        watching.close();
        long last = watching.base().get(HITS, Long.class);
        for (long value : List.copyOf(heard)) {
            assertThat(value).isEqualTo(last + 1);
            last = value;
        }
    }

    private void listenBadly() throws InterruptedException {
        Subscription watching = store.watch(HITS, Delivery.latest(executor), update -> {
            throw new IllegalStateException("on purpose");
        });
        Thread.sleep(1);
        watching.close();
    }
}
