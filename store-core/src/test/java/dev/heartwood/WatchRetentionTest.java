package dev.heartwood;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The store retains no past state, and neither does a watcher that has no use for it. */
@Timeout(60)
class WatchRetentionTest {
    private final Store store = Store.of(Map.of("quiet", 1, "loud", 1));
    private final ManualExecutor never = new ManualExecutor();
    /** The objects that the program still holds while garbage is collected. */
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

    // ---- a store that is dropped

    /** The remains of a store that its owner has dropped, with a watcher of each kind that captured something. */
    private static final class Dropped {
        final Object kept;
        final List<WeakReference<Object>> rest = new ArrayList<>();

        Dropped(BiFunction<Store, List<Subscription>, Object> keep) {
            Store store = Store.of(Map.of("big", 1));
            List<Subscription> watches = new ArrayList<>();
            for (Delivery delivery : List.of(Delivery.every(Runnable::run), Delivery.latest(Runnable::run))) {
                byte[] captured = new byte[1];
                watches.add(store.watch("big", delivery, update -> captured[0]++));
                rest.add(new WeakReference<>(captured));
            }
            kept = keep.apply(store, watches);
            store.put("big", List.of("a later state"));
            rest.add(new WeakReference<>(store.vectorAt("big")));
            rest.add(new WeakReference<>(store.snapshot()));
            rest.add(new WeakReference<>(store));
        }
    }

    private void assertOnlyTheKept(BiFunction<Store, List<Subscription>, Object> keep) throws InterruptedException {
        Dropped dropped = new Dropped(keep);
        hold(dropped.kept);
        Garbage.assertAllCollected(dropped.rest);
    }

    @Test
    void aSnapshotKeepsNothingOfItsStore() throws InterruptedException {
        assertOnlyTheKept((store, watches) -> store.snapshot());
    }

    @Test
    void aDraftKeepsNothingOfItsStore() throws InterruptedException {
        assertOnlyTheKept((store, watches) -> store.snapshot().edit(tx -> tx.put("x", 1)));
    }

    @Test
    void aDiffKeepsNothingOfItsStore() throws InterruptedException {
        assertOnlyTheKept((store, watches) -> {
            Snapshot before = store.snapshot();
            store.put("m", Map.of("a", 1));
            return before.diff(store.snapshot());
        });
    }

    @Test
    void aCommitKeepsItsStatesAndNothingOfItsStore() throws InterruptedException {
        assertOnlyTheKept((store, watches) -> store.batch(tx -> tx.put("x", 1)));
    }

    @Test
    void anUpdateKeepsItsStatesAndNothingOfItsStore() throws InterruptedException {
        assertOnlyTheKept((store, watches) -> {
            List<Update> updates = new ArrayList<>();
            store.watch("x", Delivery.every(Runnable::run), updates::add);
            store.put("x", 1);
            return updates.get(0);
        });
    }

    @Test
    void aClosedSubscriptionKeepsNothingOfItsStore() throws InterruptedException {
        assertOnlyTheKept((store, watches) -> {
            watches.forEach(Subscription::close);
            return watches;
        });
    }

    @Test
    void aSubscriptionOfAStoreThatWasClosedKeepsNothingOfIt() throws InterruptedException {
        Store closed = Store.of(Map.of("big", 1));
        ManualExecutor late = hold(new ManualExecutor());
        List<WeakReference<?>> rest = new ArrayList<>();
        for (Delivery delivery : List.of(
                Delivery.every(Runnable::run),
                Delivery.latest(Runnable::run),
                Delivery.every(late),
                Delivery.latest(late))) {
            byte[] captured = new byte[1];
            hold(closed.watch("big", delivery, update -> captured[0]++));
            rest.add(new WeakReference<>(captured));
        }
        closed.increment("big");
        rest.add(new WeakReference<>(closed.snapshot()));
        closed.close();
        late.runAll();
        rest.add(new WeakReference<>(closed));
        closed = null;
        Garbage.assertAllCollected(rest);
    }

    @Test
    void aTaskThatItsExecutorHasYetToRunKeepsNothingOnceItsSubscriptionIsClosed() throws InterruptedException {
        hold(never);
        assertOnlyTheKept((store, watches) -> {
            Subscription watch = store.watch("big", Delivery.every(never), update -> {});
            store.put("big", 2);
            watch.close();
            return "";
        });
    }

    @Test
    void aValueThatIsHeldKeepsNeitherTheDialectInWhichItIsKnownNorItsStore() throws InterruptedException {
        class OfAStorage implements Dialect {
            @Override
            public Object admit(Object leaf) {
                return leaf;
            }
        }
        Map<String, Object> large = new java.util.HashMap<>();
        for (int i = 0; i < 2_000; i++) {
            large.put("key" + i, List.of(i));
        }
        Dialect dialect = new OfAStorage();
        Store known = Store.over(new MemoryRoot(new Timeline(0, Map.of("large", large, "small", List.of(1)), dialect)));
        known.put("copy", known.get("large"));
        hold(known.get("large"));
        hold(known.get("small"));
        List<WeakReference<Object>> rest = List.of(new WeakReference<>(dialect), new WeakReference<>(known));
        dialect = null;
        known = null;
        Garbage.assertAllCollected(rest);
    }

    // ---- watchers of a place that does not change

    @Test
    void aWatcherOfAQuietPlaceKeepsNoStateAtAll() throws InterruptedException {
        List<WeakReference<Snapshot>> past = new ArrayList<>();
        for (Delivery delivery : List.of(Delivery.every(never), Delivery.latest(never))) {
            past.add(new WeakReference<>(store.snapshot()));
            store.watch("quiet", delivery, update -> {});
            store.increment("loud");
        }
        Garbage.assertAllCollected(past);
    }

    @Test
    void aLatestWatcherKeepsNoStateOnceItsListenerHasHadTheNews() throws InterruptedException {
        ManualExecutor executor = new ManualExecutor();
        hold(executor);
        List<WeakReference<Snapshot>> past = new ArrayList<>();
        past.add(new WeakReference<>(store.snapshot()));
        store.watch("quiet", Delivery.latest(executor), update -> {});
        store.increment("quiet");
        past.add(new WeakReference<>(store.snapshot()));
        executor.runAll();
        store.increment("loud");
        Garbage.assertAllCollected(past);
    }

    @Test
    void aSnapshotDoesNotKeepTheStateBeforeIt() throws InterruptedException {
        List<WeakReference<Snapshot>> past = new ArrayList<>();
        past.add(new WeakReference<>(store.snapshot()));
        store.increment("loud");
        hold(store.snapshot());
        store.increment("loud");
        Garbage.assertAllCollected(past);
    }
}
