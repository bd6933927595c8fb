package dev.heartwood;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What can be chosen for a store. Each method gives new options; immutable. */
public final class StoreOptions {
    private final Duration rightOfWay;
    private final Consumer<? super Throwable> failureHandler;
    private final Origins origins;

    StoreOptions() {
        this(Duration.ofMillis(100), FailureHandlers::log, Origins.NAMED);
    }

    private StoreOptions(Duration rightOfWay, Consumer<? super Throwable> failureHandler, Origins origins) {
        this.rightOfWay = rightOfWay;
        this.failureHandler = failureHandler;
        this.origins = origins;
    }

    /**
     * How long a claim of the right of way stands at most: so long a writer may have to wait for one long batch, and a
     * batch longer than that may starve under fire. A batch that itself waits for something loses its claim earlier, after
     * twice the duration of its run. Default: 100 ms; zero turns it off.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public StoreOptions rightOfWay(Duration cap) {
        if (cap.isNegative()) {
            throw new IllegalArgumentException("expected a duration of zero or more, not " + cap);
        }
        return new StoreOptions(cap, failureHandler, origins);
    }

    /**
     * Where failures go that must not reach a writer: of listeners, of executors that reject them, of
     * {@link Transaction#afterCommit} actions. Called on the thread on which it happened; logged unless said.
     */
    public StoreOptions failureHandler(Consumer<? super Throwable> handler) {
        return new StoreOptions(rightOfWay, Objects.requireNonNull(handler, "handler"), origins);
    }

    /** How much is recorded of who makes each commit, see {@link Snapshot#origin}. Default: {@link Origins#NAMED}. */
    public StoreOptions origins(Origins level) {
        return new StoreOptions(rightOfWay, failureHandler, Objects.requireNonNull(level, "level"));
    }

    /** An empty store in memory. */
    public Store create() {
        return of(Map.of());
    }

    /** A store in memory, as {@link Store#of(Map)}. */
    public Store of(Map<String, ? extends @Nullable Object> tree) {
        return over(new MemoryRoot(new Timeline(0, tree, Dialect.ANYTHING)));
    }

    /** A store in memory, as {@link Store#of(io.vavr.collection.Map)}. */
    public Store of(io.vavr.collection.Map<String, ? extends @Nullable Object> tree) {
        return over(new MemoryRoot(new Timeline(0, tree, Dialect.ANYTHING)));
    }

    /** The store over a root, as {@link Store#over(Root)}. */
    public Store over(Root root) {
        return new Store(root, this);
    }

    Origins origins() {
        return origins;
    }

    Duration rightOfWay() {
        return rightOfWay;
    }

    Consumer<? super Throwable> failureHandler() {
        return failureHandler;
    }
}
