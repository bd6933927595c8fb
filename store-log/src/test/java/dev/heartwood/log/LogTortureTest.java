package dev.heartwood.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heartwood.IndeterminateCommitException;
import dev.heartwood.KeyPath;
import dev.heartwood.Store;
import dev.heartwood.StoreClosedException;
import dev.heartwood.StoreIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Several writers, each with threads that share appends, over connections with faults of all kinds, while one is cut off in
 * the middle and another takes its place. The counts are exact at the end. The simulation has one thread in each replica;
 * this has several.
 */
@Timeout(300)
class LogTortureTest {
    private static final int THREADS = 2;
    private static final int EACH = Boolean.getBoolean("heartwood.long") ? 5_000 : 150;

    private final InMemoryLog log = new InMemoryLog();
    private final LongAdder acknowledged = new LongAdder();
    private final LongAdder indeterminate = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final ExecutorService pool = Executors.newCachedThreadPool();
    private final List<Future<?>> running = new ArrayList<>();
    private final List<Store> stores = new ArrayList<>();

    @Test
    void countsAreExactWhateverFails() throws Exception {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        List<FaultyLog> connections = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            connections.add(start("w" + i, seed + i));
        }
        while (acknowledged.sum() < EACH) {
            Thread.sleep(1);
        }
        connections.get(1).mode = FaultyLog.Mode.CUT;
        FaultyLog instead = start("w3", seed + 3);
        for (Future<?> writer : running) {
            writer.get(200, TimeUnit.SECONDS);
        }
        pool.shutdown();
        connections.get(0).mode = FaultyLog.Mode.SOUND;
        connections.get(1).mode = FaultyLog.Mode.SOUND;
        connections.get(2).mode = FaultyLog.Mode.SOUND;
        instead.mode = FaultyLog.Mode.SOUND;

        try (Store last = LogStore.over(log.connect())) {
            // Fills the place that an append which was given up could still take.
            last.put("end", true);
            long count = last.get("count", Long.class);
            long sum = 0;
            for (String writer : last.keys(KeyPath.of("by"))) {
                sum += last.get(KeyPath.of("by", writer), Long.class);
            }
            System.out.println(count + " counted, " + acknowledged + " acknowledged, " + indeterminate
                    + " indeterminate, " + refused + " refused");
            assertThat(count).isEqualTo(sum).isEqualTo(last.size("log"));
            assertThat(count).isBetween(acknowledged.sum(), acknowledged.sum() + indeterminate.sum());
            for (Store store : stores) {
                assertThat(store.fresh().get("count")).isEqualTo(count);
                assertThat(store.version()).isEqualTo(last.version());
            }
        } finally {
            stores.forEach(Store::close);
        }
    }

    private FaultyLog start(String writer, long seed) {
        FaultyLog connection = new FaultyLog(log.connect(), seed);
        Store store = LogStore.options()
                .deadline(Duration.ofSeconds(1))
                .pollInterval(Duration.ofMillis(50))
                .checkpointEvery(20)
                .keepEntries(3)
                .over(connection);
        stores.add(store);
        store.init("count", 0L);
        store.init("by", java.util.Map.of());
        store.init("log", List.of());
        connection.mode = FaultyLog.Mode.FLAKY;
        for (int i = 0; i < THREADS; i++) {
            String name = writer + "-" + i;
            running.add(pool.submit(() -> write(store, name)));
        }
        return connection;
    }

    private void write(Store store, String name) {
        for (int i = 0; i < EACH; i++) {
            try {
                store.batch(tx -> {
                    tx.increment("count");
                    tx.merge(KeyPath.of("by", name), Long.class, 1L, Long::sum);
                    tx.append("log", name);
                });
                acknowledged.increment();
            } catch (IndeterminateCommitException e) {
                indeterminate.increment();
            } catch (StoreClosedException | StoreIOException e) {
                refused.increment();
                return; // cut off
            }
        }
    }
}
