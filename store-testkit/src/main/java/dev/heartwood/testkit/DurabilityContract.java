package dev.heartwood.testkit;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heartwood.Delivery;
import dev.heartwood.IndeterminateCommitException;
import dev.heartwood.NoSuchPathException;
import dev.heartwood.Root;
import dev.heartwood.Snapshot;
import dev.heartwood.Store;
import dev.heartwood.StoreException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** No commit is visible or answered while it could still be rolled back, and no commit is made twice. */
interface DurabilityContract extends Workbench {
    @Test
    default void nothingIsVisibleBeforeItIsDurable() throws Exception {
        Root root = root(Map.of("a", 1));
        Store store = store(root);
        ConcurrentLinkedQueue<Object> told = new ConcurrentLinkedQueue<>();
        closing(store.watch("a", Delivery.every(Runnable::run), update -> told.add(String.valueOf(update.newValue()))));
        Snapshot start = root.visible();
        Hold hold = orSkip(hold(root), "be held up");
        Crew crew = new Crew();
        crew.start(() -> store.put("a", 2));
        Workbench.until("the commit is accepted", () -> root.head() != start);
        Workbench.grace();
        assertThat(root.visible()).isSameAs(start);
        assertThat(store.get("a")).isEqualTo(1L);
        assertThat(store.snapshot()).isSameAs(start);
        assertThat(store.version()).isEqualTo(start.version());
        assertThat(store.statistics().version()).isEqualTo(start.version());
        assertThat(told).isEmpty();
        hold.release();
        crew.join();
        assertThat(store.get("a")).isEqualTo(2L);
        // Another thread may have published the state, and be about to notify.
        Workbench.until("the watcher is told", () -> !told.isEmpty());
        assertThat(told).containsExactly("2");
    }

    @Test
    default void everyAnswerWaitsForTheStateItWasDerivedFrom() throws Exception {
        Root root = root(Map.of("a", 1));
        Store store = store(root);
        Snapshot start = root.visible();
        Hold hold = orSkip(hold(root), "be held up");
        Snapshot held = commit(root, "a", 2L);
        AtomicInteger answered = new AtomicInteger();
        Crew crew = new Crew();
        for (Crew.Action question : List.<Crew.Action>of(
                () -> store.set("a", 2),
                () -> assertThat(store.put("a", 2)).isEqualTo(2L),
                () -> assertThat(store.init("a", 9)).isFalse(),
                () -> assertThat(store.discard("b")).isFalse(),
                () -> assertThat(store.replace("a", 1, 3)).isFalse(),
                () -> assertThat(store.compareAndSet(start, start.edit(tx -> tx.put("b", 1))))
                        .isFalse(),
                () -> {
                    Long seen = store.transact(tx -> tx.get("a", Long.class));
                    assertThat(seen).isEqualTo(2L);
                },
                () -> assertThatThrownBy(() -> store.increment("b")).isInstanceOf(NoSuchPathException.class),
                () -> assertThatThrownBy(() -> store.batch(tx -> tx.remove("b")))
                        .isInstanceOf(NoSuchPathException.class))) {
            crew.start(() -> {
                question.run();
                answered.incrementAndGet();
                assertThat(root.visible().version()).isGreaterThanOrEqualTo(held.version());
            });
        }
        Workbench.grace();
        assertThat(answered).hasValue(0);
        hold.release();
        crew.join();
        assertThat(store.get("a")).isEqualTo(2L);
    }

    @Test
    default void afterCommitWaitsForTheCommitToBeDurable() throws Exception {
        Root root = root(Map.of("a", 1));
        Store store = store(root);
        Snapshot start = root.visible();
        Hold hold = orSkip(hold(root), "be held up");
        AtomicInteger ran = new AtomicInteger();
        Crew crew = new Crew();
        crew.start(() -> store.batch(tx -> {
            tx.increment("a");
            tx.afterCommit(ran::incrementAndGet);
        }));
        Workbench.until("the commit is accepted", () -> root.head() != start);
        Workbench.grace();
        assertThat(ran).hasValue(0);
        hold.release();
        crew.join();
        assertThat(ran).hasValue(1);
    }

