package dev.heartwood.tree;

import static dev.heartwood.tree.Nodes.MISSING;

import io.vavr.collection.HashMap;
import io.vavr.collection.Vector;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A list to which many edits are applied, at its own elements and below them, before it is a tree again. A vector
 * inserts and removes in the time of all of its elements; here a run of such edits that goes through the list once
 * takes the time of the list and of the edits.
 *
 * <p>The containers on the way to the place of the last edit stay open, each list among them in an array with a gap. An
 * edit elsewhere closes those that it does not need.
 *
 * <p>Places are tokens from the root of the whole tree; the first few lead to the list. Every edit returns whether it
 * could be done; a failed edit has changed nothing. Not thread-safe.
 */
public final class OpenList {
    private final List<Level> levels = new ArrayList<>();
    private final int rootSize;

    /** Opens a list to which the first {@code rootSize} tokens of each place lead. */
    public OpenList(Vector<@Nullable Object> list, int rootSize) {
        this.rootSize = rootSize;
        levels.add(new Level("", list));
    }

    /** The node at a place in or below the list, or {@link Nodes#MISSING}. */
    public @Nullable Object look(List<String> place) {
        Level parent = parent(place);
        return parent == null ? MISSING : parent.child(place.get(place.size() - 1));
    }

    /** Whether the container above the place is there, and is a list or a map as asked. */
    public boolean isIn(List<String> place, boolean list) {
        Level parent = parent(place);
        return parent != null && parent.isList() == list;
    }

    /** Inserts into a list before the index that the place ends with; its size, and {@code -}, append. */
    public boolean insert(List<String> place, @Nullable Object value) {
        Level parent = parent(place);
        return parent != null && parent.isList() && parent.insert(place.get(place.size() - 1), value);
    }

    /** Puts a key of a map, or replaces an element of a list. */
    public boolean put(List<String> place, @Nullable Object value) {
        Level parent = parent(place);
        return parent != null && parent.put(place.get(place.size() - 1), value);
    }

    /** Removes a key or an element that is there. */
    public boolean remove(List<String> place) {
        Level parent = parent(place);
        return parent != null && parent.remove(place.get(place.size() - 1));
    }

    /** Ends the edits: the list as they have left it, the same instance if they changed nothing. */
    public Vector<@Nullable Object> close() {
        closeTo(1);
        return Nodes.list(levels.get(0).toNode());
    }

    /** The open container above a place; null if none is there. */
    private @Nullable Level parent(List<String> place) {
        int needed = place.size() - rootSize;
        int common = 1;
        while (common < Math.min(levels.size(), needed)
                && levels.get(common).token.equals(place.get(rootSize + common - 1))) {
            common++;
        }
        closeTo(common);
        while (levels.size() < needed) {
            String token = place.get(rootSize + levels.size() - 1);
            Object child = levels.get(levels.size() - 1).child(token);
            if (child == null || !Nodes.isContainer(child)) {
                return null;
            }
            levels.add(new Level(token, child));
        }
        return levels.get(needed - 1);
    }

    private void closeTo(int size) {
        while (levels.size() > size) {
            Level closed = levels.remove(levels.size() - 1);
            if (closed.changed) {
                levels.get(levels.size() - 1).put(closed.token, closed.toNode());
            }
        }
    }

    private static final class Level {
        private final String token;
        private Object node;
        /** The elements, once one was inserted or removed; then the node is out of date. */
        private @Nullable GapList elements;

        private boolean changed;

        Level(String token, Object node) {
            this.token = token;
            this.node = node;
        }

        boolean isList() {
            return node instanceof Vector;
        }

        Object toNode() {
            return elements != null ? elements.toVector() : node;
        }

        @Nullable
        Object child(String name) {
            if (elements == null) {
                return Nodes.child(node, name);
            }
            int index = Nodes.index(name);
            return index >= 0 && index < elements.size() ? elements.get(index) : MISSING;
        }

        boolean insert(String name, @Nullable Object value) {
            GapList list = elements();
            int index = name.equals(Nodes.DASH) ? list.size() : Nodes.index(name);
            if (index < 0 || index > list.size()) {
                return false;
            }
            list.insert(index, value);
            changed = true;
            return true;
        }

        boolean put(String name, @Nullable Object value) {
            Object child = child(name);
            if (TreeEquality.atAGlance(child, value)) {
                return true;
            } else if (node instanceof HashMap) {
                node = Nodes.map(node).put(name, value);
            } else if (child == MISSING) {
                return false;
            } else if (elements != null) {
                elements.set(Nodes.index(name), value);
            } else {
                node = Nodes.list(node).update(Nodes.index(name), value);
            }
            changed = true;
            return true;
        }

        boolean remove(String name) {
            if (child(name) == MISSING) {
                return false;
            }
            if (node instanceof HashMap) {
                node = Nodes.map(node).remove(name);
            } else {
                elements().remove(Nodes.index(name));
            }
            changed = true;
            return true;
        }

        private GapList elements() {
            if (elements == null) {
                elements = new GapList(Nodes.list(Objects.requireNonNull(node)));
            }
            return elements;
        }
    }
}
