package dev.heartwood.file.text;

import dev.heartwood.UnsupportedValueException;
import dev.heartwood.json.TreeFormat;
import dev.heartwood.tree.MapDelta;
import dev.heartwood.tree.Nodes;
import dev.heartwood.tree.SharedVectors;
import io.vavr.collection.HashMap;
import io.vavr.collection.Vector;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Prints small trees, one after another, to the byte as {@link TreeFormat#pretty} does. It prints a node anew only if
 * it is another instance than in the tree before. Printing the whole file would take half as long as a sync of it.
 */
public final class IncrementalPrinter {
    /** Printing a shorter text takes less time than caching it. */
    private static final int LARGE = 1 << 10;
    /** Below this depth everything is printed anew: each changed container above has a copy of its own text. */
    private static final int DEEP = 8;
    /** This many children of a large text always count as few. */
    private static final int FEW = 4;
    /** For each so many children, one more counts as few. */
    private static final int SHARE = 32;
    /**
     * Each entry that is replaced copies the whole text of its map. For those beyond {@link #FEW} no more bytes than
     * this are copied in all; else the time would grow with the square of the text.
     */
    private static final int COPIED = 1 << 20;

    private final TreeFormat format;
    private final long limit;
    private HashMap<String, @Nullable Object> tree = HashMap.empty();
    private @Nullable PrintedNode spelled;

    /** Prints trees of up to so many bytes. */
    public IncrementalPrinter(TreeFormat format, long limit) {
        this.format = format;
        this.limit = limit;
    }

    /** The tree for people; null if it has more bytes than the limit. Nobody changes the bytes. */
    public byte @Nullable [] spell(HashMap<String, @Nullable Object> next) throws IOException {
        PrintedNode old = spelled;
        HashMap<String, @Nullable Object> before = tree;
        // If this fails half-way, the cached text belongs to no tree.
        forget();
        try {
            PrintedNode now = whole(old, before, next);
            if (now.length() > limit) {
                return null;
            }
            tree = next;
            spelled = now;
            return now.text();
        } catch (SmallBuffer.FullException e) {
            return null;
        }
    }

    private PrintedNode whole(
            @Nullable PrintedNode old, HashMap<String, @Nullable Object> before, HashMap<String, @Nullable Object> next)
            throws IOException {
        try {
            return spell(old, before, next, null, 0);
        } catch (UnsupportedValueException e) {
            // It names a path inside a child. The code that prints the whole tree fails, too, and knows the path from
            // the root.
            return anew(next, null, 0);
        }
    }

    /** Releases the last tree. */
    public void forget() {
        tree = HashMap.empty();
        spelled = null;
    }

    /**
     * Prints a value.
     *
     * @param old the text of the value that was in its place before, to be changed; null if it is not known
     * @param key the key under which it stands; null in a list, and for the whole tree
     * @param depth how many containers are around it
     */
    private PrintedNode spell(
            @Nullable PrintedNode old, @Nullable Object before, @Nullable Object after, @Nullable String key, int depth)
            throws IOException {
        return old != null && depth < DEEP && old.length() >= LARGE && follow(old, before, after, depth + 1)
                ? old
                : anew(after, key, depth);
    }

    /** Changes the text of a value into that of another; false if printing it anew is better. */
    private boolean follow(PrintedNode text, @Nullable Object before, @Nullable Object after, int depth)
            throws IOException {
        if (before instanceof HashMap && after instanceof HashMap) {
            return follow(text, Nodes.map(before), Nodes.map(after), depth);
        }
        return before instanceof Vector
                && after instanceof Vector
                && follow(text, Nodes.list(before), Nodes.list(after), depth);
    }

    private PrintedNode anew(@Nullable Object value, @Nullable String key, int depth) throws IOException {
        SmallBuffer small = new SmallBuffer(limit);
        if (depth == 0) {
            format.pretty(Nodes.map(Objects.requireNonNull(value)), small);
        } else {
            format.prettyChild(key, value, depth, small);
        }
        return new PrintedNode(small.toByteArray());
    }

    private PrintedNode child(
            PrintedNode parent,
            int index,
            @Nullable Object before,
            @Nullable Object after,
            @Nullable String key,
            int depth)
            throws IOException {
        PrintedNode old = parent.childLength(index) < LARGE ? null : parent.child(index);
        return spell(old, before, after, key, depth);
    }

    /** A changed entry of a map; {@link Nodes#MISSING} where there is none. */
    private record Change(
            String key, @Nullable Object before, @Nullable Object after) {}

    /** False if too much differs. */
    private boolean follow(
            PrintedNode text,
            HashMap<String, @Nullable Object> before,
            HashMap<String, @Nullable Object> after,
            int depth)
            throws IOException {
        List<Change> changes = new ArrayList<>();
        // An empty container stands on one line: it has no children to cut, however long its key makes the text.
        int most = FEW + Math.min(after.size() / SHARE, COPIED / text.length());
        boolean few = !before.isEmpty()
                && !after.isEmpty()
                && MapDelta.forEach(before, after, (key, old, now) -> {
                    changes.add(new Change((String) Objects.requireNonNull(key), old, now));
                    return changes.size() <= most;
                });
        if (!few) {
            return false;
        }
        if (!text.isCut()) {
            text.cut(sortedKeys(before), depth);
        }
        // Removals come last, so that at least one child is there at any time.
        for (Change change : changes) {
            int index = text.index(change.key);
            if (change.after != Nodes.MISSING) {
                text.put(
                        index,
                        change.key,
                        index < 0
                                ? anew(change.after, change.key, depth)
                                : child(text, index, change.before, change.after, change.key, depth));
            }
        }
        for (Change change : changes) {
            if (change.after == Nodes.MISSING) {
                text.remove(text.index(change.key));
            }
        }
        return true;
    }

    private static List<String> sortedKeys(HashMap<String, @Nullable Object> map) {
        List<String> keys = new ArrayList<>(map.size());
        map.keysIterator().forEach(keys::add);
        keys.sort(null);
        return keys;
    }

    /** False if too much differs between the unchanged elements at both ends. */
    private boolean follow(PrintedNode text, Vector<@Nullable Object> before, Vector<@Nullable Object> after, int depth)
            throws IOException {
        if (Math.min(before.size(), after.size()) <= format.mostOnALine()) {
            return false;
        }
        int start = SharedVectors.prefix(before, after, (old, now) -> old == now);
        int rest = SharedVectors.suffix(before, after, start, (old, now) -> old == now);
        int end = after.size() - rest;
        if (end - start > FEW + after.size() / SHARE) {
            return false;
        }
        if (!text.isCut()) {
            text.cut(before.size(), depth);
        }
        List<PrintedNode> others = new ArrayList<>();
        for (int i = start; i < end; i++) {
            others.add(
                    before.size() == after.size()
                            ? child(text, i, before.get(i), after.get(i), null, depth)
                            : anew(after.get(i), null, depth));
        }
        text.replace(start, before.size() - rest, others);
        return true;
    }
}
