package dev.heartwood;

import static dev.heartwood.tree.Nodes.MISSING;

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
 * <p>Everything that it returns or throws is what the batch has <em>read</em>, and the batch commits only on a state in
 * which that is still so: {@code get} a value by reference, {@code contains} presence, {@code size} the size,
 * {@code keys} the key set; {@code put} has read the previous value, {@code set} nothing. A value read at or below a
 * path that the batch itself has set is its own.
 *
 * <p>For the thread that runs the body, while it runs: anything else is an {@code IllegalStateException}.
 */
public sealed class Transaction extends TreeEditor permits ScopedTransaction {
    private final Snapshot base;
    private final AccessLog notes;
    private final boolean mayWait;
    private boolean retried;
    /** The actions to run after the commit; null on a draft, which nothing commits. */
    private @Nullable List<Runnable> afterCommit;
    /** The functions to be applied at the commit. */
    private CommuteQueue commutes = CommuteQueue.EMPTY;

    private @Nullable String label;
    private @Nullable List<@Nullable Object> onceValues;
    private int onceUsed;
    private @Nullable Thread owner = Thread.currentThread();
    private HashMap<String, @Nullable Object> tree;
    private @Nullable KeyPath lastWritten;
    private int lastLevel;
    private @Nullable Object lastMade;

    /** A batch on top of {@code base}, which may wait; or a draft, which nothing commits. */
    Transaction(Snapshot base, boolean draft, boolean mayWait) {
        this.mayWait = mayWait;
        this.base = base;
        this.tree = base.tree();
        this.afterCommit = draft ? null : List.of();
        this.notes = new AccessLog();
    }

    /** For a transaction that is the other, seen from a place: it uses nothing of what stands here. */
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

    /** The state that the batch builds on. To have asked for it is to have read everything. */
    public Snapshot base() {
        tree(KeyPath.root(), ReadSet.Kind.VALUE);
        return base;
    }

    /**
     * Says why: the commit carries the label in its {@link Origin}, and so do its record in a history and in a root
     * that keeps commits. The last label given stands. A batch that changes nothing commits nothing, and its label is
     * dropped.
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
     * where no earlier run has come to this call; the calls are told apart by their order.
     *
     * <pre>{@code
     * store.batch(tx -> tx.put("at", tx.once(Instant::now)));
     * }</pre>
     *
     * @param supplier called on this thread, at most once; not null
     */
    public <T extends @Nullable Object> T once(Supplier<? extends T> supplier) {
        Objects.requireNonNull(supplier, "supplier must not be null");
        requireOpen();
        if (onceValues == null) {
            onceValues = new ArrayList<>();
        }
        if (onceUsed == onceValues.size()) {
            onceValues.add(supplier.get());
        }
        @SuppressWarnings({"unchecked", "NullAway"}) // the value of an earlier run of the same call
        T value = (T) onceValues.get(onceUsed++);
        return value;
    }

    /**
     * Commits only while the session is open, in whichever process it may be ended. Reads nothing of it but that: its
     * heartbeats cannot make this batch run again.
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
     * durable as the root promises. An exception of it goes to the store's handler, since the commit stands.
     *
     * @param action not null
     * @throws IllegalStateException on the draft of {@link Snapshot#edit}, which nothing commits
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
     * commits: {@code fn} is applied to the newest value then. The batch is not shown that value, so no other commit at
     * the place can make it run again: {@code tx.commute(hits, Long.class, n -> n + 1)} counts on a number that
     * everybody counts on.
     *
     * <p>If the batch looks at the place after all, or writes it, or anything above or below it, {@code fn} is applied
     * first and this is an {@link #update(KeyPath, Class, UnaryOperator)}, which has read the value. So it is in a part
     * of the tree that the batch has written itself.
     *
     * <p><b>Retries.</b> {@code fn} may be applied again for each commit that comes first, without another run of the
     * body, and must be free of side effects. Functions for one place are applied in their order.
     *
     * <p>A failure is told by the commit, as the batch's own exception: {@link NoSuchPathException} where nothing
     * is at the path, {@link TypeMismatchException} where the value, old or new, is no exact {@code type}, and what
     * {@code fn} throws. Nothing is changed then.
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
                value -> Conversions.given(path, fn.apply(Conversions.exact(path, value, type)), type);
        if (readWriteSet().overlapsWrites(path)) {
            update(path, function);
        } else {
            commutes = commutes.with(path, function);
        }
    }

    /** {@link #commute(KeyPath, Class, UnaryOperator)} at a key of the top level. */
    public <T> void commute(String key, Class<T> type, UnaryOperator<T> fn) {
        commute(KeyPath.ofTokens(key), type, fn);
    }

