package dev.heartwood.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heartwood.Commit;
import dev.heartwood.KeyPath;
import dev.heartwood.Origins;
import dev.heartwood.Root;
import dev.heartwood.Store;
import dev.heartwood.TreeView;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** The one loop over a root under fire. */
interface RacingContract extends Workbench {
    @Test
    default void noIncrementIsLost() throws Exception {
        Store store = store(root(Map.of("a", 0)));
        Crew.together(6, index -> {
            long last = 0;
            for (int i = 0; i < 50; i++) {
                long now = store.increment("a").longValue();
                assertThat(now).isGreaterThan(last);
                assertThat(Workbench.count(store, "a")).isGreaterThanOrEqualTo(now);
                last = now;
            }
        });
        assertThat(store.get("a")).isEqualTo(300L);
    }

    @Test
    default void noAppendIsLost() throws Exception {
        Store store = store(root(Map.of("l", List.of())));
        Crew.together(4, index -> {
            for (int i = 0; i < 25; i++) {
                store.append("l", index * 100 + i);
            }
        });
        assertThat(store.getList("l")).hasSize(100).doesNotHaveDuplicates();
    }

    @Test
    default void transfersKeepTheirSumAtEveryInstant() throws Exception {
        int accounts = 8;
        Map<String, Object> tree = new HashMap<>();
        for (int i = 0; i < accounts; i++) {
            tree.put("account" + i, 100);
        }
        Store store = closing(Store.options().origins(Origins.WHO).over(root(tree)));
        RecentCommits commits = closing(RecentCommits.of(store));
        AtomicBoolean over = new AtomicBoolean();
        AtomicLong audits = new AtomicLong();
        Crew auditors = new Crew();
        auditors.start(() -> {
            // Once at least: the writers may be over before this thread has its first turn.
            do {
                assertThat(sum(store.snapshot(), accounts))
                        .as(commits::toString)
                        .isEqualTo(100L * accounts);
                audits.incrementAndGet();
            } while (!over.get());
        });
        Crew.together(4, index -> {
            Random random = new Random(index);
            for (int i = 0; i < 40; i++) {
                KeyPath from = KeyPath.of("account" + random.nextInt(accounts));
                KeyPath to = KeyPath.of("account" + random.nextInt(accounts));
                long amount = random.nextInt(10);
                store.batch(tx -> {
                    tx.decrement(from, amount);
                    tx.increment(to, amount);
                });
            }
        });
        over.set(true);
        auditors.join();
        assertThat(audits.get()).isPositive();
        Long total = store.transact(tx -> sum(tx, accounts));
        assertThat(total).as(commits::toString).isEqualTo(100L * accounts);
    }

    private static long sum(TreeView tree, int accounts) {
        long sum = 0;
        for (int i = 0; i < accounts; i++) {
            sum += Workbench.count(tree, "account" + i);
        }
        return sum;
    }

    @Test
    default void aBodyRunsAgainOnlyIfSomethingItReadHasChanged() throws Exception {
        Store store = store(root(Map.of("a", 1, "b", 1, "m", Map.of("x", 1, "y", 1))));
        assertThat(attempts(store, "a", () -> store.put("b", 2))).isEqualTo(1);
        assertThat(attempts(store, "a", () -> store.increment("a"))).isEqualTo(2);
        assertThat(attempts(store, "m", () -> store.put("b", 3))).isEqualTo(1);
        assertThat(attempts(store, "m", () -> store.put(KeyPath.of("m", "x"), 2)))
                .isEqualTo(2);
        assertThat(store.get("b")).isEqualTo(3L);
    }

    private static int attempts(Store store, String read, Runnable rival) {
        AtomicBoolean first = new AtomicBoolean(true);
        Commit commit = store.batch(tx -> {
            tx.set("seen", String.valueOf(tx.get(read)));
            tx.set("mark", System.nanoTime()); // a batch that changes nothing has no race to lose
            if (first.getAndSet(false)) {
                Crew.elsewhere(rival::run);
            }
        });
        assertThat(commit.changed()).isTrue();
        return commit.attempts();
    }

    @Test
    default void slowFunctionsOnDifferentPathsRunOnce() throws Exception {
        int threads = 4;
        Map<String, Object> tree = new HashMap<>();
        for (int i = 0; i < threads; i++) {
            tree.put("own" + i, 0);
        }
        Store store = store(root(tree));
        AtomicInteger runs = new AtomicInteger();
        Crew.together(threads, index -> {
            for (int i = 0; i < 10; i++) {
                store.update("own" + index, Long.class, value -> {
                    runs.incrementAndGet();
                    sleep();
                    return value + 1;
                });
            }
        });
        assertThat(runs).hasValue(threads * 10);
        assertThat(store.toMap().values()).containsOnly(10L);
    }

    private static void sleep() {
        try {
            Thread.sleep(1);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    default void theEditsOfACommitLeadFromBeforeToAfter() throws Exception {
        long seed = new Random().nextLong();
        Root root = root(RandomWork.tree());
        EditCheckingRoot checking = new EditCheckingRoot(root, seed);
        Store store = store(checking);
        Crew.together(3, index -> new RandomWork(seed + index).on(store, 150));
        assertThat(checking.checked()).isPositive();
    }
}
