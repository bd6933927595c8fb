package dev.heartwood;

import io.vavr.collection.HashMap;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A batch on its way into the store: its body, and the transaction of the body's last run. */
class Batch<R extends @Nullable Object, E extends Exception> extends Attempt {
    private final TreeEditor editor;
    private final TransactionFunction<R, E> body;
    private @Nullable Transaction tx;
    /** The functions of the last run that must be applied to the tree on which it is committed. */
    private List<Rewrite> commutes = List.of();

    private boolean isCommuting;
    private @Nullable KeyPath conflict;
    private @Nullable List<Edit> edits;
    private @Nullable Rebased rebased;
    private @Nullable R result;
    private @Nullable Commit commit;
    private @Nullable OnceValues onceValues;

    /** The batch of a store, which its functions are applied for at commit. */
    Batch(TreeEditor editor, TransactionFunction<R, E> body) {
        this.editor = editor;
        this.body = body;
    }

    @Nullable
    R result() {
        return result;
    }

    /** The actions that the last run wants run after the commit. */
    List<Runnable> afterCommit() {
        return tx().afterCommit();
    }

    @Override
    boolean callsOut() {
        return true;
    }

    @Override
    HashMap<String, @Nullable Object> next(Snapshot on) {
        isCommuting = false;
        HashMap<String, @Nullable Object> next = tx == null ? null : rebase(on.tree());
        return commuted(next != null ? next : run(on));
    }

    /** The tree after applying the commuted functions to the newest values of their places. */
    private HashMap<String, @Nullable Object> commuted(HashMap<String, @Nullable Object> tree) {
        HashMap<String, @Nullable Object> next = tree;
        isCommuting = true;
        for (Rewrite commute : commutes) {
            next = commute.next(next);
        }
        isCommuting = false;
        return next;
    }

    @Override
    boolean hasFailedOnNewest() {
        return isCommuting;
    }

    /**
     * The result of the last run, rebased onto another tree; null if something that it read differs there. Each rebase
     * starts from the one before, so its cost depends on the commits since that one, not since the run.
     */
    private @Nullable HashMap<String, @Nullable Object> rebase(HashMap<String, @Nullable Object> tree) {
        Rebase rebase = tx().rebase(base(), tree);
        if (!rebase.holds()) {
            conflict = rebase.conflict();
            return null;
        }
        HashMap<String, @Nullable Object> merged = rebase.onto(made());
        HashMap<String, @Nullable Object> next = merged == null ? replayed(tree) : merged;
        if (next == null) {
            return null;
        }
        if (next != tree && !tx().hasChanged(tree, next)) {
            next = tree;
        }
        edits = null;
        rebased = new Rebased(tree, next);
        return next;
    }

    /** The tree that the batch has last been run or rebased on. */
    private HashMap<String, @Nullable Object> base() {
        return rebased == null ? tx().before().tree() : rebased.base;
    }

    /** The tree that it made of that. */
    private HashMap<String, @Nullable Object> made() {
        return rebased == null ? tx().tree() : rebased.made;
    }

    /** Whether the body may {@linkplain Transaction#retry wait}. */
    boolean mayWait() {
        return false;
    }

    /** Before each run; throws where another run must not begin. */
    void begin() throws Exception {}

    /** The body has called {@link Transaction#retry}. */
    void gaveUp(Transaction attempt) {
        throw new AssertionError("a body that may not wait has waited");
    }

    private HashMap<String, @Nullable Object> run(Snapshot on) {
        try {
            begin();
        } catch (Exception e) {
            throw Exceptions.rethrow(e);
        }
        runs++;
        tx = null;
        commutes = List.of();
        edits = null;
        rebased = null;
        Transaction running = new Transaction(on, false, mayWait());
        running.useOnceValues(onceValues);
        try {
            result = body.apply(running);
        } catch (Throwable e) {
            if (!running.hasRetried()) {
                // E or unchecked, as the body's type says; the loop lets both pass.
                throw Exceptions.rethrow(e);
            }
        } finally {
            running.end();
            onceValues = running.onceValues();
        }
        if (running.hasRetried()) {
            // The attempt is given up, even if the body has caught the signal. Its result is the answer of no attempt.
            result = null;
            gaveUp(running);
            throw new RetrySignal();
        }
        tx = running;
        commutes = running.commutes(editor);
        return running.hasChanged() ? running.tree() : on.tree();
    }

    /** The tree with the writes of the last run; null where they do not apply. */
    private @Nullable HashMap<String, @Nullable Object> replayed(HashMap<String, @Nullable Object> tree) {
        HashMap<String, @Nullable Object> next = tree;
        for (Edit edit : tx().readWriteSet().replay(base(), made())) {
            next = edit.applyTo(next);
            if (next == null) {
                return null;
            }
        }
        return next;
    }

    @Override
    void settled(Snapshot before, Snapshot after) {
        commit = new Commit(before, after, runs);
    }

    /** The commit, once it is settled. */
    Commit commit() {
        return Objects.requireNonNull(commit);
    }

    @Override
    @Nullable
    String label() {
        return tx == null ? null : tx.label();
    }

    @Override
    String firstPlace() {
        List<Edit> made = get();
        return made.isEmpty() ? place() : made.get(0).path().toString();
    }

    @Override
    @Nullable
    KeyPath conflict() {
        return conflict;
    }

    @Override
    String place() {
        return "(batch)";
    }

    @Override
    ReadSet reads() {
        return tx == null ? (before, after) -> true : tx.readWriteSet();
    }

    @Override
    public List<Edit> get() {
        if (edits == null) {
            List<Edit> made = tx().readWriteSet().edits(base(), made());
            for (Rewrite commute : commutes) {
                // Disjoint: a place that the batch has written itself has no function that waits.
                if (commute.hasChanged()) {
                    made.addAll(commute.get());
                }
            }
            edits = made;
        }
        return edits;
    }

    private Transaction tx() {
        return Objects.requireNonNull(tx);
    }

    /** A tree, and the result of the batch for it without another run. */
    private record Rebased(HashMap<String, @Nullable Object> base, HashMap<String, @Nullable Object> made) {}
}
