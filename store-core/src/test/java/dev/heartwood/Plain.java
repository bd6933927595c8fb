package dev.heartwood;

import io.vavr.Tuple2;
import io.vavr.collection.HashMap;
import io.vavr.collection.Vector;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Trees as mutable {@code java.util} collections, by a recursion that shares nothing with the library. */
final class Plain {
    private Plain() {}

    static Object of(Object node) {
        if (node instanceof HashMap<?, ?> map) {
            Map<String, Object> plain = new LinkedHashMap<>();
            for (Tuple2<?, ?> entry : map) {
                plain.put((String) entry._1, of(entry._2));
            }
            return plain;
        }
        if (node instanceof Vector<?> || node instanceof List<?>) {
            List<Object> plain = new ArrayList<>();
            ((Iterable<?>) node).forEach(element -> plain.add(of(element)));
            return plain;
        }
        if (node instanceof Map<?, ?> map) {
            Map<String, Object> plain = new LinkedHashMap<>();
            map.forEach((key, value) -> plain.put((String) key, of(value)));
            return plain;
        }
        return node;
    }

    static Map<String, Object> map(Object node) {
        return asMap(of(node));
    }

    @SuppressWarnings("unchecked")
    static Map<String, Object> asMap(Object plain) {
        return (Map<String, Object>) plain;
    }

    @SuppressWarnings("unchecked")
    static List<Object> asList(Object plain) {
        return (List<Object>) plain;
    }

    /** Applies one change of a diff in place, and fails where it does not fit. */
    static void apply(Map<String, Object> root, Change change) {
        KeyPath path = change.path();
        Object parent = root;
        for (int i = 0; i < path.size() - 1; i++) {
            parent = parent instanceof Map
                    ? require(asMap(parent), path.token(i))
                    : asList(parent).get(Integer.parseInt(path.token(i)));
        }
        String token = path.last();
        if (parent instanceof Map) {
            applyToMap(asMap(parent), token, change);
        } else {
            applyToList(asList(parent), Integer.parseInt(token), change);
        }
    }

    private static void applyToMap(Map<String, Object> map, String key, Change change) {
        if (change instanceof Change.Added added) {
            require(!map.containsKey(key), change);
            map.put(key, of(added.value()));
        } else if (change instanceof Change.Removed removed) {
            require(map.containsKey(key) && java.util.Objects.equals(map.get(key), of(removed.value())), change);
            map.remove(key);
        } else if (change instanceof Change.Replaced replaced) {
            require(map.containsKey(key) && java.util.Objects.equals(map.get(key), of(replaced.before())), change);
            map.put(key, of(replaced.after()));
        }
    }

    private static void applyToList(List<Object> list, int index, Change change) {
        if (change instanceof Change.Added added) {
            list.add(index, of(added.value()));
        } else if (change instanceof Change.Removed removed) {
            require(java.util.Objects.equals(list.get(index), of(removed.value())), change);
            list.remove(index);
        } else if (change instanceof Change.Replaced replaced) {
            require(java.util.Objects.equals(list.get(index), of(replaced.before())), change);
            list.set(index, of(replaced.after()));
        }
    }

    private static Object require(Map<String, Object> map, String key) {
        if (!map.containsKey(key)) {
            throw new AssertionError("no parent " + key);
        }
        return map.get(key);
    }

    private static void require(boolean fits, Change change) {
        if (!fits) {
            throw new AssertionError("does not fit: " + change);
        }
    }
}
