package dev.heartwood.tree;

import io.vavr.collection.HashMap;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Collects the entries of one map after another, and builds each at once: the nodes of its trie from the leaves
 * upwards. Vavr's {@code put} copies a path of nodes for every entry.
 *
 * <p>Only if {@link #isOpen}. Not thread-safe; the maps that it builds are as immutable as any map.
 */
public final class MapBuilder {
    private static final int BITS = 5;
    private static final int WIDTH = 1 << BITS;
    private static final int LEVELS = 7;
    /** How many children Vavr keeps beside a bitmap before it gives each fragment a place. */
    private static final int MOST_INDEXED = WIDTH / 2;

    private static final int NONE = -1;

    /** At first, and after a large map. */
    private static final int FEW_PLACES = 8;

    private static final int MOST_PLACES_KEPT = 1 << 10;

    private static final int[] TRIED = {0, 1, 2, 5, 16, 21, 33, 96};

    private static final boolean OPEN = TrieParts.isOpen() && tryOut();

    private final int mostOfOneHash;
    private String[] keys = new String[FEW_PLACES];
    private @Nullable Object[] values = new Object[FEW_PLACES];
    private int[] hashes = new int[FEW_PLACES];
    /** The next entry in the same list, for each entry. */
    private int[] next = new int[FEW_PLACES];

    /** For each level of the trie, the first entry in the list of each fragment. */
    private final int[][] first = new int[LEVELS][];

    private int size;
    /** How many places the largest map since {@link #forget} has taken. */
    private int used;

    /** A builder of maps with a limit on the number of keys that share a hash code. */
    public MapBuilder(int mostOfOneHash) {
        this.mostOfOneHash = mostOfOneHash;
    }

    /** Whether maps can be built so here; if not, they can still be put together. */
    public static boolean isOpen() {
        return OPEN;
    }

    /** Adds an entry to the next map. */
    public void add(String key, @Nullable Object value) {
        if (size == keys.length) {
            keys = Arrays.copyOf(keys, 2 * size);
            values = Arrays.copyOf(values, 2 * size);
            hashes = Arrays.copyOf(hashes, 2 * size);
            next = new int[2 * size];
        }
        keys[size] = key;
        values[size] = value;
        hashes[size] = key.hashCode();
        size++;
    }

    /**
     * The map of the entries since the last one; null if two keys are equal, or too many share a hash code.
     *
     * <p>Entries are dealt into one list for each fragment of their hashes; each list is a child, built likewise.
     */
    public @Nullable HashMap<String, @Nullable Object> build() {
        int count = size;
        size = 0;
        used = Math.max(used, count);
        if (count == 0) {
            return HashMap.empty();
        }
        for (int i = 0; i < count; i++) {
            next[i] = i - 1;
        }
        Object trie = node(count - 1, 0);
        return trie == null ? null : TrieParts.map(trie);
    }

    /** Lets go of the entries of all maps so far, and of the room for large ones. */
    void forget() {
        if (keys.length > MOST_PLACES_KEPT) {
            keys = new String[FEW_PLACES];
            values = new Object[FEW_PLACES];
            hashes = new int[FEW_PLACES];
            next = new int[FEW_PLACES];
        } else {
            Arrays.fill(keys, 0, used, "");
            Arrays.fill(values, 0, used, null);
        }
        used = 0;
    }

    /** The node over a list of entries; null if it cannot be. */
    private @Nullable Object node(int list, int level) {
        if (next[list] == NONE) {
            return TrieParts.leaf(hashes[list], keys[list], values[list]);
        }
        int[] lists = lists(level);
        int shift = level * BITS;
        int bitmap = 0;
        int count = 0;
        int differences = 0;
        for (int entry = list; entry != NONE; count++) {
            int following = next[entry];
            int fragment = (hashes[entry] >>> shift) & (WIDTH - 1);
            differences |= hashes[entry] ^ hashes[list];
            next[entry] = lists[fragment];
            lists[fragment] = entry;
            bitmap |= 1 << fragment;
            entry = following;
        }
        if (differences == 0) {
            int same = lists[Integer.numberOfTrailingZeros(bitmap)];
            lists[Integer.numberOfTrailingZeros(bitmap)] = NONE;
            return count > mostOfOneHash ? null : leaves(same);
        }
        return branch(lists, bitmap, count, level);
    }

    private @Nullable Object branch(int[] lists, int bitmap, int size, int level) {
        int count = Integer.bitCount(bitmap);
        boolean indexed = count <= MOST_INDEXED;
        Object[] children = new Object[indexed ? count : WIDTH];
        if (!indexed) {
            Arrays.fill(children, TrieParts.empty());
        }
        boolean whole = true;
        int place = 0;
        for (int bits = bitmap; bits != 0; bits &= bits - 1) {
            int fragment = Integer.numberOfTrailingZeros(bits);
            Object child = node(lists[fragment], level + 1);
            lists[fragment] = NONE;
            if (child == null) {
                whole = false;
            } else {
                children[indexed ? place++ : fragment] = child;
            }
        }
        if (!whole) {
            return null;
        }
        return indexed ? TrieParts.indexed(bitmap, size, children) : TrieParts.array(count, size, children);
    }

    private int[] lists(int level) {
        int[] lists = first[level];
        if (lists == null) {
            lists = new int[WIDTH];
            Arrays.fill(lists, NONE);
            first[level] = lists;
        }
        return lists;
    }

    /** The leaves of one hash, a list; null if two of their keys are equal. */
    private @Nullable Object leaves(int list) {
        Object leaves = null;
        for (int entry = list; entry != NONE; entry = next[entry]) {
            String key = keys[entry];
            for (int other = next[entry]; other != NONE; other = next[other]) {
                if (key.equals(keys[other])) {
                    return null;
                }
            }
            leaves = leaves == null
                    ? TrieParts.leaf(hashes[entry], key, values[entry])
                    : TrieParts.leaf(hashes[entry], key, values[entry], leaves);
        }
        return leaves;
    }

    /**
     * Builds maps of many shapes and uses them, so that a Vavr that only looks the same is not trusted: the empty map, one leaf, nodes with
     * a bitmap and nodes with an array of children, one level and two, keys of one hash code. Nothing is compiled yet, so only a few sizes
     * are checked.
     */
    private static boolean tryOut() {
        try {
            MapBuilder builder = new MapBuilder(4);
            for (int size : TRIED) {
                HashMap<String, @Nullable Object> put = HashMap.empty();
                for (int i = 0; i < size; i++) {
                    String key = i % 7 == 3 ? List.of("Aa", "BB").get(i % 2) + i / 14 : "key" + i * 31;
                    builder.add(key, i);
                    put = put.put(key, i);
                }
                HashMap<String, @Nullable Object> built = builder.build();
                if (built == null || !behaves(built, put)) {
                    return false;
                }
            }
            return true;
        } catch (RuntimeException | LinkageError | AssertionError e) {
            return false;
        }
    }

    private static boolean behaves(HashMap<String, @Nullable Object> built, HashMap<String, @Nullable Object> put) {
        HashMap<String, @Nullable Object> grown = built.put("more", true);
        HashMap<String, @Nullable Object> shrunk = grown;
        for (String key : put.keySet()) {
            shrunk = shrunk.remove(key);
        }
        return built.equals(put)
                && built.size() == put.size()
                && grown.equals(put.put("more", true))
                && grown.size() == put.size() + 1
                && shrunk.equals(HashMap.of("more", true));
    }
}
