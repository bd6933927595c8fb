package dev.heartwood;

import static dev.heartwood.tree.Nodes.MISSING;

import dev.heartwood.tree.MapUpdate;
import dev.heartwood.tree.Nodes;
import dev.heartwood.tree.TreeEquality;
import io.vavr.collection.HashMap;
import io.vavr.collection.Vector;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The private tree of a batch: it reads and writes as if it were alone, and the batch commits all of it or nothing.
 *
 * <p>Each answer of a transaction, a result or an exception, is a <em>read</em> of the batch, and the batch commits
 * only on a state in which all its reads are unchanged: {@code get} reads a value by reference, {@code contains}
 * presence, {@code size} the size, {@code keys} the key set; {@code put} reads the previous value, {@code set} nothing.
 * Reading at or below a path that the batch itself has set reads the batch's own value.
 *
 * <p>Only the thread that runs the body may use it, and only while the body runs; any other use is an
 * {@code IllegalStateException}.
 */
public sealed class Transaction extends TreeEditor permits ScopedTransaction {
    private final Snapshot base;
    private final AccessLog notes;
    private final boolean mayWait;
    private boolean retried;
    /** The actions to run after the commit; null on a draft, which is never committed. */
    private @Nullable List<Runnable> afterCommit;
    /** The functions to be applied at the commit. */
    private CommuteQueue commutes = CommuteQueue.EMPTY;

    private @Nullable String label;
    private @Nullable OnceValues onceValues;
    private @Nullable Thread owner = Thread.currentThread();
    private HashMap<String, @Nullable Object> tree;
    private @Nullable KeyPath lastWritten;
    private int lastLevel;
    private @Nullable Object lastMade;
    /** The node before a replacement in maps, or the sum of an addition: the second result of the descent. */
    private @Nullable Object found;

    /** A batch on top of {@code base}, which may wait; or a draft, which is never committed. */
    Transaction(Snapshot base, boolean draft, boolean mayWait) {
        this.mayWait = mayWait;
        this.base = base;
        this.tree = base.tree();
        this.afterCommit = draft ? null : List.of();
        this.notes = new AccessLog();
    }

    /** For a scoped transaction, which delegates to the other one and uses none of these fields. */
    Transaction(Transaction whole) {
        this.mayWait = whole.mayWait;
        this.base = whole.base;
        this.tree = whole.tree;
        this.notes = whole.notes;
    }

    /** {@inheritDoc} */
    @Override
    public Transaction under(Object... steps) {
        return under(KeyPath.of(steps));
    }

    /** {@inheritDoc} */
    @Override
    public Transaction under(KeyPath place) {
        return new ScopedTransaction(this, Objects.requireNonNull(place, "place must not be null"));
    }

    @Override
    Transaction whole() {
        return this;
    }

    /** The state that the batch builds on. Calling this counts as a read of everything. */
    public Snapshot base() {
        tree(KeyPath.root(), ReadSet.Kind.VALUE);
        return base;
    }

    /**
     * Sets the reason of the commit: its {@link Origin} has the label, and so do its records in a history and in a root
     * that keeps commits. The last call wins. A batch that changes nothing commits nothing, and its label is dropped.
     *
     * @param reason not null; for people, so keep it short, and keep secrets out of it
     */
    public void label(String reason) {
        Objects.requireNonNull(reason, "reason must not be null");
        requireOpen();
        label = reason;
    }

