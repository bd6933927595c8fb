package dev.heartwood;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.function.BiFunction;

/**
 * A commit that watchers and a waiting thread follow, with an error at one call of its hand-over, and commits after it.
 * Loaded with the instrumented library.
 */
class HandOverScenario implements BiFunction<Integer, Error, List<String>> {
    private final MemoryRoot root = new MemoryRoot(new Timeline(0, Map.of("a", 0, "b", 0), Dialect.ANYTHING));
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    final Store store = Store.options().failureHandler(failures::add).over(root);
    final ManualExecutor slow = new ManualExecutor();
    private final List<Watcher> watchers = new ArrayList<>();

    private record Watcher(String name, boolean every, List<Update> told, Subscription subscription) {}

    private void watch(String name, boolean every, Executor executor) {
        List<Update> told = new ArrayList<>();
        Delivery delivery = every ? Delivery.every(executor) : Delivery.latest(executor);
        watchers.add(new Watcher(name, every, told, store.watch("a", delivery, told::add)));
    }

    /** Plants the error, commits, and checks. Gives the calls that were counted. */
    @Override
    public List<String> apply(Integer number, Error error) {
        watch("every, direct", true, Runnable::run);
        watch("latest, direct", false, Runnable::run);
        watch("every, slow", true, slow);
        watch("latest, slow", false, slow);
        Crew crew = new Crew();
        Thread waiting = crew.start(() -> store.await(view -> view.get("a").equals(3L), Duration.ofSeconds(60)));
        while (waiting.getState() != Thread.State.TIMED_WAITING && waiting.isAlive()) {
            Thread.onSpinWait();
        }

        List<String> calls = failing(number, error);

        assertThat(store.get("a")).isEqualTo(1L);
        slow.runAll();
        store.increment("b"); // concerns no watcher, and yet it hands over the remaining tasks
        slow.runAll();
        watchers.forEach(watcher ->
                assertThat(isUpToDate(watcher.subscription)).as(watcher.name).isTrue());
        store.increment("a");
        slow.runAll();
        store.increment("a");
        slow.runAll();
        crew.join(); // the waiting thread has heard of it
        watchers.forEach(this::check);
        for (Throwable failure : failures) {
            assertThat(failure).as("what the handler was told").isSameAs(error);
        }
        assertThat(store.snapshot().stepFrom).as("the mark of the newest step").isSameAs(store.snapshot());
        return calls;
    }

    /** The step with the error. */
    List<String> failing(int number, Error error) {
        PlantedErrors.plant(number, () -> error);
        try {
            assertThat(store.increment("a")).as("the answer of the commit").isEqualTo(1L);
        } finally {
            PlantedErrors.dig();
        }
        return PlantedErrors.calls();
    }

    private static boolean isUpToDate(Subscription subscription) {
        return ((ScheduledFollower.FollowerSubscription) subscription)
                .follower()
                .hasNothing();
    }

    private void check(Watcher watcher) {
        if (watcher.subscription.isClosed()) {
            assertThat(failures).as(watcher.name + " is closed").isNotEmpty();
            return;
        }
        List<Update> told = watcher.told;
        List<Object> values = new ArrayList<>();
        told.forEach(update -> values.add(update.newValue()));
        assertThat(values).as(watcher.name).endsWith(2L, 3L);
        for (int i = 1; i < told.size(); i++) {
            assertThat(told.get(i).oldValue())
                    .as(watcher.name)
                    .isEqualTo(told.get(i - 1).newValue());
        }
        if (failures.isEmpty()) {
            assertThat(values).as(watcher.name).isEqualTo(List.of(1L, 2L, 3L));
            assertThat(told.get(0).oldValue()).isEqualTo(0L);
        }
    }

    /** The same with the error on the thread of the executor, in the round that delivers the commit. */
    static final class OfARound extends HandOverScenario {
        @Override
        List<String> failing(int number, Error error) {
            store.increment("a");
            PlantedErrors.plantAtOnce(number, () -> error);
            try {
                slow.runAll();
            } catch (Error e) {
                assertThat(e).isSameAs(error); // an executor survives it, or another thread takes its place
            } finally {
                PlantedErrors.dig();
            }
            return PlantedErrors.calls();
        }
    }
}
