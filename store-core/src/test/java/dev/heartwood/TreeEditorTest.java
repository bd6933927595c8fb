package dev.heartwood;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.vavr.collection.HashMap;
import io.vavr.collection.Vector;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Writing, one operation at a time. */
class TreeEditorTest {
    private final Store store = Store.of(Map.of(
            "user",
            Map.of("name", "x", "tags", List.of("a", "b", "c")),
            "n",
            5,
            "s",
            "text",
            "l",
            Arrays.asList(1, null)));

    private static KeyPath p(String pointer) {
        return KeyPath.parse(pointer);
    }

    private <E extends Throwable> void failing(Class<E> type, String message, Consumer<TreeEditor> write) {
        Snapshot before = store.snapshot();
        assertThatExceptionOfType(type).isThrownBy(() -> write.accept(store)).withMessageContaining(message);
        assertThat(store.snapshot()).isSameAs(before);
        assertThatExceptionOfType(type)
                .isThrownBy(() -> store.batch(tx -> write.accept(tx)))
                .withMessageContaining(message);
        assertThat(store.snapshot()).isSameAs(before);
    }

    private void unchanged(Consumer<TreeEditor> write) {
        Snapshot before = store.snapshot();
        write.accept(store);
        assertThat(store.snapshot()).isSameAs(before);
        assertThat(store.batch(tx -> write.accept(tx)).changed()).isFalse();
        assertThat(store.snapshot()).isSameAs(before);
    }

    @Test
    void putGivesWhatWasThere() {
        assertThat(store.put("n", 6)).isEqualTo(5L);
        assertThat(store.put(KeyPath.of("n"), null)).isEqualTo(6L);
        assertThat(store.put("n", 7)).isNull();
        assertThat(store.put("new", 8)).isNull();
        assertThat(store.get("n")).isEqualTo(7L);
    }

    @Test
    void putMakesMissingParentMapsAndNeverLists() {
        assertThat(store.put(p("/a/0/-/c"), 1)).isNull();
        assertThat(store.get("a")).isEqualTo(HashMap.of("0", HashMap.of("-", HashMap.of("c", 1L))));
        store.set(p("/b/x"), 1);
        assertThat(store.init(p("/c/x"), 1)).isTrue();
        assertThat(store.merge(p("/d/x"), 1, (a, b) -> b)).isEqualTo(1L);
        store.put(p("/user/tags/0"), Map.of());
        store.put(p("/user/tags/0/deep/er"), 1);
        assertThat(store.get(p("/user/tags/0/deep/er"))).isEqualTo(1L);
    }

    @Test
    void aDashAppendsForPutSetAndInsert() {
        assertThat(store.put(p("/l/-"), "p")).isNull();
        store.set(p("/l/-"), "s");
        store.insert(p("/l/-"), "i");
        store.append(p("/l"), "a");
        assertThat(store.getList("l")).isEqualTo(Arrays.asList(1L, null, "p", "s", "i", "a"));
        for (Consumer<TreeEditor> write : List.<Consumer<TreeEditor>>of(
                tx -> tx.init(p("/l/-"), 1),
                tx -> tx.update(p("/l/-"), x -> x),
                tx -> tx.merge(p("/l/-"), 1, (a, b) -> b),
                tx -> tx.increment(p("/l/-")),
                tx -> tx.concat(p("/l/-"), "x"),
                tx -> tx.remove(p("/l/-")),
                tx -> tx.discard(p("/l/-")),
                tx -> tx.replace(p("/l/-"), 1, 2),
                tx -> tx.put(p("/l/-/x"), 1))) {
            failing(TypeMismatchException.class, "\"-\" is no index", write);
        }
    }