    /**
     * A value that is the same for all runs of this batch: for ids, clocks and random numbers. The supplier is called
     * only if it has returned in no earlier run; calls are identified by their order, those within a supplier by themselves.
     *
     * <pre>{@code
     * store.batch(tx -> tx.put("at", tx.once(Instant::now)));
     * }</pre>
     *
     * <p>The supplier must not use the transaction, except for a {@code once} of its own: a run that does not call it would
     * lack its reads and writes. Any other use of the transaction within it is an {@code IllegalStateException}.
     *
     * @param supplier called on this thread, until it has returned once; not null
     */
    public <T extends @Nullable Object> T once(Supplier<? extends T> supplier) {
        Objects.requireNonNull(supplier, "supplier must not be null");
        OnceValues values = onceValues;
        if (values != null && values.supplying() == Thread.currentThread()) {
            return values.next(supplier);
        }
        requireOpen();
        if (values == null) {
            values = new OnceValues();
            onceValues = values;
        }
        Thread runs = owner;
        owner = null; // the supplier finds the transaction closed, at no cost for the uses outside of it
        try {
            return values.next(supplier);
        } finally {
            owner = runs;
        }
    }

    /**
     * Lets the batch commit only while the session is open; any process may end the session. This is the only read of
     * the session: its heartbeats cannot make this batch run again.
     *
     * @param session of the same store
     * @throws SessionEndedException if it has ended
     */
    public void require(Session session) {
        Objects.requireNonNull(session, "session must not be null");
        requireOpen();
        session.require(this);
    }

    /**
     * Runs {@code action} once, when the batch has succeeded: on the caller's thread, in order, after the commit is as
     * durable as the root promises. An exception of the action goes to the store's failure handler, since the commit
     * stands.
     *
     * @param action not null
     * @throws IllegalStateException on the draft of {@link Snapshot#edit}, which is never committed
     */
    public void afterCommit(Runnable action) {
        Objects.requireNonNull(action, "action must not be null");
        requireOpen();
        List<Runnable> actions = afterCommit;
        if (actions == null) {
            throw new IllegalStateException("a draft is not committed, so nothing comes after it");
        }
        if (actions.isEmpty()) {
            actions = new ArrayList<>();
            afterCommit = actions;
        }
        actions.add(action);
    }

    /**
     * Replaces the value at the path, which must exist, with {@code fn} of it as a {@code type}, when the batch
     * commits: {@code fn} is applied to the newest value then. The batch does not see that value, so no other commit at
     * the place can make it run again: {@code tx.commute(hits, Long.class, n -> n + 1)} increments a shared counter.
     *
     * <p>If the batch reads or writes the place, or a place above or below it, {@code fn} is applied first, and this
     * call becomes an {@link #update(KeyPath, Class, UnaryOperator)}, which reads the value. The same happens in a part
     * of the tree that the batch itself has written.
     *
     * <p><b>Retries.</b> {@code fn} may be applied again for each commit that comes first, without another run of the
     * body, and must be free of side effects. Functions for one place are applied in their order.
     *
     * <p>A failure at the commit is an exception of the batch: {@link NoSuchPathException} if the path has no value,
     * {@link TypeMismatchException} if the old or new value is no exact {@code type}, or an exception of {@code fn}.
     * Nothing is changed then.
     */
    public <T> void commute(KeyPath path, Class<T> type, UnaryOperator<T> fn) {
        Objects.requireNonNull(path, "path must not be null");
        requireOpen();
        Objects.requireNonNull(type, "type must not be null");
        Objects.requireNonNull(fn, "fn must not be null");
        if (commutes.at(path) == null) {
            applyCommutes(path);
        }
        UnaryOperator<@Nullable Object> function =
                value -> Conversions.given(path, fn.apply(exact(path, value, type)), type);
        if (readWriteSet().overlapsWrites(path)) {
            update(path, function);
        } else {
            commutes = commutes.with(path, function);
        }
    }

    /** {@link #commute(KeyPath, Class, UnaryOperator)} at a top-level key. */
    public <T> void commute(String key, Class<T> type, UnaryOperator<T> fn) {
        commute(KeyPath.ofTokens(key), type, fn);
    }

