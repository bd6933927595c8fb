package dev.heartwood.inspector;

import dev.heartwood.Change;
import io.vavr.collection.HashMap;
import io.vavr.collection.Vector;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** About how many characters values need on a page, containers that stand in several places counted once. */
final class WrittenSize {
    /** Quotes, comma, letter of the type. */
    private static final int MARKS = 4;

    private final int longest;
    private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    private long characters;
    private long cut;

    WrittenSize(int longest) {
        this.longest = longest;
    }

    void add(Change change) {
        characters += change.path().toString().length() + 2 * MARKS;
        if (change instanceof Change.Added added) {
            add(added.value());
        } else if (change instanceof Change.Removed removed) {
            add(removed.value());
        } else if (change instanceof Change.Replaced replaced) {
            add(replaced.before());
            add(replaced.after());
        }
    }

    void add(@Nullable Object value) {
        Deque<Object> open = new ArrayDeque<>();
        enter(value, open);
        while (!open.isEmpty()) {
            Object container = open.pop();
            if (container instanceof HashMap<?, ?> map) {
                map.forEach((key, child) -> {
                    characters += Math.min(longest, key.toString().length()) + MARKS;
                    enter(child, open);
                });
            } else {
                ((Vector<?>) container).forEach(child -> enter(child, open));
            }
        }
    }

    void add(int more) {
        characters += more;
    }

    long characters() {
        return characters;
    }

    /** The number of leaves that are cut. */
    long cut() {
        return cut;
    }

    int longest() {
        return longest;
    }

    private void enter(@Nullable Object value, Deque<Object> open) {
        characters += MARKS;
        if (value instanceof HashMap || value instanceof Vector) {
            if (seen.add(value)) {
                open.push(value);
            }
            return;
        }
        long length = LeafText.length(value);
        cut += length > longest ? 1 : 0;
        characters += Math.min(length, longest);
    }
}
