package dev.heartwood;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heartwood.tree.Nodes;
import dev.heartwood.tree.Steps;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class DiffTest {
    private static Snapshot tree(Object value) {
        return Store.of(Collections.singletonMap("v", value)).snapshot();
    }

    private static Diff diff(Object before, Object after) {
        Snapshot a = tree(before);
        Snapshot b = tree(after);
        Diff diff = a.diff(b);
        Snapshot applied = a.edit(tx -> tx.apply(diff));
        assertThat(applied.sameTree(b)).as("a with the diff is b: %s", diff).isTrue();
        assertThat(applied.edit(tx -> tx.apply(diff.inverse())).sameTree(a)).isTrue();
        return diff;
    }

    private static void says(Object before, Object after, String... lines) {
        assertThat(diff(before, after)).hasToString(String.join("\n", lines));
    }

    @Test
    void changesReadAsTheyStand() {
        Store store = Store.of(Map.of("user", Map.of("tags", List.of("a", "b")), "counter", 4, "tmp", Map.of()));
        Snapshot before = store.snapshot();
        store.append(KeyPath.of("user", "tags"), "x");
        store.increment("counter");
        store.remove("tmp");
        Diff diff = before.diff(store.snapshot());
        assertThat(diff).hasToString("~ /counter: 4 -> 5\n- /tmp = {}\n+ /user/tags/2 = \"x\"");
        assertThat(diff.size()).isEqualTo(3);
        assertThat(diff).hasSize(3);
        assertThat(diff.stream().map(change -> change.path().toString()))
                .containsExactly("/counter", "/tmp", "/user/tags/2");
        assertThat(diff.inverse()).hasToString("- /user/tags/2 = \"x\"\n+ /tmp = {}\n~ /counter: 5 -> 4");
    }

    @Test
    void valuesAreWrittenLikeJson() {
        says(1, null, "~ /v: 1 -> null");
        says(1, "a\"b\\\n\t", "~ /v: 1 -> \"a\\\"b\\\\\\n\\u0009\"");
        says(1, Map.of("b", List.of(true, 1.5), "a", "x"), "~ /v: 1 -> {\"a\": \"x\", \"b\": [true, 1.5]}");
        says(List.of(), Map.of(), "~ /v: [] -> {}");
        assertThat(diff(1, "x".repeat(10_000)).toString()).hasSizeLessThan(250).endsWith("…");
        Diff escaped =
                Store.create().snapshot().diff(Store.of(Map.of("a/b~", 1)).snapshot());
        assertThat(escaped).hasToString("+ /a~1b~0 = 1");
    }

    @Test
    void equalTreesHaveNoChanges() {
        assertThat(diff(List.of(1, Map.of("a", 2)), List.of(1, Map.of("a", 2))).isEmpty())
                .isTrue();
        Diff empty = tree(1).diff(tree(1));
        assertThat(empty.isEmpty()).isTrue();
        assertThat(empty.size()).isZero();
        assertThat(empty).isEmpty();
        assertThat(empty).hasToString("");
        assertThat(empty.inverse()).isEqualTo(empty);
    }

    @Test
    void kindsOfNumbersDiffer() {
        says(1, 1.0, "~ /v: 1 -> 1.0");
        says(0.0, -0.0, "~ /v: 0.0 -> -0.0");
        says(new BigDecimal("1.0"), new BigDecimal("1.00"), "~ /v: 1.0 -> 1.00");
        says(1.0, 1.0f);
        says(1L, (short) 1);
    }

    @Test
    void keysComeSorted() {
        says(
                Map.of("d", 1, "b", 1, "a", 1),
                Map.of("c", 1, "b", 2, "aa", 1),
                "- /v/a = 1",
                "+ /v/aa = 1",
                "~ /v/b: 1 -> 2",
                "+ /v/c = 1",
                "- /v/d = 1");
    }

    @Test
    void aNullIsAValue() {
        says(Collections.singletonMap("a", null), Map.of(), "- /v/a = null");
        says(Map.of(), Collections.singletonMap("a", null), "+ /v/a = null");
        says(Collections.singletonList(null), List.of(), "- /v/0 = null");
        says(Arrays.asList(null, null), Collections.singletonList(null), "- /v/1 = null");
    }

    @Test
    void anInsertionAtTheFrontIsOneChange() {
        says(List.of("a", "b", "c"), List.of("x", "a", "b", "c"), "+ /v/0 = \"x\"");
        says(List.of("x", "a", "b", "c"), List.of("a", "b", "c"), "- /v/0 = \"x\"");
        Integer[] many = new Integer[50_000];
        Arrays.setAll(many, i -> i);
        Object[] more = new Object[50_001];
        System.arraycopy(many, 0, more, 1, many.length);
        more[0] = "x";
        says(many, more, "+ /v/0 = \"x\"");
    }

    @Test
    void whatStaysInAListIsFound() {
        says(List.of(1, 2, 3, 4, 5), List.of(2, 3, 9, 5), "- /v/0 = 1", "~ /v/2: 4 -> 9");
        says(List.of(1, 2), List.of(3, 1, 4, 2, 5), "+ /v/0 = 3", "+ /v/2 = 4", "+ /v/4 = 5");
        says(List.of(1, 1, 1), List.of(1, 1), "- /v/2 = 1");
        says(List.of("a", "b"), List.of("b", "a"), "- /v/0 = \"a\"", "+ /v/1 = \"a\"");
    }

    @Test
    void pairsOfOneKindRecurse() {
        says(
                List.of(Map.of("id", 1, "n", "a"), Map.of("id", 2)),
                List.of(Map.of("id", 1, "n", "b"), Map.of("id", 2)),
                "~ /v/0/n: \"a\" -> \"b\"");
        says(List.of(List.of(1, 2)), List.of(List.of(1, 3), 4), "~ /v/0/1: 2 -> 3", "+ /v/1 = 4");
        says(List.of(0, Map.of("a", 1)), List.of(Map.of("a", 2)), "- /v/0 = 0", "~ /v/0/a: 1 -> 2");
        says(List.of(1), List.of(Map.of()), "- /v/0 = 1", "+ /v/0 = {}");
    }

    @Test
    void pairsOfOneKindAreFoundBehindOthers() {
        says(List.of(Map.of("a", 1)), List.of("new", Map.of("a", 2)), "+ /v/0 = \"new\"", "~ /v/1/a: 1 -> 2");
        says(List.of(1), List.of(Map.of(), 2), "+ /v/0 = {}", "~ /v/1: 1 -> 2");
        says(
                List.of(Map.of("a", 1), 1, List.of(1)),
                List.of(Map.of("a", 2), List.of(2)),
                "~ /v/0/a: 1 -> 2",
                "- /v/1 = 1",
                "~ /v/1/0: 1 -> 2");
    }

    @Test
    @Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void hugeUnrelatedListsEnd() {
        int size = 100_000;
        List<Integer> before = IntStream.range(0, size).boxed().toList();
        assertThat(diff(before, IntStream.range(size, 2 * size).boxed().toList())
                        .size())
                .isEqualTo(size);
        List<Integer> reversed =
                IntStream.range(0, size).map(i -> size - i).boxed().toList();
        assertThat(tree(before).diff(tree(reversed)).isEmpty()).isFalse();
        List<Object> maps =
                IntStream.range(0, size).mapToObj(i -> (Object) Map.of("i", i)).toList();
        assertThat(tree(before).diff(tree(maps)).size()).isEqualTo(2 * size);
    }

    @Test
    void underKeepsWhatIsAtOrBelowThePath() {
        Diff diff = diff(Map.of("a", 1, "ab", 1, "c", Map.of("d", 1)), Map.of("a", 2, "ab", 2, "c", Map.of("d", 2)));
        assertThat(diff.under(KeyPath.of("v", "a"))).hasToString("~ /v/a: 1 -> 2");
        assertThat(diff.under(KeyPath.of("v", "c"))).hasToString("~ /v/c/d: 1 -> 2");
        assertThat(diff.under(KeyPath.root())).isEqualTo(diff);
        assertThat(diff.under(KeyPath.of("x")).isEmpty()).isTrue();
    }

    @Test
    void thePlaceItselfChangesWhereItCameOrWentOrWasReplacedWithItsParent() {
        Snapshot none = tree(1);
        Snapshot map = tree(Map.of("0", 1, "x", 1));
        Snapshot list = tree(List.of(2, 1));
        KeyPath place = KeyPath.of("v", 0);
        saysThere(none.diff(map, place), Change.Container.MAP, "+ /v/0 = 1");
        saysThere(none.diff(list, place), Change.Container.LIST, "+ /v/0 = 2");
        saysThere(map.diff(list, place), Change.Container.MAP, "~ /v/0: 1 -> 2");
        saysThere(list.diff(map, place), Change.Container.LIST, "~ /v/0: 2 -> 1");
        saysThere(list.diff(none, place), Change.Container.LIST, "- /v/0 = 2");
        saysThere(tree(List.of(1)).diff(list, place), Change.Container.LIST, "~ /v/0: 1 -> 2");
        saysThere(tree(List.of(1)).diff(list, KeyPath.of("v", 1)), Change.Container.LIST, "+ /v/1 = 1");
        assertThat(list.diff(tree(Map.of("0", 2)), place)).isEmpty();
        assertThat(none.diff(list, KeyPath.of("v", "-"))).isEmpty();
        assertThat(none.diff(map, KeyPath.of("x", "y", "z"))).isEmpty();
        assertThat(map.diff(list, KeyPath.root())).isEqualTo(map.diff(list));
    }

    private static void saysThere(Diff diff, Change.Container container, String line) {
        assertThat(diff).hasToString(line).extracting(Change::container).containsExactly(container);
    }

    @Test
    void theDiffOfAPlaceTakesNoStepForOthersAndNoneForWhatIsShared() {
        assertThat(Steps.areCounted()).isTrue();
        List<Object> many = IntStream.range(0, 10_000)
                .mapToObj(i -> (Object) Map.of("i", i))
                .toList();
        Store store = Store.of(Map.of("place", Map.of("n", 0, "shared", many), "others", many));
        Snapshot before = store.snapshot();
        store.batch(tx -> {
            tx.put(KeyPath.of("place", "n"), 1);
            for (int i = 0; i < many.size(); i++) {
                tx.put(KeyPath.of("others", i, "i"), -1);
            }
        });
        Snapshot after = store.snapshot();
        long start = Steps.ofThread();
        Diff diff = before.diff(after, KeyPath.of("place"));
        assertThat(Steps.ofThread() - start).isLessThan(100);
        assertThat(diff).hasToString("~ /place/n: 0 -> 1");
    }

    @Test
    void aDiffCannotBeChanged() {
        Diff diff = diff(1, 2);
        var iterator = diff.iterator();
        iterator.next();
        assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(iterator::remove);
    }

    @Test
    void whatIsSharedIsNotLookedInto() {
        Store store = Store.of(Map.of("big", Map.of("x", 1), "n", 1));
        Snapshot before = store.snapshot();
        store.increment("n");
        Change change = before.diff(store.snapshot()).iterator().next();
        assertThat(change).isEqualTo(new Change.Replaced(KeyPath.of("n"), 1L, 2L));
        assertThat(change.inverse()).isEqualTo(new Change.Replaced(KeyPath.of("n"), 2L, 1L));
    }

    private static void conflicts(Snapshot from, Snapshot to, Map<String, ?> target, String path, String message) {
        Store store = Store.of(target);
        Snapshot before = store.snapshot();
        assertThatExceptionOfType(ConflictException.class)
                .isThrownBy(() -> store.apply(from.diff(to)))
                .withMessage("conflict at " + path + ": " + message)
                .satisfies(e -> assertThat(e.path()).hasToString(path));
        assertThat(store.snapshot()).isSameAs(before);
        Commit commit = store.batch(tx -> {
            tx.put("mine", 1);
            assertThatExceptionOfType(ConflictException.class).isThrownBy(() -> tx.apply(from.diff(to)));
        });
        assertThat(commit.diff()).hasToString("+ /mine = 1");
    }

    @Test
    void aConflictNamesThePathAndChangesNothing() {
        Snapshot one = Store.of(Map.of("a", 1, "z", 1)).snapshot();
        Snapshot two = Store.of(Map.of("a", 2, "z", 2)).snapshot();
        conflicts(one, two, Map.of("a", 1, "z", 7), "/z", "expected 1, but there is 7");
        conflicts(one, two, Map.of("a", 1, "z", 1.0), "/z", "expected 1, but there is 1.0");
        conflicts(one, two, Map.of("a", 1), "/z", "nothing at /z: the root is a map with a");
        Snapshot none = Store.create().snapshot();
        conflicts(none, one, Map.of("z", 7), "/z", "expected missing, but there is 7");
        conflicts(one, none, Map.of("a", 1, "z", List.of()), "/z", "expected 1, but there is []");
        conflicts(one, none, Map.of("a", 1), "/z", "nothing at /z: the root is an empty map");
    }

    @Test
    void aDiffMakesNoParents() {
        conflicts(
                tree(Map.of()),
                tree(Map.of("k", 1)),
                Map.of("a", 1),
                "/v/k",
                "expected a map at /v, but there is nothing");
        conflicts(
                tree(List.of()),
                tree(List.of(1)),
                Map.of("v", 5),
                "/v/0",
                "expected a list at /v, but there is a number");
        conflicts(
                tree(Map.of("k", 1)),
                tree(Map.of("k", 2)),
                Map.of(),
                "/v/k",
                "expected a map at /v, but there is nothing");
    }

    @Test
    void aDiffOfAListConflictsWhereTheListIsShorterOrNone() {
        Snapshot from = tree(List.of(1, 2, 3));
        Snapshot to = tree(List.of(1, 2, 3, 4));
        conflicts(from, to, Map.of("v", List.of(1)), "/v/3", "nothing at /v/3: /v is a list of 1");
        conflicts(
                tree(Map.of()),
                tree(Map.of("k", 1)),
                Map.of("v", List.of()),
                "/v/k",
                "expected a map at /v, but there is a list");
        Store store = Store.of(Map.of("v", List.of()));
        assertThatExceptionOfType(ConflictException.class)
                .isThrownBy(() -> store.apply(tree(Map.of()).diff(tree(Map.of("-", 1)))));
        assertThat(store.size("v")).isZero();
    }

    private static final Map<String, Object> LIST = Map.of("x", List.of("p", "q"));
    private static final Map<String, Object> MAP = Map.of("x", Map.of("0", "p", "1", "q"));

    /** The changes of the write in the first tree, applied to the second, where the same path leads elsewhere. */
    private static void crossesKinds(
            Map<String, ?> tree, Map<String, ?> other, String expected, Consumer<TreeEditor> write) {
        Store store = Store.of(tree);
        Snapshot before = store.snapshot();
        write.accept(store);
        Diff diff = before.diff(store.snapshot());
        Store target = Store.of(other);
        assertThatExceptionOfType(ConflictException.class)
                .isThrownBy(() -> target.apply(diff))
                .withMessageContaining("expected " + expected + " at /x, but there is a ");
        Store changed = Store.of(other);
        changed.put(KeyPath.of("x", "1"), "Q");
        assertThatExceptionOfType(ConflictException.class).isThrownBy(() -> changed.apply(diff.inverse()));
        store.apply(diff.inverse());
        assertThat(store.snapshot().sameTree(before)).isTrue();
    }

    @Test
    void aChangeOfAListConflictsWithAMapWhoseKeysLookLikeIndices() {
        crossesKinds(LIST, MAP, "a list", list -> list.insert(KeyPath.of("x", 1), "NEW"));
        crossesKinds(LIST, MAP, "a list", list -> list.put(KeyPath.of("x", 1), "Q"));
        crossesKinds(LIST, MAP, "a list", list -> list.remove(KeyPath.of("x", 1)));
        crossesKinds(LIST, Map.of("x", Map.of("0", "p")), "a list", list -> list.append("x", "r"));
    }

    @Test
    void aChangeOfAMapConflictsWithAListThatHasSuchAnIndex() {
        crossesKinds(MAP, LIST, "a map", map -> map.put(KeyPath.of("x", "2"), "KEY"));
        crossesKinds(MAP, LIST, "a map", map -> map.put(KeyPath.of("x", "1"), "Q"));
        crossesKinds(MAP, LIST, "a map", map -> map.remove(KeyPath.of("x", "1")));
        crossesKinds(MAP, LIST, "a map", map -> map.put(KeyPath.of("x", "-"), "KEY"));
    }

    @Test
    void aMapThatACommutedFunctionMakesOfAListIsNotTakenForThatList() {
        Map<String, Integer> many = new HashMap<>();
        IntStream.range(0, 20).forEach(i -> many.put(Integer.toString(i), i));
        Diff diff = Store.of(Map.of("l", Map.of()))
                .snapshot()
                .diff(Store.of(Map.of("l", many)).snapshot());
        Store store = Store.of(Map.of("l", List.of(1, 2)));

        store.batch(tx -> {
            tx.commute("l", Object.class, list -> Map.of());
            tx.apply(diff);
        });

        assertThat(store.size("l")).isEqualTo(20);
    }

    @Test
    void changesKnowWhatTheyStandIn() {
        Diff diff = diff(Map.of("0", List.of(1), "gone", 1), Map.of("0", List.of(1, 2), "come", 1));
        assertThat(diff.stream().map(Change::container))
                .containsExactly(Change.Container.LIST, Change.Container.MAP, Change.Container.MAP);
        assertThat(diff.inverse().stream().map(Change::container))
                .containsExactly(Change.Container.MAP, Change.Container.MAP, Change.Container.LIST);
        assertThat(new Change.Added(KeyPath.of("0"), 1L).container()).isEqualTo(Change.Container.MAP);
        assertThat(new Change.Added(KeyPath.of("x", 0), 1L).container()).isNull();
    }

    @Test
    void whatIsNoValueCannotBeChangedInto() {
        KeyPath path = KeyPath.of("x");
        for (ThrowingCallable made : List.<ThrowingCallable>of(
                () -> new Change.Added(path, Nodes.MISSING),
                () -> new Change.Removed(path, Nodes.MISSING),
                () -> new Change.Replaced(path, 1L, Nodes.MISSING),
                () -> new Change.Replaced(path, Nodes.MISSING, 1L),
                () -> new Change.Added(KeyPath.root(), 1L),
                () -> new Edit.Put(path, Nodes.MISSING))) {
            assertThatThrownBy(made).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void aLineOfADiffIsOneLineWhateverKeysAndValuesHold() {
        record Opaque() {
            @Override
            public String toString() {
                return "two\nlines";
            }
        }
        Map<String, ?> before = Map.of("a\n- /b", 1, "t\u202ex", "keep");
        Map<String, ?> after = Map.of("l", "x\r\u2028\u0085\ud83d", "o", new Opaque());
        assertThat(diff(before, after).stream().map(Change::toString))
                .containsExactly(
                        "- /v/a\\u000a- ~1b = 1",
                        "+ /v/l = \"x\\u000d\\u2028\\u0085\\ud83d\"",
                        "+ /v/o = two\\u000alines",
                        "- /v/t\\u202ex = \"keep\"");
        says(1, "smile \ud83d\ude00, na\u00efve", "~ /v: 1 -> \"smile \ud83d\ude00, na\u00efve\"");
    }

    @Test
    void applyingSharesWhatTheDiffHolds() {
        Store store = Store.create();
        Snapshot empty = store.snapshot();
        store.put("l", List.of(List.of(1), Map.of("x", List.of(2))));
        Object list = store.get("l");
        Diff diff = empty.diff(store.snapshot());
        store.clear();
        store.put(
                "others",
                IntStream.range(0, 20_000).mapToObj(i -> Map.of("i", i)).toList());
        store.apply(diff);
        assertThat(store.get("l")).isSameAs(list);
    }

    @Test
    void aPartThatStandsAtManyPlacesOfALargeTreeIsNoChangeWhereItIsEqual() {
        Diff diff = placesOfOnePart(5_000, 20, 1).diff(placesOfOnePart(5_000, 20, 1));
        assertThat(diff.isEmpty()).isTrue();
        Snapshot after = placesOfOnePart(5_000, 20, 2);
        Snapshot before = placesOfOnePart(5_000, 20, 1);
        Store store = Store.of(before.root());
        store.apply(before.diff(after));
        assertThat(store.snapshot().sameTree(after)).isTrue();
    }

    @Test
    void aPartThatStandsAtFewPlacesOfALargeTreeIsTakenApart() {
        Diff diff = placesOfOnePart(5_000, 3, 1).diff(placesOfOnePart(5_000, 3, 2));
        assertThat(diff.stream().map(change -> change.path().toString()))
                .containsExactly("/part0/value", "/part1/value", "/part2/value");
    }

    /** Many maps, and then one map that stands at several places. */
    private static Snapshot placesOfOnePart(int maps, int places, int value) {
        io.vavr.collection.HashMap<String, Object> tree = io.vavr.collection.HashMap.empty();
        for (int i = 0; i < maps; i++) {
            tree = tree.put("map" + i, io.vavr.collection.HashMap.of("i", (long) i));
        }
        io.vavr.collection.HashMap<String, Object> part = io.vavr.collection.HashMap.of("value", (long) value);
        for (int i = 0; i < places; i++) {
            tree = tree.put("part" + i, part);
        }
        return Store.of(tree).snapshot();
    }
}
