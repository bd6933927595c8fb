package dev.heartwood;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Patterns of places, and watching them. */
@Timeout(60)
class PathPatternTest {
    @ParameterizedTest
    @CsvSource({
        "/users/*/status, /users/7/status, true",
        "/users/*/status, /users/7/name, false",
        "/users/*/status, /users/status, false",
        "/users/*/status, /users/7/x/status, false",
        "/log/**, /log, true",
        "/log/**, /log/a/b, true",
        "/log/**, /logs, false",
        "/**/x, /x, true",
        "/**/x, /a/b/x, true",
        "/**/x, /a/b/y, false",
        "/a/**/b/*, /a/b/c, true",
        "/a/**/b/*, /a/b/b/c, true",
        "/a/**/b/*, /a/b, false",
        "/~2, /*, true",
        "/~2, /x, false",
        "/~2~2, /**, true",
        "/a~1b/~0, /a~1b/~0, true",
        "/**, '', true",
        "/**/**, '', true",
        "/**/**/a, /a, true",
        "/**/**/a, /x/y/a, true",
        "/a/**/**, /a, true",
        "'', '', true",
        "'', /a, false",
        "/*, '/', true",
    })
    void aPatternMatchesThePlacesThatItDescribes(String pattern, String path, boolean matches) {
        PathPattern parsed = PathPattern.parse(pattern);
        assertThat(parsed.matches(KeyPath.parse(path))).isEqualTo(matches);
        assertThat(parsed.toString()).isEqualTo(pattern);
        assertThat(PathPattern.parse(parsed.toString())).isEqualTo(parsed).hasSameHashCodeAs(parsed);
    }

