package dev.heartwood.history;

import dev.heartwood.Change;
import dev.heartwood.Diff;
import dev.heartwood.KeyPath;
import dev.heartwood.Snapshot;
import dev.heartwood.history.StateChain.Link;
import dev.heartwood.tree.Nodes;
import dev.heartwood.tree.TreeEquality;
import io.vavr.collection.Vector;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The mark on a commit that undoes or redoes another one. It is in the label, so that every history of the store can read it,
 * also one that was saved and loaded.
 *
 * @param redo whether the commit redoes the other one
 * @param version the commit that is undone
 */
record UndoMark(boolean redo, long version) {
    private static final Pattern LABEL = Pattern.compile("(undo|redo) of version (\\d{1,18})(?: .*)?", Pattern.DOTALL);

    /** The label of the commit, with the label of the commit that is undone. */
    String label(@Nullable String undone) {
        return (redo ? "redo" : "undo") + " of version " + version + (undone == null ? "" : " (" + undone + ")");
    }

    /** The mark of a commit; null if there is none that {@linkplain #isTrueOf is true}. */
    static @Nullable UndoMark of(Records records, int index) {
        return records.isUndoing(index)
                ? read(records.entry(index, KeyPath.root()).origin().label())
                : null;
    }

    /**
     * Whether a commit has a mark, and has done what it says. Programs choose their labels freely, so the label alone is no
     * mark: the other commit must be among those that are kept, which begin with {@code oldest}.
     */
    static boolean isTrueOf(Snapshot before, Snapshot after, Link oldest) {
        UndoMark mark = read(after.origin().label());
        if (mark == null) {
            return false;
        }
        Link last = oldest;
        Link next = last.next();
        while (next != null && next.version() < mark.version) {
            last = next;
            next = last.next();
        }
        return next != null
                && next.version() == mark.version
                && !next.gap
                && mark.hasDone(last.state(), next.state(), before, after);
    }

    private static @Nullable UndoMark read(@Nullable String label) {
        Matcher matcher = LABEL.matcher(label == null ? "" : label);
        return matcher.matches()
                ? new UndoMark(matcher.group(1).equals("redo"), Long.parseLong(matcher.group(2)))
                : null;
    }

    /** Whether the step between the last two states undoes, or redoes, that between the first two. */
    private boolean hasDone(Snapshot previous, Snapshot state, Snapshot before, Snapshot after) {
        Snapshot from = redo ? previous : state;
        Snapshot to = redo ? state : previous;
        Set<KeyPath> places = places(from.diff(to), from);
        return places.equals(places(before.diff(after), before))
                && areSame(places, from, before)
                && areSame(places, to, after);
    }

    private static boolean areSame(Set<KeyPath> places, Snapshot one, Snapshot other) {
        return places.stream()
                .allMatch(place -> TreeEquality.trees(
                        one.getOrDefault(place, Nodes.MISSING), other.getOrDefault(place, Nodes.MISSING)));
    }

    /**
     * The places of changes. An index identifies no place once its list has changed, so a list is one place, and the
     * list nearest to the root decides for all places below it.
     */
    static Set<KeyPath> places(Diff diff, Snapshot from) {
        Set<KeyPath> places = new LinkedHashSet<>();
        for (Change change : diff) {
            KeyPath place = KeyPath.root();
            for (String token : change.path().tokens()) {
                if (from.getOrDefault(place, null) instanceof Vector) {
                    break;
                }
                place = place.child(token);
            }
            places.add(place);
        }
        return places;
    }
}
