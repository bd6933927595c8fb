package dev.heartwood.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heartwood.KeyPath;
import dev.heartwood.NoSuchPathException;
import dev.heartwood.Store;
import dev.heartwood.TreeEditor;
import dev.heartwood.TypeMismatchException;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Writes of every kind, at random: single ones and batches. */
final class RandomWork {
    private static final List<String> POINTERS =
            List.of("/a", "/x", "/x/y", "/x/y/z", "/m", "/m/a", "/m/b/c", "/l", "/l/0", "/l/1/a", "/l/-", "/l/2");

    private final Random random;

    RandomWork(long seed) {
        this.random = new Random(seed);
    }

    /** The tree from which the work starts. */
    static Map<String, Object> tree() {
        return Map.of("a", 1, "m", Map.of("a", 1, "b", Map.of("c", 1)), "l", List.of(1, Map.of("a", 1), 3));
    }

    /** So many commits at most. */
    void on(Store store, int commits) {
        for (int i = 0; i < commits; i++) {
            if (random.nextBoolean()) {
                write(store);
            } else {
                store.batch(tx -> {
                    for (int n = random.nextInt(5); n > 0; n--) {
                        write(tx);
                    }
                });
            }
        }
    }

    private void write(TreeEditor editor) {
        KeyPath path = KeyPath.parse(POINTERS.get(random.nextInt(POINTERS.size())));
        try {
            write(editor, path, value());
        } catch (NoSuchPathException | TypeMismatchException e) {
            assertThat(e).hasMessageContaining(path.toString());
        }
    }

    private void write(TreeEditor editor, KeyPath path, Object value) {
        switch (random.nextInt(10)) {
            case 0 -> editor.put(path, value);
            case 1 -> editor.set(path, value);
            case 2 -> editor.discard(path);
            case 3 -> editor.remove(path);
            case 4 -> editor.append(path, value);
            case 5 -> editor.insert(path, value);
            case 6 -> editor.concat(path, List.of(value, 7));
            case 7 -> editor.increment(path);
            case 8 -> editor.update(path, old -> value);
            default -> editor.init(path, value);
        }
    }

    private Object value() {
        return switch (random.nextInt(4)) {
            case 0 -> Map.of("y", random.nextInt(3));
            case 1 -> List.of(random.nextInt(3), Map.of());
            default -> random.nextInt(5);
        };
    }
}
