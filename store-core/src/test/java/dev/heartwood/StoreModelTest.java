package dev.heartwood;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Thousands of random operations, on a store and on a naive model: results, exceptions and trees are the same. */
class StoreModelTest {
    private static final int OPERATIONS = 3_000;
    private static final int BATCH = 25;
    private static final int MOST_LEAVES = 400;

    private final NaiveEditor model = new NaiveEditor();
    private RandomTrees trees;
    private Random random;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void everyOperationOfAStoreDoesWhatTheModelDoes(long seed) {
        start(seed);
        try (Store store = Store.create()) {
            for (int i = 0; i < OPERATIONS; i++) {
                String label = "seed " + seed + " operation " + i;
                Snapshot before = store.snapshot();
                Map<String, Object> old = Plain.map(before.root());
                boolean failed = operate(store, label);
                Snapshot after = store.snapshot();
                assertThat(Plain.map(after.root())).as(label).isEqualTo(model.root());
                if (failed) {
                    assertThat(after).as(label).isSameAs(before);
                } else if (!old.equals(model.root())) {
                    assertThat(after.version()).as(label).isEqualTo(before.version() + 1);
                }
                assertThat(Plain.map(before.root()))
                        .as("%s: the past stays", label)
                        .isEqualTo(old);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {5, 6, 7, 8})
    void everyOperationOfABatchDoesWhatTheModelDoes(long seed) {
        start(seed);
        try (Store store = Store.create()) {
            for (int i = 0; i < OPERATIONS / BATCH; i++) {
                String label = "seed " + seed + " batch " + i;
                Snapshot before = store.snapshot();
                Commit commit = store.batch(tx -> {
                    for (int j = 0; j < BATCH; j++) {
                        operate(tx, label + " operation " + j);
                        assertThat(Plain.map(tx.get(KeyPath.root()))).as(label).isEqualTo(model.root());
                    }
                });
                assertThat(commit.before()).isSameAs(before);
                assertThat(Plain.map(store.snapshot().root())).as(label).isEqualTo(model.root());
                assertThat(before.edit(tx -> tx.apply(commit.diff())).sameTree(commit.after()))
                        .as(label)
                        .isTrue();
            }
        }
    }

    private void start(long seed) {
        trees = new RandomTrees(seed);
        random = trees.random();
    }

    /** Runs one operation on both sides; returns whether it failed. */
    private boolean operate(TreeEditor editor, String label) {
        KeyPath path = path();
        Object value = trees.value(2);
        Object more = random.nextBoolean() ? (Object) "z" : trees.list(1);
        Object present = model.look(path);
        if (editor.leaves(KeyPath.root()).limit(MOST_LEAVES).count() == MOST_LEAVES) {
            editor.clear();
            model.root().clear();
            return false;
        }
        return switch (random.nextInt(26)) {
            case 0, 1, 2 -> both(label, () -> editor.put(path, value), () -> model.put(path, Plain.of(value)));
            case 3 ->
                both(
                        label,
                        () -> {
                            editor.set(path, value);
                            return null;
                        },
                        () -> {
                            model.put(path, Plain.of(value));
                            return null;
                        });
            case 4 -> both(label, () -> editor.init(path, value), () -> model.init(path, Plain.of(value)));
            case 5 ->
                both(
                        label,
                        () -> editor.update(path, old -> path.size() == 0 ? old : value),
                        () -> model.update(path, old -> path.size() == 0 ? old : Plain.of(value)));
            case 6 ->
                both(
                        label,
                        () -> editor.update(path, old -> wrap(old)),
                        () -> model.update(path, old -> Plain.of(wrap(old))));
            case 7, 8 -> merge(editor, path, value, label);
            case 9 -> both(label, () -> editor.increment(path, 2), () -> model.update(path, StoreModelTest::plusTwo));
            case 10, 11 -> insert(editor, path.child(step()), value, label);
            case 12 -> insert(editor, path.child("-"), value, label);
            case 13 ->
                both(
                        label,
                        () -> {
                            editor.concat(path, more);
                            return null;
                        },
                        () -> {
                            model.concat(path, Plain.of(more));
                            return null;
                        });
            case 14 -> path.size() > 0 && both(label, () -> editor.remove(path), () -> model.remove(path));
            case 15 -> path.size() > 0 && both(label, () -> editor.discard(path), () -> model.discard(path));
            case 16 -> both(label, () -> editor.replace(path, value, null), () -> model.replace(path, value, null));
            case 17 ->
                present != NaiveEditor.ABSENT
                        && both(
                                label,
                                () -> editor.replace(path, Plain.of(present), path.size() == 0 ? Map.of() : value),
                                () -> model.replace(
                                        path, Plain.of(present), Plain.of(path.size() == 0 ? Map.of() : value)));
            case 18 -> read(editor, path, label);
            case 19 -> {
                Map<String, Object> entries = trees.map(1);
                yield both(label, () -> editor.putAll(path, entries), () -> model.putAll(path, Plain.map(entries)));
            }
            case 20, 21 -> {
                Map<String, Object> tree = mergeable(path);
                yield both(label, () -> editor.mergeTree(path, tree), () -> model.mergeTree(path, Plain.map(tree)));
            }
            case 22 -> compute(editor, path, value, label);
            case 23 -> carry(editor, path, path(), true, label);
            case 24 -> carry(editor, path, path(), false, label);
            default -> move(editor, path, path(), label);
        };
    }

    private boolean merge(TreeEditor editor, KeyPath path, Object value, String label) {
        if (path.size() == 0 || value == null) {
            return false;
        }
        boolean removes = random.nextBoolean();
        return both(
                label,
                () -> editor.merge(path, value, (old, added) -> removes ? null : added),
                () -> model.merge(path, Plain.of(value), old -> removes ? null : Plain.of(value)));
    }

    private boolean compute(TreeEditor editor, KeyPath path, Object value, String label) {
        return path.size() > 0
                && both(
                        label,
                        () -> editor.compute(path, old -> old == null ? value : null),
                        () -> model.compute(path, old -> old == null ? Plain.of(value) : null));
    }

    /** Moves or copies, within the tree. */
    private boolean carry(TreeEditor editor, KeyPath from, KeyPath to, boolean move, String label) {
        if (from.size() == 0 || to.size() > 6 || (move && to.startsWith(from) && !to.equals(from))) {
            return false;
        }
        return move
                ? both(label, () -> editor.move(from, to), () -> model.move(from, to))
                : both(label, () -> editor.copy(from, to), () -> model.copy(from, to));
    }

    /** A tree that is in part like the current one. */
    private Map<String, Object> mergeable(KeyPath path) {
        return model.look(path) instanceof Map<?, ?> there && random.nextInt(3) > 0
                ? trees.mutatedMap(Plain.map(there), 3)
                : trees.map(2);
    }

    private static boolean both(String label, Runnable real, Runnable naive) {
        return both(
                label,
                () -> {
                    real.run();
                    return null;
                },
                () -> {
                    naive.run();
                    return null;
                });
    }

    private boolean insert(TreeEditor editor, KeyPath path, Object value, String label) {
        return both(
                label,
                () -> {
                    editor.insert(path, value);
                    return null;
                },
                () -> {
                    model.insert(path, Plain.of(value));
                    return null;
                });
    }

    /** Puts the value of one path at another: subtrees are shared by reference, and independent from then on. */
    private boolean move(TreeEditor editor, KeyPath from, KeyPath to, String label) {
        Object there = model.look(from);
        if (there == NaiveEditor.ABSENT || to.size() == 0 || to.size() > 6) {
            return false;
        }
        Object copy = Plain.of(there);
        return both(label, () -> editor.put(to, editor.get(from)), () -> model.put(to, copy));
    }

    private boolean read(TreeEditor editor, KeyPath path, String label) {
        Object there = model.look(path);
        boolean present = there != NaiveEditor.ABSENT;
        assertThat(editor.contains(path)).as(label).isEqualTo(present);
        assertThat(Plain.of(editor.getOrDefault(path, "none"))).as(label).isEqualTo(present ? there : "none");
        if (there instanceof Map) {
            assertThat(editor.keys(path)).as(label).isEqualTo(Plain.asMap(there).keySet());
            assertThat(editor.getMap(path)).as(label).isEqualTo(there);
            assertThat(editor.size(path)).as(label).isEqualTo(Plain.asMap(there).size());
        } else if (there instanceof List) {
            assertThat(editor.getList(path).equals(there)).as(label).isTrue();
            assertThat(editor.size(path))
                    .as(label)
                    .isEqualTo(Plain.asList(there).size());
        }
        assertThat(editor.toMap()).as(label).isEqualTo(model.root());
        return false;
    }

    private static boolean both(String label, Supplier<Object> real, Supplier<Object> naive) {
        Object expected;
        Class<?> failure = null;
        try {
            expected = Plain.of(naive.get());
        } catch (NaiveEditor.Missing e) {
            expected = null;
            failure = NoSuchPathException.class;
        } catch (NaiveEditor.Mismatch e) {
            expected = null;
            failure = TypeMismatchException.class;
        }
        try {
            Object actual = Plain.of(real.get());
            assertThat(failure).as("%s gave %s", label, actual).isNull();
            assertThat(Objects.equals(actual, expected))
                    .as("%s gave %s, not %s", label, actual, expected)
                    .isTrue();
        } catch (StoreException e) {
            assertThat(e.getClass()).as("%s: %s", label, e.getMessage()).isEqualTo(failure);
        }
        return failure != null;
    }

    private static Object wrap(Object old) {
        return old instanceof Map || old instanceof io.vavr.collection.Map ? old : List.of("wrapped");
    }

    private static Object plusTwo(Object old) {
        if (!(old instanceof Number)) {
            throw new NaiveEditor.Mismatch();
        } else if (old instanceof Long number) {
            return number + 2;
        } else if (old instanceof Double number) {
            return number + 2;
        }
        return old instanceof java.math.BigInteger big
                ? big.add(java.math.BigInteger.TWO)
                : ((java.math.BigDecimal) old).add(java.math.BigDecimal.valueOf(2));
    }

    /** Mostly a path that is there, sometimes with a step more or another last one. */
    private KeyPath path() {
        List<Object> steps = new ArrayList<>();
        Object node = model.root();
        while (random.nextInt(5) > 0) {
            if (node instanceof Map && !Plain.asMap(node).isEmpty()) {
                List<String> keys = new ArrayList<>(Plain.asMap(node).keySet());
                String key = keys.get(random.nextInt(keys.size()));
                steps.add(key);
                node = Plain.asMap(node).get(key);
            } else if (node instanceof List && !Plain.asList(node).isEmpty()) {
                int index = random.nextInt(Plain.asList(node).size());
                steps.add(index);
                node = Plain.asList(node).get(index);
            } else {
                break;
            }
        }
        for (int i = random.nextInt(4); i > 1; i--) {
            steps.add(step());
        }
        return KeyPath.of(steps);
    }

    private Object step() {
        return switch (random.nextInt(8)) {
            case 0 -> "-";
            case 1 -> "01";
            case 2, 3, 4 -> random.nextInt(5);
            default -> trees.key();
        };
    }
}
