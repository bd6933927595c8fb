package dev.heartwood.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heartwood.Delivery;
import dev.heartwood.Store;
import dev.heartwood.file.JsonFile;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HeartwoodMetricsTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    @TempDir
    Path folder;

    @Test
    void theMetersShowWhatTheStoreDid() {
        Store store = Store.of(Map.of("a", 0, "b", 0));
        HeartwoodMetrics.of(store, "board").bindTo(registry);

        store.increment("a");
        store.put("c", 1);
        store.put("c", 1); // changes nothing
        store.watch("a", Delivery.latest(Runnable::run), update -> {});

        assertThat(counter("heartwood.commits")).isEqualTo(2);
        assertThat(gauge("heartwood.version")).isEqualTo((double) store.version());
        assertThat(gauge("heartwood.size")).isEqualTo(3);
        assertThat(gauge("heartwood.watched")).isEqualTo(1);
        assertThat(gauge("heartwood.undecided")).isZero();
    }

    @Test
    void lostRacesAndRepeatedRunsAreCounted() {
        Store store = Store.of(Map.of("a", 0));
        HeartwoodMetrics.of(store, "board").bindTo(registry);
        boolean[] first = {true};

        store.update("a", Long.class, value -> {
            if (first[0]) {
                first[0] = false;
                elsewhere(() -> store.increment("a"));
            }
            return value + 1;
        });
        store.batch(tx -> {
            tx.put("b", 1);
            elsewhere(() -> store.increment("a"));
        });

        assertThat(counter("heartwood.races.lost")).isEqualTo(2);
        assertThat(counter("heartwood.runs.repeated")).isEqualTo(1);
    }

    private static void elsewhere(Runnable commit) {
        Thread rival = new Thread(commit);
        rival.start();
        try {
            rival.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aClosedStoreHasNoGaugesAndKeepsItsCounts() {
        Store store = JsonFile.open(folder.resolve("state.json"));
        HeartwoodMetrics.of(store, "board").bindTo(registry);
        store.put("a", 1);
        assertThat(counter("heartwood.commits")).isEqualTo(1);

        store.close();

        assertThat(gauge("heartwood.version")).isNaN();
        assertThat(gauge("heartwood.size")).isNaN();
        assertThat(counter("heartwood.commits")).isEqualTo(1);
    }

    @Test
    void theMetersDoNotKeepTheStore() throws InterruptedException {
        WeakReference<Store> dropped = new WeakReference<>(measured());
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (dropped.get() != null && System.nanoTime() - end < 0) {
            System.gc();
            Thread.sleep(5);
        }
        assertThat(dropped.get()).isNull();
        assertThat(registry.getMeters()).isNotEmpty();
    }

    private Store measured() {
        Store store = Store.of(Map.of("a", 0));
        HeartwoodMetrics.of(store, "board").bindTo(registry);
        assertThat(counter("heartwood.commits")).isZero();
        return store;
    }

    @Test
    void commitsAreCountedFromTheStartOfTheMeters() {
        Store store = Store.create();
        store.put("a", 1);
        HeartwoodMetrics.of(store, "board").bindTo(registry);

        store.put("a", 2);

        assertThat(counter("heartwood.commits")).isEqualTo(1);
    }

    @Test
    void twoStoresHaveTheirOwn() {
        Store one = Store.create();
        Store two = Store.create();
        HeartwoodMetrics.of(one, "one").bindTo(registry);
        HeartwoodMetrics.of(two, "two").bindTo(registry);
        two.put("a", 1);

        assertThat(registry.get("heartwood.commits")
                        .tag("store", "one")
                        .functionCounter()
                        .count())
                .isZero();
        assertThat(registry.get("heartwood.commits")
                        .tag("store", "two")
                        .functionCounter()
                        .count())
                .isEqualTo(1);
    }

    private double counter(String name) {
        return registry.get(name).tag("store", "board").functionCounter().count();
    }

    private double gauge(String name) {
        return registry.get(name).tag("store", "board").gauge().value();
    }
}
