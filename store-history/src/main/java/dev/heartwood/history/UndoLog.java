package dev.heartwood.history;

import dev.heartwood.Change;
import dev.heartwood.Commit;
import dev.heartwood.ConflictException;
import dev.heartwood.Diff;
import dev.heartwood.KeyPath;
import dev.heartwood.Snapshot;
import dev.heartwood.Store;
import dev.heartwood.Transaction;
import dev.heartwood.tree.Nodes;
import dev.heartwood.tree.TreeEquality;
import io.vavr.collection.HashMap;
import io.vavr.collection.Vector;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.IntPredicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Undoes and redoes the commits of one author. */
final class UndoLog {
    private final Store store;
    private final @Nullable String author;
    /** The commits that this object has made itself, by version: known even if the store records no labels. */
    final ConcurrentSkipListMap<Long, UndoMark> own = new ConcurrentSkipListMap<>();

    UndoLog(Store store) {
        this.store = store;
        this.author = store.author();
    }

    /** Forgets the commits up to a version: they are no longer kept. Waits for no thread. */
    void forgetUpTo(long version) {
        own.headMap(version, true).clear();
    }

    synchronized @Nullable Commit undo(Supplier<Records> source) {
        return whileKept(() -> undoNewest(source));
    }

    synchronized @Nullable Commit redo(Supplier<Records> source) {
        return whileKept(() -> redoLast(source));
    }

    /** Looks again if the commit that was found is no longer kept: then another one is the newest, or none. */
    private static @Nullable Commit whileKept(Supplier<@Nullable Commit> attempt) {
        while (true) {
            try {
                return attempt.get();
            } catch (NoLongerKept e) {
                // Each look has newer records than the one before.
            }
        }
    }

    private @Nullable Commit undoNewest(Supplier<Records> source) {
        Records records = source.get();
        Undone undone = undone(records, i -> isOurs(records, i));
        for (int i = records.size() - 1; i > 0; i--) {
            Entry entry = records.entry(i, KeyPath.root());
            if (isOurs(records, i) && mark(records, i) == null && !undone.versions.contains(entry.version())) {
                Diff diff = entry.state().diff(entry.previous());
                if (!diff.isEmpty()) {
                    return commit(entry, new UndoMark(false, entry.version()), entry.state(), diff, source);
                }
            }
        }
        return null;
    }

    private @Nullable Commit redoLast(Supplier<Records> source) {
        Records records = source.get();
        Long version = undone(records, i -> isOurs(records, i)).redoable.peek();
        int index = version == null ? -1 : records.indexOf(version);
        if (index < 1) {
            return null;
        }
        Entry entry = records.entry(index, KeyPath.root());
        Diff diff = entry.previous().diff(entry.state());
        return commit(entry, new UndoMark(true, entry.version()), entry.previous(), diff, source);
    }

    /** Heartbeats, and other steps that only change sessions, cannot be undone. */
    private boolean isOurs(Records records, int index) {
        Entry entry = records.entry(index, KeyPath.root());
        return !entry.isGap()
                && !records.isOfSessions(index)
                && (author == null || Objects.equals(author, entry.origin().author()));
    }

    private @Nullable UndoMark mark(Records records, int index) {
        Entry entry = records.entry(index, KeyPath.root());
        UndoMark mark = own.get(entry.version());
        return mark != null ? mark : UndoMark.of(records, index);
    }

    /** Of the commits that are asked about, which are undone now, and the order in which they can be redone. */
    private Undone undone(Records records, IntPredicate asked) {
        Undone undone = new Undone(new HashSet<>(), new ArrayDeque<>());
        for (int i = 1; i < records.size(); i++) {
            if (asked.test(i)) {
                undone.add(mark(records, i));
            }
        }
        return undone;
    }