    /** Applies the pending functions of places at, above and below the path. */
    final void applyCommutes(KeyPath path) {
        if (commutes == CommuteQueue.EMPTY) {
            return;
        }
        for (CommuteQueue.Commute commute : commutes.overlapping(path)) {
            CommuteQueue before = commutes;
            commutes = before.without(commute);
            boolean applied = false;
            try {
                rewrite(commute.rewrite(this));
                applied = true;
            } finally {
                if (!applied) {
                    commutes = before; // even if the body catches the exception, the commit throws it again
                }
            }
        }
    }

    /** {@inheritDoc} */
    @Override
    public void atomically(Consumer<? super Transaction> body) {
        Objects.requireNonNull(body, "body must not be null");
        requireOpen();
        Part part = beginPart();
        try {
            body.accept(this);
        } catch (Throwable e) {
            // Every Throwable: a body in another language may throw a checked exception that it does not declare.
            undo(part);
            throw e;
        } finally {
            notes.closePart();
        }
    }

    /**
     * Gives this attempt up: nothing of it is committed. The batch waits until something that it has read changes, and
     * runs again. Inside the first function of an {@link #orElse} this gives up only that function.
     *
     * <p>Never returns. If the body catches the exception of this method, the batch still waits after the body has
     * ended.
     *
     * @throws IllegalStateException in a batch that was not begun by {@link Store#awaitTransact}
     */
    @SuppressWarnings("TypeParameterUnusedInFormals") // usable wherever a value is expected, like a throw statement
    public <T> T retry() {
        requireOpen();
        if (!mayWait) {
            throw new IllegalStateException(
                    "this batch cannot wait, so it cannot retry: run its body with Store.awaitTransact(body, timeout)");
        }
        retried = true;
        throw new RetrySignal();
    }

    /**
     * {@linkplain #retry Retries} unless {@code condition} is true.
     *
     * @throws IllegalStateException if it is not, in a batch that was not begun by {@link Store#awaitTransact}
     */
    public void check(boolean condition) {
        if (!condition) {
            retry();
        }
    }

    /**
     * Runs {@code first}; if that {@linkplain #retry retries}, discards its writes, and runs {@code second} instead. If
     * both retry, the batch waits until something that either of them has read changes. May be nested.
     *
     * <p>The reads of {@code first} count as reads of the batch, also if {@code second} succeeds: so the choice is still right
     * when the batch commits. The writes of {@code first}, the functions that it {@linkplain #commute commutes}, its
     * {@link #label} and its {@link #afterCommit} actions are discarded. If either function throws, the caller gets that
     * exception; by itself it discards nothing.
     *
     * @return the result of the function that succeeded
     */
    public <R extends @Nullable Object> R orElse(
            Function<? super Transaction, ? extends R> first, Function<? super Transaction, ? extends R> second) {
        requireOpen();
        Objects.requireNonNull(first, "first must not be null");
        Objects.requireNonNull(second, "second must not be null");
        if (retried) {
            throw new RetrySignal();
        }
        Part part = beginPart();
        try {
            R result = first.apply(this);
            if (!retried) {
                return result;
            }
        } catch (Throwable e) {
            if (!retried) {
                throw e;
            }
        } finally {
            if (retried) {
                undo(part);
            }
            notes.closePart();
        }
        retried = false;
        return second.apply(this);
    }

    /** The state in which a part of the batch begins that may be undone. */
    private record Part(
            HashMap<String, @Nullable Object> tree,
            int actions,
            CommuteQueue commutes,
            @Nullable String label,
            int writes) {}

    private Part beginPart() {
        int actions = afterCommit == null ? 0 : afterCommit.size();
        return new Part(tree, actions, commutes, label, notes.openPart());
    }

    /** Discards the writes of a part of the batch. Its reads stay in the read set: they led to this decision. */
    private void undo(Part part) {
        tree = part.tree;
        lastWritten = null;
        afterCommit = afterCommit == null ? null : afterCommit.subList(0, part.actions);
        commutes = part.commutes;
        label = part.label;
        notes.undoWrites(part.writes);
    }

