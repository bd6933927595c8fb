package dev.heartwood.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heartwood.Delivery;
import dev.heartwood.Root;
import dev.heartwood.Snapshot;
import dev.heartwood.Store;
import dev.heartwood.StoreClosedException;
import dev.heartwood.Subscription;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Closing a root, and the state that is found when its storage is opened again. */
interface ClosingContract extends Workbench {
    @Test
    default void aRootHasOneStore() throws Exception {
        Root root = root(Map.of());
        store(root);
        assertThatThrownBy(() -> Store.over(root)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    default void afterCloseEverythingIsRefused() throws Exception {
        Root root = root(Map.of("a", 1));
        Store store = store(root);
        Snapshot state = store.snapshot();
        Snapshot draft = state.edit(tx -> tx.put("a", 2));
        store.close();
        store.close();
        root.close();
        for (Crew.Action use : List.<Crew.Action>of(
                store::snapshot,
                store::version,
                () -> store.get("a"),
                () -> store.put("a", 1),
                () -> store.set("a", 2),
                () -> store.increment("a"),
                () -> store.batch(tx -> {}),
                () -> store.compareAndSet(state, draft),
                () -> store.restore(state),
                () -> store.watch("a", Delivery.latest(Runnable::run), update -> {}),
                () -> store.asMap().get("a"))) {
            assertThatThrownBy(use::run).isInstanceOf(StoreClosedException.class);
        }
        assertThatThrownBy(() -> offer(root, state, draft, "a")).isInstanceOf(StoreClosedException.class);
    }

    @Test
    default void snapshotsStayUsable() throws Exception {
        Store store = store(root(Map.of("a", 1, "m", Map.of("k", "v"))));
        Snapshot before = store.snapshot();
        store.increment("a");
        Snapshot after = store.snapshot();
        store.close();
        assertThat(before.get("a")).isEqualTo(1L);
        assertThat(after.getMap("m")).isEqualTo(Map.of("k", "v"));
        assertThat(before.diff(after).toString()).isEqualTo("~ /a: 1 -> 2");
        assertThat(after.edit(tx -> tx.apply(before.diff(after).inverse())).sameTree(before))
                .isTrue();
    }

    @Test
    default void aWriteInFlightIsCommittedOrRefused() throws Exception {
        for (int round = 0; round < 10; round++) {
            Root root = root(Map.of("a", 0));
            Store store = store(root);
            AtomicLong told = new AtomicLong();
            AtomicLong committed = new AtomicLong();
            AtomicBoolean closed = new AtomicBoolean();
            Subscription watch = store.watch("a", Delivery.every(Runnable::run), update -> told.incrementAndGet());
            long pause = 200_000L * round;
            Crew.together(4, index -> {
                if (index == 0) {
                    Thread.sleep(pause / 1_000_000, (int) (pause % 1_000_000));
                    store.close();
                    closed.set(true);
                    return;
                }
                try {
                    for (; ; ) {
                        // The thread in the listener may be suspended while the others commit. No committer runs
                        // further ahead than the backlog allows, since that would end the subscription.
                        while (!closed.get() && committed.get() - told.get() > Delivery.DEFAULT_BACKLOG / 2) {
                            Thread.onSpinWait();
                        }
                        store.increment("a");
                        committed.incrementAndGet();
                    }
                } catch (StoreClosedException refused) {
                    assertThat(refused).isInstanceOf(IllegalStateException.class);
                }
            });
            Workbench.until(
                    "each of the " + committed + " commits is told, not only " + told,
                    () -> told.get() == committed.get());
            assertThat(watch.isClosed()).isTrue();
            Root again = reopen(root).orElse(null);
            if (again != null) {
                assertThat(Workbench.count(closing(again).visible(), "a")).isEqualTo(committed.get());
            }
        }
    }

    /** The thread that made the commit may be anywhere between its compare-and-set and its settling. */
    @Test
    default void whatIsAcceptedAtTheCloseIsToldIfItIsThereAfterwards() throws Exception {
        Root root = root(Map.of("a", 1L));
        Store store = store(root);
        List<Object> told = new CopyOnWriteArrayList<>();
        store.watch("a", Delivery.every(Runnable::run), update -> told.add(update.newValue()));
        commit(root, "a", 2L);
        store.close();
        Root again = reopen(root).orElse(null);
        if (again == null || Workbench.count(closing(again).visible(), "a") == 2) {
            Workbench.until("the commit is told", () -> told.equals(List.of(2L)));
        } else {
            assertThat(told).isEmpty();
        }
    }

    @Test
    default void whatWasCommittedIsThereWhenItIsOpenedAgain() throws Exception {
        long seed = new Random().nextLong();
        Root root = root(RandomWork.tree());
        Store store = store(root);
        for (int round = 0; round < 4; round++) {
            new RandomWork(seed + round).on(store, 40);
            Snapshot last = store.snapshot();
            store.close();
            root = closing(orSkip(reopen(root), "be opened again"));
            store = store(root);
            assertThat(store.snapshot().sameTree(last)).as("seed %d", seed).isTrue();
            store.put("opened", round);
            assertThat(store.version()).isGreaterThan(last.version());
        }
    }

    @Test
    default void whatWasRefusedIsNotThereWhenItIsOpenedAgain() throws Exception {
        Root root = root(new HashMap<>(Map.of("a", 1L)));
        Snapshot stale = root.head();
        commit(root, "a", 2L);
        assertThat(offer(root, stale, on(root, stale, "b", 1L), "b")).isFalse();
        root.close();
        Root again = closing(orSkip(reopen(root), "be opened again"));
        assertThat(again.visible().toMap()).isEqualTo(Map.of("a", 2L));
    }
}
