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
import io.vavr.collection.Vector;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Undoes and redoes the commits of one author. */
final class UndoLog {
    private final Store store;
    private final @Nullable String author;
    /** The commits that this object has made itself: known even if the store records no labels. */
    private final Map<Long, UndoMark> own = new HashMap<>();

    UndoLog(Store store) {
        this.store = store;
        this.author = store.author();
    }

    synchronized @Nullable Commit undo(Records records) {
        Undone undone = undone(records);
        for (int i = records.size() - 1; i > 0; i--) {
            Entry entry = records.entry(i, KeyPath.root());
            if (isOurs(records, i) && mark(entry) == null && !undone.versions.contains(entry.version())) {
                Diff diff = entry.state().diff(entry.previous());
                if (!diff.isEmpty()) {
                    return commit(entry, new UndoMark(false, entry.version()), entry.state(), diff, records);
                }
            }
        }
        return null;
    }

    synchronized @Nullable Commit redo(Records records) {
        Long version = undone(records).redoable.peek();
        for (int i = records.size() - 1; version != null && i > 0; i--) {
            Entry entry = records.entry(i, KeyPath.root());
            if (entry.version() == version) {
                Diff diff = entry.previous().diff(entry.state());
                return commit(entry, new UndoMark(true, version), entry.previous(), diff, records);
            }
        }
        return null;
    }

    /** Heartbeats, and other steps that only change sessions, cannot be undone. */
    private boolean isOurs(Records records, int index) {
        Entry entry = records.entry(index, KeyPath.root());
        return !entry.isGap()
                && !records.isOfSessions(index)
                && (author == null || Objects.equals(author, entry.origin().author()));
    }

    private @Nullable UndoMark mark(Entry entry) {
        UndoMark mark = own.get(entry.version());
        return mark != null ? mark : UndoMark.parse(entry.origin().label());
    }

    /** The commits that are undone now, and the order in which they can be redone. */
    private Undone undone(Records records) {
        Undone undone = new Undone(new HashSet<>(), new ArrayDeque<>());
        for (int i = 1; i < records.size(); i++) {
            if (isOurs(records, i)) {
                undone.add(mark(records.entry(i, KeyPath.root())));
            }
        }
        return undone;
    }

    private Commit commit(Entry entry, UndoMark mark, Snapshot from, Diff diff, Records records) {
        try {
            Commit commit = store.batch(tx -> {
                tx.label(mark.label(entry.origin().label()));
                for (Change change : diff) {
                    requireSameList(change.path(), from, tx);
                }
                tx.apply(diff);
            });
            own.put(commit.after().version(), mark);
            return commit;
        } catch (ConflictException e) {
            throw explained(e, entry, records);
        }
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
     * may have an equal value at that index. The list nearest to the root decides for all places below it.
     */
    private static void requireSameList(KeyPath path, Snapshot from, Transaction tx) {
        KeyPath place = KeyPath.root();
        for (String token : path.tokens()) {
            Object then = from.getOrDefault(place, Nodes.MISSING);
            if (then instanceof Vector) {
                if (!TreeEquality.trees(then, tx.getOrDefault(place, Nodes.MISSING))) {
                    throw new ConflictException(
                            place,
                            "conflict at " + place + ": the list was changed since, so its elements cannot be told"
                                    + " apart");
                }
                return;
            }
            place = place.child(token);
        }
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
