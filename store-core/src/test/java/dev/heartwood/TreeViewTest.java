package dev.heartwood;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.vavr.collection.HashMap;
import io.vavr.collection.Vector;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Reading, on each of the three things that can be read. */
class TreeViewTest {
    /** Where the same tree is read. */
    enum Where {
        STORE,
        SNAPSHOT,
        TRANSACTION;

        <R> R read(Function<TreeView, R> reading) {
            Map<String, Object> tree = new LinkedHashMap<>();
            tree.put("users", Arrays.asList(Map.of("name", "x", "10", "ten"), null));
            tree.put("null", null);
            tree.put("n", 5);
            tree.put("s", "text");
            tree.put("empty", Map.of());
            tree.put("none", List.of());
            tree.put("/a/b", 1);
            try (Store store = Store.of(tree)) {
                return switch (this) {
                    case STORE -> reading.apply(store);
                    case SNAPSHOT -> reading.apply(store.snapshot());
                    case TRANSACTION -> store.transact(tx -> reading.apply(tx));
                };
            }
        }
    }

    private static KeyPath p(String pointer) {
        return KeyPath.parse(pointer);
    }

    @ParameterizedTest
    @EnumSource(Where.class)
    void aPathLeadsThroughMapsAndLists(Where where) {
        where.read(view -> {
            assertThat(view.get(KeyPath.of("users", 0, "name"))).isEqualTo("x");
            assertThat(view.get(p("/users/0/10"))).isEqualTo("ten");
            assertThat(view.get(KeyPath.of("users", 0, 10))).isEqualTo("ten");
            assertThat(view.get("/a/b")).isEqualTo(1L);
            assertThat(view.get(p("/users/1"))).isNull();
            assertThat(view.get("null")).isNull();
            assertThat(view.get("n")).isEqualTo(view.get(KeyPath.of("n"))).isEqualTo(5L);
            assertThat(view.get(KeyPath.root())).isInstanceOf(HashMap.class);
            return view;
        });
    }

    @ParameterizedTest
    @EnumSource(Where.class)
    void whatIsNotThereIsMissing(Where where) {
        for (String pointer : List.of(
                "/absent",
                "/absent/x",
                "/users/2",
                "/users/-",
                "/users/-1",
                "/users/00",
                "/users/+0",
                "/users/0x",
                "/users/ 0",
                "/users/",
                "/users/\u0660",
                "/users/2147483648",
                "/users/99999999999999999999",
                "/users/name",
                "/n/x",
                "/s/0",
                "/null/x",
                "/users/1/x",
                "/empty/x",
                "/none/0",
                "/none/-",
                "/")) {
            KeyPath path = p(pointer);
            where.read(view -> {
                assertThat(view.contains(path)).as(pointer).isFalse();
                assertThat(view.getOrDefault(path, "no")).isEqualTo("no");
                assertThat(view.getOrDefault(path, null)).isNull();
                assertThat(view.getOrDefault(path, Integer.class, 7)).isEqualTo(7);
                assertThat(view.find(path, Object.class)).isEmpty();
                List<Runnable> readings = List.of(
                        () -> view.get(path),
                        () -> view.get(path, Object.class),
                        () -> view.mapAt(path),
                        () -> view.vectorAt(path),
                        () -> view.getMap(path),
                        () -> view.getList(path),
                        () -> view.size(path),
                        () -> view.keys(path),
                        () -> view.leaves(path));
                for (Runnable reading : readings) {
                    assertThatExceptionOfType(NoSuchPathException.class)
                            .isThrownBy(reading::run)
                            .withMessageStartingWith("nothing at " + pointer + ": ")
                            .satisfies(e -> assertThat(e.path()).isEqualTo(path));
                }
                return view;
            });
        }
    }

    @ParameterizedTest
    @EnumSource(Where.class)
    void aNullThatIsThereIsThere(Where where) {
        where.read(view -> {
            assertThat(view.contains("null")).isTrue();
            assertThat(view.contains(p("/users/1"))).isTrue();
            assertThat(view.getOrDefault("null", "no")).isNull();
            assertThat(view.find("null", String.class)).isEmpty();
            assertThat(view.getOrDefault("null", String.class, "no")).isEqualTo("no");
            return view;
        });
    }

    @ParameterizedTest
    @EnumSource(Where.class)
    void containersAreCountedAndTheirKeysNamed(Where where) {
        where.read(view -> {
            assertThat(view.size()).isEqualTo(7);
            assertThat(view.size(KeyPath.root())).isEqualTo(7);
            assertThat(view.keys()).containsExactlyInAnyOrder("users", "null", "n", "s", "empty", "none", "/a/b");
            assertThat(view.size("users")).isEqualTo(2);
            assertThat(view.size("empty")).isZero();
            assertThat(view.size("none")).isZero();
            assertThat(view.keys(p("/users/0"))).containsExactlyInAnyOrder("name", "10");
            assertThat(view.keys("empty")).isEmpty();
            assertThatExceptionOfType(TypeMismatchException.class).isThrownBy(() -> view.size("n"));
            assertThatExceptionOfType(TypeMismatchException.class).isThrownBy(() -> view.size("null"));
            assertThatExceptionOfType(TypeMismatchException.class).isThrownBy(() -> view.keys("users"));
            assertThatExceptionOfType(TypeMismatchException.class)
                    .isThrownBy(() -> view.keys("s"))
                    .withMessage("/s is \"text\", a string, not a map");
            return view;
        });
    }