    /** Applies the functions that wait for a place which is, contains, or lies in the one at the path. */
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
                    commutes = before; // whatever the body does about it, the commit says so again
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
            // Any at all: a body in another language may throw a checked exception that it does not declare.
            undo(part);
            throw e;
        } finally {
            notes.closePart();
        }
    }

    /**
     * Gives this attempt up: nothing of it is committed. The batch waits until something that it has read is another,
     * and runs again. Inside the first function of an {@link #orElse} it gives that one up alone.
     *
     * <p>Never returns. If the body catches what this throws, it waits all the same, whatever it does after that.
     *
     * @throws IllegalStateException in a batch that was not begun by {@link Store#awaitTransact}
     */
    @SuppressWarnings("TypeParameterUnusedInFormals") // stands wherever a value is expected, as a throw statement does
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
     * Runs {@code first}; if that {@linkplain #retry retries}, undoes what it wrote, and runs {@code second} instead.
     * If both retry, the batch waits until something that either of them has read is another. May be nested.
     *
     * <p>What {@code first} has read counts as read by the batch, also where {@code second} succeeds: so its choice is
     * still right when the batch commits. Its writes, the functions
     * that it {@linkplain #commute commutes}, its {@link #label} and its {@link #afterCommit} actions go. An exception
     * of either comes out unchanged, and undoes nothing by itself.
     *
     * @return what the function that succeeded gives
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

    /** Undoes a part of the batch. Its reads stay reads: by that the batch came to undo it. */
    private void undo(Part part) {
        tree = part.tree;
        lastWritten = null;
        afterCommit = afterCommit == null ? null : afterCommit.subList(0, part.actions);
        commutes = part.commutes;
        label = part.label;
        notes.undoWrites(part.writes);
    }

    /** Whether the body has called {@link #retry}, other than in a function that another one stood in for. */
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
        applyCommutes(KeyPath.root()); // whoever looks at the whole looks at their places, too
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
            // Elements that come or go may move those that functions wait for. And its function may have commuted.
            boolean moves = rewrite.changesLength() || rewrite.appendsAt() >= 0;
            applyCommutes(moves ? rewrite.path().prefix(rewrite.listLevel()) : rewrite.path());
        }
        if (tree != before) {
            // Its function, or a commuted one, has used this transaction, as it may; but not where it was itself at
            // work.
            if (!rewrite.reads().same(before, tree)) {
                throw new IllegalStateException("the function for "
                        + rewrite.path().forPeople() + " has written there itself: give the value back instead");
            }
            next = rewrite.next(tree);
        }
        if (next != tree || rewrite.isBlind()) {
            // A place written without a look is the batch's own, also where it was there already.
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

    /** Notes what the rewrite reads, before its step is shown it. */
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
            // It makes parents. Two batches that make the same one must not overwrite each other.
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
     * Notes that the write was possible: the container above the place is a map, or a list that is long enough. Where
     * the place was read, its value says so too.
     */
    private void noteContainer(Rewrite rewrite, int level) {
        notes.read(rewrite.path(), level - 1, ReadSet.Kind.KIND);
        if (rewrite.isInList()) {
            notes.read(rewrite.path(), level, ReadSet.Kind.PRESENCE);
        }
    }

    /**
     * Notes what makes the path one at which nothing is, and a write impossible: a map without the key, a short list.
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

    private void requireOpen() {
        if (owner != Thread.currentThread()) {
            throw new IllegalStateException(
                    owner == null
                            ? "the batch of this transaction is over"
                            : "a transaction is used on the thread that runs its batch, " + owner.getName()
                                    + ", and on no other");
        }
    }

    /** Ends the batch: from now on every use is refused. */
    void end() {
        owner = null;
    }

    /** Whether the batch left anything other than it found it. */
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

    /** Most batches leave the place that they wrote last changed: then there is no need to look at them all. */
    private boolean lastWriteChanged() {
        return lastWritten != null
                && !TreeEquality.atAGlance(PathCopy.look(base.tree(), lastWritten, lastLevel), lastMade);
    }

    /**
     * For people, and on any thread: the version that it builds on, a few keys with their values as it has them, and
     * how many keys there are more. Counts as no read.
     */
    @Override
    public String toString() {
        return "Transaction[" + (owner == null ? "over, " : "") + "on version " + base.version() + ", "
                + Descriptions.contents(tree) + "]";
    }

    Snapshot before() {
        return base;
    }

    HashMap<String, @Nullable Object> tree() {
        return tree;
    }

    /** The values that {@link #once} has given; null where it was not asked. */
    @Nullable
    List<@Nullable Object> onceValues() {
        return onceValues;
    }

    /** Gives the values that an earlier run was given. */
    void useOnceValues(@Nullable List<@Nullable Object> values) {
        onceValues = values;
    }

    /** A transaction for another run of the same body on the same state. */
    Transaction again() {
        Transaction again = new Transaction(base, afterCommit == null, mayWait);
        again.useOnceValues(onceValues);
        return again;
    }

    /** Why it commits; null where nothing was said. */
    @Nullable
    String label() {
        return label;
    }

    /** The actions to run after the commit. */
    List<Runnable> afterCommit() {
        return Objects.requireNonNull(afterCommit, "a draft");
    }

    /** The functions to be applied at the commit, in terms of an editor that notes nothing. */
    List<Rewrite> commutes(TreeEditor editor) {
        return commutes == CommuteQueue.EMPTY
                ? List.of()
                : commutes.all().stream()
                        .map(commute -> commute.rewrite(editor))
                        .toList();
    }

    /** The changes of others between two trees, set against what this batch has read and written. */
    Rebase rebase(HashMap<String, @Nullable Object> from, HashMap<String, @Nullable Object> to) {
        return Rebase.of(readWriteSet(), from, to, notes.size());
    }

    ReadWriteSet readWriteSet() {
        return notes.readWriteSet();
    }
}
