package dev.heartwood.stress.crowd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heartwood.Delivery;
import dev.heartwood.Snapshot;
import dev.heartwood.Store;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** A million commits, with every kind of object that might retain old states: they are collected all the same. */
class MillionCommitsTest {
    private static final int COMMITS = 1_000_000;
    private static final int SAMPLED_EACH = 10_000;

    @Test
    void onlyWhatSomebodyHoldsIsKept() throws InterruptedException {
        Store store = Store.of(Map.of("leaf", -1, "list", List.of(1, 2, 3)));
        Snapshot held = store.snapshot();
        CountDownLatch listening = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        AtomicLong heard = new AtomicLong();
        List<WeakReference<Object>> past = new ArrayList<>();
        ExecutorService executor = Executors.newSingleThreadExecutor();
        try {
            store.watch("leaf", Delivery.every(Runnable::run), update -> {}).close();
            store.watch("list", Delivery.every(executor), update -> {});
            store.watch("leaf", Delivery.latest(executor), update -> {
                listening.countDown();
                Waiting.forLatch(goOn);
                heard.set(update.after().get("leaf", Long.class));
            });
            store.put("leaf", 0);
            listening.await();

            for (int i = 1; i <= COMMITS; i++) {
                store.put("leaf", i);
                if (i % SAMPLED_EACH == 0 && i < COMMITS) {
                    past.add(new WeakReference<>(store.snapshot()));
                    past.add(new WeakReference<>(store.snapshot().root()));
                }
            }

            Waiting.until(() -> {
                System.gc();
                return past.stream().allMatch(reference -> reference.refersTo(null));
            });
            assertThat(held.get("leaf", Integer.class)).isEqualTo(-1);
            goOn.countDown();
            Waiting.until(() -> heard.get() == COMMITS);
        } finally {
            goOn.countDown();
            executor.shutdownNow();
        }
    }
}