    private Commit commit(Entry entry, UndoMark mark, Snapshot from, Diff diff, Supplier<Records> source) {
        Set<KeyPath> places = UndoMark.places(diff, from);
        try {
            Commit commit = store.batch(tx -> {
                // A read of the whole tree: every commit beside this one is a reason to look again, also one whose
                // values have come and gone between the look and the commit.
                HashMap<String, @Nullable Object> ignored = tx.mapAt(KeyPath.root());
                tx.label(mark.label(entry.origin().label()));
                for (KeyPath place : places) {
                    requireSameList(place, from, tx);
                }
                tx.apply(diff);
                requireUnchanged(places, entry, source.get());
            });
            own.put(commit.after().version(), mark);
            return commit;
        } catch (ConflictException e) {
            throw explained(e, entry, source.get());
        }
    }

    /**
     * The values at the places are right, and now they must be those of the commit itself, and not equal ones that
     * others have put since. Where commits are missing, the values before and after them decide. A commit that its author has
     * undone counts for nothing, and so do the later commits of this author, all of which are undone.
     */
    private void requireUnchanged(Set<KeyPath> places, Entry entry, Records records) {
        int next = records.indexAfter(entry.version());
        if (next == 0) {
            throw new NoLongerKept();
        }
        Set<Long> undone = undone(records, i -> true).versions;
        Set<KeyPath> above = above(places);
        for (int i = next; i < records.size(); i++) {
            Entry later = records.entry(i, KeyPath.root());
            if (records.isOfSessions(i)
                    || undone.contains(later.version())
                    || mark(records, i) != null
                    || !mayTouch(later.diff(), places, above)) {
                continue;
            }
            for (KeyPath place : places) {
                if (records.isChanged(place, i)) {
                    throw new ConflictException(
                            place,
                            "conflict at " + place + ": it was changed since, though to an equal value in the end");
                }
            }
        }
    }

    /** The places above some places. */
    private static Set<KeyPath> above(Set<KeyPath> places) {
        Set<KeyPath> above = new HashSet<>();
        for (KeyPath place : places) {
            KeyPath next = place.parent();
            while (next != null && above.add(next)) {
                next = next.parent();
            }
        }
        return above;
    }

    /** Whether a change is at, below or above one of the places. A look at each of many places takes much longer. */
    private static boolean mayTouch(Diff diff, Set<KeyPath> places, Set<KeyPath> above) {
        for (Change change : diff) {
            if (above.contains(change.path())) {
                return true;
            }
            for (KeyPath next = change.path(); next != null; next = next.parent()) {
                if (places.contains(next)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Adds the conflicting commit to the message, if the history has it. */
    private static ConflictException explained(ConflictException e, Entry entry, Records records) {
        Entry last = records.blame(e.path());
        String writer = "";
        if (last != null && !last.isGap() && last.version() > entry.version()) {
            writer = "; " + (e.path().size() == 0 ? "the root" : e.path()) + " was written since by " + last.origin()
                    + ", version " + last.version();
        }
        ConflictException explained = new ConflictException(e.path(), e.getMessage() + "; nothing is changed" + writer);
        explained.initCause(e);
        return explained;
    }

    /**
     * An index identifies an element only while its list is unchanged: after an insertion before it, another element
     * may have an equal value at that index.
     */
    private static void requireSameList(KeyPath place, Snapshot from, Transaction tx) {
        Object then = from.getOrDefault(place, Nodes.MISSING);
        if (then instanceof Vector && !TreeEquality.trees(then, tx.getOrDefault(place, Nodes.MISSING))) {
            throw new ConflictException(
                    place,
                    "conflict at " + place + ": the list was changed since, so its elements cannot be told apart");
        }
    }

    /** A commit went beyond the bounds of the history between the look and the batch, and maybe others after it. */
    private static final class NoLongerKept extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /**
     * The commits that are undone.
     *
     * @param versions the commits that are undone
     * @param redoable the commits that can be redone, the next one first
     */
    private record Undone(Set<Long> versions, Deque<Long> redoable) {
        void add(@Nullable UndoMark mark) {
            if (mark == null) {
                redoable.clear();
            } else if (mark.redo()) {
                versions.remove(mark.version());
                redoable.remove(mark.version());
            } else {
                versions.add(mark.version());
                redoable.push(mark.version());
            }
        }
    }
}
