package dev.heartwood;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Flow;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Changes as a reactive stream: signals, merging, and the end. */
@Timeout(60)
class PublisherTest {
    private final List<Throwable> failures = new ArrayList<>();
    private final Timeline timeline = new Timeline(0, Map.of("a", 0, "other", 0), Dialect.ANYTHING);
    private final Store store = Store.options().failureHandler(failures::add).over(new MemoryRoot(timeline));
    private final Subscriber subscriber = new Subscriber();

    private static class Subscriber implements Flow.Subscriber<Update> {
        final List<String> signals = new ArrayList<>();

        Flow.@Nullable Subscription subscription;

        @Override
        public void onSubscribe(Flow.Subscription given) {
            subscription = given;
            signals.add("begin");
        }

        @Override
        public void onNext(Update update) {
            signals.add(update + " skipping " + update.skipped());
        }

        @Override
        public void onError(Throwable failure) {
            signals.add(String.valueOf(failure.getMessage()));
        }

        @Override
        public void onComplete() {
            signals.add("end");
        }

        void request(long n) {
            if (subscription != null) {
                subscription.request(n);
            }
        }
    }

    private void subscribe(Subscriber to) {
        store.publisher(KeyPath.of("a"), Runnable::run).subscribe(to);
    }

    @Test
    void theStateAtTheSubscriptionIsNoSignalAndEachLaterChangeIs() {
        store.increment("a");
        subscribe(subscriber);
        subscriber.request(Long.MAX_VALUE);
        store.increment("other");
        store.increment("a");
        store.remove("a");
        assertThat(subscriber.signals).containsExactly("begin", "/a: 1 -> 2 skipping 0", "/a: 2 -> missing skipping 0");
    }

    @Test
    void requestsAddUpAndHaveNoLimitPastTheLargestNumber() {
        subscribe(subscriber);
        subscriber.request(Long.MAX_VALUE);
        subscriber.request(Long.MAX_VALUE);
        subscriber.request(1);
        store.increment("a");
        store.increment("a");
        assertThat(subscriber.signals).containsExactly("begin", "/a: 0 -> 1 skipping 0", "/a: 1 -> 2 skipping 0");
    }

    @Test
    void betweenRequestsChangesAreMerged() {
        subscribe(subscriber);
        store.increment("a");
        store.increment("a");
        store.increment("a");
        assertThat(subscriber.signals).containsExactly("begin");
        subscriber.request(1);
        store.increment("a");
        store.put("a", 3); // back to the value that it has received: no news
        subscriber.request(1);
        store.put("a", 9);
        store.put("a", 10);
        assertThat(subscriber.signals).containsExactly("begin", "/a: 0 -> 3 skipping 2", "/a: 3 -> 9 skipping 0");
    }

    @Test
    void afterCloseTheChangeThatWaitsComesWhenItIsRequestedAndThenTheEnd() {
        subscribe(subscriber);
        Subscriber quiet = new Subscriber();
        subscribe(quiet);
        quiet.request(5);
        store.publisher(KeyPath.of("other"), Runnable::run).subscribe(quiet);
        store.increment("a");
        quiet.signals.clear();
        store.close();
        assertThat(subscriber.signals).containsExactly("begin");
        subscriber.request(1);
        assertThat(subscriber.signals).containsExactly("begin", "/a: 0 -> 1 skipping 0", "end");
        assertThat(quiet.signals).containsExactly("end", "end");
    }

    @Test
    void whereTheStorageFailsTheChangeThatWaitsComesWhenItIsRequestedAndThenTheFailure() {
        subscribe(subscriber);
        Subscriber quiet = new Subscriber();
        store.publisher(KeyPath.of("other"), Runnable::run).subscribe(quiet);
        store.increment("a");
        timeline.fail(new StoreException("the disk is gone"));
        timeline.fail(new StoreException("again"));
        assertThat(quiet.signals).containsExactly("begin", "the disk is gone");
        assertThat(subscriber.signals).containsExactly("begin");
        subscriber.request(5);
        store.close();
        assertThat(subscriber.signals).containsExactly("begin", "/a: 0 -> 1 skipping 0", "the disk is gone");
        assertThat(quiet.signals).hasSize(2);
    }

