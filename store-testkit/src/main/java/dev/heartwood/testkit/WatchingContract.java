package dev.heartwood.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heartwood.Delivery;
import dev.heartwood.Derived;
import dev.heartwood.KeyPath;
import dev.heartwood.Snapshot;
import dev.heartwood.Store;
import dev.heartwood.StoreClosedException;
import dev.heartwood.Subscription;
import dev.heartwood.Update;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Every published state reaches every follower, in version order, once. */
interface WatchingContract extends Workbench {
    /** Much longer than a commit takes. */
    Duration PATIENCE = Duration.ofSeconds(PATIENCE_SECONDS);

    @Test
    default void everyStateIsToldOnceInVersionOrder() throws Exception {
        Store store = store(root(Map.of("a", 0)));
        Queue<Update> updates = new ConcurrentLinkedQueue<>();
        Subscription watch = closing(store.watch("a", Delivery.every(Runnable::run), updates::add));
        Crew.together(4, index -> {
            for (int i = 0; i < 50; i++) {
                store.increment("a");
            }
        });
        Workbench.until("200 updates", () -> updates.size() == 200);
        assertChain(watch.base(), updates);
    }

    @Test
    default void whoRegistersUnderFireMissesNothing() throws Exception {
        Store store = store(root(Map.of("a", 0)));
        int watchers = 20;
        Crew writers = new Crew();
        for (int i = 0; i < 2; i++) {
            writers.start(() -> {
                for (int n = 0; n < 100; n++) {
                    store.increment("a");
                }
            });
        }
        List<Subscription> watches = new ArrayList<>();
        List<Queue<Update>> told = new ArrayList<>();
        for (int i = 0; i < watchers; i++) {
            Queue<Update> updates = new ConcurrentLinkedQueue<>();
            told.add(updates);
            watches.add(closing(store.watch("a", Delivery.every(Runnable::run), updates::add)));
            Thread.sleep(1);
        }
        writers.join();
        for (int i = 0; i < watchers; i++) {
            Queue<Update> updates = told.get(i);
            long from = Workbench.count(watches.get(i).base(), "a");
            Workbench.until("all that came after " + from, () -> updates.size() == 200 - from);
            assertChain(watches.get(i).base(), updates);
        }
    }

    private static void assertChain(Snapshot base, Queue<Update> updates) {
        Snapshot last = base;
        for (Update update : updates) {
            assertThat(update.before().version()).isEqualTo(last.version());
            assertThat(update.after().version()).isGreaterThan(last.version());
            assertThat(Workbench.count(update.after(), "a")).isEqualTo(Workbench.count(last, "a") + 1);
            last = update.after();
        }
    }

    @Test
    default void theLatestStateIsToldAtLast() throws Exception {
        Store store = store(root(Map.of("a", 0, "b", 0)));
        AtomicLong seen = new AtomicLong();
        Consumer<Update> forward = update -> {
            long now = Workbench.count(update.after(), "a");
            assertThat(now).isGreaterThan(seen.getAndSet(now));
        };
        closing(store.watch("a", Delivery.latest(Runnable::run), forward));
        Crew.together(4, index -> {
            for (int i = 0; i < 25; i++) {
                store.increment(index % 2 == 0 ? "a" : "b");
            }
        });
        Workbench.until("the last state is told", () -> seen.get() == 50);
    }

    @Test
    default void whatHasBeenAnsweredIsSeenByEverybody() throws Exception {
        Store store = store(root(Map.of("a", 0)));
        for (int i = 1; i <= 20; i++) {
            long answered = store.increment("a").longValue();
            assertThat(Crew.elsewhere(() -> Workbench.count(store, "a"))).isEqualTo(answered);
        }
    }

    @Test
    default void aListenerOnTheCommittingThreadMayWrite() throws Exception {
        Store store = store(root(Map.of("a", 0, "b", 0)));
        KeyPath b = KeyPath.of("b");
        closing(store.watch("a", Delivery.every(Runnable::run), update -> store.increment(b)));
        Crew.together(3, index -> {
            for (int i = 0; i < 10; i++) {
                store.increment("a");
            }
        });
        assertThat(store.await(view -> Workbench.count(view, "b") == 30, PATIENCE))
                .isNotNull();
    }

