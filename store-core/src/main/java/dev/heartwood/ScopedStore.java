package dev.heartwood;

import static java.util.Objects.requireNonNull;

import io.vavr.collection.HashMap;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A store, seen from a place in its tree ({@link Store#under}): all paths begin there, those of batches, patches and diffs,
 * too. Nothing else differs: each call reads or commits to the store, with the same atomicity, retries and exceptions.
 *
 * <p>The place is resolved at each call. While nothing is there, reads find nothing and writes make its parents, as they do
 * for any path. It may hold anything, and can be put; to remove it is for the store. Exceptions and {@link Update}s name
 * paths from the root of the store.
 *
 * <p>Immutable and thread-safe.
 */
public final class ScopedStore extends TreeEditor {
    private final Store store;
    private final KeyPath place;

    ScopedStore(Store store, KeyPath place) {
        this.store = store;
        this.place = place;
    }

    /** The place, from the root of the store. */
    @Override
    public KeyPath place() {
        return place;
    }

    @Override
    public ScopedStore under(Object... steps) {
        return under(KeyPath.of(steps));
    }

    @Override
    public ScopedStore under(KeyPath path) {
        return new ScopedStore(store, absolute(path));
    }

    /** {@link Store#batch}, with a transaction that is seen from this place. */
    public Commit batch(Consumer<? super Transaction> body) {
        requireNonNull(body, "body must not be null");
        return store.batch(tx -> body.accept(tx.under(place)));
    }

    /** {@link Store#transact}, with a transaction that is seen from this place. */
    public <R extends @Nullable Object> R transact(Function<? super Transaction, ? extends R> body) {
        requireNonNull(body, "body must not be null");
        return store.<R>transact(tx -> body.apply(tx.under(place)));
    }

    /** {@link Store#batchChecked}, with a transaction that is seen from this place. */
    public <E extends Exception> Commit batchChecked(TransactionBody<E> body) throws E {
        requireNonNull(body, "body must not be null");
        return store.<E>batchChecked(tx -> body.accept(tx.under(place)));
    }

    /** {@link Store#transactChecked}, with a transaction that is seen from this place. */
    public <R extends @Nullable Object, E extends Exception> R transactChecked(TransactionFunction<R, E> body)
            throws E {
        requireNonNull(body, "body must not be null");
        return store.<R, E>transactChecked(tx -> body.apply(tx.under(place)));
    }

    /** {@inheritDoc} */
    @Override
    public void atomically(Consumer<? super Transaction> body) {
        batch(body);
    }

    /** {@link Store#at(KeyPath)} at a path that begins here. */
    public Ref<@Nullable Object> at(KeyPath path) {
        return store.at(absolute(path));
    }

    /** {@link #at(KeyPath)}; the steps are as {@link KeyPath#of(Object...)} takes them. */
    public Ref<@Nullable Object> at(Object... steps) {
        return at(KeyPath.of(steps));
    }

    /** {@link Store#watch(KeyPath, Delivery, Consumer)} of a path that begins here; the updates name the whole path. */
    public Subscription watch(KeyPath path, Delivery delivery, Consumer<? super Update> listener) {
        return store.watch(absolute(path), delivery, listener);
    }

    /** {@link #watch(KeyPath, Delivery, Consumer)} on a key of the place. */
    public Subscription watch(String key, Delivery delivery, Consumer<? super Update> listener) {
        return watch(KeyPath.ofTokens(key), delivery, listener);
    }

    /** {@link Store#await}, with a condition on the tree as it is seen from this place; gives the whole state. */
    public Snapshot await(Predicate<? super TreeView> condition, Duration timeout)
            throws InterruptedException, TimeoutException {
        requireNonNull(condition, "condition must not be null");
        return store.await(view -> condition.test(view.under(place)), timeout);
    }

    /**
     * {@link Store#watch(PathPattern, Delivery, Consumer)} of a pattern that begins here; the updates name the whole path.
     */
    public Subscription watch(PathPattern pattern, Delivery delivery, Consumer<? super Update> listener) {
        return store.watch(requireNonNull(pattern, "pattern must not be null").below(place), delivery, listener);
    }

    /** {@link Store#awaitTransact}, with a transaction that is seen from this place. */
    public <R extends @Nullable Object, E extends Exception> R awaitTransact(
            TransactionFunction<R, E> body, Duration timeout) throws E, InterruptedException, TimeoutException {
        requireNonNull(body, "body must not be null");
        return store.<R, E>awaitTransact(tx -> body.apply(tx.under(place)), timeout);
    }

    /** {@link #awaitAsync(Predicate, Executor)} on the common pool. */
    public CompletableFuture<Snapshot> awaitAsync(Predicate<? super TreeView> condition) {
        requireNonNull(condition, "condition must not be null");
        return store.awaitAsync(view -> condition.test(view.under(place)));
    }

    /** {@link Store#awaitAsync(Predicate, Executor)}, with a condition on the tree as it is seen from this place. */
    public CompletableFuture<Snapshot> awaitAsync(Predicate<? super TreeView> condition, Executor executor) {
        requireNonNull(condition, "condition must not be null");
        return store.awaitAsync(view -> condition.test(view.under(place)), executor);
    }

    /**
     * {@link Store#derive} of the tree as it is seen from this place. {@link Derived#in} takes any view of the store's tree,
     * also one from another place: it is the state that counts.
     */
    public <T extends @Nullable Object> Derived<T> derive(Function<? super TreeView, ? extends T> function) {
        requireNonNull(function, "function must not be null");
        return store.<T>derive(view -> function.apply(view.under(place)));
    }

    /** {@link Store#publisher(KeyPath)} of a path that begins here; the updates name the whole path. */
    public Flow.Publisher<Update> publisher(KeyPath path) {
        return store.publisher(absolute(path));
    }

    /** {@link Store#publisher(KeyPath, Executor)} of a path that begins here; the updates name the whole path. */
    public Flow.Publisher<Update> publisher(KeyPath path, Executor executor) {
        return store.publisher(absolute(path), executor);
    }

    /** {@link Store#asMap(KeyPath)} of a path that begins here. */
    public ConcurrentMap<String, Object> asMap(KeyPath path) {
        return store.asMap(absolute(path));
    }

    /** {@link Store#asMap(KeyPath)} of this place. */
    public ConcurrentMap<String, Object> asMap() {
        return store.asMap(place);
    }

    @Override
    public void apply(Diff diff) {
        store.apply(requireNonNull(diff, "diff must not be null").below(place));
    }

    /** {@inheritDoc} */
    @Override
    public void clear() {
        store.atomically(tx -> BulkEdits.clear(tx, place));
    }

    @Override
    TreeEditor whole() {
        return store;
    }

    @Override
    KeyPath absolute(KeyPath path) {
        return place.resolve(path);
    }

    @Override
    HashMap<String, @Nullable Object> tree(KeyPath path, ReadSet.Kind how) {
        return store.tree(path, how);
    }

    @Override
    HashMap<String, @Nullable Object> newestTree() {
        return store.newestTree();
    }

    @Override
    Snapshot state() {
        return store.state();
    }

    @Override
    boolean isStrict() {
        return store.isStrict();
    }

    @Override
    Dialect dialect() {
        return store.dialect();
    }

    @Override
    Rewrite rewrite(Rewrite rewrite) {
        return store.rewrite(rewrite);
    }

    @Override
    void arrived(Rewrite rewrite) {}

    @Override
    public String toString() {
        return store + " under " + place.forPeople();
    }
}