    @Test
    void aPublisherWhoseStorageHasFailedSaysSoAtOnceAndOtherWatchersGoOn() {
        List<Update> told = new ArrayList<>();
        try (Subscription watch = store.watch("a", Delivery.every(Runnable::run), told::add)) {
            timeline.fail(new StoreException("the disk is gone"));
            subscribe(subscriber);
            store.increment("a");
            assertThat(watch.isClosed()).isFalse();
        }
        assertThat(subscriber.signals).containsExactly("begin", "the disk is gone");
        assertThat(told).hasSize(1);
        assertThat(failures).isEmpty();
    }

    @Test
    void aPublisherWhoseStoreIsClosedEndsAtOnce() {
        Flow.Publisher<Update> publisher = store.publisher(KeyPath.of("a"), Runnable::run);
        store.close();
        publisher.subscribe(subscriber);
        assertThat(subscriber.signals).containsExactly("begin", "end");
    }

    @Test
    void whoCancelsHearsNothingMoreAndIsForgotten() {
        subscribe(subscriber);
        subscriber.request(5);
        assertThat(timeline.isFollowed()).isTrue();
        if (subscriber.subscription != null) {
            subscriber.subscription.cancel();
        }
        store.increment("a");
        store.close();
        assertThat(subscriber.signals).containsExactly("begin");
        assertThat(timeline.isFollowed()).isFalse();
    }

    @Test
    void aSubscriberThatCancelsBeforeItRequestsKeepsNoState() throws InterruptedException {
        subscribe(subscriber);
        Flow.Subscription given = requireNonNull(subscriber.subscription);
        store.increment("a");
        List<WeakReference<Snapshot>> past = List.of(new WeakReference<>(store.snapshot()));
        store.increment("other");
        given.cancel();
        Garbage.assertAllCollected(past);
        given.request(1);
        assertThat(subscriber.signals).containsExactly("begin");
    }

    @Test
    void aChangeThatComesDuringASignalWaitsUntilItIsRequested() {
        Subscriber writer = new Subscriber() {
            @Override
            public void onNext(Update update) {
                super.onNext(update);
                if (signals.size() < 5) {
                    store.increment("a");
                }
            }
        };
        subscribe(writer);
        writer.request(1);
        store.increment("a");
        assertThat(writer.signals).containsExactly("begin", "/a: 0 -> 1 skipping 0");
        writer.request(2);
        assertThat(writer.signals).hasSize(4).last().isEqualTo("/a: 2 -> 3 skipping 0");
    }

