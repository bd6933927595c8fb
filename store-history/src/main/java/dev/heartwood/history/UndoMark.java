package dev.heartwood.history;

import dev.heartwood.Change;
import dev.heartwood.Diff;
import dev.heartwood.KeyPath;
import dev.heartwood.Snapshot;
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

    /**
     * The mark of a commit; null if there is none. Programs choose their labels freely, so the label alone is no mark:
     * the commit must have done what the label says, unless the other commit is no longer kept.
     */
    static @Nullable UndoMark of(Records records, int index) {
        Entry entry = records.entry(index, KeyPath.root());
        String label = entry.origin().label();
        Matcher matcher = LABEL.matcher(label == null ? "" : label);
        if (!matcher.matches()) {
            return null;
        }
        UndoMark mark = new UndoMark(matcher.group(1).equals("redo"), Long.parseLong(matcher.group(2)));
        return mark.isTrueOf(entry, records) ? mark : null;
    }

    private boolean isTrueOf(Entry entry, Records records) {
        int index = records.indexOf(version);
        if (index < 1) {
            return version <= records.states().get(0).version();
        }
        Entry other = records.entry(index, KeyPath.root());
        Snapshot from = redo ? other.previous() : other.state();
        Snapshot to = redo ? other.state() : other.previous();
        Set<KeyPath> places = places(from.diff(to), from);
        return other.version() < entry.version()
                && places.equals(places(entry.diff(), entry.previous()))
                && areSame(places, from, entry.previous())
                && areSame(places, to, entry.state());
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
