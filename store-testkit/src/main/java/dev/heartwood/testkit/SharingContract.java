package dev.heartwood.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heartwood.Commit;
import dev.heartwood.Delivery;
import dev.heartwood.KeyPath;
import dev.heartwood.Root;
import dev.heartwood.Snapshot;
import dev.heartwood.Store;
import dev.heartwood.Subscription;
import dev.heartwood.Token;
import dev.heartwood.Update;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Two roots over one storage: each learns of the other's commits, and joins them. */
interface SharingContract extends Workbench {
    /** The second store over the storage of the first's root. */
    private Store second(Root root) throws Exception {
        return store(closing(orSkip(join(root), "be shared")));
    }

    @Test
    default void aCommitOfOneIsSeenByTheOther() throws Exception {
        Root root = root(Map.of("a", 1));
        Store one = store(root);
        Store other = second(root);
        assertThat(other.get("a")).isEqualTo(1L);
        long version = one.batch(tx -> tx.put("a", 2)).after().version();
        Snapshot then = other.await(view -> Workbench.count(view, "a") == 2, WatchingContract.PATIENCE);
        assertThat(then.version()).isEqualTo(version);
        other.increment("a");
        one.await(view -> Workbench.count(view, "a") == 3, WatchingContract.PATIENCE);
    }

    @Test
    default void noIncrementOfEitherIsLost() throws Exception {
        Root root = root(Map.of("a", 0, "l", List.of()));
        List<Store> stores = List.of(store(root), second(root));
        Crew.together(4, index -> {
            Store store = stores.get(index % 2);
            for (int i = 0; i < 25; i++) {
                store.increment("a");
                store.append("l", index * 100 + i);
            }
        });
        for (Store store : stores) {
            store.await(view -> view.size("l") == 100, WatchingContract.PATIENCE);
            assertThat(store.get("a")).isEqualTo(100L);
            assertThat(store.getList("l")).doesNotHaveDuplicates();
        }
        assertThat(stores.get(0).snapshot().sameTree(stores.get(1).snapshot())).isTrue();
        assertThat(stores.get(0).version()).isEqualTo(stores.get(1).version());
    }

    @Test
    default void watchersOfOneSeeTheCommitsOfTheOtherInOrder() throws Exception {
        Root root = root(Map.of("a", 0));
        Store one = store(root);
        Store other = second(root);
        Queue<Update> updates = new ConcurrentLinkedQueue<>();
        Subscription watch = closing(other.watch("a", Delivery.every(Runnable::run), updates::add));
        Crew.together(2, index -> {
            for (int i = 0; i < 25; i++) {
                (index == 0 ? one : other).increment("a");
            }
        });
        other.await(view -> Workbench.count(view, "a") == 50, WatchingContract.PATIENCE);
        Workbench.until(
                "the last is told",
                () -> !updates.isEmpty()
                        && updates.stream().anyMatch(update -> Workbench.count(update.after(), "a") == 50));
        Snapshot last = watch.base();
        for (Update update : updates) {
            assertThat(update.before()).isSameAs(last);
            assertThat(update.after().version()).isGreaterThan(last.version());
            last = update.after();
        }
    }

    @Test
    default void aStateThatTheOtherHasLeftIsNotTheNewest() throws Exception {
        Root root = root(Map.of("a", 1));
        Store one = store(root);
        Store other = second(root);
        Snapshot stale = one.snapshot();
        other.increment("a");
        assertThat(one.compareAndSet(stale, stale.edit(tx -> tx.put("a", 9)))).isFalse();
        assertThat(one.get("a")).isEqualTo(2L);
        Snapshot newest = one.snapshot();
        assertThat(one.compareAndSet(newest, newest.edit(tx -> tx.put("a", 9)))).isTrue();
        assertThat(other.increment("a")).isEqualTo(10L);
    }

    @Test
    default void aBodyRunsAgainOnlyIfTheOtherChangedWhatItRead() throws Exception {
        Root root = root(Map.of("a", 1, "m", Map.of("x", 1), "n", Map.of("y", 1)));
        Store one = store(root);
        Store other = second(root);
        assertThat(attempts(one, "a", () -> other.put("b", 2))).isEqualTo(1);
        assertThat(attempts(one, "a", () -> other.increment("a"))).isEqualTo(2);
        assertThat(attempts(one, "m", () -> other.put(KeyPath.of("n", "y"), 2))).isEqualTo(1);
        assertThat(attempts(one, "m", () -> other.put(KeyPath.of("m", "x"), 2))).isEqualTo(2);
        assertThat(one.get("b")).isEqualTo(2L);
    }

    private static int attempts(Store store, String read, Runnable rival) {
        AtomicBoolean first = new AtomicBoolean(true);
        Commit commit = store.batch(tx -> {
            tx.get(read);
            tx.set("mark", System.nanoTime());
            if (first.getAndSet(false)) {
                Crew.elsewhere(rival::run);
            }
        });
        return commit.attempts();
    }

    @Test
    default void theOtherGoesOnWhenOneIsClosed() throws Exception {
        Root root = root(Map.of("a", 1));
        Store one = store(root);
        Store other = second(root);
        one.increment("a");
        one.close();
        assertThat(other.increment("a")).isEqualTo(3L);
    }

    @Test
    default void aBatchThatWaitsIsWokenByACommitOfTheOther() throws Exception {
        Root root = root(Map.of("jobs", List.of(), "taken", Map.of()));
        Store one = store(root);
        Store other = second(root);
        Crew crew = new Crew();
        for (Store store : List.of(one, other)) {
            crew.start(() -> {
                for (int i = 0; i < 5; i++) {
                    Workbench.take(store);
                }
            });
        }
        for (int i = 0; i < 10; i++) {
            (i % 2 == 0 ? one : other).append("jobs", "job " + i);
        }
        crew.join();
        // Fresh: a plain read may not yet see the last commit of the other store.
        assertThat(one.fresh().size("taken")).isEqualTo(10);
        assertThat(other.fresh().size("jobs")).isZero();
    }

    @Test
    default void aTokenOfTheOtherIsReachedWhileAThreadWaitsForIt() throws Exception {
        Root root = root(Map.of("a", 0));
        Store one = store(root);
        Store other = second(root);
        for (long i = 1; i <= 5; i++) {
            long next = i;
            Token token = one.batch(tx -> tx.put("a", next)).token();
            assertThat(other.atLeast(token, WatchingContract.PATIENCE).get("a")).isEqualTo(i);
        }
    }
}
