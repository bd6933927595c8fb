package dev.heartwood;

import static java.util.Objects.requireNonNull;

import io.vavr.collection.HashMap;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One nested, JSON-like tree that many threads read and change at once.
 *
 * <p>The whole tree is one immutable value behind one reference. A read looks at the newest state. A write builds the
 * next state beside it, shares every unchanged part, and puts it in place by one compare-and-set. If another commit was
 * first, the write builds its state anew on top of that commit.
 *
 * <p><b>Atomicity.</b> Every single operation and every batch is one commit: readers, snapshots and watchers see it
 * whole or not at all. Commits are linearizable, batches serializable.
 *
 * <p><b>Retries.</b> After a lost race the caller's function or body runs again only if something that it read has
 * changed; otherwise its changes are put onto the new state. So slow functions at different paths run side by side, and
 * each runs once. A function must be free of side effects, and must not use its own store (a
 * {@link ReentrantUseException} refuses that).
 *
 * <p><b>Progress.</b> Reads of a store in memory are wait-free. Commits are lock-free as long as no attempt is starved:
 * a race is lost only to a commit that succeeded. An attempt that has been invalidated three times, and has cost a
 * millisecond, claims the <em>right of way</em>: until it has committed, and at most for
 * {@link StoreOptions#rightOfWay 100 ms}, writers whose commit would change a place that it read wait. They hold
 * nothing meanwhile. If the claimant itself blocks, they go on after twice the duration of its run. So a long batch on
 * a contended key commits within a few of its own durations, and no writer waits longer than the claims before it. A
 * body that takes longer than the limit may still starve, and so may one whose rivals are in another process.
 *
 * <p><b>Memory effects.</b> A thread's actions before its commit happen-before the actions of a thread that has read
 * that commit.
 *
 * <p>Thread-safe. The store itself retains no past state.
 */
public final class Store extends TreeEditor implements AutoCloseable {
    private static final Logger LOGGER = System.getLogger("dev.heartwood");

    private final Root root;
    private final Dialect dialect;
    /** Package-private for tests, which detect a leaked claim with it. */
    final RightOfWay rightOfWay;

    private final Consumer<? super Throwable> failureHandler;
    private final CommitLoop loop;
    private final long number;
    private final OriginSource origins;
    private final boolean strict;
    private final Sessions sessions;
    /** Whether this handle was closed; null for the opened store itself, whose root knows it. */
    private final @Nullable AtomicBoolean handleClosed;

    Store(Root root, StoreOptions options) {
        this.root = root;
        this.dialect = root.timeline().dialect();
        // Before the root is taken: a root whose tree is refused can still have another store.
        options.requireGuardsHold(root.timeline().newest());
        this.rightOfWay = new RightOfWay(options.rightOfWay());
        root.timeline().claim(rightOfWay);
        this.failureHandler = options.failureHandler();
        this.number = ReentrancyGuard.number();
        this.loop = new CommitLoop(root, rightOfWay, options.guards(), number);
        this.origins = new OriginSource(root.timeline(), options.origins(), null);
        this.strict = options.isStrict();
        this.sessions = new Sessions(this, root.isShared(), failureHandler);
        this.handleClosed = null;
    }

    /** A handle: the same store with another origin of its commits. */
    private Store(Store opened, OriginSource origins) {
        this.root = opened.root;
        this.dialect = opened.dialect;
        this.rightOfWay = opened.rightOfWay;
        this.failureHandler = opened.failureHandler;
        this.loop = opened.loop;
        this.number = opened.number;
        this.origins = origins;
        this.strict = opened.strict;
        this.sessions = opened.sessions;
        this.handleClosed = new AtomicBoolean();
    }

    /** An empty store in memory. */
    public static Store create() {
        return options().create();
    }

    /**
     * A store in memory that starts with a copy of {@code tree}.
     *
     * @throws UnsupportedValueException if it holds a value that no tree can hold
     */
    public static Store of(Map<String, ? extends @Nullable Object> tree) {
        return options().of(tree);
    }

    /** A store in memory that starts with {@code tree}; a tree that the library made is used unchanged, in O(1). */
    public static Store of(io.vavr.collection.Map<String, ? extends @Nullable Object> tree) {
        return options().of(tree);
    }

    /** The store over a root, which must have no other. */
    public static Store over(Root root) {
        return options().over(root);
    }

    /** The default options of a store; each method of {@link StoreOptions} names its default. */
    public static StoreOptions options() {
        return new StoreOptions();
    }

    /**
     * A handle on this store whose commits carry an author, see {@link Snapshot#origin}. In everything else it is the
     * same store: one tree, one version, one order of commits; a function of one may not use the other. References,
     * maps and other objects made from the handle keep its author. A handle made from a handle has only the new author.
     *
     * <p>O(1), so make one where you need it. {@link #close} of a handle ends that handle alone; closing the store that
     * was opened ends all.
     *
     * @param author a name, not blank
     */
    public Store as(String author) {
        requireOutside();
        return new Store(this, origins.as(OriginSource.requireAuthor(author)));
    }

    /** The author of the commits of this handle; null for the store that was opened. */
    public @Nullable String author() {
        return origins.author();
    }

    /** The newest state; O(1). */
    public Snapshot snapshot() {
        return visible();
    }

    /** The version of the newest state: larger with every commit that changes something. */
    public long version() {
        return visible().version();
    }

    /**
     * Runs {@code body} as one commit: all of it or nothing.
     *
     * @return the states before and after, and how often the body ran
     * @throws GuardException if the result breaks a guard; this and the other errors of a commit are described in
     *     {@link TreeEditor}, under <em>Errors</em>
     */
    public Commit batch(Consumer<? super Transaction> body) {
        requireNonNull(body, "body must not be null");
        return commitBatch(asBatch(tx -> {
            body.accept(tx);
            return true;
        }));
    }

    /** {@inheritDoc} */
    @Override
    public void atomically(Consumer<? super Transaction> body) {
        batch(body);
    }

    /** {@link #batch} with a result; the errors are those of {@link #batch}. */
    public <R extends @Nullable Object> R transact(Function<? super Transaction, ? extends R> body) {
        return transactChecked(requireNonNull(body, "body must not be null")::apply);
    }

    /** {@link #batch} with a body that throws a checked exception; the caller gets that exception itself. */
    public <E extends Exception> Commit batchChecked(TransactionBody<E> body) throws E {
        requireNonNull(body, "body must not be null");
        return commitBatch(this.<Boolean, E>asBatch(tx -> {
            body.accept(tx);
            return true;
        }));
    }

    /** {@link #batchChecked} with a result. */
    @SuppressWarnings("NullAway") // null only where R allows it
    public <R extends @Nullable Object, E extends Exception> R transactChecked(TransactionFunction<R, E> body)
            throws E {
        Batch<R, E> batch = asBatch(requireNonNull(body, "body must not be null"));
        commitBatch(batch);
        return batch.result();
    }

    /**
     * Makes {@code next} the newest state, if {@code expected} is the newest state. Versions are never reused, so this
     * never mistakes a restored state for the original one.
     *
     * @param expected a committed snapshot of this store
     * @param next a draft of it, or any other snapshot
     * @return whether {@code expected} was the newest state
     * @throws IllegalArgumentException if {@code expected} is a draft, or of another store; if {@code next} is of a
     *     history that does not record all places
     */
    public boolean compareAndSet(Snapshot expected, Snapshot next) {
        requireNonNull(expected, "expected must not be null");
        requireNonNull(next, "next must not be null");
        if (expected.isDraft() || expected.identity() != root.timeline().identity()) {
            throw new IllegalArgumentException("expected must be a committed snapshot of this store, but is "
                    + (expected.isDraft() ? "a draft" : "of another store"));
        }
        return loop.commit(replaceTree(next), expected, origins, requireOutside());
    }

    /**
     * A new commit whose tree is that of {@code then}.
     *
     * @throws IllegalArgumentException if {@code then} is of a history that does not record all places; nothing is changed
     */
    public Commit restore(Snapshot then) {
        Rewrite rewrite = replaceTree(requireNonNull(then, "then must not be null"));
        return batch(tx -> tx.rewrite(rewrite));
    }

    /**
     * {@link #transactChecked} with a body that may wait: if the body calls {@link Transaction#retry}, nothing of the
     * attempt is committed, the thread sleeps until something that the body has read changes, and the body runs again.
     * On a shared root this works across processes.
     *
     * <p>No wake-up is lost: if a place that the body has read changes before the thread sleeps, the body runs again at
     * once. A sleeping thread retains the places that the body has read, but no state; a body that has read nothing
     * sleeps until the timeout.
     *
     * <p><b>Timeout.</b> The first attempt always begins; no other begins after the timeout or an interrupt. Once a
     * commit is accepted, the caller gets its outcome even after the timeout or an interrupt; the interrupt status is
     * then kept.
     *
     * @param timeout zero or less for a single attempt
     * @return the result of the body
     * @throws TimeoutException if the timeout has passed; nothing was committed
     * @throws InterruptedException if the thread was interrupted; nothing was committed
     * @throws StoreClosedException if the store is closed meanwhile
     * @throws IllegalStateException inside a function or batch of any store, and on a thread that runs a listener of
     *     this store: other threads may wait for that one
     */
    @SuppressWarnings("NullAway") // null only where R allows it
    public <R extends @Nullable Object, E extends Exception> R awaitTransact(
            TransactionFunction<R, E> body, Duration timeout) throws E, InterruptedException, TimeoutException {
        requireNonNull(body, "body must not be null");
        requireNonNull(timeout, "timeout must not be null");
        requireMayWait();
        BlockingBatch<R, E> batch = new BlockingBatch<>(this, checked(body), timeout);
        try {
            for (Waiter waiter = attempt(batch); waiter != null; waiter = attempt(batch)) {
                batch.sleep(waiter);
            }
        } catch (InterruptedException e) {
            boolean ignored = Thread.interrupted(); // kept until here, so that no attempt could begin
            throw e;
        }
        return batch.result();
    }

    /** Null if the batch has committed; else this thread is registered at everything that the batch has read. */
    private @Nullable Waiter attempt(BlockingBatch<?, ?> batch) throws InterruptedException, TimeoutException {
        try {
            commitBatch(batch);
            return null;
        } catch (RetrySignal retry) {
            // The loop has settled the base of the attempt, and given up its claim of the right of way.
            return batch.register(root);
        }
    }

    private void requireMayWait() {
        ReentrancyGuard here = ReentrancyGuard.here();
        if (here.anything() || here.delivers(root.timeline().number())) {
            throw new IllegalStateException(
                    here.anything()
                            ? "a batch cannot wait inside a function or batch of a store: its own writer would wait for it"
                            : "a batch cannot wait on a thread that runs a listener of its store: commits may wait for"
                                    + " the listener; run it on a thread of your own");
        }
    }

    /** {@inheritDoc} */
    @Override
    public ScopedStore under(Object... steps) {
        return under(KeyPath.of(steps));
    }

    /** {@inheritDoc} */
    @Override
    public ScopedStore under(KeyPath place) {
        return new ScopedStore(this, requireNonNull(place, "place must not be null"));
    }

    /** A handle on the value at a path; the steps are those of {@link KeyPath#of(Object...)}. */
    public Ref<@Nullable Object> at(Object... steps) {
        return at(KeyPath.of(steps));
    }

    /** A handle on the value at a path. */
    public Ref<@Nullable Object> at(KeyPath path) {
        return new Ref<>(this, requireNonNull(path, "path must not be null"), Object.class);
    }

    /**
     * Calls {@code listener} for every change of the value at the path, presence included: in version order, one call
     * at a time, and not for the initial state. {@link Delivery} describes the thread of the calls, and the changes
     * that may be skipped.
     */
    public Subscription watch(KeyPath path, Delivery delivery, Consumer<? super Update> listener) {
        requireOutside();
        requireNonNull(path, "path must not be null");
        requireNonNull(delivery, "delivery must not be null");
        requireNonNull(listener, "listener must not be null");
        return Watch.start(root.timeline(), path, delivery.orHandler(failureHandler), listener);
    }

    /**
     * Calls {@code listener} for every change of a value at a place of the pattern, presence included: once for each
     * place that differs, with its own path. The calls for one commit come together, in the order of their paths. For a
     * pattern that ends in {@code **} these are the deepest places that differ, like the changes of a {@link Diff}: a
     * new subtree is one place; lists are compared by position. Otherwise this is
     * {@link #watch(KeyPath, Delivery, Consumer)}; the backlog of {@link Delivery#every} counts commits.
     */
    public Subscription watch(PathPattern pattern, Delivery delivery, Consumer<? super Update> listener) {
        requireOutside();
        requireNonNull(pattern, "pattern must not be null");
        requireNonNull(delivery, "delivery must not be null");
        requireNonNull(listener, "listener must not be null");
        return Watch.start(root.timeline(), pattern, delivery.orHandler(failureHandler), listener);
    }

    /** {@link #watch(KeyPath, Delivery, Consumer)} on a top-level key. */
    public Subscription watch(String key, Delivery delivery, Consumer<? super Update> listener) {
        return watch(KeyPath.ofTokens(key), delivery, listener);
    }

    /**
     * Waits until {@code condition} holds, and returns the state in which it does. Always looks at the newest state,
     * and may miss a state that was visible only for a moment.
     *
     * <p>The condition is evaluated again only if something that it has read has changed, so it must read through the
     * view that it is given. If it reads a clock, a variable or the store itself, it is not evaluated again when that
     * changes.
     *
     * @throws TimeoutException if it does not hold in time
     * @throws StoreClosedException if the store is closed meanwhile
     */
    public Snapshot await(Predicate<? super TreeView> condition, Duration timeout)
            throws InterruptedException, TimeoutException {
        requireOutside();
        requireNonNull(condition, "condition must not be null");
        requireNonNull(timeout, "timeout must not be null");
        return Await.on(root, condition, timeout);
    }

    /** {@link #awaitAsync(Predicate, Executor)} on the common pool. */
    public CompletableFuture<Snapshot> awaitAsync(Predicate<? super TreeView> condition) {
        return awaitAsync(condition, ForkJoinPool.commonPool());
    }

    /**
     * {@link #await} without a thread: completes with the state in which {@code condition} holds. The condition is
     * evaluated, and the future completed, on {@code executor}, and never on a thread that commits, unless the executor
     * runs tasks on the calling thread. As with {@link #await}, the condition is evaluated again only if something that
     * it has read has changed.
     *
     * <p>Completes with an exception of the condition, with {@link StoreClosedException} when the store is closed, and
     * with the executor's exception if that rejects the task. Completing the future in any other way, such as
     * {@code cancel} or {@code orTimeout}, ends the wait.
     *
     * @return a future of this call alone
     */
    public CompletableFuture<Snapshot> awaitAsync(Predicate<? super TreeView> condition, Executor executor) {
        requireOutside();
        requireNonNull(condition, "condition must not be null");
        requireNonNull(executor, "executor must not be null");
        return AsyncAwait.start(root, condition, Delivery.latest(executor).orHandler(failureHandler));
    }

    /**
     * A value that {@code function} computes from the tree. It is computed on demand, and again only when something
     * that the function has read has changed.
     *
     * @param function free of side effects; reads through its argument alone, and must not use the store
     */
    public <T extends @Nullable Object> Derived<T> derive(Function<? super TreeView, ? extends T> function) {
        return new Derived<>(this, requireNonNull(function, "function must not be null"));
    }

    /** {@link #publisher(KeyPath, Executor)} on the common pool. */
    public Flow.Publisher<Update> publisher(KeyPath path) {
        return publisher(path, ForkJoinPool.commonPool());
    }

    /**
     * The changes of the value at a path, as a reactive stream with back-pressure. Each subscriber begins with the
     * first change after its subscription. Between its requests changes are merged into one, from the value that the
     * subscriber received last to the newest value; {@link Update#skipped} is the number of versions in between. So a
     * slow subscriber retains two states, and keeps up.
     *
     * <p>When the store is closed, a subscriber gets its pending change, if it requests one, and then
     * {@code onComplete}. If the storage of the store has failed or was replaced, so that the store refuses further
     * commits, it gets {@code onError} instead.
     *
     * <p>Signals come on {@code executor}, one at a time, and never on a thread that commits, unless the executor runs
     * tasks on the calling thread. If a method of a subscriber throws, the subscriber is cancelled, and the store's
     * failure handler gets the exception. If the executor rejects a task, the handler gets its exception, and the next
     * change is a new attempt; an executor that is shut down ends the stream: the subscriber gets {@code onError} with the
     * exception, on the thread that subscribes, requests or commits.
     */
    public Flow.Publisher<Update> publisher(KeyPath path, Executor executor) {
        requireOutside();
        requireNonNull(path, "path must not be null");
        requireNonNull(executor, "executor must not be null");
        return new UpdateSubscription.Publisher(
                root.timeline(), path, Delivery.latest(executor).orHandler(failureHandler));
    }

    /**
     * Opens a session: ownership of places of the tree, which ends when this process is killed. See {@link Session}.
     *
     * @param name for people, not blank; need not be unique
     * @param ttl the time to live: a session that is silent for this long is ended by another process; 100 ms to a
     *     year. On a root that processes share, the store commits four heartbeats in this time
     */
    public Session session(String name, Duration ttl) {
        requireOutside();
        return sessions.open(
                this, requireNonNull(name, "name must not be null"), requireNonNull(ttl, "ttl must not be null"));
    }

    /**
     * Registers a function for places whose {@link Session} ends. The function runs within the commit that ends the
     * session, in this process or in another one that has registered a function of that name; a process that lacks a
     * function of a session never ends it. From now on this process watches the sessions of other processes, if the
     * root is shared.
     *
     * <p>If the function throws, the session stays open, the failure handler of the store gets the exception, and the
     * store tries again after each time to live.
     *
     * @param handler the name that {@link Session#own(KeyPath, String)} is given; once for each store
     * @param function gets the transaction and the place, which has a value. Runs on any thread, as the body of a
     *     batch, and should be brief
     * @throws IllegalArgumentException if there is a function of that name already
     */
    public void onSessionEnd(String handler, BiConsumer<? super Transaction, ? super KeyPath> function) {
        requireOutside();
        sessions.onEnd(
                requireNonNull(handler, "handler must not be null"),
                requireNonNull(function, "function must not be null"));
    }

    /**
     * The live top level as a map with atomic {@code compute} and {@code merge}. As in every {@code ConcurrentMap},
     * null means absent: the map does not show a key whose value is a JSON null.
     *
     * <p>Each call looks at one state, and so does each iterator and each stream of its keys, values and entries.
     * {@code replaceAll}, {@code putAll}, {@code removeIf} and similar methods make one commit for each entry. Removal
     * by value removes an entry only if it still has that value; an iterator's {@code remove} removes the present value
     * of the key. {@code size} is O(n), {@code isEmpty} is not.
     *
     * <p>Values, also the arguments of functions, have the form that {@link #get(String)} returns: containers as Vavr
     * collections, whole numbers as {@code Long}. The arguments of {@code containsValue}, {@code contains},
     * {@code remove} and {@code replace} are converted as in {@code put}, so that 1 finds the {@code Long}, and a
     * {@code java.util.List} the equal list. {@code equals} is that of {@code java.util.Map}, on the returned values:
     * to compare with nested {@code java.util} collections, use {@link #getMap(KeyPath)} of the root.
     */
    public ConcurrentMap<String, Object> asMap() {
        return asMap(KeyPath.root());
    }

    /**
     * {@link #asMap()} of the live map at a path. While the path has no value, the live map is empty; the first
     * {@code put} creates the map and its parents. While the value is not a map, every call throws a
     * {@link TypeMismatchException}.
     */
    public ConcurrentMap<String, Object> asMap(KeyPath path) {
        return new LiveMap(this, requireNonNull(path, "path must not be null"));
    }

    /**
     * Calls a recorder for each commit from now on, on the committing threads: see {@link CommitRecorder}. For
     * libraries that record commits, such as the history. While a recorder is registered, commits carry their time.
     */
    public CommitRecording record(CommitRecorder recorder) {
        requireOutside();
        return RecorderFollower.start(
                root.timeline(), requireNonNull(recorder, "recorder must not be null"), failureHandler);
    }

    /**
     * The newest state at a moment of this call: it contains every commit that was acknowledged before the call, on any
     * machine. On most roots this is {@link #snapshot}; a store over a log with local plain reads asks the log.
     *
     * @throws StoreIOException if the storage must be asked, and does not answer
     */
    public TreeView fresh() {
        requireOutside();
        return root.fresh();
    }

    /**
     * Waits until readers of this store see the state of a token or a later one, and returns that state. So a process
     * can read the commit of another process that sent it the {@link Commit#token()}.
     *
     * @throws TimeoutException if that state does not arrive in time
     * @throws IllegalArgumentException if the token is of another storage
     * @throws StoreException if the storage does not hold that state any more, since it was restored to an earlier one
     * @throws StoreClosedException if the store is closed meanwhile
     */
    public Snapshot atLeast(Token token, Duration timeout) throws InterruptedException, TimeoutException {
        requireOutside();
        requireNonNull(token, "token must not be null");
        requireNonNull(timeout, "timeout must not be null");
        return Await.on(root, token, timeout);
    }

    /**
     * The outcome of a commit that was answered with an {@link IndeterminateCommitException}. May ask the storage. If a
     * request may still be under way, this makes sure that it cannot succeed later: after
     * {@link CommitOutcome#NOT_COMMITTED} the commit is never made.
     *
     * @throws StoreIOException if the storage must be asked, and does not answer; ask again later
     */
    public CommitOutcome outcomeOf(IndeterminateCommitException failure) {
        requireOutside();
        return root.outcomeOf(requireNonNull(failure, "failure must not be null"));
    }

    /**
     * Figures for monitoring, of all handles of this store together. Cheap, but not meant to be called for every
     * commit: it adds up counters, and asks the root for its newest states.
     *
     * @throws StoreClosedException once closed
     */
    public StoreStatistics statistics() {
        requireOutside();
        long version = root.visible().version();
        ContentionCounters counters = loop.counters();
        return new StoreStatistics(
                version,
                Math.max(0, root.head().version() - version),
                root.timeline().followers(),
                counters.lostRaces(),
                counters.repeatedRuns());
    }

    /** Makes every commit so far as durable as the root can. */
    public void flush() {
        requireOutside();
        root.flush();
    }

    /**
     * Ends the {@linkplain #session sessions} of this store, flushes and closes. A concurrent write is committed, or
     * refused with a {@link StoreClosedException}; every later use is refused. Snapshots and diffs stay usable. Closing
     * a handle from {@link #as} ends only that handle; its store stays open. Idempotent.
     */
    @Override
    public void close() {
        if (handleClosed != null) {
            handleClosed.set(true);
            return;
        }
        requireOutside();
        try {
            sessions.close();
        } finally {
            root.close();
        }
    }

    /** For people: the newest version, a few keys with their values, and the number of further keys; in O(1). */
    @Override
    public String toString() {
        Snapshot newest = root.timeline().newestIfAny();
        String as = author() == null ? "" : "as " + author() + ", ";
        return "Store[" + as + (newest == null ? "closed" : newest.summary()) + "]";
    }

    /**
     * Logs a failure; a log that fails itself fails nothing else. It is in this class because a log record names the logging class,
     * and users know this one.
     */
    static void logFailure(Level level, String message, Throwable failure) {
        try {
            LOGGER.log(level, message, failure);
        } catch (RuntimeException | Error e) {
            // Nobody can be told: the handler of the log may lack memory or a file descriptor.
        }
    }

    @Override
    HashMap<String, @Nullable Object> tree(KeyPath path, ReadSet.Kind how) {
        return visible().tree();
    }

    @Override
    HashMap<String, @Nullable Object> newestTree() {
        Snapshot newest = root.timeline().newestIfAny();
        return newest == null ? HashMap.empty() : newest.tree();
    }

    @Override
    Snapshot state() {
        return visible();
    }

    /** The sessions of this store, for tests. */
    Sessions sessions() {
        return sessions;
    }

    /** Whether the state, or the draft, is of this store. */
    boolean isOf(Snapshot state) {
        return state.identity().isSameStore(root.timeline().identity());
    }

    /** Whether this store, or a handle of it, has committed the state. */
    boolean hasCommitted(Snapshot state) {
        return state.identity() == root.timeline().identity();
    }

    /** Begins a function of this store on a thread; {@link ReentrancyGuard#exit} ends it. */
    void enterFunction(ReentrancyGuard here) {
        here.enter(number);
    }

    <T extends @Nullable Object> Subscription watch(
            Derived<T> derived, Delivery delivery, BiConsumer<? super T, ? super T> listener) {
        requireOutside();
        return DerivedWatch.start(root, derived, delivery.orHandler(failureHandler), listener);
    }

    @Override
    Dialect dialect() {
        return dialect;
    }

    @Override
    Rewrite rewrite(Rewrite rewrite) {
        loop.commit(rewrite, null, origins, requireOutside());
        return rewrite;
    }

    @Override
    void arrived(Rewrite rewrite) {}

    /** Refuses the use of a closed handle, and of the store inside its own function. */
    ReentrancyGuard requireOutside() {
        if (handleClosed != null && handleClosed.get()) {
            throw new StoreClosedException(String.valueOf(origins.author()));
        }
        ReentrancyGuard inside = ReentrancyGuard.here();
        inside.requireOutside(number);
        return inside;
    }

    private Snapshot visible() {
        requireOutside();
        return root.visible();
    }

    private Rewrite replaceTree(Snapshot next) {
        Object tree =
                next.identity().isSameStore(root.timeline().identity()) ? next.tree() : freeze(KeyPath.root(), next);
        return new Rewrite(this, KeyPath.root(), Rewrite.Mode.SET, found -> tree)
                .labelled(next.isDraft() ? next.origin().label() : null);
    }

    private <R extends @Nullable Object, E extends Exception> Batch<R, E> asBatch(TransactionFunction<R, E> body) {
        return new Batch<>(this, checked(body));
    }

    private <R extends @Nullable Object, E extends Exception> TransactionFunction<R, E> checked(
            TransactionFunction<R, E> body) {
        return strict ? StrictMode.twice(body) : body;
    }

    @Override
    boolean isStrict() {
        return strict;
    }

    private Commit commitBatch(Batch<?, ?> batch) {
        loop.commit(batch, null, origins, requireOutside());
        for (Runnable action : batch.afterCommit()) {
            try {
                action.run();
            } catch (Throwable e) {
                FailureHandlers.tell(failureHandler, e);
            }
        }
        return batch.commit().with(root.token(batch.commit().after()));
    }
}
