package dev.heartwood;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;

/**
 * The writes of {@link TreeEditor} on one mutable tree of plain collections, by the words of the contract: values come
 * in canonical, errors are exceptions whose type alone counts.
 */
final class NaiveEditor {
    static final Object ABSENT = new Object();

    static final class Missing extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    static final class Mismatch extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private Map<String, Object> root = new LinkedHashMap<>();

    Map<String, Object> root() {
        return root;
    }

    /** The value at the place, or {@link #ABSENT}. */
    Object look(KeyPath path) {
        Object node = root;
        for (String token : path.tokens()) {
            if (node instanceof Map && Plain.asMap(node).containsKey(token)) {
                node = Plain.asMap(node).get(token);
            } else if (node instanceof List
                    && isIndex(token)
                    && index(token) < Plain.asList(node).size()) {
                node = Plain.asList(node).get((int) index(token));
            } else {
                return ABSENT;
            }
        }
        return node;
    }

    /** Puts the result of {@code step} at the place; the old and the new value may be absent. */
    Object change(KeyPath path, boolean mustExist, boolean makesParents, boolean dash, UnaryOperator<Object> step) {
        if (path.size() == 0) {
            Object next = step.apply(root);
            if (!(next instanceof Map)) {
                throw new Mismatch();
            }
            Object old = root;
            root = Plain.asMap(next);
            return old;
        }
        Object found = find(path, makesParents, dash);
        if (found == ABSENT && mustExist) {
            throw new Missing();
        }
        Object next = step.apply(found);
        if (found == ABSENT && next == ABSENT) {
            return ABSENT;
        }
        write(path, next);
        return found;
    }

    private Object find(KeyPath path, boolean makesParents, boolean dash) {
        Object node = root;
        for (int i = 0; i < path.size() && node != ABSENT; i++) {
            String token = path.token(i);
            boolean last = i == path.size() - 1;
            if (node instanceof Map) {
                node = Plain.asMap(node).containsKey(token) ? Plain.asMap(node).get(token) : ABSENT;
            } else if (node instanceof List) {
                if (last && dash && token.equals("-")) {
                    return ABSENT;
                } else if (!isIndex(token)) {
                    throw new Mismatch();
                } else if (index(token) < Plain.asList(node).size()) {
                    node = Plain.asList(node).get((int) index(token));
                } else if (makesParents) {
                    throw new Missing();
                } else {
                    node = ABSENT;
                }
            } else {
                throw new Mismatch();
            }
        }
        return node;
    }

    private void write(KeyPath path, Object next) {
        Object node = root;
        for (int i = 0; i < path.size() - 1; i++) {
            String token = path.token(i);
            node = node instanceof List
                    ? Plain.asList(node).get((int) index(token))
                    : Plain.asMap(node).computeIfAbsent(token, key -> new LinkedHashMap<>());
        }
        String token = path.last();
        if (node instanceof Map) {
            if (next == ABSENT) {
                Plain.asMap(node).remove(token);
            } else {
                Plain.asMap(node).put(token, next);
            }
        } else if (token.equals("-")) {
            Plain.asList(node).add(next);
        } else if (next == ABSENT) {
            Plain.asList(node).remove((int) index(token));
        } else {
            Plain.asList(node).set((int) index(token), next);
        }
    }

    Object put(KeyPath path, Object value) {
        return orNull(change(path, false, true, true, found -> value));
    }

    boolean init(KeyPath path, Object value) {
        return change(path, false, true, false, found -> found == ABSENT ? value : found) == ABSENT;
    }

    Object update(KeyPath path, UnaryOperator<Object> fn) {
        Object[] made = new Object[1];
        change(path, true, false, false, found -> made[0] = fn.apply(found));
        return made[0];
    }

    Object merge(KeyPath path, Object value, UnaryOperator<Object> fn) {
        Object[] made = new Object[1];
        change(path, false, true, false, found -> {
            made[0] = found == ABSENT || found == null ? value : fn.apply(found);
            return made[0] == null ? ABSENT : made[0];
        });
        return made[0];
    }

    Object remove(KeyPath path) {
        return change(path, true, false, false, found -> ABSENT);
    }

    boolean discard(KeyPath path) {
        return change(path, false, false, false, found -> ABSENT) != ABSENT;
    }

    boolean replace(KeyPath path, Object expected, Object next) {
        boolean[] won = new boolean[1];
        change(path, false, false, false, found -> {
            won[0] = found != ABSENT && Objects.equals(found, expected);
            return won[0] ? next : found;
        });
        return won[0];
    }

    void insert(KeyPath path, Object value) {
        KeyPath parent = path.prefix(path.size() - 1);
        String token = path.last();
        Object list = find(parent, false, false);
        if (list == ABSENT) {
            throw new Missing();
        } else if (!(list instanceof List)) {
            throw new Mismatch();
        } else if (token.equals("-")) {
            Plain.asList(list).add(value);
        } else if (!isIndex(token)) {
            throw new Mismatch();
        } else if (index(token) > Plain.asList(list).size()) {
            throw new Missing();
        } else {
            Plain.asList(list).add((int) index(token), value);
        }
    }

    void concat(KeyPath path, Object more) {
        change(path, true, false, false, found -> {
            if (found instanceof String string && more instanceof String tail) {
                return string + tail;
            } else if (found instanceof List && more instanceof List) {
                List<Object> joined = new ArrayList<>(Plain.asList(found));
                joined.addAll(Plain.asList(more));
                return joined;
            }
            throw new Mismatch();
        });
    }

    void putAll(KeyPath path, Map<String, Object> entries) {
        // In the order in which the tree holds the keys: an append to a list may make room for an index.
        wholly(() -> io.vavr.collection.HashMap.ofAll(entries)
                .keysIterator()
                .forEach(key -> put(path.child(key), entries.get(key))));
    }

    void mergeTree(KeyPath path, Map<String, Object> tree) {
        wholly(() -> merge(path, tree));
    }

    private void merge(KeyPath path, Object tree) {
        if (tree instanceof Map && look(path) instanceof Map) {
            Plain.asMap(tree).forEach((key, value) -> merge(path.child(key), value));
        } else {
            put(path, tree);
        }
    }

    void move(KeyPath from, KeyPath to) {
        wholly(() -> {
            Object moved = remove(from);
            if (!to.equals(from)) {
                place(to, moved);
            } else {
                place(from, moved);
            }
        });
    }

    void copy(KeyPath from, KeyPath to) {
        Object found = look(from);
        if (found == ABSENT) {
            throw new Missing();
        }
        place(to, Plain.of(found));
    }

    private void place(KeyPath path, Object value) {
        if (path.size() > 0 && look(path.parent()) instanceof List) {
            insert(path, value);
        } else {
            put(path, value);
        }
    }

    Object compute(KeyPath path, UnaryOperator<Object> fn) {
        Object[] made = new Object[1];
        change(path, false, true, false, found -> {
            made[0] = fn.apply(found == ABSENT ? null : found);
            return made[0] == null ? ABSENT : made[0];
        });
        return made[0];
    }

    /** All of it or nothing. */
    private void wholly(Runnable steps) {
        Map<String, Object> before = Plain.map(root);
        try {
            steps.run();
        } catch (Missing | Mismatch e) {
            root = before;
            throw e;
        }
    }

    private static Object orNull(Object found) {
        return found == ABSENT ? null : found;
    }

    private static boolean isIndex(String token) {
        return token.matches("0|[1-9][0-9]*");
    }

    private static long index(String token) {
        return Long.parseLong(token);
    }
}
