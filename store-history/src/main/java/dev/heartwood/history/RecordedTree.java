package dev.heartwood.history;

import dev.heartwood.Change;
import dev.heartwood.Edit;
import dev.heartwood.KeyPath;
import dev.heartwood.Snapshot;
import dev.heartwood.history.RecordedPlaces.Place;
import dev.heartwood.tree.Nodes;
import dev.heartwood.tree.TreeEquality;
import io.vavr.collection.HashMap;
import io.vavr.collection.Vector;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The recorded part of a changing tree: updated from state to state by their differences, so a step takes time in
 * proportion to its changes, and shares everything else with the step before. Not thread-safe.
 */
final class RecordedTree {
    private final RecordedPlaces places;
    private Snapshot state;
    private HashMap<String, @Nullable Object> recorded;
    private long marks;
    /** The number of marks before this step. */
    private long marksBefore;
    /** Lists that this step processes anew, as a whole. */
    private final Set<KeyPath> lists = new HashSet<>();

    RecordedTree(RecordedPlaces places, Snapshot first) {
        this.places = places;
        this.state = first;
        this.recorded =
                Nodes.map(Objects.requireNonNull(RecordedValue.of(first.root(), places.root(), this::nextMark)));
    }

    /** The present recorded part; the same instance as before if a step has changed nothing of it. */
    HashMap<String, @Nullable Object> recorded() {
        return recorded;
    }

    /** Advances to a later state. */
    void advance(Snapshot next) {
        marksBefore = marks;
        lists.clear();
        for (Change change : state.diff(next)) {
            apply(change);
        }
        for (KeyPath list : lists) {
            Object part = RecordedValue.of(next.getOrDefault(list, null), placeOf(list), this::nextMark);
            if (!TreeEquality.trees(part, look(list))) {
                replace(list, part);
            }
        }
        state = next;
    }

    /** Descends to the changed place as far as the patterns allow. */
    private void apply(Change change) {
        List<String> tokens = change.path().tokens();
        Place place = places.root();
        Object node = recorded;
        KeyPath path = KeyPath.root();
        KeyPath list = null;
        for (int i = 0; i < tokens.size(); i++) {
            list = list == null && node instanceof Vector ? path : list;
            if (node instanceof Vector && place.isParticular()) {
                // Moved elements match other patterns. The path of the list nearest to the root consists only of keys,
                // which no change of this step moves.
                lists.add(Objects.requireNonNull(list));
                return;
            }
            place = place.child(tokens.get(i));
            path = path.child(tokens.get(i));
            if (i < tokens.size() - 1) {
                if (place.isRedacted()) {
                    mark(path);
                    return;
                } else if (!place.isRecorded() && !place.leadsToRecorded()) {
                    return;
                }
                node = Nodes.child(node, tokens.get(i));
            }
        }
        change(change, place, node instanceof Vector);
    }

    private void mark(KeyPath path) {
        // Once a step: several changes below a place are one change of it.
        if (!(look(path) instanceof Redacted mark) || !mark.isAfter(marksBefore)) {
            edit(path, nextMark());
        }
    }

    private void change(Change change, Place place, boolean inList) {
        KeyPath path = change.path();
        if (change instanceof Change.Removed) {
            remove(path, inList);
        } else if (change instanceof Change.Added added && inList) {
            insert(path, RecordedValue.of(added.value(), place, this::nextMark));
        } else if (change instanceof Change.Added added) {
            put(path, added.value(), place);
        } else if (change instanceof Change.Replaced replaced) {
            put(path, replaced.after(), place);
        }
    }

    private void put(KeyPath path, @Nullable Object value, Place place) {
        Object part = RecordedValue.of(value, place, this::nextMark);
        Object parent = look(Objects.requireNonNull(path.parent()));
        if (part != Nodes.MISSING) {
            edit(path, part);
        } else if (parent instanceof Vector) {
            edit(path, Redacted.ELEMENT);
        } else {
            remove(path, false);
        }
    }

    private void remove(KeyPath path, boolean inList) {
        KeyPath parent = Objects.requireNonNull(path.parent());
        Object container = Objects.requireNonNull(look(parent));
        if (inList) {
            replace(parent, Nodes.list(container).removeAt(index(path)));
        } else if (container instanceof HashMap && look(path) != Nodes.MISSING) {
            replace(parent, Nodes.map(container).remove(last(path)));
        }
    }

    private void insert(KeyPath path, @Nullable Object part) {
        KeyPath parent = Objects.requireNonNull(path.parent());
        Vector<@Nullable Object> list = Nodes.list(Objects.requireNonNull(look(parent)));
        Object element = part == Nodes.MISSING ? Redacted.ELEMENT : part;
        int index = index(path);
        replace(parent, index == list.size() ? list.append(element) : list.insert(index, element));
    }

    private void edit(KeyPath path, @Nullable Object part) {
        if (look(path) != part) {
            replace(path, part);
        }
    }

    private void replace(KeyPath path, @Nullable Object part) {
        recorded = path.size() == 0
                ? Nodes.map(Objects.requireNonNull(part))
                : Objects.requireNonNull(
                        new Edit.Put(path, part).applyTo(recorded), "what is above a recorded place is recorded");
    }

    private @Nullable Object look(KeyPath path) {
        Object node = recorded;
        for (String token : path.tokens()) {
            node = Nodes.child(node, token);
        }
        return node;
    }

    private static int index(KeyPath path) {
        return Nodes.index(last(path));
    }

    private static String last(KeyPath path) {
        return Objects.requireNonNull(path.last());
    }

    private Place placeOf(KeyPath path) {
        Place place = places.root();
        for (String token : path.tokens()) {
            place = place.child(token);
        }
        return place;
    }

    private Redacted nextMark() {
        return Redacted.change(++marks);
    }
}