    @ParameterizedTest
    @EnumSource(Where.class)
    void containersComeInFourForms(Where where) {
        where.read(view -> {
            assertThat(view.mapAt("empty")).isEqualTo(HashMap.empty());
            assertThat(view.vectorAt("none")).isEqualTo(Vector.empty());
            assertThat(view.mapAt(KeyPath.root())).hasSize(7);
            assertThat(view.getMap(p("/users/0"))).isEqualTo(Map.of("name", "x", "10", "ten"));
            assertThat(view.getList("users")).hasSize(2);
            for (String key : List.of("n", "null", "s")) {
                for (Runnable reading : List.<Runnable>of(
                        () -> view.mapAt(key),
                        () -> view.vectorAt(key),
                        () -> view.getMap(key),
                        () -> view.getList(key))) {
                    assertThatExceptionOfType(TypeMismatchException.class)
                            .isThrownBy(reading::run)
                            .withMessageContaining("/" + key + " is ");
                }
            }
            assertThatExceptionOfType(TypeMismatchException.class).isThrownBy(() -> view.mapAt("users"));
            assertThatExceptionOfType(TypeMismatchException.class).isThrownBy(() -> view.vectorAt("empty"));
            return view;
        });
    }

    @ParameterizedTest
    @EnumSource(Where.class)
    void leavesComeSortedAndEmptyContainersAreLeaves(Where where) {
        where.read(view -> {
            assertThat(view.leaves(KeyPath.root()).map(e -> e.getKey() + "=" + e.getValue()))
                    .containsExactly(
                            "/~1a~1b=1",
                            "/empty=HashMap()",
                            "/n=5",
                            "/none=Vector()",
                            "/null=null",
                            "/s=text",
                            "/users/0/10=ten",
                            "/users/0/name=x",
                            "/users/1=null");
            assertThat(view.leaves("n").map(Map.Entry::getKey)).containsExactly(KeyPath.of("n"));
            assertThat(view.leaves("empty").map(Map.Entry::getKey)).containsExactly(KeyPath.of("empty"));
            assertThat(view.leaves("null").map(Map.Entry::getValue)).containsExactly((Object) null);
            assertThat(view.leaves(p("/users/0")).map(e -> e.getKey().toString()))
                    .containsExactly("/users/0/10", "/users/0/name");
            return view;
        });
    }

    @Test
    void leavesOfAListGoByIndexNotByText() {
        Integer[] numbers = new Integer[12];
        Arrays.setAll(numbers, i -> i);
        assertThat(Store.of(Map.of("l", numbers)).leaves("l").map(Map.Entry::getValue))
                .containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L, 11L);
        assertThat(Store.create().leaves(KeyPath.root()).map(e -> e.getKey().size()))
                .containsExactly(0);
    }

    @Test
    void leavesSeeOneState() {
        try (Store store = Store.of(Map.of("a", 1, "b", 2))) {
            var leaves = store.leaves(KeyPath.root());
            store.clear();
            assertThat(leaves).hasSize(2);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void everyLeafIsFoundAtItsPath(long seed) {
        RandomTrees trees = new RandomTrees(seed);
        for (int round = 0; round < 100; round++) {
            try (Store store = Store.of(trees.map(4))) {
                store.leaves(KeyPath.root()).forEach(leaf -> {
                    assertThat(store.get(leaf.getKey())).as("seed %d", seed).isEqualTo(leaf.getValue());
                    assertThat(store.contains(leaf.getKey())).isTrue();
                });
            }
        }
    }

    @Test
    void whatIsMissingIsExplained() {
        Where.STORE.read(view -> {
            missing(
                    view,
                    p("/absent"),
                    "nothing at /absent: the root is a map with /a/b, empty, n, none, null, s, users");
            missing(view, p("/users/7/x"), "nothing at /users/7/x: /users is a list of 2");
            missing(view, p("/users/0/age"), "nothing at /users/0/age: /users/0 is a map with 10, name");
            missing(view, p("/empty/x/y"), "nothing at /empty/x/y: /empty is an empty map");
            missing(view, p("/n/x"), "nothing at /n/x: /n is 5, a number");
            missing(view, p("/s/x/y"), "nothing at /s/x/y: /s is \"text\", a string");
            missing(view, p("/null/x"), "nothing at /null/x: /null is null");
            missing(view, p("/users/1/x"), "nothing at /users/1/x: /users/1 is null");
            assertThatExceptionOfType(NoSuchPathException.class)
                    .isThrownBy(() -> view.get("/users/0"))
                    .withMessageEndingWith("; \"/users/0\" is one key here: did you mean KeyPath.parse(\"/users/0\")?");
            assertThatExceptionOfType(NoSuchPathException.class)
                    .isThrownBy(() -> view.get(p("/users/0/x")))
                    .satisfies(e -> assertThat(e.getMessage()).doesNotContain("parse"));
            return view;
        });
    }

    @Test
    void aLongListOfKeysIsCutShort() {
        try (Store store = Store.create()) {
            for (int i = 0; i < 30; i++) {
                store.put("key" + i, i);
            }
            assertThatExceptionOfType(NoSuchPathException.class)
                    .isThrownBy(() -> store.get("x"))
                    .withMessageEndingWith(" and 18 more keys");
        }
    }

    private static void missing(TreeView view, KeyPath path, String message) {
        assertThatExceptionOfType(NoSuchPathException.class)
                .isThrownBy(() -> view.get(path))
                .withMessage(message);
    }
}
