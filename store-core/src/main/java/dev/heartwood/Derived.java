package dev.heartwood;

import static java.util.Objects.requireNonNull;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A value that a function computes from the tree, again only when something that the function has read has changed.
 * Made by {@link Store#derive}.
 *
 * <p><b>Computing.</b> One thread computes, while others that ask block until it is done. So the function runs at most
 * once for each relevant change, for any number of threads, and not at all while no thread asks. An exception of the
 * function is thrown to all callers, and kept like a value until something that was read has changed; a
 * {@link VirtualMachineError} is thrown and not kept.
 *
 * <p><b>The function</b> must be free of side effects, must read only through its argument, and must not use the store
 * (a {@link ReentrantUseException} refuses that). To use another derived value, it calls {@link #in} of that value with
 * its own argument. So a chain of derived values sees one state. A derived value that asks for itself is an
 * {@link IllegalStateException}.
 *
 * <p><b>Memory.</b> A derived value retains its last value, the leaves that the function read, and the maps whose keys
 * it read, but no state and no other part of one. Unless it is watched, the store has no reference to it, so it is
 * garbage once it is dropped.
 *
 * <p>Thread-safe.
 *
 * @param <T> the result type of the function
 */
public final class Derived<T extends @Nullable Object> {
    private static final AtomicLong MADE = new AtomicLong();

    private final Store store;
    private final Function<? super TreeView, ? extends T> function;
    private final ReentrantLock computing = new ReentrantLock();
    private final long number = MADE.incrementAndGet();
    private volatile @Nullable Computed<T> last;

    Derived(Store store, Function<? super TreeView, ? extends T> function) {
        this.store = store;
        this.function = function;
    }

    /**
     * The value in the newest state.
     *
     * @throws ReentrantUseException inside a function or batch of the store: use {@link #in} with its argument there
     * @throws StoreClosedException if the store is closed
     */
    public T get() {
        return computed(store.snapshot()).value();
    }

    /**
     * The value in the state that {@code view} shows. The reads of the function count as reads of the owner of
     * {@code view}: the batch, the condition, or the derived value whose argument it is.
     *
     * @param view a state of the store of this, or the store itself
     */
    public T in(TreeView view) {
        Computed<T> computed =
                computed(requireNonNull(view, "view must not be null").state());
        if (!(view instanceof Snapshot)) {
            computed.reads.forEachRead(view::noteRead);
        }
        return computed.value();
    }

    /**
     * Calls {@code listener} with the value before and the value after, whenever they differ by {@code equals}.
     * Intermediate states are skipped: the listener gets the newest value when it is ready. It is not called for the
     * present value.
     *
     * <p>An exception of the function goes to the failure handler of {@code delivery}. The listener is called again
     * when there is a value that differs from the one it received last.
     *
     * @param delivery {@link Delivery#latest}
     * @return a subscription that ends the calls; it retains the last value while it is open
     * @throws IllegalArgumentException if {@code delivery} is {@link Delivery#every}: only the newest value is computed
     * @throws StoreClosedException if the store is closed
     */
    public Subscription watch(Delivery delivery, BiConsumer<? super T, ? super T> listener) {
        requireNonNull(delivery, "delivery must not be null");
        requireNonNull(listener, "listener must not be null");
        if (delivery.isEvery()) {
            throw new IllegalArgumentException(
                    "a derived value is computed for the newest state only: watch it with Delivery.latest(...)");
        }
        return store.watch(this, delivery, listener);
    }

    /** For people: the last value that was computed, which may be outdated. */
    @Override
    public String toString() {
        Computed<T> known = last;
        return "Derived[" + (known == null ? "not computed yet" : known) + "]";
    }

    /** The value, or the failure, for a state. */
    Computed<T> computed(Snapshot state) {
        Computed<T> known = last;
        if (known != null && known.holdsIn(state)) {
            return known;
        }
        ReentrancyGuard here = ReentrancyGuard.here();
        if (here.computes(number)) {
            throw new IllegalStateException("the function of a derived value asks for the value itself");
        }
        // No other thread needs the value of a draft or of a past state. And a thread that computes a value never waits
        // for a derived value that was made later: so two threads never wait for each other, however derived values ask
        // each other.
        boolean shared = store.hasCommitted(state) && (known == null || known.version <= state.version());
        return shared && number < here.computing() ? computeOnce(state) : compute(state);
    }

    private Computed<T> computeOnce(Snapshot state) {
        computing.lock();
        try {
            Computed<T> known = last;
            if (known != null && known.holdsIn(state)) {
                return known;
            }
            Computed<T> computed = compute(state);
            if (known == null || known.version <= state.version()) {
                last = computed;
            }
            return computed;
        } finally {
            computing.unlock();
        }
    }

    private Computed<T> compute(Snapshot state) {
        ReentrancyGuard here = ReentrancyGuard.here();
        TrackedView view = new TrackedView(state);
        here.beginComputing(number);
        store.enterFunction(here);
        T value = null;
        Throwable failure = null;
        try {
            value = function.apply(view);
        } catch (VirtualMachineError e) {
            throw e; // of this thread, at this moment
        } catch (Throwable e) {
            failure = e;
        } finally {
            here.exit();
            here.endComputing();
        }
        return new Computed<>(state, view.finish(), value, failure);
    }
}
