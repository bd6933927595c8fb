package dev.heartwood.langchain4j;

import dev.heartwood.json.Json;
import io.vavr.collection.HashMap;
import io.vavr.collection.Vector;
import org.jspecify.annotations.Nullable;

/**
 * Merges the changes of one holder of an agentic scope into the stored scope, which another holder may have changed
 * meanwhile. States are merged key by key; invocations and the context are appended.
 */
final class ScopeMerge {
    private ScopeMerge() {}

    /**
     * The stored scope with the changes that lead from {@code base} to {@code mine}.
     *
     * @param base as this holder last read or wrote it
     */
    static Object merge(Object base, Object stored, Object mine) {
        return stored instanceof HashMap<?, ?> && mine instanceof HashMap<?, ?>
                ? byKey(fields(base), fields(stored), fields(mine), ScopeMerge::field)
                : mine;
    }

    /** The codec writes a field that is a collection as its class and its content. */
    private static @Nullable Object field(@Nullable Object base, @Nullable Object stored, @Nullable Object mine) {
        return mine instanceof Vector<?> m && m.size() == 2
                ? Vector.of(m.get(0), content(content(base), content(stored), m.get(1)))
                : mine;
    }

    private static @Nullable Object content(@Nullable Object field) {
        return field instanceof Vector<?> pair && pair.size() == 2 ? pair.get(1) : null;
    }

    private static @Nullable Object content(@Nullable Object base, @Nullable Object stored, @Nullable Object mine) {
        if (mine instanceof HashMap<?, ?>) {
            return byKey(fields(base), fields(stored), fields(mine), (was, is, next) -> next);
        }
        if (mine instanceof Vector<?> && begins(elements(mine), elements(base))) {
            return elements(stored).appendAll(elements(mine).drop(elements(base).size()));
        }
        return mine;
    }

    private static HashMap<String, @Nullable Object> byKey(
            HashMap<String, @Nullable Object> base,
            HashMap<String, @Nullable Object> stored,
            HashMap<String, @Nullable Object> mine,
            Resolution changed) {
        HashMap<String, @Nullable Object> merged = stored;
        for (String key : base.keySet().addAll(mine.keySet())) {
            Object was = base.getOrElse(key, null);
            Object next = mine.getOrElse(key, null);
            if (!mine.containsKey(key)) {
                merged = merged.remove(key);
            } else if (!base.containsKey(key) || !same(was, next)) {
                merged = merged.put(key, changed.of(was, stored.getOrElse(key, null), next));
            }
        }
        return merged;
    }

    private static boolean begins(Vector<?> whole, Vector<?> start) {
        return whole.size() >= start.size() && same(whole.take(start.size()), start);
    }

    private static boolean same(@Nullable Object one, @Nullable Object other) {
        return one == other || Json.write(one).equals(Json.write(other));
    }

    @SuppressWarnings("unchecked") // maps of a tree have String keys
    private static HashMap<String, @Nullable Object> fields(@Nullable Object node) {
        return node instanceof HashMap<?, ?> ? (HashMap<String, @Nullable Object>) node : HashMap.empty();
    }

    @SuppressWarnings("unchecked") // vectors of a tree hold any value
    private static Vector<@Nullable Object> elements(@Nullable Object node) {
        return node instanceof Vector<?> ? (Vector<@Nullable Object>) node : Vector.empty();
    }

    /** The value of a key that this holder has changed. */
    private interface Resolution {
        @Nullable
        Object of(@Nullable Object base, @Nullable Object stored, @Nullable Object mine);
    }
}
