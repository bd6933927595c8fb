package dev.heartwood.testsupport;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;

/** A subscriber that requests all, and knows how its stream ended. */
public final class StreamEnd implements Flow.Subscriber<Object> {
    private final List<Object> elements = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Throwable> failure = new CompletableFuture<>();

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(Object element) {
        elements.add(element);
    }

    @Override
    public void onError(Throwable why) {
        failure.complete(why);
    }

    @Override
    public void onComplete() {
        failure.completeExceptionally(new AssertionError("the stream is complete, and not failed"));
    }

    /** The elements so far. */
    public List<Object> elements() {
        return elements;
    }

    /** Waits for the failure that ends the stream. */
    public Throwable awaitFailure() throws Exception {
        return failure.get(1, TimeUnit.MINUTES);
    }

    /** Whether the stream has ended. */
    public boolean hasEnded() {
        return failure.isDone();
    }
}
