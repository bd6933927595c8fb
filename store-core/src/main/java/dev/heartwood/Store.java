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
 * next state beside it, sharing all that does not change, and puts it in place by one compare-and-set; if another
 * commit was first, it is built anew on top of that one.
 *
 * <p><b>Atomicity.</b> Every single operation and every batch is one commit: seen whole or not at all, by readers,
 * snapshots and watchers. Commits are linearizable, batches serializable.
 *
 * <p><b>Retries.</b> After a lost race the caller's function or body runs again only if something that it read has
 * changed; otherwise its changes are put onto the new state. So slow functions at different paths run side by side, and
 * once. A function must be free of side effects, and must not use its own store: {@link ReentrantUseException}.
 *
 * <p><b>Progress.</b> Reads of a store in memory are wait-free. Commits are lock-free as long as no attempt is starved:
 * a race is lost only to a commit that won. An attempt that has been invalidated three times, and has cost a
 * millisecond, claims the <em>right of way</em>: until it has committed, and at most for
 * {@link StoreOptions#rightOfWay 100 ms}, writers whose commit would change what it read wait, holding nothing; then
 * they go on. Where the claimant itself waits for something, they go on after twice the duration of its run. So a long
 * batch on a contended key commits within a few of its own durations, and nobody waits longer than the claims before
 * it. A body that takes longer than the cap, or rivals in another process, may still starve it.
 *
 * <p><b>Memory effects.</b> What a thread did before a commit is visible to every thread that has seen the commit.
 *
 * <p>Thread-safe. The store itself retains no past state.
 */
public final class Store extends TreeEditor implements AutoCloseable {
    private static final Logger LOGGER = System.getLogger("dev.heartwood");

    private final Root root;
    private final Dialect dialect;
    /** For tests, too: a claim that leaked would pass unnoticed otherwise. */
    final RightOfWay rightOfWay;

    private final Consumer<? super Throwable> failureHandler;
    private final CommitLoop loop;
    private final long number;
    private final OriginSource origins;
    private final boolean strict;
    private final Sessions sessions;
    /** Whether this handle was closed; null for the store that was opened, which has its root for that. */
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

    /** A handle: the same store but for the origin of its commits. */
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
     * @throws UnsupportedValueException if it holds what no tree can hold
     */
    public static Store of(Map<String, ? extends @Nullable Object> tree) {
        return options().of(tree);
    }

    /** A store in memory that starts with {@code tree}; what the library made is taken as it is, in O(1). */
    public static Store of(io.vavr.collection.Map<String, ? extends @Nullable Object> tree) {
        return options().of(tree);
    }

    /** The store over a root, which must have no other. */
    public static Store over(Root root) {
        return options().over(root);
    }

    /** The default options of a store; each default stands with its method in {@link StoreOptions}. */
    public static StoreOptions options() {
        return new StoreOptions();
    }

    /**
     * A handle on this store whose commits carry an author, see {@link Snapshot#origin}. It is the same store in all
     * else: one tree, one version, one order of commits; a function of one may not use the other. References, maps and
     * whatever else is made from the handle keep its author. On a handle, the new author takes the place of its own.
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

    /** {@link #batch} with a body that throws a checked exception, which comes out unchanged. */
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
     * Makes {@code next} the newest state, if {@code expected} is it. Versions are never reused, so a state that was
     * left and restored is not mistaken for itself.
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
     * {@link #transactChecked} with a body that may wait: where it calls {@link Transaction#retry}, nothing of the
     * attempt is committed, the thread sleeps until something that the body has read is another, and the body runs
     * again. Works across processes on a root that is shared.
     *
     * <p>No wake-up is lost: a change of anything that was read, between the state that the body saw and its sleep,
     * makes it run again at once. A thread that sleeps holds the places that the body has read, and no state; a body
     * that has read nothing sleeps until the timeout.
     *
     * <p><b>Timeout.</b> The first attempt always begins; no other begins after the timeout or an interrupt. Once a
     * commit is accepted, it is answered whatever the clock or an interrupt says; the interrupt is kept then.
     *
     * @param timeout zero or less for a single attempt
     * @return what the body gives
     * @throws TimeoutException if the timeout has passed; nothing was committed
     * @throws InterruptedException if the thread was interrupted; nothing was committed
     * @throws StoreClosedException if the store is closed meanwhile
     * @throws IllegalStateException inside a function or batch of any store, and on a thread that runs a listener of
     * this
     *     one: others may wait for that
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

    /** A handle on the value at a path; the steps are as {@link KeyPath#of(Object...)} takes them. */
    public Ref<@Nullable Object> at(Object... steps) {
        return at(KeyPath.of(steps));
    }

    /** A handle on the value at a path. */
    public Ref<@Nullable Object> at(KeyPath path) {
        return new Ref<>(this, requireNonNull(path, "path must not be null"), Object.class);
    }

    /**
     * Calls {@code listener} for every change of the value at the path, presence included. In version order, one call
     * at a time; not for the state it started from. See {@link Delivery} for where it runs and what it may miss.
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
     * place that differs, with its own path, and those of one commit together, in the order of their paths. A pattern
     * that ends in {@code **} tells the deepest places that differ, as the changes of a {@link Diff} are: a subtree
     * that is new is one place; lists are compared by position. Everything else is as {@link #watch(KeyPath, Delivery,
     * Consumer)} has it; the backlog of {@link Delivery#every} counts commits.
     */
    public Subscription watch(PathPattern pattern, Delivery delivery, Consumer<? super Update> listener) {
        requireOutside();
        requireNonNull(pattern, "pattern must not be null");
        requireNonNull(delivery, "delivery must not be null");
        requireNonNull(listener, "listener must not be null");
        return Watch.start(root.timeline(), pattern, delivery.orHandler(failureHandler), listener);
    }

    /** {@link #watch(KeyPath, Delivery, Consumer)} on a key of the top level. */
    public Subscription watch(String key, Delivery delivery, Consumer<? super Update> listener) {
        return watch(KeyPath.ofTokens(key), delivery, listener);
    }

    /**
     * Waits until {@code condition} holds, and gives the state in which it does. Always looks at the newest state, and
     * may miss one that stood only for a moment.
     *
     * <p>The condition is evaluated again only if something that it has read has changed, so it must read through the
     * view that it is given. One that asks a clock, a variable or the store itself is not evaluated again when that
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
     * with the executor's exception if that rejects the task. To complete the future in any other way, such as
     * {@code cancel} or {@code orTimeout}, ends the waiting.
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
     * A value that {@code function} makes of the tree, computed when it is asked for, and again only when something
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
     * first change after its subscription. Between its requests changes are merged into one, from the value that it was
     * told last to the newest: {@link Update#skipped} says how many versions are left out. So a slow subscriber holds
     * two states, and keeps up.
     *
     * <p>When the store is closed, a subscriber gets the change that waits for it, if it requests it, and then
     * {@code onComplete}. When a commit or a look finds that the store takes no more commits, since its storage has failed
     * or was replaced, {@code onError} takes the place of that.
     *
     * <p>Signals come on {@code executor}, one at a time, and never on a thread that commits, unless
     * the executor runs tasks on the calling thread. A subscriber whose method throws is cancelled, and the store's
     * failure handler is told.
     */
    public Flow.Publisher<Update> publisher(KeyPath path, Executor executor) {
        requireOutside();
        requireNonNull(path, "path must not be null");
        requireNonNull(executor, "executor must not be null");
        return new UpdateSubscription.Publisher(
                root.timeline(), path, Delivery.latest(executor).orHandler(failureHandler));
    }

    /**
     * Opens a session: places that belong to this process, and come back when it is killed. See {@link Session}.
     *
     * @param name for people, not blank; need not be unique
     * @param ttl the time to live: for how long the session may be silent before another process ends it; 100 ms to a year.
     *     On a root that processes share, four heartbeats are committed in it
     */
    public Session session(String name, Duration ttl) {
        requireOutside();
        return sessions.open(
                this, requireNonNull(name, "name must not be null"), requireNonNull(ttl, "ttl must not be null"));
    }

    /**
     * Names the function to which a place is handed when the {@link Session} that owns it ends, in whichever process. It is
     * run within the commit that ends the session, by this process or by another one that has named such a function; a
     * session is never ended by a process that does not know all its functions. From now on this process watches the sessions
     * of others, if the root is shared.
     *
     * <p>A function that throws leaves the session open, and is tried again after each time to live; the failure handler of
     * the store is told.
     *
     * @param handler the name that {@link Session#own(KeyPath, String)} is given; once for each store
     * @param function gets the transaction, and the place, at which something is. Runs on any thread, as the body of a batch,
     *     and should be brief
     * @throws IllegalArgumentException if there is a function of that name already
     */
    public void onSessionEnd(String handler, BiConsumer<? super Transaction, ? super KeyPath> function) {
        requireOutside();
        sessions.onEnd(
                requireNonNull(handler, "handler must not be null"),
                requireNonNull(function, "function must not be null"));
    }

    /**
     * The live top level as a map with atomic {@code compute} and {@code merge}. As a {@code ConcurrentMap} has it,
     * null is absent: a key that holds a JSON null does not show.
     *
     * <p>Each call looks at one state, and so does each iterator and each stream of its keys, values and entries.
     * {@code replaceAll}, {@code putAll}, {@code removeIf} and their like are a commit for each entry; what is removed
     * by its value is removed only while it stands, and an iterator's {@code remove} removes what the key holds. To
     * count is O(n), to ask for emptiness is not.
     *
     * <p>Values come out as {@link #get(String)} gives them, and so do those that functions get: containers as Vavr
     * collections, whole numbers as {@code Long}. What is looked for ({@code containsValue}, {@code contains},
     * {@code remove}, {@code replace}) is taken as {@code put} would take it, so that 1 finds the {@code Long}, and a
     * {@code java.util.List} the list that was made of it. {@code equals} is that of {@code java.util.Map}, by the
     * values that come out: to compare with {@code java.util} collections inside, use {@link #getMap(KeyPath)} of the
     * root.
     */
    public ConcurrentMap<String, Object> asMap() {
        return asMap(KeyPath.root());
    }

    /**
     * {@link #asMap()} of the live map at a path. While nothing is there the map is empty, and the first entry that is
     * put makes it, with its parents. While something else is there, every call is a {@link TypeMismatchException}.
     */
    public ConcurrentMap<String, Object> asMap(KeyPath path) {
        return new LiveMap(this, requireNonNull(path, "path must not be null"));
    }

    /**
     * Tells a recorder of each commit from now on, on the threads that commit: see {@link CommitRecorder}. For
     * libraries that keep what a store does, such as the history. While it is there, commits carry their time.
     */
    public CommitRecording record(CommitRecorder recorder) {
        requireOutside();
        return RecorderFollower.start(
                root.timeline(), requireNonNull(recorder, "recorder must not be null"), failureHandler);
    }

    /**
     * The newest state at a moment of this call: it knows every commit that anybody was told of before the call, on
     * whichever machine. On most roots this is {@link #snapshot}; a store over a log whose plain reads are local asks
     * the log.
     *
     * @throws StoreIOException if the storage must be asked, and does not answer
     */
    public TreeView fresh() {
        requireOutside();
        return root.fresh();
    }

    /**
     * Waits until readers of this store see the state of a token or a later one, and gives the state that they see: so
     * a process reads what another one has written and sent it the {@link Commit#token()} of.
     *
     * @throws TimeoutException if that state is not here in time
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
     * The outcome of a commit that was answered with an {@link IndeterminateCommitException}. May ask the storage, and
     * where a request may still be under way closes the question: after {@link CommitOutcome#NOT_COMMITTED} the commit
     * never comes.
     *
     * @throws StoreIOException if the storage must be asked, and does not answer; ask again later
     */
    public CommitOutcome outcomeOf(IndeterminateCommitException failure) {
        requireOutside();
        return root.outcomeOf(requireNonNull(failure, "failure must not be null"));
    }

    /**
     * Figures for monitoring, of all handles of this store together. Cheap, but not for every commit: it adds up
     * counters, and asks the root for its newest states.
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
     * Ends the {@linkplain #session sessions} of this store, flushes and closes: a write in flight is committed or refused with {@link StoreClosedException}, and so is every
     * later use. Snapshots and diffs stay usable. A handle that {@link #as} has given is only ended itself, and its
     * store goes on. Idempotent.
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

    /** For people: the newest version, a few keys with their values, and how many keys there are more; in O(1). */
    @Override
    public String toString() {
        Snapshot newest = root.timeline().newestIfAny();
        String as = author() == null ? "" : "as " + author() + ", ";
        return "Store[" + as + (newest == null ? "closed" : newest.summary()) + "]";
    }

    /** Logs a failure. Stands here because a log record names the class that logs, and this is one that users know. */
    static void logFailure(Level level, String message, Throwable failure) {
        LOGGER.log(level, message, failure);
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
        if (next.identity().isPartial()) {
            throw new IllegalArgumentException(
                    "a state of a history that does not record all places (only, redact) is not"
                            + " the whole tree, and would remove what it does not have. Nothing is changed. Put the parts that you"
                            + " want, or keep a history that records all");
        }
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
