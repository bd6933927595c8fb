package dev.heartwood.stress.streams;

import dev.heartwood.KeyPath;
import dev.heartwood.Root;
import dev.heartwood.Store;
import dev.heartwood.StoreException;
import dev.heartwood.Update;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicLong;
import org.reactivestreams.tck.TestEnvironment;
import org.reactivestreams.tck.flow.FlowPublisherVerification;

/**
 * The updates of a store, as the test kit wants them: so many, and then the end. The publisher merges updates that are
 * not requested in time; so the next change is committed after the one before has been delivered.
 */
public final class VerifiedUpdates extends FlowPublisherVerification<Update> implements AutoCloseable {
    private static final KeyPath PATH = KeyPath.of("n");
    private static final long TIMEOUT_MILLIS = 2_000;
    private static final long NO_SIGNALS_MILLIS = 100;
    private static final long GARBAGE_MILLIS = 5_000;

    private final ExecutorService executor = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "updates under test");
        thread.setDaemon(true);
        return thread;
    });
    private final Queue<Store> stores = new ConcurrentLinkedQueue<>();

    /** One test of the kit. */
    public VerifiedUpdates() {
        super(new TestEnvironment(TIMEOUT_MILLIS, NO_SIGNALS_MILLIS), GARBAGE_MILLIS);
    }

    @Override
    public Flow.Publisher<Update> createFlowPublisher(long elements) {
        Store store = Store.of(Map.of("n", 0));
        stores.add(store);
        Flow.Publisher<Update> updates = store.publisher(PATH, executor);
        return subscriber -> {
            if (subscriber == null) {
                updates.subscribe(null); // which is to refuse it
            } else {
                updates.subscribe(new OneByOne(subscriber, store, elements));
            }
        };
    }

    @Override
    public Flow.Publisher<Update> createFailedFlowPublisher() {
        Root root = Root.inMemory(Map.of("n", 0));
        Store store = Store.over(root);
        stores.add(store);
        root.timeline().fail(new StoreException("as meant: the storage has failed"));
        return store.publisher(PATH, executor);
    }

    @Override
    public void close() {
        stores.forEach(Store::close);
        executor.shutdownNow();
    }

    /** Passes all on, and commits the next change when one has been told; closes the store after the last. */
    private static final class OneByOne implements Flow.Subscriber<Update> {
        private final Flow.Subscriber<? super Update> subscriber;
        private final Store store;
        private final AtomicLong left;

        OneByOne(Flow.Subscriber<? super Update> subscriber, Store store, long elements) {
            this.subscriber = subscriber;
            this.store = store;
            this.left = new AtomicLong(elements);
        }

        private void next() {
            if (left.getAndDecrement() > 0) {
                store.increment(PATH);
            } else {
                store.close();
            }
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscriber.onSubscribe(subscription);
            next();
        }

        @Override
        public void onNext(Update update) {
            subscriber.onNext(update);
            next();
        }

        @Override
        public void onError(Throwable failure) {
            subscriber.onError(failure);
        }

        @Override
        public void onComplete() {
            subscriber.onComplete();
        }
    }
}
