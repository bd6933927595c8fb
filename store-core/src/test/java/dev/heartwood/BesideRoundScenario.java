package dev.heartwood;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * A round of a watcher. In the middle of it, before one call of its code, another thread does something of its own. Loaded with the
 * instrumented library.
 */
final class BesideRoundScenario implements BiFunction<Integer, String, List<String>> {
    private final Timeline timeline = new Timeline(0, Map.of("which", "a", "a", 0, "b", 0), Dialect.ANYTHING);
    private final Store store = Store.over(new MemoryRoot(timeline));
    private final ManualExecutor executor = new ManualExecutor();

    private final List<Long> told = Collections.synchronizedList(new ArrayList<>());
    private final AtomicInteger listeners = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();
    private final CountDownLatch othersCall = new CountDownLatch(1);
    private final CountDownLatch end = new CountDownLatch(1);
    private final Thread here = Thread.currentThread();
    private final Crew crew = new Crew();

    /**
     * Runs it.
     *
     * @param number the number of the call; 0 for none
     * @param scenario what it is about
     * @return the calls
     */
    @Override
    public List<String> apply(Integer number, String scenario) {
        switch (scenario) {
            case "every: the same task" -> sameTask(number, Delivery.every(executor));
            case "latest: the same task" -> sameTask(number, Delivery.latest(executor));
            case "every: a commit" -> commit(number, Delivery.every(Runnable::run));
            case "latest: a commit" -> commit(number, Delivery.latest(Runnable::run));
            case "every: the next task" -> nextTask(number, Delivery.every(executor));
            case "latest: the next task" -> nextTask(number, Delivery.latest(executor));
            case "every: a refused task" -> refusedTask(number);
            case "a derived value: close" -> closedDerived(number);
            case "a stream: cancel" -> cancelledStream(number);
            default -> cancelledAwait(number);
        }
        return PlantedErrors.calls();
    }

    /** The executor runs a task twice, or the one that was taken for dropped, beside the one that was sent for it. */
    private void sameTask(int number, Delivery delivery) {
        watch(delivery);
        store.increment("a");
        Runnable task = executor.next();
        round(number, () -> {
            Thread other = crew.start(task::run);
            untilInItsCall(other);
            Crew.elsewhere(() -> store.increment("a"));
        });
        requireToldOneAfterTheOther(number == 0 ? 1 : 2);
    }

    /** A commit asks for a round, which another thread begins, and one more change comes then. */
    private void nextTask(int number, Delivery delivery) {
        watch(delivery);
        store.increment("a");
        round(number, () -> {
            Crew.elsewhere(() -> store.increment("a"));
            untilInItsCall(crew.start(executor::runAll));
            Crew.elsewhere(() -> store.increment("a"));
        });
        executor.runAll();
        requireToldOneAfterTheOther(number == 0 ? 1 : 3);
    }

    /** Each committing thread runs the listener itself. */
    private void commit(int number, Delivery delivery) {
        watch(delivery);
        PlantedErrors.runBeforeAtOnce(number, () -> {
            Thread other = crew.start(() -> store.increment("a"));
            untilInItsCall(other);
            Crew.elsewhere(() -> store.increment("a"));
        });
        try {
            store.increment("a");
        } finally {
            PlantedErrors.dig();
        }
        requireToldOneAfterTheOther(number == 0 ? 1 : 3);
    }

    /** The executor hands the next task of a round to another thread, and says that it has refused it. */
    private void refusedTask(int number) {
        watch(Delivery.every(task -> {
                    if (Thread.currentThread() == here && executor.waiting() > 0) {
                        untilInItsCall(crew.start(task::run));
                        throw new RejectedExecutionException("planted");
                    }
                    executor.execute(task);
                })
                .failureHandler(failure -> {}));
        store.increment("a");
        executor.execute(() -> {});
        round(number, () -> {
            Crew.elsewhere(() -> store.increment("a"));
            Crew.elsewhere(() -> store.increment("a"));
        });
        requireToldOneAfterTheOther(number == 0 ? 1 : 3);
    }

    private void watch(Delivery delivery) {
        Subscription ignored = store.watch("a", delivery, update -> {
            most.accumulateAndGet(listeners.incrementAndGet(), Math::max);
            told.add((Long) requireNonNull(update.newValue()));
            if (Thread.currentThread() != here) {
                othersCall.countDown();
                await(end);
            }
            listeners.decrementAndGet();
        });
    }

    private void untilInItsCall(Thread other) {
        while (othersCall.getCount() > 0 && other.isAlive()) {
            Thread.onSpinWait();
        }
    }

    private void requireToldOneAfterTheOther(long last) {
        end.countDown();
        crew.join();
        executor.runAll();
        assertThat(most).as("calls at once").hasValue(1);
        assertThat(told).doesNotHaveDuplicates().isSorted().last().isEqualTo(last);
    }

    /** The watcher of a derived value is closed while it moves to other places, which change as well. */
    private void closedDerived(int number) {
        Derived<@Nullable Object> derived = store.derive(view -> view.get((String) view.get("which")));
        Subscription watch = derived.watch(Delivery.latest(executor), (before, now) -> {});
        store.put("which", "b");
        round(
                number,
                () -> Crew.elsewhere(() -> {
                    store.increment("b");
                    watch.close();
                }));
        watch.close();
        assertThat(timeline.isFollowed()).as("a place is watched").isFalse();
        assertThat(((ScheduledFollower.FollowerSubscription) watch).follower().hasNothing())
                .as("no state is kept")
                .isTrue();
    }

    /** The subscription of a stream is cancelled while a commit is handed in. */
    private void cancelledStream(int number) {
        AtomicReference<Flow.@Nullable Subscription> given = new AtomicReference<>();
        store.publisher(KeyPath.of("a"), executor).subscribe(new Flow.Subscriber<>() {
            @Override
            public void onSubscribe(Flow.Subscription subscription) {
                given.set(subscription);
                subscription.request(2);
            }

            @Override
            public void onNext(Update update) {}

            @Override
            public void onError(Throwable failure) {}

            @Override
            public void onComplete() {}
        });
        executor.runAll();
        UpdateSubscription stream = (UpdateSubscription) requireNonNull(given.get());
        PlantedErrors.runBeforeAtOnce(number, () -> Crew.elsewhere(stream::cancel));
        try {
            store.increment("a");
        } finally {
            PlantedErrors.dig();
        }
        stream.cancel();
        assertThat(timeline.isFollowed()).as("a place is watched").isFalse();
        assertThat(stream.hasNothing()).as("no state is kept").isTrue();
    }

    private void cancelledAwait(int number) {
        CompletableFuture<Snapshot> future =
                store.awaitAsync(view -> view.get((String) view.get("which")).equals(5), executor);
        executor.runAll();
        store.put("which", "b");
        round(
                number,
                () -> Crew.elsewhere(() -> {
                    store.increment("b");
                    future.cancel(false);
                }));
        future.cancel(false);
        assertThat(timeline.isFollowed()).as("a place is watched").isFalse();
    }

    private void round(int number, Runnable interlude) {
        PlantedErrors.runBeforeAtOnce(number, interlude);
        try {
            executor.runOne();
        } finally {
            PlantedErrors.dig();
        }
    }

    private static void await(CountDownLatch latch) {
        while (latch.getCount() > 0) {
            Thread.onSpinWait();
        }
    }
}
