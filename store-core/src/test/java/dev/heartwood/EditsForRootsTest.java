package dev.heartwood;

import static org.assertj.core.api.Assertions.assertThat;

import io.vavr.collection.HashMap;
import io.vavr.collection.Vector;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The edits that a root receives with a commit: those that lead from the state before to the one after, and no others.
 */
class EditsForRootsTest {
    private static final Map<String, Object> TREE =
            Map.of("a", Map.of("x", 1, "y", 2), "list", List.of(1, 2, 3), "none", List.of(), "text", "ab", "n", 1);

    private final InterposedRoot root = new InterposedRoot(TREE);
    private final Store store = Store.over(root);
    private List<Edit> told = List.of();
    private List<Edit> toldAgain = List.of();

    @BeforeEach
    void listen() {
        root.onEdits((before, after, edits) -> {
            told = edits.get();
            toldAgain = edits.get();
        });
    }

    static Stream<Arguments> writes() {
        return Stream.of(
                write(s -> s.put(KeyPath.of("a", "x"), 5), "Put[/a/x, 5]"),
                write(s -> s.set(KeyPath.of("a", "x"), 5), "Put[/a/x, 5]"),
                write(s -> s.put(KeyPath.of("new", "deep", "leaf"), 5), "Put[/new, {\"deep\": {\"leaf\": 5}}]"),
                write(s -> s.increment("n"), "Put[/n, 2]"),
                write(s -> s.update("n", Long.class, n -> n + 2), "Put[/n, 3]"),
                write(s -> s.remove(KeyPath.of("a", "y")), "Remove[path=/a/y]"),
                write(s -> s.discard("a"), "Remove[path=/a]"),
                write(s -> s.append("list", 4), "Append[/list at 3, [4]]"),
                write(s -> s.append("none", 4), "Append[/none at 0, [4]]"),
                write(s -> s.concat("none", List.of(4, 5)), "Append[/none at 0, [4, 5]]"),
                write(s -> s.put(KeyPath.of("list", "-"), 4), "Append[/list at 3, [4]]"),
                write(s -> s.insert(KeyPath.of("list", 3), 4), "Append[/list at 3, [4]]"),
                write(s -> s.concat("list", List.of(4, 5)), "Append[/list at 3, [4, 5]]"),
                write(s -> s.concat("text", "c"), "Put[/text, \"abc\"]"),
                write(s -> s.insert(KeyPath.of("list", 0), 0), "Put[/list, [0, 1, 2, 3]]"),
                write(s -> s.remove(KeyPath.of("list", 1)), "Put[/list, [1, 3]]"),
                write(s -> s.put(KeyPath.of("list", 1), 9), "Put[/list/1, 9]"),
                write(TreeEditor::clear, "Put[the root, {}]"),
                write(s -> s.putAll("a", Map.of("x", 5, "y", 2, "z", 7)), "Put[/a/x, 5]", "Put[/a/z, 7]"),
                write(s -> s.putAll("new", Map.of("x", 5, "y", 2)), "Put[/new, {\"x\": 5, \"y\": 2}]"),
                write(
                        s -> s.mergeTree(KeyPath.root(), Map.of("a", Map.of("x", 5, "y", 2), "b", Map.of("c", 1))),
                        "Put[/a/x, 5]",
                        "Put[/b, {\"c\": 1}]"),
                write(s -> s.move("n", "m"), "Remove[path=/n]", "Put[/m, 1]"),
                write(s -> s.move(KeyPath.of("a", "x"), KeyPath.of("a")), "Put[/a, 1]"),
                write(s -> s.move(KeyPath.of("list", 0), KeyPath.of("list", 2)), "Put[/list, [2, 3, 1]]"),
                write(
                        s -> s.move(KeyPath.of("n"), KeyPath.of("list", "-")),
                        "Remove[path=/n]",
                        "Append[/list at 3, [1]]"),
                write(s -> s.copy(KeyPath.of("a"), KeyPath.of("a", "b")), "Put[/a/b, {\"x\": 1, \"y\": 2}]"),
                write(s -> s.compute("n", n -> null), "Remove[path=/n]"),
                write(s -> s.compute(KeyPath.of("list", 0), n -> null), "Put[/list, [2, 3]]"),
                write(s -> s.compute(KeyPath.of("new", "x"), n -> 4), "Put[/new, {\"x\": 4}]"),
                write(
                        s -> s.atomically(tx -> {
                            tx.append("list", 4);
                            tx.append("list", 5);
                            tx.remove("n");
                            tx.put(KeyPath.of("a", "z"), 3);
                            tx.put("text", "ab"); // as it was
                        }),
                        "Put[/a/z, 3]",
                        "Remove[path=/n]",
                        "Append[/list at 3, [4, 5]]"));
    }

    private static Arguments write(Consumer<TreeEditor> write, String... edits) {
        return Arguments.of(write, List.of(edits));
    }

    @ParameterizedTest
    @MethodSource("writes")
    void areTheSmallestThatLeadFromOneStateToTheNext(Consumer<TreeEditor> write, List<String> edits) {
        HashMap<String, Object> tree = store.snapshot().tree();

        write.accept(store);

        assertThat(told).map(Edit::toString).containsExactlyInAnyOrderElementsOf(edits);
        for (Edit edit : told) {
            tree = Objects.requireNonNull(edit.applyTo(tree));
        }
        assertThat(tree).isEqualTo(store.snapshot().tree());
    }

