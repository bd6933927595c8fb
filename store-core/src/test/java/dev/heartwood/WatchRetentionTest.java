package dev.heartwood;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The store retains no past state, and neither does a watcher that has no use for it. */
@Timeout(60)
class WatchRetentionTest {
    private final Store store = Store.of(Map.of("quiet", 1, "loud", 1));
    private final ManualExecutor never = new ManualExecutor();
    /** What the program still holds while its garbage is collected. */
    private final List<Object> held = new ArrayList<>(List.of(store));

    private <T> T hold(T object) {
        held.add(object);
        return object;
    }

    /** Makes a hundred states, keeps none of them, and goes on to another. */
    private List<WeakReference<Snapshot>> history(String key) {
        List<WeakReference<Snapshot>> past = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            store.increment(key);
            past.add(new WeakReference<>(store.snapshot()));
        }
        store.increment(key);
        return past;
    }

    @Test
    void theStoreKeepsNoPastState() throws InterruptedException {
        Garbage.assertAllCollected(history("loud"));
    }

    @Test
    void anOldSnapshotKeepsNoneOfWhatCameAfterIt() throws InterruptedException {
        hold(store.snapshot());
        Garbage.assertAllCollected(history("loud"));
    }

    @Test
    void aSlowLatestListenerKeepsNoneOfTheStatesBetween() throws InterruptedException {
        hold(store.watch("loud", Delivery.latest(never), update -> {}));
        Garbage.assertAllCollected(history("loud"));
    }

    @Test
    void anEveryWatcherOfAQuietPathKeepsNothingOfTheLoudOnes() throws InterruptedException {
        hold(store.watch("quiet", Delivery.every(never), update -> {}));
        Garbage.assertAllCollected(history("loud"));
    }

    @Test
    void aClosedSubscriptionKeepsNothingOfWhatCameAfterIt() throws InterruptedException {
        for (Delivery delivery : List.of(Delivery.every(never), Delivery.latest(never))) {
            Subscription watch = hold(store.watch("loud", delivery, update -> {}));
            store.increment("loud");
            watch.close();
            Garbage.assertAllCollected(history("loud"));
        }
    }

    @Test
    void aClosedWatcherThatStillHasATaskKeepsNothing() throws InterruptedException {
        hold(never);
        for (Delivery delivery : List.of(Delivery.every(never), Delivery.latest(never))) {
            List<WeakReference<Snapshot>> past = List.of(new WeakReference<>(store.snapshot()));
            Subscription watch = store.watch("loud", delivery, update -> {});
            store.increment("loud");
            watch.close();
            watch = null;
            store.increment("quiet");
            Garbage.assertAllCollected(past);
        }
    }

    @Test
    void aWatcherWhoseOwnerHasLetGoOfItKeepsNotTheStateThatItStartedFrom() throws InterruptedException {
        List<WeakReference<Snapshot>> past = List.of(new WeakReference<>(store.snapshot()));
        store.watch("loud", Delivery.every(Runnable::run), update -> {});
        store.watch("loud", Delivery.latest(Runnable::run), update -> {});
        store.increment("loud");
        Garbage.assertAllCollected(past);
    }

    @Test
    void aSubscriptionWhoseBacklogIsFullKeepsNothing() throws InterruptedException {
        Delivery delivery = Delivery.every(never).backlog(2).failureHandler(failure -> {});
        hold(store.watch("loud", delivery, update -> {}));
        Garbage.assertAllCollected(history("loud"));
    }

    @Test
    void whoHasAwaitedKeepsNothing() throws Exception {
        store.await(view -> view.contains("loud"), java.time.Duration.ZERO);
        Garbage.assertAllCollected(history("loud"));
    }

    @Test
    void aDeliveredUpdateIsNotKept() throws InterruptedException {
        ManualExecutor executor = new ManualExecutor();
        hold(store.watch("loud", Delivery.every(executor), update -> {}));
        List<WeakReference<Snapshot>> past = history("loud");
        executor.runAll();
        Garbage.assertAllCollected(past);
    }
}
