package dev.heartwood;

import static java.util.Objects.requireNonNull;

import java.util.concurrent.Flow;

/** The changes at a path, as a reactive stream. Immutable: everything that changes belongs to a subscription. */
final class UpdatePublisher implements Flow.Publisher<Update> {
    private final Timeline timeline;
    private final KeyPath path;
    private final Delivery delivery;

    UpdatePublisher(Timeline timeline, KeyPath path, Delivery delivery) {
        this.timeline = timeline;
        this.path = path;
        this.delivery = delivery;
    }

    @Override
    public void subscribe(Flow.Subscriber<? super Update> subscriber) {
        UpdateSubscription.start(timeline, path, delivery, requireNonNull(subscriber, "subscriber"));
    }
}