    @Test
    void thePatternOfAPathTakesItsStarsLiterally() {
        PathPattern literal = PathPattern.of(KeyPath.of("a", "*", "**", "~2", 0));
        assertThat(literal.toString()).isEqualTo("/a/~2/~2~2/~02/0");
        assertThat(literal.matches(KeyPath.of("a", "*", "**", "~2", 0))).isTrue();
        assertThat(literal.matches(KeyPath.of("a", "x", "**", "~2", 0))).isFalse();
        assertThat(PathPattern.of(KeyPath.root())).isEqualTo(PathPattern.parse(""));
        assertThat(PathPattern.parse("/*")).isNotEqualTo(PathPattern.of(KeyPath.of("*")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "users/*", "/a*", "/***", "/~", "/~3", "/x/~2~"})
    void aTextThatIsNoPatternIsRefusedInWords(String text) {
        assertThatThrownBy(() -> PathPattern.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"" + text + "\"");
    }

    // ---- watching

    private final List<String> told = new ArrayList<>();

    private static Store users() {
        return Store.of(Map.of(
                "users", Map.of("a", Map.of("status", "new", "name", "A"), "b", Map.of("status", "new")), "n", 0));
    }

    private void watch(Store store, String pattern) {
        store.watch(PathPattern.parse(pattern), Delivery.every(Runnable::run), update -> told.add(update.toString()));
    }

    @Test
    void eachPlaceThatChangedIsToldWithItsOwnPathInTheOrderOfPaths() {
        Store store = users();
        watch(store, "/users/*/status");
        store.batch(tx -> {
            tx.put(KeyPath.of("users", "b", "status"), "old");
            tx.put(KeyPath.of("users", "c"), Map.of("status", "new"));
            tx.put(KeyPath.of("users", "a", "name"), "B");
            tx.remove(KeyPath.of("users", "a", "status"));
            tx.increment("n");
        });
        assertThat(told)
                .containsExactly(
                        "/users/a/status: \"new\" -> missing",
                        "/users/b/status: \"new\" -> \"old\"",
                        "/users/c/status: missing -> \"new\"");
    }

    @Test
    void aListenerThatClosesItsSubscriptionHearsOfNoFurtherPlaceOfThatCommit() {
        Store store = Store.of(Map.of("a", 1, "b", 1, "c", 1));
        Subscription[] watch = new Subscription[1];
        watch[0] = store.watch(PathPattern.parse("/*"), Delivery.every(Runnable::run), update -> {
            told.add(update.toString());
            watch[0].close();
        });
        store.putAll(KeyPath.root(), Map.of("a", 2, "b", 2, "c", 2));
        assertThat(told).containsExactly("/a: 1 -> 2");
    }

    @Test
    void aLeafThatCannotBeComparedKeepsNoOtherPlaceFromTheListener() {
        final class Touchy {
            @Override
            public boolean equals(Object other) {
                throw new IllegalStateException("touchy");
            }

            @Override
            public int hashCode() {
                return 1;
            }

            @Override
            public String toString() {
                return "touchy";
            }
        }
        Store store = Store.of(Map.of("a", 1, "b", new Touchy(), "c", 1));
        List<Throwable> failures = new ArrayList<>();
        Delivery delivery = Delivery.every(Runnable::run).failureHandler(failures::add);
        store.watch(PathPattern.parse("/*"), delivery, update -> told.add(update.toString()));
        store.restore(Store.of(Map.of("a", 2, "b", new Touchy(), "c", 2)).snapshot());
        assertThat(told).containsExactly("/a: 1 -> 2", "/b: touchy -> touchy", "/c: 1 -> 2");
        assertThat(failures).singleElement().matches(failure -> "touchy".equals(failure.getMessage()));
    }

    @Test
    void placesBelowAWildcardAreToldAlsoWhereANameIsWatchedBesideIt() {
        Store store = users();
        watch(store, "/users/*/status");
        List<String> named = new ArrayList<>();
        store.watch(KeyPath.of("users", "a"), Delivery.every(Runnable::run), update -> named.add("a"));
        store.watch(KeyPath.of("users", "a", "name"), Delivery.every(Runnable::run), update -> named.add("a/name"));

        store.put(KeyPath.of("users", "a", "status"), "old");
        store.batch(tx -> {
            tx.put(KeyPath.of("users", "a", "status"), "older");
            tx.put(KeyPath.of("users", "a", "name"), "B");
        });
        assertThat(told)
                .containsExactly("/users/a/status: \"new\" -> \"old\"", "/users/a/status: \"old\" -> \"older\"");
        assertThat(named).containsExactlyInAnyOrder("a", "a", "a/name");
    }

    @Test
    void aVanishedParentTakesItsPlacesAlong() {
        Store store = users();
        watch(store, "/users/*/status");
        store.remove("users");
        assertThat(told).containsExactly("/users/a/status: \"new\" -> missing", "/users/b/status: \"new\" -> missing");
    }

    @Test
    void aCommitElsewhereIsNotHandedIn() {
        Store store = users();
        ManualExecutor executor = new ManualExecutor();
        store.watch(PathPattern.parse("/users/*/status"), Delivery.every(executor), update -> {});
        store.put(KeyPath.of("users", "a", "name"), "B");
        store.increment("n");
        assertThat(executor.waiting()).isZero();
    }

    @Test
    void twoStarsAtTheEndTellTheDeepestPlacesAsADiffDoes() {
        Store store = Store.of(Map.of("log", Map.of("l", List.of(1, 2, 3), "m", Map.of("x", 1)), "other", 1));
        watch(store, "/log/**");
        store.batch(tx -> {
            tx.put(KeyPath.parse("/log/l/1"), 9);
            tx.put(KeyPath.parse("/log/new"), Map.of("deep", Map.of("er", 1)));
            tx.put(KeyPath.parse("/log/m/x"), 2);
            tx.put("other", 2);
        });
        assertThat(told)
                .containsExactly(
                        "/log/l/1: 2 -> 9", "/log/m/x: 1 -> 2", "/log/new: missing -> {\"deep\": {\"er\": 1}}");
        told.clear();
        store.remove(KeyPath.parse("/log/l/0"));
        assertThat(told)
                .as("lists by position")
                .containsExactly("/log/l/0: 1 -> 9", "/log/l/1: 9 -> 3", "/log/l/2: 3 -> missing");
        told.clear();
        store.put("log", 5);
        assertThat(told).as("a leaf in the place of the whole").hasSize(1);
    }

    @Test
    void twoStarsAtTheEndTellAMapInThePlaceOfAListAsOnePlaceAsADiffDoes() {
        Store store = Store.of(Map.of("log", Map.of("l", List.of(1, 2))));
        Snapshot before = store.snapshot();
        watch(store, "/log/**");
        store.put(KeyPath.parse("/log/l"), Map.of("0", 1, "x", 2));
        assertThat(told).containsExactly("/log/l: [1, 2] -> {\"0\": 1, \"x\": 2}");
        assertThat(before.diff(store.snapshot())).hasSize(1);
        told.clear();
        store.put(KeyPath.parse("/log/l"), List.of(1));
        assertThat(told).containsExactly("/log/l: {\"0\": 1, \"x\": 2} -> [1]");
    }

    @Test
    void thePlacesOfAMapThatComesOrGoesAreToldInTheOrderOfTheirPaths() {
        Store store = Store.of(Map.of());
        watch(store, "/m/*");
        store.put("m", Map.of("a", 1, "B", 2, "c", 3));
        assertThat(told).containsExactly("/m/B: missing -> 2", "/m/a: missing -> 1", "/m/c: missing -> 3");
        told.clear();
        store.remove("m");
        assertThat(told).containsExactly("/m/B: 2 -> missing", "/m/a: 1 -> missing", "/m/c: 3 -> missing");
    }

    @Test
    void twoStarsInTheMiddleReachAnyDepth() {
        Store store = Store.of(Map.of("a", Map.of("x", 1, "b", Map.of("x", 1, "y", 1))));
        watch(store, "/a/**/x");
        store.put(KeyPath.parse("/a/b/y"), 2);
        store.put(KeyPath.parse("/a/b/x"), 2);
        store.put(KeyPath.parse("/a/x"), Map.of("x", 3));
        assertThat(told).containsExactly("/a/b/x: 1 -> 2", "/a/x: 1 -> {\"x\": 3}", "/a/x/x: missing -> 3");
    }

    @Test
    void anEqualContainerInThePlaceOfAnotherIsNoNews() {
        Store store = users();
        watch(store, "/users/*");
        watch(store, "/**");
        store.put(KeyPath.of("users", "a"), Map.of("status", "new", "name", "A"));
        assertThat(told).isEmpty();
    }

    /** Against a comparison of all leaves and containers, one by one. */
    @Test
    void randomPatternsTellWhatACompleteComparisonFinds() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 400; round++) {
            Store store = Store.of(AnyOperation.START);
            PathPattern pattern = randomPattern(random);
            List<String> updates = new ArrayList<>();
            store.watch(pattern, Delivery.every(Runnable::run), update -> {
                updates.add(update.path().toString());
                assertThat(pattern.matches(update.path())).isTrue();
            });
            for (int i = 0; i < 10; i++) {
                Snapshot before = store.snapshot();
                updates.clear();
                store.batch(tx -> {
                    for (int k = random.nextInt(4); k >= 0; k--) {
                        AnyOperation.random(random).on(tx);
                    }
                });
                assertThat(updates)
                        .as("seed %d: %s", seed, pattern)
                        .containsExactlyInAnyOrderElementsOf(expected(pattern, before, store.snapshot()));
            }
        }
    }

    private static PathPattern randomPattern(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(4); i >= 0; i--) {
            text.append('/')
                    .append(List.of("*", "m", "l", "a", "b", "0", "1", "*", "x").get(random.nextInt(9)));
        }
        return PathPattern.parse(text.toString());
    }

    private static List<String> expected(PathPattern pattern, Snapshot before, Snapshot after) {
        List<String> expected = new ArrayList<>();
        for (KeyPath path : allPlaces(before, after)) {
            Object old = PathCopy.look(before.tree(), path);
            Object now = PathCopy.look(after.tree(), path);
            if (pattern.matches(path) && !dev.heartwood.tree.TreeEquality.trees(old, now)) {
                expected.add(path.toString());
            }
        }
        return expected;
    }

    private static java.util.Set<KeyPath> allPlaces(Snapshot... states) {
        java.util.Set<KeyPath> places = new java.util.HashSet<>();
        for (Snapshot state : states) {
            state.leaves(KeyPath.root()).forEach(leaf -> {
                for (KeyPath path = leaf.getKey(); path != null; path = path.parent()) {
                    places.add(path);
                }
            });
        }
        return places;
    }
}