    /** Whether the body has called {@link #retry}, except in a function that {@link #orElse} has replaced. */
    boolean hasRetried() {
        return retried;
    }

    @Override
    HashMap<String, @Nullable Object> tree(KeyPath path, ReadSet.Kind how) {
        requireOpen();
        applyCommutes(path);
        notes.read(path, path.size(), how);
        return tree;
    }

    @Override
    HashMap<String, @Nullable Object> newestTree() {
        return tree;
    }

    @Override
    Snapshot state() {
        requireOpen();
        applyCommutes(KeyPath.root()); // a read of the whole tree also reads their places
        return tree == base.tree()
                ? base
                : new Snapshot(base.identity().drafts().unrecorded(), base.version(), tree);
    }

    @Override
    void noteRead(KeyPath path, int bits) {
        notes.readBits(path, path.size(), bits);
    }

    @Override
    Dialect dialect() {
        return base.dialect();
    }

    @Override
    Rewrite rewrite(Rewrite rewrite) {
        requireOpen();
        applyCommutes(rewrite.path());
        HashMap<String, @Nullable Object> before = tree;
        HashMap<String, @Nullable Object> next = next(rewrite);
        if (commutes != CommuteQueue.EMPTY) {
            // Inserted or removed elements may move the places of pending functions. And its function may have
            // commuted.
            boolean moves = rewrite.changesLength() || rewrite.appendsAt() >= 0;
            applyCommutes(moves ? rewrite.path().prefix(rewrite.listLevel()) : rewrite.path());
        }
        if (tree != before) {
            // Its function, or a commuted one, has used this transaction. That is allowed, except at its own place.
            if (!rewrite.reads().same(before, tree)) {
                throw new IllegalStateException("the function for "
                        + rewrite.path().forPeople() + " has itself written to that place: return the value instead");
            }
            next = rewrite.next(tree);
        }
        if (next != tree || rewrite.isBlind()) {
            // A place that was written blindly belongs to the batch, even if it already had that value.
            noteWrites(rewrite);
        }
        tree = next;
        return rewrite;
    }

    private HashMap<String, @Nullable Object> next(Rewrite rewrite) {
        try {
            return rewrite.next(tree);
        } catch (TypeMismatchException e) {
            if (rewrite.present() == 0) {
                notes.read(e.path(), e.path().size(), ReadSet.Kind.VALUE);
            }
            throw e;
        } catch (NoSuchPathException e) {
            if (rewrite.present() == 0) {
                noteMissing(e.path());
            }
            throw e;
        }
    }

    /** Notes the reads of the rewrite before its step gets the value. */
    @Override
    void arrived(Rewrite rewrite) {
        noteReads(rewrite);
    }

    private void noteReads(Rewrite rewrite) {
        KeyPath path = rewrite.path();
        ReadSet.Kind reading = rewrite.reading();
        int size = path.size();
        int present = rewrite.present();
        if (present < size) {
            // It creates parents. Two batches that create the same parent must not overwrite each other.
            notes.read(path, present, ReadSet.Kind.PRESENCE);
        }
        if (reading != null) {
            notes.read(path, size, reading);
        }
        if (size > 0 && (reading == null || present <= size)) {
            noteContainer(rewrite, Math.min(present, size));
        }
    }

    /**
     * Notes that the write was possible: the container above the place is a map, or a list that is long enough. If the
     * place was read, its value implies that, too.
     */
    private void noteContainer(Rewrite rewrite, int level) {
        notes.read(rewrite.path(), level - 1, ReadSet.Kind.KIND);
        if (rewrite.isInList()) {
            notes.read(rewrite.path(), level, ReadSet.Kind.PRESENCE);
        }
    }

