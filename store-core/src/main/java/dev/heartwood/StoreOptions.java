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

/** Options of a store. Each method gives new options; immutable. */
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
     * How long a claim of the right of way stands at most: so long a writer may have to wait for one long batch, and a
     * batch longer than that may starve under fire. A batch that itself waits for something loses its claim earlier,
     * after twice the duration of its run. Default: 100 ms; zero turns it off.
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
     * Where failures go that must not reach a writer: of listeners, of executors that reject them, of
     * {@link Transaction#afterCommit} actions. Called on the thread on which it happened; logged unless said.
     */
    public StoreOptions failureHandler(Consumer<? super Throwable> handler) {
        return new StoreOptions(
                rightOfWay, Objects.requireNonNull(handler, "handler must not be null"), guards, origins, strict);
    }

    /**
     * Adds a guard: a condition that every commit which changes a place must keep, whichever way it comes: a put, a batch,
     * a patch or a diff, {@link Store#restore}, {@link Store#compareAndSet}. A commit that would break it is refused with a
     * {@link GuardException}, and nothing is changed. So is a store that would start with a tree that breaks it: then
     * nothing of what it has stored is changed either.
     *
     * <p>{@code holds} is asked on the very tree that the commit is about to make, and sees all of it: paths begin at the
     * root. False refuses, and so does an exception, which becomes the cause. It is asked only for commits that leave the
     * place another than they found it, presence included; to protect what several places have in common, name a place
     * above them. When a store starts it is always asked: let it hold where nothing is at the place, if that may be.
     *
     * <p>It is a function like others: it may be asked several times for one commit, runs on any thread, must be free of
     * side effects, and must not use the store. Several guards are asked in the order in which they were added.
     *
     * <p><b>Limits.</b> Where several processes share a root, a guard protects the commits of this one. A place that others
     * have broken may only be changed so that the guard holds again.
     *
     * @param name for people, not blank: exceptions say it
     * @param path the place
     * @param holds whether a tree is as it must be
     * @throws IllegalArgumentException if the name is blank
     */
    public StoreOptions guard(String name, KeyPath path, Predicate<? super TreeView> holds) {
        List<Guard> more = new ArrayList<>(guards);
        more.add(new Guard(name, path, holds));
        return new StoreOptions(rightOfWay, failureHandler, List.copyOf(more), origins, strict);
    }

    /**
     * For authors of a {@link Root}, not for users: asks all guards about a tree that a store is about to start with, so that
     * a root can refuse it before it writes anything. A store asks its guards itself.
     *
     * @param tree as a root has it
     * @param dialect what the root can hold
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

    /** How much is recorded of who makes each commit, see {@link Snapshot#origin}. Default: {@link Origins#NAMED}. */
    public StoreOptions origins(Origins level) {
        return new StoreOptions(
                rightOfWay, failureHandler, guards, Objects.requireNonNull(level, "level must not be null"), strict);
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
