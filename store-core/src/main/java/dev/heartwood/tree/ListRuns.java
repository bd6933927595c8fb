package dev.heartwood.tree;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds, in a sequence of edits, the lists whose length is changed so often that the edits are better applied in one run
 * through an {@link OpenList} than one by one.
 */
public final class ListRuns {
    /** With fewer edits than this, a list is not worth opening. */
    public static final int FEWEST = 8;

    /** The number of changes of the length of the list at a place. */
    private final Map<List<String>, Integer> edits = new HashMap<>();

    /** Counts an edit that inserts or removes at a place, if that may be in a list. */
    public void count(List<String> place) {
        if (place.isEmpty()) {
            return;
        }
        String last = place.get(place.size() - 1);
        if (Nodes.index(last) >= 0) {
            edits.merge(place.subList(0, place.size() - 1), 1, Integer::sum);
        }
    }

    /**
     * The topmost place above the given one at which many edits were counted: how many tokens lead to it, at least
     * {@code from} of them; -1 for none. The node there may be a map whose keys look like indices.
     */
    public int listAbove(List<String> place, int from) {
        for (int size = from; size < place.size() && !edits.isEmpty(); size++) {
            if (edits.getOrDefault(place.subList(0, size), 0) >= FEWEST) {
                return size;
            }
        }
        return -1;
    }

    /** Whether the place lies below the one to which {@code size} tokens of {@code other} lead. */
    public static boolean isBelow(List<String> place, List<String> other, int size) {
        return place.size() > size && place.subList(0, size).equals(other.subList(0, size));
    }
}