    /** No look before the round finds that nothing is requested: the round that told the first change goes on. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aChangeAndTheEndDuringASignalWaitUntilTheyAreRequested(boolean closes) {
        Subscriber writer = new Subscriber() {
            @Override
            public void onNext(Update update) {
                super.onNext(update);
                if (signals.size() == 2) {
                    store.increment("a");
                    if (closes) {
                        store.close();
                    } else {
                        timeline.fail(new StoreException("the disk is gone"));
                    }
                }
            }
        };
        subscribe(writer);
        writer.request(1);
        store.increment("a");
        assertThat(writer.signals).containsExactly("begin", "/a: 0 -> 1 skipping 0");
        writer.request(1);
        assertThat(writer.signals)
                .containsExactly(
                        "begin", "/a: 0 -> 1 skipping 0", "/a: 1 -> 2 skipping 0", closes ? "end" : "the disk is gone");
    }

    @Test
    void aRequestForNothingIsAnError() {
        subscribe(subscriber);
        subscriber.request(0);
        store.increment("a");
        assertThat(subscriber.signals).hasSize(2).last().asString().contains("3.9");
        assertThat(timeline.isFollowed()).isFalse();
    }

    @Test
    void aSubscriberThatThrowsIsCancelledAndTheHandlerIsTold() {
        subscribe(new Subscriber() {
            @Override
            public void onNext(Update update) {
                throw new IllegalStateException("mine");
            }

            @Override
            public void onSubscribe(Flow.Subscription given) {
                given.request(10);
            }
        });
        store.increment("a");
        store.increment("a");
        assertThat(failures).singleElement().matches(failure -> "mine".equals(failure.getMessage()));
        assertThat(timeline.isFollowed()).isFalse();
    }

    @Test
    void anExecutorThatIsShutDownEndsTheStreamWithItsException() {
        Service service = new Service();
        store.publisher(KeyPath.of("a"), service).subscribe(subscriber);
        service.tasks.runAll();
        subscriber.request(2);
        store.increment("a");
        service.tasks.runAll();
        service.shutdown();

        store.increment("a");
        store.increment("a");

        assertThat(subscriber.signals).containsExactly("begin", "/a: 0 -> 1 skipping 0", "shut down");
        assertThat(failures).hasSize(1);
        assertThat(timeline.isFollowed()).isFalse();
    }

    @Test
    void anExecutorThatIsShutDownBeforeTheSubscriptionIsAnErrorAtOnce() {
        Service service = new Service();
        service.shutdown();

        store.publisher(KeyPath.of("a"), service).subscribe(subscriber);
        store.close();
        store.publisher(KeyPath.of("a"), service).subscribe(subscriber);

        assertThat(subscriber.signals).containsExactly("begin", "shut down", "begin", "shut down");
        assertThat(failures).hasSize(2);
    }

    @Test
    void anExecutorThatDiesWithATaskInItsQueueEndsTheStreamAtTheNextChange() {
        Service service = new Service();
        store.publisher(KeyPath.of("a"), service).subscribe(subscriber);
        service.shutdown();

        store.increment("a");

        assertThat(subscriber.signals).hasSize(2).startsWith("begin");
        assertThat(subscriber.signals.get(1)).contains("the executor was shut down");
        assertThat(failures).singleElement().isInstanceOf(StoreException.class);
    }

    @Test
    void aSubscriberThatThrowsOnTheLastSignalIsToldToTheHandler() {
        Service service = new Service();
        service.shutdown();

        store.publisher(KeyPath.of("a"), service).subscribe(new Subscriber() {
            @Override
            public void onError(Throwable failure) {
                throw new IllegalStateException("not now");
            }
        });

        assertThat(failures).hasSize(2);
        assertThat(failures.get(1)).hasMessage("not now");
    }

    /** Runs its tasks on request, and has none left once it is shut down. */
    private static final class Service extends AbstractExecutorService {
        final ManualExecutor tasks = new ManualExecutor();
        private boolean shut;

        @Override
        public void execute(Runnable task) {
            if (shut) {
                throw new RejectedExecutionException("shut down");
            }
            tasks.execute(task);
        }

        @Override
        public void shutdown() {
            shut = true;
        }

        @Override
        public List<Runnable> shutdownNow() {
            shut = true;
            return List.of();
        }

        @Override
        public boolean isShutdown() {
            return shut;
        }

        @Override
        public boolean isTerminated() {
            return shut;
        }

        @Override
        public boolean awaitTermination(long timeout, TimeUnit unit) {
            return shut;
        }
    }

    @Test
    void aLeafWhoseEqualsFailsIsSignalledAsAChangeAndTheHandlerIsTold() {
        final class Touchy {
            @Override
            public boolean equals(Object other) {
                throw new IllegalStateException("touchy");
            }

            @Override
            public int hashCode() {
                return 1;
            }
        }
        store.restore(Store.of(Map.of("a", new Touchy())).snapshot());
        subscribe(subscriber);
        subscriber.request(Long.MAX_VALUE);
        store.restore(Store.of(Map.of("a", new Touchy())).snapshot());
        assertThat(subscriber.signals).hasSize(2);
        assertThat(failures).singleElement().matches(failure -> "touchy".equals(failure.getMessage()));
        store.restore(Store.of(Map.of("a", 1)).snapshot());
        assertThat(subscriber.signals).as("the stream goes on").hasSize(3);
    }

    @Test
    void nullIsRefused() {
        Flow.Publisher<Update> publisher = store.publisher(KeyPath.of("a"));
        assertThatThrownBy(() -> publisher.subscribe(null)).isInstanceOf(NullPointerException.class);
    }
}
