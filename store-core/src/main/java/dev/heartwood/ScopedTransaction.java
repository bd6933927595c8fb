package dev.heartwood;

import io.vavr.collection.HashMap;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A transaction with paths relative to a place. It has no state of its own and delegates every call to the whole
 * transaction. So it overrides each method that {@link Transaction} declares.
 */
final class ScopedTransaction extends Transaction {
    private final Transaction whole;
    private final KeyPath place;

    /** The transaction of the batch, and the place from which it is seen. */
    ScopedTransaction(Transaction whole, KeyPath place) {
        super(whole);
        this.whole = whole;
        this.place = place;
    }

    @Override
    public Transaction under(KeyPath path) {
        return new ScopedTransaction(whole, absolute(path));
    }

    @Override
    public Snapshot base() {
        return whole.base();
    }

    @Override
    public void label(String reason) {
        whole.label(reason);
    }

    @Override
    public <T extends @Nullable Object> T once(Supplier<? extends T> supplier) {
        return whole.once(supplier);
    }

    @Override
    public void require(Session session) {
        whole.require(session);
    }

    @Override
    public void afterCommit(Runnable action) {
        whole.afterCommit(action);
    }

    @Override
    public <T> void commute(KeyPath path, Class<T> type, UnaryOperator<T> fn) {
        whole.commute(absolute(path), type, fn);
    }

    @Override
    @SuppressWarnings("TypeParameterUnusedInFormals") // as declared
    public <T> T retry() {
        return whole.retry();
    }

    @Override
    public void check(boolean condition) {
        whole.check(condition);
    }

    @Override
    public <R extends @Nullable Object> R orElse(
            Function<? super Transaction, ? extends R> first, Function<? super Transaction, ? extends R> second) {
        Objects.requireNonNull(first, "first must not be null");
        Objects.requireNonNull(second, "second must not be null");
        return whole.orElse(tx -> first.apply(this), tx -> second.apply(this));
    }

    @Override
    public void atomically(Consumer<? super Transaction> body) {
        Objects.requireNonNull(body, "body must not be null");
        whole.atomically(tx -> body.accept(this));
    }

    @Override
    public void apply(Diff diff) {
        whole.apply(Objects.requireNonNull(diff, "diff must not be null").below(place));
    }

    @Override
    public void clear() {
        whole.atomically(tx -> BulkEdits.clear(tx, place));
    }

    @Override
    Transaction whole() {
        return whole;
    }

    @Override
    public KeyPath place() {
        return place;
    }

    @Override
    KeyPath absolute(KeyPath path) {
        return place.resolve(path);
    }

    @Override
    HashMap<String, @Nullable Object> tree(KeyPath path, ReadSet.Kind how) {
        return whole.tree(path, how);
    }

    @Override
    @Nullable
    Object replaceInMaps(KeyPath path, @Nullable Object node) {
        return whole.replaceInMaps(path, node);
    }

    @Override
    @Nullable
    Object addInMaps(KeyPath path, Number amount) {
        return whole.addInMaps(path, amount);
    }

    @Override
    HashMap<String, @Nullable Object> newestTree() {
        return whole.newestTree();
    }

    @Override
    Snapshot state() {
        return whole.state();
    }

    @Override
    void noteRead(KeyPath path, int bits) {
        whole.noteRead(path, bits);
    }

    @Override
    Dialect dialect() {
        return whole.dialect();
    }

    @Override
    Rewrite rewrite(Rewrite rewrite) {
        return whole.rewrite(rewrite);
    }

    @Override
    void arrived(Rewrite rewrite) {
        whole.arrived(rewrite);
    }

    @Override
    public String toString() {
        return whole + " under " + place.forPeople();
    }
}