    @Test
    default void whatIsTakenBackIsRunAgain() throws Exception {
        Root root = root(Map.of("a", 1, "b", 1));
        Store store = store(root);
        ConcurrentLinkedQueue<Object> told = new ConcurrentLinkedQueue<>();
        closing(store.watch("a", Delivery.every(Runnable::run), update -> told.add(String.valueOf(update.newValue()))));
        Snapshot start = root.visible();
        Hold hold = orSkip(hold(root), "be held up");
        AtomicInteger afterwards = new AtomicInteger();
        Crew crew = new Crew();
        crew.start(() -> assertThat(store.increment("a")).isEqualTo(2L));
        crew.start(() -> store.batch(tx -> {
            tx.increment("b");
            tx.afterCommit(afterwards::incrementAndGet);
        }));
        Workbench.until(
                "both are accepted", () -> Workbench.count(root.head(), "a") + Workbench.count(root.head(), "b") == 4);
        long takenBack = root.head().version();
        Assumptions.assumeTrue(hold.takeBack(), "this root takes nothing back");
        crew.join();
        assertThat(store.toMap()).isEqualTo(Map.of("a", 2L, "b", 2L));
        assertThat(told).containsExactly("2");
        assertThat(afterwards).hasValue(1);
        assertThat(store.version()).isGreaterThan(takenBack).isGreaterThan(start.version());
    }

    @Test
    default void anAnswerFromWhatIsTakenBackIsGivenAnew() throws Exception {
        Root root = root(Map.of("a", 1, "b", 1));
        Store store = store(root);
        Snapshot start = root.visible();
        Hold hold = orSkip(hold(root), "be held up");
        // Committed past the store, which would repeat a commit of its own: these commits are gone for good.
        Snapshot gone = commit(root, "a", 5L);
        Snapshot goneToo = commit(root, "c", 5L);
        Snapshot goneLast = commit(root, "b", "no number");
        Crew crew = new Crew();
        crew.start(() -> store.set("a", 5)); // changes nothing, on the state that is rolled back
        crew.start(() -> assertThat(store.init("c", 6)).isTrue());
        crew.start(() -> assertThat(store.increment("b")).isEqualTo(2L)); // no number, there: an error
        Workbench.grace();
        Assumptions.assumeTrue(hold.takeBack(), "this root takes nothing back");
        crew.join();
        assertThat(root.settle(gone)).isFalse();
        assertThat(root.settle(goneToo)).isFalse();
        assertThat(root.settle(start)).isTrue();
        assertThat(store.toMap()).isEqualTo(Map.of("a", 5L, "b", 2L, "c", 6L));
        assertThat(store.version()).isGreaterThan(goneLast.version());
    }

    @Test
    default void anIndeterminateCommitIsNeverRepeated() throws Exception {
        Root root = root(Map.of("a", 1));
        Store store = store(root);
        Assumptions.assumeTrue(doubtNextCommit(root), "this root is never in doubt");
        AtomicInteger runs = new AtomicInteger();
        assertThatThrownBy(() -> store.update("a", Long.class, a -> a + runs.incrementAndGet()))
                .isInstanceOf(IndeterminateCommitException.class);
        assertThat(runs).hasValue(1);
        try {
            assertThat(store.increment("a").longValue()).isBetween(2L, 3L);
        } catch (StoreException refused) {
            // A root may take no more commits once it is in doubt, if it says so.
            assertThat(refused.getMessage()).isNotBlank();
        }
        assertThat(Workbench.count(store, "a")).isBetween(1L, 3L);
    }

    @Test
    default void aBatchThatWouldWaitForWhatIsTakenBackRunsAgainAtOnce() throws Exception {
        Root root = root(Map.of("a", 1));
        Store store = store(root);
        Hold hold = orSkip(hold(root), "be held up");
        Snapshot gone = commit(root, "a", 5L);
        AtomicInteger runs = new AtomicInteger();
        Crew crew = new Crew();
        crew.start(() -> store.awaitTransact(
                tx -> {
                    runs.incrementAndGet();
                    tx.check(requireNonNull(tx.get("a")).equals(1L)); // not so in the state that is rolled back
                    return true;
                },
                WatchingContract.PATIENCE));
        Workbench.until("it has seen that state", () -> runs.get() > 0);
        Workbench.grace();
        assertThat(runs)
                .as("it waits for its answer to be settled, and does not spin")
                .hasValue(1);
        Assumptions.assumeTrue(hold.takeBack(), "this root takes nothing back");
        crew.join();
        assertThat(root.visible()).isNotSameAs(gone);
        assertThat(store.get("a")).isEqualTo(1L);
    }
}