    @Test
    void aListTakesOnlyIndicesWithinIt() {
        assertThat(store.put(p("/user/tags/2"), "z")).isEqualTo("c");
        for (String token : List.of("00", "01", "+1", "-1", "1.0", "", " 1", "x", "2147483648", "\u0661")) {
            KeyPath path = KeyPath.of("user", "tags", token);
            failing(
                    TypeMismatchException.class,
                    "is a list of 3, and \"" + token + "\" is no index",
                    t -> t.put(path, 1));
            failing(TypeMismatchException.class, "/user/tags", tx -> tx.remove(path));
            failing(TypeMismatchException.class, "/user/tags", tx -> tx.discard(path));
            failing(TypeMismatchException.class, "/user/tags", tx -> tx.insert(path, 1));
            failing(TypeMismatchException.class, "/user/tags", tx -> tx.put(path.child("x"), 1));
        }
        for (String token : List.of("3", "4", "2147483647")) {
            KeyPath path = KeyPath.of("user", "tags", token);
            failing(NoSuchPathException.class, "/user/tags is a list of 3", tx -> tx.put(path, 1));
            failing(NoSuchPathException.class, "/user/tags is a list of 3", tx -> tx.set(path, 1));
            failing(NoSuchPathException.class, "/user/tags is a list of 3", tx -> tx.init(path, 1));
            failing(NoSuchPathException.class, "/user/tags is a list of 3", tx -> tx.merge(path, 1, (a, b) -> b));
            failing(NoSuchPathException.class, "/user/tags is a list of 3", tx -> tx.put(path.child("x"), 1));
            failing(NoSuchPathException.class, "/user/tags is a list of 3", tx -> tx.remove(path));
            failing(NoSuchPathException.class, "/user/tags is a list of 3", tx -> tx.update(path, x -> x));
            unchanged(tx -> assertThat(tx.discard(path)).isFalse());
            unchanged(tx -> assertThat(tx.replace(path, null, 1)).isFalse());
        }
    }

    @Test
    void aScalarOnTheWayOfAWriteIsAMismatch() {
        for (String pointer : List.of("/n/x", "/s/0", "/l/1/x", "/l/0/0/0", "/user/name/x/y")) {
            KeyPath path = p(pointer);
            for (Consumer<TreeEditor> write : List.<Consumer<TreeEditor>>of(
                    tx -> tx.put(path, 1),
                    tx -> tx.set(path, 1),
                    tx -> tx.init(path, 1),
                    tx -> tx.update(path, x -> x),
                    tx -> tx.merge(path, 1, (a, b) -> b),
                    tx -> tx.increment(path),
                    tx -> tx.concat(path, "x"),
                    tx -> tx.append(path, 1),
                    tx -> tx.insert(path, 1),
                    tx -> tx.remove(path),
                    tx -> tx.discard(path),
                    tx -> tx.replace(path, 1, 2))) {
                failing(TypeMismatchException.class, "cannot write " + pointer, write);
            }
        }
        failing(
                TypeMismatchException.class,
                "cannot write /n/x/y: /n is 5, a number, not a map or a list",
                tx -> tx.put(p("/n/x/y"), 1));
        failing(TypeMismatchException.class, "/l/1 is null, not a map", tx -> tx.put(p("/l/1/x"), 1));
    }

    @Test
    void whatMustExistAndDoesNotIsExplained() {
        for (Consumer<TreeEditor> write : List.<Consumer<TreeEditor>>of(
                tx -> tx.update(p("/user/age"), x -> x),
                tx -> tx.update(p("/user/age"), Integer.class, x -> x),
                tx -> tx.updateMap(p("/user/age"), x -> x),
                tx -> tx.updateList(p("/user/age"), x -> x),
                tx -> tx.increment(p("/user/age")),
                tx -> tx.decrement(p("/user/age"), 2),
                tx -> tx.append(p("/user/age"), 1),
                tx -> tx.insert(p("/user/age/0"), 1),
                tx -> tx.concat(p("/user/age"), "x"),
                tx -> tx.remove(p("/user/age")))) {
            failing(NoSuchPathException.class, "/user is a map with name, tags", write);
        }
        failing(NoSuchPathException.class, "the root is a map with l, n, s, user", tx -> tx.update("absent", x -> x));
        failing(
                NoSuchPathException.class,
                "did you mean KeyPath.parse(\"/user/name\")?",
                tx -> tx.remove("/user/name"));
    }

    @Test
    void initPutsOnlyWhereNothingIs() {
        assertThat(store.init("new", 1)).isTrue();
        unchanged(tx -> assertThat(tx.init("new", 2)).isFalse());
        unchanged(tx -> assertThat(tx.init(p("/l/1"), 2)).isFalse());
        unchanged(tx -> assertThat(tx.init(KeyPath.root(), Map.of())).isFalse());
        assertThat(store.init("null", null)).isTrue();
        unchanged(tx -> assertThat(tx.init("null", 1)).isFalse());
    }