    /**
     * Notes the reason why the path has no value and cannot be written: a map without the key, or a short list.
     */
    private void noteMissing(KeyPath path) {
        int there = 0;
        Object node = tree;
        for (Object child = tree; child != MISSING && there < path.size(); ) {
            node = child;
            child = Nodes.child(node, path.token(there++));
        }
        notes.read(path, there, ReadSet.Kind.PRESENCE);
        notes.read(path, there - 1, node instanceof Vector ? ReadSet.Kind.SIZE : ReadSet.Kind.KIND);
    }

    private void noteWrites(Rewrite rewrite) {
        KeyPath path = rewrite.path();
        int level = Math.min(rewrite.present(), path.size());
        if (rewrite.changesLength() || rewrite.appendsAt() >= 0) {
            level = rewrite.listLevel();
            notes.read(path, level, ReadSet.Kind.VALUE);
        }
        if (rewrite.appendsAt() >= 0) {
            notes.append(path, level, rewrite.appendsAt());
        } else {
            notes.write(path, level);
        }
        lastWritten = path;
        lastLevel = level;
        lastMade = rewrite.made(level);
    }

    @Override
    @Nullable
    Object replaceInMaps(KeyPath path, @Nullable Object node) {
        requireOpen();
        HashMap<String, @Nullable Object> next = mayBeInMaps(path) ? replaced(tree, path, 0, node) : null;
        if (next == null) {
            return MISSING;
        }
        if (found == MISSING) {
            // A key can be added, since the container is a map.
            notes.read(path, path.size() - 1, ReadSet.Kind.KIND);
        }
        notes.read(path, path.size(), ReadSet.Kind.VALUE);
        writeInMaps(path, node, next);
        return found == MISSING ? null : found;
    }

    @Override
    @Nullable
    Object addInMaps(KeyPath path, Number amount) {
        requireOpen();
        HashMap<String, @Nullable Object> next = mayBeInMaps(path) ? added(tree, path, 0, amount) : null;
        if (next == null) {
            return MISSING;
        }
        Object sum = found;
        writeInMaps(path, sum, next);
        return sum;
    }

    private boolean mayBeInMaps(KeyPath path) {
        return commutes == CommuteQueue.EMPTY && path.size() > 0 && path.size() <= Rewrite.SHORT;
    }

    private void writeInMaps(KeyPath path, @Nullable Object node, HashMap<String, @Nullable Object> next) {
        if (next != tree) {
            notes.write(path, path.size());
            lastWritten = path;
            lastLevel = path.size();
            lastMade = node;
            tree = next;
        }
    }

    // Two methods that look alike, since one for both steps is slower: the JIT does not make straight code of it.

    /** The map with the node at the path; null where a parent is no map. */
    private @Nullable HashMap<String, @Nullable Object> replaced(
            HashMap<String, @Nullable Object> map, KeyPath path, int level, @Nullable Object node) {
        String token = path.token(level);
        Object child = map.getOrElse(token, MISSING);
        Object next = node;
        if (level < path.size() - 1) {
            next = child instanceof HashMap ? replaced(Nodes.map(child), path, level + 1, node) : null;
            if (next == null) {
                return null;
            }
        } else {
            found = child;
        }
        return TreeEquality.atAGlance(child, next) ? map : MapUpdate.with(map, token, child, next);
    }

    /** The map with the sum at the path; null where no node is there yet, below maps alone. */
    private @Nullable HashMap<String, @Nullable Object> added(
            HashMap<String, @Nullable Object> map, KeyPath path, int level, Number amount) {
        String token = path.token(level);
        Object child = map.getOrElse(token, MISSING);
        Object next;
        if (level < path.size() - 1) {
            next = child instanceof HashMap ? added(Nodes.map(child), path, level + 1, amount) : null;
            if (next == null) {
                return null;
            }
        } else if (child == MISSING) {
            return null;
        } else {
            // Before the addition, whose exception is an answer to the body, too.
            notes.read(path, path.size(), ReadSet.Kind.VALUE);
            next = add(path, child, amount);
            found = next;
        }
        return TreeEquality.atAGlance(child, next) ? map : MapUpdate.with(map, token, child, next);
    }

