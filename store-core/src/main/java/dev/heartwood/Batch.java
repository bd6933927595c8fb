package dev.heartwood;

import io.vavr.collection.HashMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A batch on its way into the store: its body, and the transaction of the body's last run. */
final class Batch<R extends @Nullable Object, E extends Exception> extends Attempt {
    private final TransactionFunction<R, E> body;
    private @Nullable Transaction tx;
    private @Nullable List<Edit> edits;
    private @Nullable List<Edit> replay;
    private @Nullable R result;
    private @Nullable Commit commit;

    Batch(TransactionFunction<R, E> body) {
        this.body = body;
    }

    @Nullable
    R result() {
        return result;
    }

    /** What the last run wants done after the commit. */
    List<Runnable> afterCommit() {
        return tx().afterCommit();
    }

    @Override
    boolean callsOut() {
        return true;
    }

    @Override
    HashMap<String, @Nullable Object> next(Snapshot on) {
        HashMap<String, @Nullable Object> tree = on.tree();
        if (tx != null && tx.footprint().same(tx.before().tree(), tree)) {
            HashMap<String, @Nullable Object> next = replayed(tree);
            if (next != null) {
                return next;
            }
        }
        return run(on);
    }

    private HashMap<String, @Nullable Object> run(Snapshot on) {
        runs++;
        tx = null;
        edits = null;
        replay = null;
        Transaction running = new Transaction(on, false);
        try {
            result = body.apply(running);
        } catch (Exception e) {
            // E or unchecked, as the body's type says; the loop lets both pass.
            throw Sneaky.rethrow(e);
        } finally {
            running.end();
        }
        tx = running;
        return running.hasChanged() ? running.tree() : on.tree();
    }

    /** The tree with the edits of the last run; null where they do not apply. */
    private @Nullable HashMap<String, @Nullable Object> replayed(HashMap<String, @Nullable Object> tree) {
        List<Edit> effective = new ArrayList<>();
        HashMap<String, @Nullable Object> next = tree;
        for (Edit edit : replay()) {
            HashMap<String, @Nullable Object> edited = edit.applyTo(next);
            if (edited == null) {
                return null;
            }
            if (edited != next) {
                effective.add(edit);
            }
            next = edited;
        }
        edits = effective;
        return next;
    }

    private List<Edit> replay() {
        if (replay == null) {
            replay = tx().footprint().replay(tx().before().tree(), tx().tree());
        }
        return replay;
    }

    @Override
    void settled(Snapshot before, Snapshot after) {
        commit = new Commit(before, after, runs);
    }

    /** What it did, once it is settled. */
    Commit commit() {
        return Objects.requireNonNull(commit);
    }

    @Override
    String place() {
        return "(batch)";
    }

    @Override
    Reads reads() {
        return tx == null ? (before, after) -> true : tx.footprint();
    }

    @Override
    public List<Edit> get() {
        if (edits == null) {
            edits = tx().footprint().edits(tx().before().tree(), tx().tree());
        }
        return edits;
    }

    private Transaction tx() {
        return Objects.requireNonNull(tx);
    }
}
