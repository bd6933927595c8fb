package dev.heartwood;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/** Any one operation, on a small tree where conflicts are likely; returns its result. */
final class AnyOperation {
    /** The tree to start with. */
    static final Map<String, Object> START = Map.of(
            "a",
            1,
            "b",
            2,
            "m",
            Map.of("a", 1, "b", Map.of("c", 1)),
            "l",
            List.of(1, Map.of("a", 1), List.of(1, 2)),
            "",
            Map.of("", 1, "-", 2, "0", 3));

    private static final List<KeyPath> PATHS = Stream.of(
                    "/a", "/b", "/x", "/x/y", "/x/y/z", "/m", "/m/a", "/m/b", "/m/b/c", "/m/new", "/m/0", "/l", "/l/0",
                    "/l/1", "/l/1/a", "/l/2", "/l/2/0", "/l/2/2", "/l/-", "/l/3", "/l/4", "/a/b", "", "/", "//", "//-",
                    "//0")
            .map(KeyPath::parse)
            .toList();

    private final int operation;
    private final KeyPath path;
    private final Object value;

    private AnyOperation(int operation, KeyPath path, Object value) {
        this.operation = operation;
        this.path = path;
        this.value = value;
    }

    static AnyOperation random(Random random) {
        return new AnyOperation(random.nextInt(OPERATIONS.size()), path(random), value(random));
    }

    static KeyPath path(Random random) {
        return PATHS.get(random.nextInt(PATHS.size()));
    }

    /** Whether it writes, or may write, the root itself. */
    boolean isOfTheRoot() {
        return path.isRoot() || other(path, value).isRoot();
    }

    /** Runs the operation; returns its result or its refusal. */
    String on(TreeEditor editor) {
        try {
            return this + " = " + OPERATIONS.get(operation).run(editor, path, value);
        } catch (NoSuchPathException | TypeMismatchException | IllegalArgumentException e) {
            return this + " : " + e.getClass().getSimpleName();
        }
    }

    @Override
    public String toString() {
        return operation + " " + path + " " + value;
    }

    private static Object value(Random random) {
        return switch (random.nextInt(5)) {
            case 0 -> Map.of("y", random.nextInt(3));
            case 1 -> List.of(random.nextInt(3), random.nextInt(3));
            default -> random.nextInt(4);
        };
    }

    private static final List<Operation> OPERATIONS = List.of(
            (editor, path, value) -> editor.put(path, value),
            Operation.of((editor, path, value) -> editor.set(path, value)),
            Operation.of((editor, path, value) -> editor.set(path, value)),
            (editor, path, value) -> editor.init(path, value),
            (editor, path, value) -> editor.remove(path),
            (editor, path, value) -> editor.discard(path),
            (editor, path, value) -> editor.getOrDefault(path, "none"),
            (editor, path, value) -> editor.contains(path),
            (editor, path, value) -> editor.size(path),
            (editor, path, value) -> editor.keys(path),
            (editor, path, value) -> editor.increment(path),
            (editor, path, value) -> editor.replace(path, 1, value),
            (editor, path, value) -> editor.update(path, old -> value),
            (editor, path, value) -> editor.merge(path, value, (old, added) -> old instanceof Long ? null : old),
            (editor, path, value) -> editor.leaves(path).map(Object::toString).toList(),
            Operation.of((editor, path, value) ->
                    editor.updateMap(path, map -> map.put("u", value).remove("a"))),
            Operation.of((editor, path, value) ->
                    editor.updateList(path, list -> list.drop(1).append(value))),
            Operation.of((editor, path, value) -> editor.append(path, value)),
            Operation.of((editor, path, value) -> editor.insert(path, value)),
            Operation.of((editor, path, value) -> editor.concat(path, value)),
            Operation.of((editor, path, value) -> editor.putAll(path, entries(value))),
            Operation.of((editor, path, value) -> editor.mergeTree(path, entries(value))),
            Operation.of((editor, path, value) -> editor.move(path, other(path, value))),
            Operation.of((editor, path, value) -> editor.copy(path, other(path, value))),
            (editor, path, value) -> editor.compute(path, old -> old instanceof Long ? null : value));

    private static Map<String, Object> entries(Object value) {
        return Map.of("a", value, "b", Map.of("c", value, "y", value));
    }

    private static KeyPath other(KeyPath path, Object value) {
        return PATHS.get(Math.floorMod(31 * path.hashCode() + value.hashCode(), PATHS.size()));
    }

    private interface Operation {
        Object run(TreeEditor editor, KeyPath path, Object value);

        static Operation of(Silent operation) {
            return (editor, path, value) -> {
                operation.run(editor, path, value);
                return "done";
            };
        }
    }

    private interface Silent {
        void run(TreeEditor editor, KeyPath path, Object value);
    }
}