    @Test
    default void aListenerOnTheCommittingThreadMayFlushAndCloseTheStore() throws Exception {
        Store store = store(root(Map.of("a", 0)));
        Queue<Object> told = new ConcurrentLinkedQueue<>();
        Subscription watch = closing(store.watch("a", Delivery.every(Runnable::run), update -> {
            told.add(update.newValue());
            store.flush();
            store.close();
        }));
        assertThat(store.increment("a")).isEqualTo(1L);
        Workbench.until("the listener is told, and the store closed", () -> told.size() == 1 && watch.isClosed());
        assertThatThrownBy(() -> store.increment("a")).isInstanceOf(StoreClosedException.class);
        assertThat(told).containsExactly(1L);
    }

    @Test
    default void listenersAndExecutorsThatFailHarmNoCommit() throws Exception {
        Store store = store(root(Map.of("a", 0)));
        Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
        Error planted = new StackOverflowError("planted");
        Delivery direct = Delivery.every(Runnable::run).failureHandler(failures::add);
        closing(store.watch("a", direct, update -> {
            throw planted;
        }));
        Delivery refused = Delivery.latest(task -> {
                    throw planted;
                })
                .failureHandler(failures::add);
        closing(store.watch("a", refused, update -> {}));
        Queue<Update> updates = new ConcurrentLinkedQueue<>();
        Subscription watch = closing(store.watch("a", Delivery.every(Runnable::run), updates::add));
        for (long i = 1; i <= 10; i++) {
            assertThat(store.increment("a")).isEqualTo(i);
        }
        Workbench.until("10 updates", () -> updates.size() == 10);
        assertChain(watch.base(), updates);
        Workbench.until("a failure of each", () -> failures.size() >= 20);
        assertThat(failures).containsOnly(planted);
    }

    @Test
    default void awaitGivesTheStateThatIsThereAlready() throws Exception {
        Store store = store(root(Map.of("a", 0)));
        assertThat(store.await(view -> view.contains("a"), Duration.ZERO)).isSameAs(store.snapshot());
        assertThatThrownBy(() -> store.await(view -> view.contains("b"), Duration.ZERO))
                .isInstanceOf(TimeoutException.class);
    }

    @Test
    default void awaitIsWokenByACommit() throws Exception {
        Store store = store(root(Map.of("a", 0)));
        Crew crew = new Crew();
        for (int i = 0; i < 4; i++) {
            long wanted = 5L * i;
            crew.start(() -> {
                Snapshot then = store.await(view -> Workbench.count(view, "a") >= wanted, PATIENCE);
                assertThat(Workbench.count(then, "a")).isGreaterThanOrEqualTo(wanted);
            });
        }
        for (int i = 0; i < 20; i++) {
            store.increment("a");
        }
        crew.join();
    }

    @Test
    default void awaitIsWokenByClose() throws Exception {
        Store store = store(root(Map.of("a", 0)));
        Crew crew = new Crew();
        Thread waiting = crew.start(() -> assertThatThrownBy(() -> store.await(view -> view.contains("b"), PATIENCE))
                .isInstanceOf(StoreClosedException.class));
        Workbench.until("it waits", () -> waiting.getState() == Thread.State.TIMED_WAITING);
        store.close();
        crew.join();
    }

    @Test
    default void aBatchThatWaitsIsWokenByACommitAndNoneIsTakenTwice() throws Exception {
        Store store = store(root(Map.of("jobs", List.of(), "taken", Map.of())));
        Crew crew = new Crew();
        for (int i = 0; i < 3; i++) {
            crew.start(() -> {
                for (int k = 0; k < 5; k++) {
                    Workbench.take(store);
                }
            });
        }
        for (int i = 0; i < 15; i++) {
            store.append("jobs", "job " + i);
        }
        crew.join();
        assertThat(store.size("taken")).isEqualTo(15);
        assertThat(store.size("jobs")).isZero();
    }

    @Test
    default void aBatchThatWaitsIsWokenByClose() throws Exception {
        Store store = store(root(Map.of("jobs", List.of(), "taken", Map.of())));
        Crew crew = new Crew();
        Thread waiting = crew.start(
                () -> assertThatThrownBy(() -> Workbench.take(store)).isInstanceOf(StoreClosedException.class));
        Workbench.until("it waits", () -> waiting.getState() == Thread.State.TIMED_WAITING);
        store.close();
        crew.join();
    }

    @Test
    default void aDerivedValueIsComputedAgainWhenWhatItReadHasChanged() throws Exception {
        Store store = store(root(Map.of("a", 1, "b", 1)));
        Derived<Long> doubled = store.derive(view -> 2 * view.get("a", Long.class));
        assertThat(doubled.get()).isEqualTo(2L);
        store.increment("b");
        assertThat(doubled.get()).isEqualTo(2L);
        store.increment("a");
        assertThat(doubled.get()).isEqualTo(4L);
    }
}
