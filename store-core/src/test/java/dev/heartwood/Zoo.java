package dev.heartwood;

import dev.heartwood.tree.Steps;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** Values of every shape, each in two sizes, and stores with such a value in them. */
final class Zoo {
    static final KeyPath VALUE = KeyPath.of("v");
    static final KeyPath COUNT = KeyPath.of("c");

    static final List<Shape> SHAPES = List.of(
            new Shape("a flat map", 1_500, 15_000, Zoo::map),
            new Shape("a map of maps", 1_500, 15_000, Zoo::bushy),
            new Shape("a long list", 1_500, 15_000, Zoo::list),
            new Shape("a chain", 95, 950, Zoo::chain),
            new Shape("shared parts", 6, 60, Zoo::shared),
            new Shape("keys of one hash code", 40, 400, Zoo::colliding),
            new Shape("a long string", 100_000, 1_000_000, "x"::repeat),
            new Shape("a large number", 10_000, 100_000, BigInteger.ONE::shiftLeft));

    private static final Map<String, Cage> CAGES = new ConcurrentHashMap<>();

    private Zoo() {}

    /** A kind of value; how many distinct nodes, or bytes, the small one and the large one have. */
    record Shape(String name, int small, int large, IntFunction<Object> make) {
        /** The steps that an operation takes in a new place with a value of this size. A step is a visited node. */
        long steps(int size, Consumer<Place> operation) {
            Place place = new Place(CAGES.computeIfAbsent(name + size, name -> new Cage(make, size)));
            long before = Steps.ofThread();
            operation.accept(place);
            return Steps.ofThread() - before;
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /** A value, and an equal one that was made separately: made once, since that takes longer than the operations. */
    private static final class Cage {
        private final Object equal;
        private final Snapshot first;
        private final Snapshot twin;

        Cage(IntFunction<Object> shape, int size) {
            equal = shape.apply(size);
            first = state(shape.apply(size));
            twin = state(equal);
        }

        private static Snapshot state(Object value) {
            return Store.of(Map.of("v", value, "c", 0, "a", Map.of(), "l", List.of(1, 2)))
                    .snapshot();
        }
    }

    /** A store with the value in it, another state of it, and an equal value that was made separately. */
    static final class Place {
        final Store store;
        final Snapshot before;
        final Snapshot twin;
        final @Nullable Object raw;
        final Object equal;

        private Place(Cage cage) {
            store = Store.of(cage.first.root());
            before = store.snapshot();
            twin = cage.twin;
            equal = cage.equal;
            raw = store.get(VALUE);
            store.put(KeyPath.of("a", "b"), raw); // measured once, if at all
            store.increment(COUNT);
        }
    }

    private static Object map(int size) {
        Map<String, Object> map = new java.util.HashMap<>();
        for (int i = 0; i < size; i++) {
            map.put("key" + i, (long) i);
        }
        return map;
    }

    private static Object list(int size) {
        List<Object> list = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            list.add((long) i << 32 | i);
        }
        return list;
    }

    private static Object chain(int depth) {
        Object node = List.of(1L);
        for (int i = 1; i < depth; i++) {
            node = i % 2 == 0 ? List.of(node) : Map.of("k", node);
        }
        return node;
    }

    private static Object shared(int levels) {
        Object node = List.of(1L);
        for (int i = 1; i < levels; i++) {
            node = i % 2 == 0 ? List.of(node, node) : Map.of("k", node, "l", node);
        }
        return node;
    }

    private static Object colliding(int size) {
        Map<String, Object> map = new java.util.HashMap<>();
        for (int i = 0; i < size; i++) {
            StringBuilder key = new StringBuilder();
            for (int bit = 0; bit < 10; bit++) {
                key.append((i >> bit & 1) == 0 ? "Aa" : "BB");
            }
            map.put(key.toString(), (long) i);
        }
        return map;
    }

    private static Object bushy(int size) {
        Map<String, Object> map = new java.util.HashMap<>();
        for (int i = 0; i < size / 4; i++) {
            map.put("user" + i, Map.of("n", (long) i, "tags", List.of("a")));
        }
        return map;
    }
}