    private void requireOpen() {
        if (owner != Thread.currentThread()) {
            throw new IllegalStateException(whyClosed());
        }
    }

    private String whyClosed() {
        Thread runs = runsOn();
        if (runs == null) {
            return "the batch of this transaction is over";
        } else if (runs == Thread.currentThread()) {
            return "the supplier of once uses the transaction, but a later run of the body does not call it, and would"
                    + " lack what it reads and writes here. This call has done nothing. Use the transaction before or after"
                    + " once, and make only the id, time or random number in the supplier";
        }
        return "a transaction may be used only on the thread that runs its batch, " + runs.getName();
    }

    /** The thread that runs the batch, also within a supplier of {@link #once}; null once the batch is over. */
    private @Nullable Thread runsOn() {
        OnceValues values = onceValues;
        return owner != null || values == null ? owner : values.supplying();
    }

    /** Ends the batch: from now on every use is refused. */
    void end() {
        owner = null;
    }

    /** Whether the batch changed anything. */
    boolean hasChanged() {
        return tree != base.tree() && (lastWriteChanged() || readWriteSet().changed(base.tree(), tree));
    }

    /** Whether the batch's writes make any difference between two trees, the second of which has them. */
    boolean hasChanged(HashMap<String, @Nullable Object> before, HashMap<String, @Nullable Object> after) {
        boolean lastWriteChanged = lastWritten != null
                && !TreeEquality.atAGlance(
                        PathCopy.look(before, lastWritten, lastLevel), PathCopy.look(after, lastWritten, lastLevel));
        return lastWriteChanged || readWriteSet().changed(before, after);
    }

    /**
     * A shortcut: in most batches the place that was written last has changed, and then no other place need be
     * compared.
     */
    private boolean lastWriteChanged() {
        return lastWritten != null
                && !TreeEquality.atAGlance(PathCopy.look(base.tree(), lastWritten, lastLevel), lastMade);
    }

    /**
     * For people, and on any thread: the version that it builds on, a few keys with their present values, and the
     * number of further keys. Does not count as a read.
     */
    @Override
    public String toString() {
        return "Transaction[" + (runsOn() == null ? "over, " : "") + "on version " + base.version() + ", "
                + Descriptions.contents(tree) + "]";
    }

    Snapshot before() {
        return base;
    }

    HashMap<String, @Nullable Object> tree() {
        return tree;
    }

    /** The values that {@link #once} has returned; null if it was not called. */
    @Nullable
    OnceValues onceValues() {
        return onceValues;
    }

    /** Sets the values that {@link #once} returned in an earlier run. */
    void useOnceValues(@Nullable OnceValues values) {
        onceValues = values;
        if (values != null) {
            values.rewind();
        }
    }

    /** A transaction for another run of the same body on the same state. */
    Transaction again() {
        Transaction again = new Transaction(base, afterCommit == null, mayWait);
        again.useOnceValues(onceValues);
        return again;
    }

    /** The reason of the commit; null if none was set. */
    @Nullable
    String label() {
        return label;
    }

    /** The actions to run after the commit. */
    List<Runnable> afterCommit() {
        return Objects.requireNonNull(afterCommit, "a draft");
    }

    /** The functions to be applied at the commit, for an editor that records no reads. */
    List<Rewrite> commutes(TreeEditor editor) {
        return commutes == CommuteQueue.EMPTY
                ? List.of()
                : commutes.all().stream()
                        .map(commute -> commute.rewrite(editor))
                        .toList();
    }

    /** The changes of others between two trees, compared with the reads and writes of this batch. */
    Rebase rebase(HashMap<String, @Nullable Object> from, HashMap<String, @Nullable Object> to) {
        return Rebase.of(readWriteSet(), from, to, notes.size());
    }

    ReadWriteSet readWriteSet() {
        return notes.readWriteSet();
    }
}