    @Test
    void areTheSameHoweverOftenTheyAreAskedFor() {
        store.atomically(tx -> tx.append("list", 4));

        assertThat(toldAgain).isSameAs(told).hasSize(1);
    }

    @Test
    void areTheSmallestAlsoWhereARivalHasMadeAParent() {
        root.beforeNextCommit(() -> store.put(KeyPath.of("x", "other"), 1));
        store.put(KeyPath.of("x", "y", "z"), 5);

        assertThat(told).map(Edit::toString).containsExactly("Put[/x/y, {\"z\": 5}]");
    }

    @Test
    void areThoseThatAreLeftWhereARivalHasMadeSomeOfThem() {
        root.beforeNextCommit(() -> store.set("n", 7));
        store.atomically(tx -> {
            tx.set("n", 7);
            tx.set("text", "z");
        });

        assertThat(told).map(Edit::toString).containsExactly("Put[/text, \"z\"]");
    }

    @Test
    void areNotAskedForWhereNothingChanges() {
        store.put("n", 1);
        store.atomically(tx -> {
            tx.put("n", 2);
            tx.put("n", 1);
        });

        assertThat(told).isEmpty();
    }

    static Stream<Consumer<TreeEditor>> putsIntoBoth() {
        return Stream.of(
                both -> both.put(KeyPath.of("map", "0"), "b"),
                both -> both.put(KeyPath.of("list", 0), "b"),
                both -> both.update(KeyPath.of("list", 0), old -> "b"),
                both -> both.atomically(tx -> {
                    tx.put(KeyPath.of("map", "0"), "b");
                    tx.put(KeyPath.of("list", 0), "b");
                }));
    }

    @ParameterizedTest
    @MethodSource("putsIntoBoth")
    void aPutIsRefusedWhereItsParentIsOfAnotherKind(Consumer<TreeEditor> write) {
        store.clear();
        store.put("map", Map.of("0", "a"));
        store.put("list", List.of("a"));
        HashMap<String, Object> before = store.snapshot().root();
        HashMap<String, Object> exchanged = HashMap.of(
                "map", before.get("list").get(), "list", before.get("map").get());
        write.accept(store);
        assertThat(told).isNotEmpty().allSatisfy(edit -> {
            assertThat(edit.applyTo(before))
                    .as("applied where its parent is the same")
                    .isNotNull();
            assertThat(edit.applyTo(exchanged))
                    .as("refused where its parent is of another kind")
                    .isNull();
        });
    }

    @Test
    void aPutThatWasReadByItsPathAloneStandsInWhicheverContainerIsThere() {
        for (Object parent : List.of(Map.of("0", "a"), List.of("a"))) {
            HashMap<String, Object> tree =
                    Store.of(Map.of("x", parent)).snapshot().root();
            Edit.Put put = new Edit.Put(KeyPath.of("x", "0"), "b");
            assertThat(put.container()).isNull();
            assertThat(put.applyTo(tree)).isNotNull();
        }
        assertThat(new Edit.Put(KeyPath.of("x"), 1L).container()).isEqualTo(Change.Container.MAP);
    }

    @Test
    void doNotApplyWhereTheirPlaceCannotBe() {
        HashMap<String, Object> tree = HashMap.of("list", Vector.of(1L, 2L), "map", HashMap.of("0", 1L), "text", "ab");
        for (Edit edit : List.of(
                new Edit.Put(KeyPath.of("list", 2), 3L),
                new Edit.Put(KeyPath.of("list", "-"), 3L),
                new Edit.Put(KeyPath.of("list", "key"), 3L),
                new Edit.Put(KeyPath.of("absent", "key"), 3L),
                new Edit.Put(KeyPath.of("text", "key"), 3L),
                new Edit.Remove(KeyPath.of("list", 0)),
                new Edit.Remove(KeyPath.of("absent", "key")),
                new Edit.Append(KeyPath.of("map"), 1, Vector.of(3L)),
                new Edit.Append(KeyPath.of("absent"), 0, Vector.of(3L)))) {
            assertThat(edit.applyTo(tree)).as(edit.toString()).isNull();
        }
    }

    @Test
    void changeNothingWhereTheyAreAppliedOnceMore() {
        HashMap<String, Object> tree = HashMap.of("list", Vector.of(1L, 2L), "map", HashMap.of("0", 1L));
        for (Edit edit : List.of(
                new Edit.Put(KeyPath.of("list", 1), 3L),
                new Edit.Put(KeyPath.of("map", 0), 3L),
                new Edit.Put(KeyPath.of("new"), null),
                new Edit.Remove(KeyPath.of("map", 0)),
                new Edit.Append(KeyPath.of("list"), 2, Vector.of(3L)))) {
            HashMap<String, Object> once = Objects.requireNonNull(edit.applyTo(tree));
            assertThat(once).as(edit.toString()).isNotEqualTo(tree);
            assertThat(edit.applyTo(once)).as(edit.toString()).isEqualTo(once);
        }
    }

    @Test
    void anAppendChangesNoListOfAnotherLength() {
        HashMap<String, Object> tree = HashMap.of("list", Vector.of(1L, 2L));
        assertThat(new Edit.Append(KeyPath.of("list"), 1, Vector.of(3L)).applyTo(tree))
                .isSameAs(tree);
        assertThat(new Edit.Append(KeyPath.of("list"), 3, Vector.of(3L)).applyTo(tree))
                .isSameAs(tree);
    }
}
