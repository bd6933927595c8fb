package dev.heartwood.adk;

import com.google.adk.sessions.State;
import dev.heartwood.Dialect;
import dev.heartwood.KeyPath;
import dev.heartwood.UnsupportedValueException;
import dev.heartwood.Values;
import dev.heartwood.json.Json;
import io.vavr.Tuple2;
import io.vavr.collection.HashMap;
import io.vavr.collection.Vector;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Values of a session's state as values of the tree, and back. A value is accepted only if reading returns an equal
 * value: a text, a boolean, a finite number, a list, or a map with text keys. Any other value is refused, with its key,
 * before anything is changed. The limits are those of JSON in every store, so that a state in memory can move to a
 * file.
 */
final class StateValues {
    private static final Dialect JSON = Json.options().dialect();
    private static final int MOST_NESTED = 1_000;

    private StateValues() {}

    /** The value that stands in the tree for a value at the path, whose first step is the key of the state. */
    static @Nullable Object toTree(KeyPath path, @Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            return toTree(path, map);
        }
        if (value instanceof List<?> list) {
            return toTree(path, list);
        }
        return value == null ? null : leaf(path, value);
    }

    private static Map<String, @Nullable Object> toTree(KeyPath path, Map<?, ?> map) {
        requireDepth(path);
        Map<String, @Nullable Object> copy = new LinkedHashMap<>();
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            if (!(entry.getKey() instanceof String key)) {
                throw refusal(path, "a map with the key " + entry.getKey() + ", which is no text");
            }
            copy.put(key, toTree(child(path, key), entry.getValue()));
        }
        return copy;
    }

    private static List<@Nullable Object> toTree(KeyPath path, List<?> list) {
        requireDepth(path);
        List<@Nullable Object> copy = new ArrayList<>(list.size());
        for (Object element : list) {
            copy.add(toTree(path.child(copy.size()), element));
        }
        return copy;
    }

    private static Object leaf(KeyPath path, Object value) {
        if (value == State.REMOVED) {
            throw refusal(path, "State.REMOVED within a value, where it means nothing");
        }
        if (!isKept(value)) {
            throw refusal(path, "a " + value.getClass().getName() + ", which would come back as something else");
        }
        if (value instanceof Double || value instanceof Float) {
            requireFinite(path, ((Number) value).doubleValue());
        }
        try {
            // A whole number as a Long, a Float as the Double of its shortest decimal.
            return JSON.admit(Objects.requireNonNull(Values.freeze(value)));
        } catch (IllegalArgumentException e) {
            throw refusal(path, e.getMessage());
        }
    }

    private static boolean isKept(Object value) {
        return value instanceof String
                || value instanceof Boolean
                || value instanceof Integer
                || value instanceof Long
                || value instanceof Short
                || value instanceof Byte
                || value instanceof Double
                || value instanceof Float
                || value.getClass() == BigInteger.class
                || value.getClass() == BigDecimal.class;
    }

    /** A path one key deeper. The key, too, must be one that JSON can say. */
    static KeyPath child(KeyPath path, String key) {
        try {
            JSON.admitKey(key);
        } catch (IllegalArgumentException e) {
            throw refusal(path.child(key), e.getMessage());
        }
        return path.child(key);
    }

    private static void requireFinite(KeyPath path, double value) {
        if (!Double.isFinite(value)) {
            throw refusal(path, value + " is no finite number");
        }
    }

    private static void requireDepth(KeyPath path) {
        if (path.size() > MOST_NESTED) {
            throw refusal(path, "more than 1,000 nested maps and lists, or one that contains itself");
        }
    }

    private static UnsupportedValueException refusal(KeyPath path, @Nullable String reason) {
        return new UnsupportedValueException(
                path,
                reason + ". Nothing was changed. A state holds texts, booleans, finite numbers, lists, and maps"
                        + " with text keys.");
    }

    /** The value that the tree has, as ADK's own reader would give it: an Integer where one fits, lists, and maps. */
    static @Nullable Object fromTree(@Nullable Object node) {
        if (node instanceof HashMap<?, ?> map) {
            TreeMap<String, @Nullable Object> sorted = new TreeMap<>();
            for (Tuple2<?, ?> entry : map) {
                sorted.put((String) entry._1, fromTree(entry._2));
            }
            return new LinkedHashMap<>(sorted);
        }
        if (node instanceof Vector<?> vector) {
            List<@Nullable Object> list = new ArrayList<>(vector.size());
            for (Object element : vector) {
                list.add(fromTree(element));
            }
            return list;
        }
        if (node instanceof Long whole && whole == whole.intValue()) {
            return whole.intValue();
        }
        return node;
    }
}
