package dev.heartwood;

import dev.heartwood.tree.DurationText;
import io.vavr.collection.HashMap;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Options of a store. Each method returns new options; immutable. */
public final class StoreOptions {
    private final Duration rightOfWay;
    private final Consumer<? super Throwable> failureHandler;
    private final List<Guard> guards;
    private final Origins origins;
    private final boolean strict;

    StoreOptions() {
        this(Duration.ofMillis(100), FailureHandlers::log, List.of(), Origins.NAMED, false);
    }

    private StoreOptions(
            Duration rightOfWay,
            Consumer<? super Throwable> failureHandler,
            List<Guard> guards,
            Origins origins,
            boolean strict) {
        this.rightOfWay = rightOfWay;
        this.failureHandler = failureHandler;
        this.guards = guards;
        this.origins = origins;
        this.strict = strict;
    }

    /**
     * The maximum duration of a claim of the right of way. A writer may have to wait this long for one long batch; a
     * batch that takes longer may starve under contention. A batch that blocks loses its claim earlier, after twice the
     * duration of its run. Default: 100 ms; zero turns the right of way off.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public StoreOptions rightOfWay(Duration cap) {
        if (Objects.requireNonNull(cap, "cap must not be null").isNegative()) {
            throw new IllegalArgumentException("expected a duration of zero or more, not " + DurationText.of(cap));
        }
        return new StoreOptions(cap, failureHandler, guards, origins, strict);
    }

    /**
     * The handler for failures that must not reach a writer: failures of listeners, of executors that reject them, of
     * {@link Transaction#afterCommit} actions. Called on the thread of the failure. Default: failures are logged.
     */
    public StoreOptions failureHandler(Consumer<? super Throwable> handler) {
        return new StoreOptions(
                rightOfWay, Objects.requireNonNull(handler, "handler must not be null"), guards, origins, strict);
    }

    /**
     * Adds a guard: a condition that must hold after every commit that changes a place, for every kind of write: a put,
     * a batch, a patch or a diff, {@link Store#restore}, {@link Store#compareAndSet}. A commit that would violate it is
     * refused with a {@link GuardException}, and nothing is changed. If the initial tree of a store violates it, the
     * store is refused in the same way, and its storage is not changed.
     *
     * <p>{@code holds} is evaluated on the exact tree that the commit is about to publish, and sees the whole tree:
     * paths begin at the root. False refuses the commit, and so does an exception, which becomes the cause. It is
     * evaluated only for commits that change the place, presence included; to protect a relation between several
     * places, name a place above them. It is always evaluated when a store starts: if the place may be missing, the
     * guard must hold then, too.
     *
     * <p>A guard is a function like the others: it may run several times for one commit, runs on any thread, must be
     * free of side effects, and must not use the store. Several guards run in the order in which they were added.
     *
     * <p><b>Limits.</b> If several processes share a root, a guard protects only the commits of its own process. If
     * another process has violated it, this one can change the place only so that the guard holds again.
     *
     * @param name for people, not blank: exceptions contain it
     * @param path the place
     * @param holds whether a tree is valid
     * @throws IllegalArgumentException if the name is blank
     */
    public StoreOptions guard(String name, KeyPath path, Predicate<? super TreeView> holds) {
        List<Guard> more = new ArrayList<>(guards);
        more.add(new Guard(name, path, holds));
        return new StoreOptions(rightOfWay, failureHandler, List.copyOf(more), origins, strict);
    }

    /**
     * For authors of a {@link Root}, not for users: evaluates all guards on the initial tree of a store, so that a root can
     * refuse it before it writes anything. A store evaluates its guards itself.
     *
     * @param tree a tree of the root
     * @param dialect the values that the root can hold
     * @throws GuardException if one does not hold
     */
    public void requireGuardsHold(HashMap<String, @Nullable Object> tree, Dialect dialect) {
        if (!guards.isEmpty()) {
            requireGuardsHold(new Snapshot(new StoreIdentity(dialect).unrecorded(), 0, tree));
        }
    }

    void requireGuardsHold(Snapshot first) {
        guards.forEach(guard -> guard.require(first));
    }

    /**
     * Sets how much is recorded of the origin of each commit, see {@link Snapshot#origin}. Default:
     * {@link Origins#NAMED}.
     */
    public StoreOptions origins(Origins level) {
        return new StoreOptions(
                rightOfWay, failureHandler, guards, Objects.requireNonNull(level, "level must not be null"), strict);
    }

    /**
     * For tests: each function and body runs twice on the same state. If the second run differs from the first, an
     * {@link ImpureFunctionException} is thrown and nothing is committed. The comparison covers the trees, a function's
     * value, a body's result if it is a tree value, the label, the number of {@link Transaction#afterCommit} actions,
     * and the exception, if any. The effects of the first run are used. Strict mode costs nothing while it is off.
     *
     * <p>A side effect is found only if it shows in one of those: a counter that the body increments and puts is found,
     * a printed line or a sent message is not. A body that reads a clock or makes an id is legal, but fails in strict
     * mode: {@link Transaction#once} returns one value for all its runs.
     */
    public StoreOptions strict() {
        return new StoreOptions(rightOfWay, failureHandler, guards, origins, true);
    }

    /** An empty store in memory. */
    public Store create() {
        return of(Map.of());
    }

    /** A store in memory, as {@link Store#of(Map)}. */
    public Store of(Map<String, ? extends @Nullable Object> tree) {
        return over(new MemoryRoot(
                new Timeline(0, Objects.requireNonNull(tree, "tree must not be null"), Dialect.ANYTHING)));
    }

    /** A store in memory, as {@link Store#of(io.vavr.collection.Map)}. */
    public Store of(io.vavr.collection.Map<String, ? extends @Nullable Object> tree) {
        return over(new MemoryRoot(
                new Timeline(0, Objects.requireNonNull(tree, "tree must not be null"), Dialect.ANYTHING)));
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

    List<Guard> guards() {
        return guards;
    }

    Consumer<? super Throwable> failureHandler() {
        return failureHandler;
    }
}
