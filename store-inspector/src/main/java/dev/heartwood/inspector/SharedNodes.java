package dev.heartwood.inspector;

import dev.heartwood.Change;
import io.vavr.collection.HashMap;
import io.vavr.collection.Vector;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The containers that stand in more than one place of a recording, each with a number. Each is written once. So a
 * recording has the size of its distinct parts, however many paths lead to them.
 */
final class SharedNodes {
    private static final Integer ONCE = -1;

    private final IdentityHashMap<Object, Integer> numbers = new IdentityHashMap<>();
    private final List<Object> shared = new ArrayList<>();
    private final Deque<Object> open = new ArrayDeque<>();

    void add(Change change) {
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
        meet(value);
        while (!open.isEmpty()) {
            Object container = open.pop();
            if (container instanceof HashMap<?, ?> map) {
                map.forEach((key, child) -> meet(child));
            } else {
                ((Vector<?>) container).forEach(this::meet);
            }
        }
    }

    /** The shared containers, by number. */
    List<Object> all() {
        return shared;
    }

    /** The number of a container that is shared; -1 for any other value. */
    int number(Object value) {
        return numbers.getOrDefault(value, ONCE);
    }

    private void meet(@Nullable Object value) {
        if (value == null || !isLarge(value)) {
            return;
        }
        Integer number = numbers.putIfAbsent(value, ONCE);
        if (number == null) {
            open.push(value);
        } else if (number.equals(ONCE)) {
            numbers.put(value, shared.size());
            shared.add(value);
        }
    }

    /** Empty containers are shorter than a reference to them, and all the same instance. */
    private static boolean isLarge(Object value) {
        return value instanceof HashMap<?, ?> map ? !map.isEmpty() : value instanceof Vector<?> list && !list.isEmpty();
    }
}