    @Test
    void updateStoresWhatTheFunctionMakes() {
        assertThat(store.update("n", n -> (Long) n + 1)).isEqualTo(6L);
        assertThat(store.update(p("/l/1"), x -> "was " + x)).isEqualTo("was null");
        assertThat(store.update("n", n -> null)).isNull();
        assertThat(store.contains("n")).isTrue();
        assertThat(store.update("s", s -> 1)).isEqualTo(1L);
        store.updateMap("user", user -> user.remove("name"));
        store.updateList(p("/user/tags"), tags -> tags.reverse());
        assertThat(store.get("user")).isEqualTo(HashMap.of("tags", Vector.of("c", "b", "a")));
        failing(TypeMismatchException.class, "/l is a list", tx -> tx.updateMap("l", x -> x));
        failing(TypeMismatchException.class, "a number, not a list", tx -> tx.updateList("s", x -> x));
    }

    @Test
    void whatAFunctionThrowsComesOutUnchanged() {
        RuntimeException mine = new IllegalStateException("mine");
        Snapshot before = store.snapshot();
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> store.update("n", n -> {
                    throw mine;
                }))
                .isSameAs(mine);
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> store.merge("n", 1, (a, b) -> {
                    throw mine;
                }))
                .isSameAs(mine);
        assertThat(store.snapshot()).isSameAs(before);
    }

    @Test
    void mergeIsMapsMerge() {
        assertThat(store.merge("n", 1, (a, b) -> (Long) a + (Long) b)).isEqualTo(6L);
        assertThat(store.merge("new", 1, (a, b) -> "never")).isEqualTo(1L);
        assertThat(store.merge(p("/l/1"), "was null", (a, b) -> "never")).isEqualTo("was null");
        assertThat(store.merge("n", 1, (a, b) -> null)).isNull();
        assertThat(store.contains("n")).isFalse();
        assertThat(store.merge(p("/l/0"), 1, (a, b) -> null)).isNull();
        assertThat(store.getList("l")).containsExactly("was null");
        assertThatNullPointerException().isThrownBy(() -> store.merge("n", null, (a, b) -> b));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> store.merge(KeyPath.root(), Map.of(), (a, b) -> b))
                .withMessageContaining("merge removes");
    }

    @Test
    void insertGoesBeforeTheIndex() {
        store.insert(p("/user/tags/0"), "first");
        store.insert(p("/user/tags/4"), "last");
        store.insert(p("/user/tags/1"), null);
        assertThat(store.getList(p("/user/tags"))).isEqualTo(Arrays.asList("first", null, "a", "b", "c", "last"));
        failing(NoSuchPathException.class, "/user/tags is a list of 6", tx -> tx.insert(p("/user/tags/7"), 1));
        failing(TypeMismatchException.class, ", not a list", tx -> tx.insert(p("/user/0"), 1));
        failing(TypeMismatchException.class, ", not a list", tx -> tx.append("user", 1));
        failing(TypeMismatchException.class, ", not a list", tx -> tx.append("s", 1));
        failing(TypeMismatchException.class, ", not a list", tx -> tx.insert(p("/-"), 1));
        failing(TypeMismatchException.class, ", not a list", tx -> tx.append(KeyPath.root(), 1));
        assertThatIllegalArgumentException().isThrownBy(() -> store.insert(KeyPath.root(), 1));
    }

    @Test
    void concatJoinsStringsAndLists() {
        store.concat("s", "!");
        store.concat("l", new int[] {2, 3});
        store.concat("l", List.of());
        assertThat(store.get("s")).isEqualTo("text!");
        assertThat(store.getList("l")).isEqualTo(Arrays.asList(1L, null, 2L, 3L));
        store.concat("l", store.get("l"));
        assertThat(store.size("l")).isEqualTo(8);
        failing(TypeMismatchException.class, "a string, and a list cannot be joined", tx -> tx.concat("s", List.of()));
        failing(TypeMismatchException.class, "and a string cannot be joined", tx -> tx.concat("l", "x"));
        failing(TypeMismatchException.class, "a number", tx -> tx.concat("n", "x"));
        failing(TypeMismatchException.class, "a map", tx -> tx.concat("user", Map.of("a", 1)));
        assertThatNullPointerException().isThrownBy(() -> store.concat("s", null));
    }

    @Test
    void removeTakesOutAndTheRestMovesUp() {
        assertThat(store.remove(p("/user/tags/0"))).isEqualTo("a");
        assertThat(store.getList(p("/user/tags"))).containsExactly("b", "c");
        assertThat(store.remove(p("/l/1"))).isNull();
        assertThat(store.remove("n")).isEqualTo(5L);
        assertThat(store.discard("s")).isTrue();
        assertThat(store.discard(p("/user/tags/1"))).isTrue();
        unchanged(tx -> assertThat(tx.discard("s")).isFalse());
        unchanged(tx -> assertThat(tx.discard(p("/no/such/place"))).isFalse());
        assertThat(store.toMap()).hasToString("{l=[1], user={name=x, tags=[b]}}");
    }

    @Test
    void emptiedContainersStay() {
        store.remove(p("/user/name"));
        store.remove(p("/user/tags"));
        store.remove(p("/l/0"));
        store.remove(p("/l/0"));
        assertThat(store.get("user")).isEqualTo(HashMap.empty());
        assertThat(store.get("l")).isEqualTo(Vector.empty());
    }

    @Test
    void replaceComparesByKindAndValue() {
        unchanged(tx -> assertThat(tx.replace("n", 5.0, 6)).isFalse());
        unchanged(tx -> assertThat(tx.replace("n", "5", 6)).isFalse());
        unchanged(tx -> assertThat(tx.replace("absent", null, 6)).isFalse());
        unchanged(tx -> assertThat(tx.replace("n", null, 6)).isFalse());
        unchanged(tx -> assertThat(tx.replace("n", 5, 5)).isTrue());
        unchanged(tx -> assertThat(tx.replace(p("/l/1"), null, null)).isTrue());
        unchanged(tx -> assertThat(tx.replace("l", List.of(1), 6)).isFalse());
        assertThat(store.replace("n", 5, 6)).isTrue();
        assertThat(store.replace("l", new Object[] {1, null}, Map.of())).isTrue();
        assertThat(store.replace("user", Map.of("name", 'x', "tags", new char[] {'a', 'b', 'c'}), null))
                .isTrue();
        assertThat(store.replace("user", null, 0.0)).isTrue();
        unchanged(tx -> assertThat(tx.replace("user", -0.0, 1)).isFalse());
        failing(TypeMismatchException.class, "the root must be a map", tx -> tx.replace(KeyPath.root(), tx.toMap(), 1));
    }

    @Test
    void aWriteThatChangesNothingCommitsNothing() {
        unchanged(tx -> tx.put("n", 5));
        unchanged(tx -> tx.put("n", (byte) 5));
        unchanged(tx -> tx.set("n", 5L));
        unchanged(tx -> tx.put("s", "te" + "xt".strip()));
        unchanged(tx -> tx.put(p("/l/1"), null));
        unchanged(tx -> tx.put("user", tx.get("user")));
        unchanged(tx -> tx.put("user", tx.getMap("user")));
        unchanged(tx -> tx.set("l", tx.getList("l")));
        unchanged(tx -> tx.put(KeyPath.root(), tx.get(KeyPath.root())));
        unchanged(tx -> tx.update("n", n -> 5));
        unchanged(tx -> tx.merge("n", 5, (a, b) -> b));
        unchanged(tx -> tx.concat("s", ""));
        unchanged(tx -> tx.concat("l", List.of()));
        unchanged(tx -> tx.increment("n", 0));
        Diff nothing = store.snapshot().diff(store.snapshot());
        unchanged(tx -> tx.apply(nothing));
        Store.create().clear();
    }

    @Test
    void anEqualButSeparateContainerIsANewVersionWithAnEmptyDiff() {
        for (Consumer<TreeEditor> write : List.<Consumer<TreeEditor>>of(
                tx -> tx.put("l", Arrays.asList(1, null)),
                tx -> tx.set("user", tx.toMap().get("user")),
                tx -> tx.update("l", l -> Arrays.asList(1, null)),
                tx -> tx.updateList("l", l -> l.map(x -> x)),
                tx -> tx.updateMap("user", m -> HashMap.ofAll(m.toJavaMap())),
                tx -> tx.replace("l", Arrays.asList(1, null), Arrays.asList(1, null)),
                tx -> tx.put(KeyPath.root(), tx.toMap()))) {
            Snapshot before = store.snapshot();
            write.accept(store);
            Snapshot after = store.snapshot();
            assertThat(after.version()).isGreaterThan(before.version());
            assertThat(before.diff(after).isEmpty()).isTrue();
            assertThat(before.sameTree(after)).isTrue();
        }
    }

    @Test
    void aNumberOfAnotherKindIsAChange() {
        for (Object value :
                new Object[] {5.0, new java.math.BigDecimal("5"), new java.math.BigDecimal("5.0"), 0.0, -0.0}) {
            Snapshot before = store.snapshot();
            store.put("n", value);
            assertThat(before.diff(store.snapshot()).size()).isEqualTo(1);
        }
    }

    @Test
    void theRootIsReadPutUpdatedAndClearedNotRemoved() {
        KeyPath root = KeyPath.root();
        assertThat(store.get(root)).isSameAs(store.snapshot().root());
        Object old = store.snapshot().root();
        assertThat(store.put(root, Map.of("a", 1))).isSameAs(old);
        assertThat(store.update(root, tree -> ((HashMap<?, ?>) tree).mapValues(v -> 2)))
                .isEqualTo(HashMap.of("a", 2L));
        store.updateMap(root, tree -> tree.put("b", 3));
        store.set(root, HashMap.of("c", 3));
        assertThat(store.replace(root, Map.of("c", 3), Map.of("d", 4))).isTrue();
        assertThat(store.toMap()).isEqualTo(Map.of("d", 4L));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> store.remove(root))
                .withMessageContaining("clear()");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> store.discard(root))
                .withMessageContaining("clear()");
        for (Object noMap : Arrays.asList(1, null, "x", List.of(), new int[0])) {
            failing(TypeMismatchException.class, "the root must be a map", tx -> tx.put(root, noMap));
            failing(TypeMismatchException.class, "the root must be a map", tx -> tx.set(root, noMap));
            failing(TypeMismatchException.class, "the root must be a map", tx -> tx.update(root, x -> noMap));
        }
        failing(TypeMismatchException.class, "the root", tx -> tx.increment(root));
        failing(TypeMismatchException.class, "the root", tx -> tx.concat(root, List.of()));
        failing(TypeMismatchException.class, "the root", tx -> tx.updateList(root, x -> x));
        store.clear();
        assertThat(store.size()).isZero();
        unchanged(TreeEditor::clear);
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    @ParameterizedTest
    @ValueSource(strings = {"k", "/k", "a/b", "", "-", "0", "~0"})
    void theTwinsSpeakOfOneKeyOfTheTopLevel(String key) {
        KeyPath path = KeyPath.of(key);
        assertThat(store.put(key, 1)).isNull();
        assertThat(store.get(path)).isEqualTo(1L).isEqualTo(store.get(key));
        store.set(key, 2);
        assertThat(store.init(key, 3)).isFalse();
        assertThat(store.increment(key)).isEqualTo(3L);
        assertThat(store.increment(key, 2)).isEqualTo(5L);
        assertThat(store.decrement(key)).isEqualTo(4L);
        assertThat(store.decrement(key, 2)).isEqualTo(2L);
        assertThat(store.update(key, x -> 9)).isEqualTo(9L);
        assertThat(store.update(key, Integer.class, x -> x + 1)).isEqualTo(10);
        assertThat(store.merge(key, 1, (a, b) -> b)).isEqualTo(1L);
        assertThat(store.merge(key, Integer.class, 1, Integer::sum)).isEqualTo(2);
        assertThat(store.replace(key, 2, List.of(1))).isTrue();
        store.append(key, 2);
        store.concat(key, List.of(3));
        store.updateList(key, l -> l.append(4));
        assertThat(store.vectorAt(key)).isEqualTo(store.vectorAt(path)).isEqualTo(Vector.of(1L, 2L, 3L, 4L));
        assertThat(store.getList(key)).isEqualTo(store.getList(path));
        assertThat(store.size(key)).isEqualTo(store.size(path)).isEqualTo(4);
        assertThat(store.leaves(key)).hasSize(4);
        store.put(key, Map.of("x", 1));
        store.updateMap(key, m -> m.put("y", 2));
        assertThat(store.mapAt(key)).isEqualTo(store.mapAt(path));
        assertThat(store.getMap(key)).isEqualTo(store.getMap(path));
        assertThat(store.keys(key)).isEqualTo(store.keys(path)).containsExactlyInAnyOrder("x", "y");
        assertThat(store.get(key, Map.class)).hasSize(2);
        assertThat(store.find(key, Map.class)).isPresent();
        assertThat(store.getOrDefault(key, 1)).isSameAs(store.get(path));
        assertThat(store.getOrDefault(key, Map.class, Map.of())).hasSize(2);
        assertThat(store.contains(key)).isTrue();
        assertThat(store.remove(key)).isInstanceOf(HashMap.class);
        assertThat(store.discard(key)).isFalse();
        assertThat(store.contains(key)).isFalse();
    }

    @Test
    void whatStandsBesideThePathIsShared() {
        Object tags = store.get(p("/user/tags"));
        Object list = store.get("l");
        store.put(p("/user/name"), "y");
        assertThat(store.get(p("/user/tags"))).isSameAs(tags);
        assertThat(store.get("l")).isSameAs(list);
    }
}
