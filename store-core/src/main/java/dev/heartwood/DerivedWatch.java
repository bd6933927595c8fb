package dev.heartwood;

import java.util.Objects;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A watcher of a {@link Derived}. It stands in the index at everything that the function has read, and keeps the value that
 * the listener was told last.
 */
final class DerivedWatch<T extends @Nullable Object> extends Reevaluation<BiConsumer<? super T, ? super T>> {
    private final Root root;
    private final Derived<T> derived;
    /** The value that the listener was told last. For the thread of a round, and before the first one for the thread that starts this. */
    private T told;

    private DerivedWatch(
            Root root, Derived<T> derived, T told, Delivery delivery, BiConsumer<? super T, ? super T> listener) {
        super(root.timeline(), delivery, listener);
        this.root = root;
        this.derived = derived;
        this.told = told;
    }

    static <T extends @Nullable Object> Subscription start(
            Root root, Derived<T> derived, Delivery delivery, BiConsumer<? super T, ? super T> listener) {
        Snapshot first = root.visible();
        Computed<T> computed = derived.computed(first);
        DerivedWatch<T> watch = new DerivedWatch<>(root, derived, computed.value(), delivery, listener);
        Snapshot base = watch.start(root.timeline(), watch.registration(computed));
        if (!computed.holdsIn(base)) {
            watch.ask(base); // a commit came between, and was handed in to nobody
            watch.ring();
        }
        return watch.subscription(first);
    }

    private Registration registration(Computed<T> computed) {
        Registration registration = new Registration(this);
        computed.reads.forEachRead(registration::at);
        return registration;
    }

    @Override
    void evaluate(Ties<BiConsumer<? super T, ? super T>> mine, Snapshot handedIn) {
        Snapshot state = mine.timeline().isClosed() ? handedIn : visible(handedIn);
        Computed<T> computed = derived.computed(state);
        move(registration(computed));
        Snapshot newest = mine.timeline().newestIfAny();
        if (newest != null && !computed.holdsIn(newest)) {
            ask(newest); // changed between the evaluation and the registration
        }
        try {
            tell(mine.listener(), computed);
        } catch (Throwable e) {
            mine.delivery().fail(e);
        }
    }

    private Snapshot visible(Snapshot handedIn) {
        try {
            return root.visible();
        } catch (StoreClosedException e) {
            return handedIn;
        }
    }

    private void tell(BiConsumer<? super T, ? super T> listener, Computed<T> computed) {
        T before = told;
        T now = computed.value();
        if (!Objects.equals(before, now)) {
            told = now;
            listener.accept(before, now);
        }
    }
}
