package dev.heartwood;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Options of a store. Each method gives new options; immutable. */
public final class StoreOptions {
    private final Duration rightOfWay;
    private final Consumer<? super Throwable> failureHandler;
    private final Origins origins;
    private final boolean strict;

    StoreOptions() {
        this(Duration.ofMillis(100), FailureHandlers::log, Origins.NAMED, false);
    }

    private StoreOptions(
            Duration rightOfWay, Consumer<? super Throwable> failureHandler, Origins origins, boolean strict) {
        this.rightOfWay = rightOfWay;
        this.failureHandler = failureHandler;
        this.origins = origins;
        this.strict = strict;
    }

    /**
     * How long a claim of the right of way stands at most: so long a writer may have to wait for one long batch, and a
     * batch longer than that may starve under fire. A batch that itself waits for something loses its claim earlier,
     * after twice the duration of its run. Default: 100 ms; zero turns it off.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public StoreOptions rightOfWay(Duration cap) {
        if (cap.isNegative()) {
            throw new IllegalArgumentException("expected a duration of zero or more, not " + cap);
        }
        return new StoreOptions(cap, failureHandler, origins, strict);
    }

    /**
     * Where failures go that must not reach a writer: of listeners, of executors that reject them, of
     * {@link Transaction#afterCommit} actions. Called on the thread on which it happened; logged unless said.
     */
    public StoreOptions failureHandler(Consumer<? super Throwable> handler) {
        return new StoreOptions(rightOfWay, Objects.requireNonNull(handler, "handler"), origins, strict);
    }

    /** How much is recorded of who makes each commit, see {@link Snapshot#origin}. Default: {@link Origins#NAMED}. */
    public StoreOptions origins(Origins level) {
        return new StoreOptions(rightOfWay, failureHandler, Objects.requireNonNull(level, "level"), strict);
    }

    /**
     * For tests: each function and body runs twice on the same state, and where the second run does not do what the first
     * did, {@link ImpureFunctionException} is thrown and nothing is committed. Compared are the trees, a function's value,
     * a body's result if it is a tree value, the label, the number of {@link Transaction#afterCommit} actions, and whether
     * the run returned or threw, and what. The first run is the one that counts. Costs nothing where it is off.
     *
     * <p>A side effect is found only where it shows in one of those: a counter that the body increments and puts is, a
     * line that it prints or a message that it sends is not. A body that reads a clock or makes an id is legal, and fails
     * here all the same: {@link Transaction#once} gives it one value for all its runs.
     */
    public StoreOptions strict() {
        return new StoreOptions(rightOfWay, failureHandler, origins, true);
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

    boolean isStrict() {
        return strict;
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
