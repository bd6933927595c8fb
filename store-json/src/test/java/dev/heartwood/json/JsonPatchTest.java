package dev.heartwood.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heartwood.Commit;
import dev.heartwood.ConflictException;
import dev.heartwood.KeyPath;
import dev.heartwood.Snapshot;
import dev.heartwood.Store;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonPatchTest {
    private static String applied(String before, String patch) {
        Store store = Json.readStore(before);
        JsonPatch.parse(patch).applyTo(store);
        return Json.write(store);
    }

    private static String diffed(String before, String after) {
        return JsonPatch.of(Json.readStore(before)
                        .snapshot()
                        .diff(Json.readStore(after).snapshot()))
                .toJson();
    }

    /** Document, patch, result; from the examples of RFC 6902 and its neighbours. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"foo":"bar"}              | [{"op":"add","path":"/baz","value":"qux"}]                          | {"baz":"qux","foo":"bar"}
            {"foo":["bar","baz"]}      | [{"op":"add","path":"/foo/1","value":"qux"}]                        | {"foo":["bar","qux","baz"]}
            {"foo":["bar"]}            | [{"op":"add","path":"/foo/-","value":["abc"]}]                      | {"foo":["bar",["abc"]]}
            {"foo":["bar"]}            | [{"op":"add","path":"/foo/1","value":2}]                            | {"foo":["bar",2]}
            {"foo":1}                  | [{"op":"add","path":"/foo","value":null}]                           | {"foo":null}
            {"foo":{}}                 | [{"op":"add","path":"/foo/0","value":1}]                            | {"foo":{"0":1}}
            {"foo":{}}                 | [{"op":"add","path":"/foo/-","value":1}]                            | {"foo":{"-":1}}
            {"foo":{}}                 | [{"op":"add","path":"/foo/01","value":1}]                           | {"foo":{"01":1}}
            {"baz":"qux","foo":"bar"}  | [{"op":"remove","path":"/baz"}]                                     | {"foo":"bar"}
            {"foo":[1,2,3]}            | [{"op":"remove","path":"/foo/1"}]                                   | {"foo":[1,3]}
            {"a":null}                 | [{"op":"remove","path":"/a"}]                                       | {}
            {"baz":"qux","foo":"bar"}  | [{"op":"replace","path":"/baz","value":"boo"}]                      | {"baz":"boo","foo":"bar"}
            {"a":[1,2]}                | [{"op":"replace","path":"/a/1","value":{"b":null}}]                 | {"a":[1,{"b":null}]}
            {"foo":{"bar":1},"qux":{}} | [{"op":"move","from":"/foo/bar","path":"/qux/thud"}]                | {"foo":{},"qux":{"thud":1}}
            {"foo":[1,2,3,4]}          | [{"op":"move","from":"/foo/1","path":"/foo/3"}]                     | {"foo":[1,3,4,2]}
            {"foo":[1,2,3]}            | [{"op":"move","from":"/foo/0","path":"/foo/-"}]                     | {"foo":[2,3,1]}
            {"a":1}                    | [{"op":"move","from":"/a","path":"/a"}]                             | {"a":1}
            {"a":{"b":1}}              | [{"op":"move","from":"/a/b","path":"/a"}]                           | {"a":1}
            {"a":[1,{"b":2}]}          | [{"op":"copy","from":"/a/1","path":"/a/0"}]                         | {"a":[{"b":2},1,{"b":2}]}
            {"a":1}                    | [{"op":"copy","from":"","path":"/b"}]                               | {"a":1,"b":{"a":1}}
            {"a":"x","b":[1,null]}     | [{"op":"test","path":"","value":{"b":[1,null],"a":"x"}}]            | {"a":"x","b":[1,null]}
            {"a":1}                    | [{"op":"test","path":"/a","value":1.0},{"op":"test","path":"/a","value":10e-1}] | {"a":1}
            {"a":0.0}                  | [{"op":"test","path":"/a","value":-0.0}]                            | {"a":0.0}
            {"a":[{"b":1e2}]}          | [{"op":"test","path":"/a","value":[{"b":100}]}]                     | {"a":[{"b":100.0}]}
            {"/":9,"~1":10}            | [{"op":"test","path":"/~01","value":10},{"op":"test","path":"/~1","value":9}] | {"/":9,"~1":10}
            {"a":1}                    | [{"op":"replace","path":"","value":{"b":2}}]                        | {"b":2}
            {"a":1}                    | [{"op":"add","path":"","value":{}}]                                 | {}
            {"a":1}                    | []                                                                  | {"a":1}
            {"":1}                     | [{"op":"replace","path":"/","value":2}]                             | {"":2}
            {"a":1}                    | [{"op":"add","path":"/b","value":1,"xyz":"ignored"}]                | {"a":1,"b":1}
            {"a":{}}                   | [{"op":"add","path":"/a/b","value":{}},{"op":"add","path":"/a/b/c","value":1}] | {"a":{"b":{"c":1}}}
            """)
    void aPatchApplies(String before, String patch, String after) {
        assertThat(applied(before, patch)).isEqualTo(after);
        Snapshot state = Json.readStore(before).snapshot();
        assertThat(Json.write(state.edit(JsonPatch.parse(patch)::applyTo))).isEqualTo(after);
        assertThat(JsonPatch.parse(JsonPatch.parse(patch).toJson())).isEqualTo(JsonPatch.parse(patch));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"a":1}        | {"op":"remove","path":"/b"}                      | remove /b                | nothing at /b
            {"a":1}        | {"op":"remove","path":""}                        | remove the root          | the root cannot be removed
            {"a":1}        | {"op":"replace","path":"/b","value":1}           | replace /b               | nothing at /b
            {"a":1}        | {"op":"replace","path":"","value":[1]}           | replace the root         | is an object, and cannot become a list
            {"a":1}        | {"op":"add","path":"","value":null}              | add the root             | is an object, and cannot become null
            {"a":1}        | {"op":"add","path":"/b/c","value":1}             | add /b/c                 | nothing at /b
            {"a":1}        | {"op":"add","path":"/a/c","value":1}             | add /a/c                 | /a is 1, a number
            {"a":1}        | {"op":"add","path":"/a/0","value":1}             | add /a/0                 | /a is 1, a number
            {"a":[1]}      | {"op":"add","path":"/a/2","value":1}             | add /a/2                 | /a is a list of 1
            {"a":[1]}      | {"op":"add","path":"/a/01","value":1}            | add /a/01                | no index
            {"a":[1]}      | {"op":"add","path":"/a/+0","value":1}            | add /a/+0                | no index
            {"a":[1]}      | {"op":"add","path":"/a/-1","value":1}            | add /a/-1                | no index
            {"a":[1]}      | {"op":"add","path":"/a/1e0","value":1}           | add /a/1e0               | no index
            {"a":[1]}      | {"op":"add","path":"/a/b","value":1}             | add /a/b                 | no index
            {"a":[1]}      | {"op":"remove","path":"/a/-"}                    | remove /a/-              | no index
            {"a":[1]}      | {"op":"remove","path":"/a/1"}                    | remove /a/1              | nothing at /a/1
            {"a":[1]}      | {"op":"replace","path":"/a/-","value":1}         | replace /a/-             | no index
            {"a":[1]}      | {"op":"replace","path":"/a/00","value":1}        | replace /a/00            | no index
            {"a":[1]}      | {"op":"test","path":"/a/-","value":1}            | test /a/-                | nothing at /a/-
            {"a":[1]}      | {"op":"test","path":"/a/00","value":1}           | test /a/00               | nothing at /a/00
            {"a":[1]}      | {"op":"copy","from":"/a/-","path":"/b"}          | copy /a/- to /b          | nothing at /a/-
            {"a":[1]}      | {"op":"move","from":"/a/5","path":"/b"}          | move /a/5 to /b          | nothing at /a/5
            {"a":1}        | {"op":"move","from":"/b","path":"/b"}            | move /b to /b            | nothing at /b
            {"a":{"b":1}}  | {"op":"move","from":"/a","path":"/a/b"}          | move /a to /a/b          | cannot be moved into itself
            {"a":1}        | {"op":"move","from":"","path":"/a"}              | move the root to /a      | cannot be moved into itself
            {"a":1}        | {"op":"test","path":"/a","value":2}              | test /a                  | expected 2, but there is 1
            {"a":9007199254740993} | {"op":"test","path":"/a","value":9007199254740992} | test /a          | but there is 9007199254740993
            {"a":1}        | {"op":"test","path":"/a","value":"1"}            | test /a                  | expected "1", but there is 1
            {"a":1}        | {"op":"test","path":"/b","value":null}           | test /b                  | nothing at /b
            {"a":null}     | {"op":"test","path":"/a","value":false}          | test /a                  | expected false, but there is null
            {"a":[1,2]}    | {"op":"test","path":"/a","value":[2,1]}          | test /a                  | expected a list of 2
            {"a":{"b":1}}  | {"op":"test","path":"/a","value":{}}             | test /a                  | an object of 1 members
            """)
    void whatDoesNotApplyIsNamedAndChangesNothing(String before, String operation, String name, String why) {
        JsonPatch patch = JsonPatch.parse("[{\"op\":\"add\",\"path\":\"/new\",\"value\":1}," + operation + "]");
        Store store = Json.readStore(before);
        Snapshot state = store.snapshot();

        assertThatThrownBy(() -> patch.applyTo(store))
                .isInstanceOf(ConflictException.class)
                .hasMessageStartingWith("operation 1 (" + name + ") of the patch: ")
                .hasMessageContaining(why);
        assertThat(store.snapshot()).isSameAs(state);

        Commit commit = store.batch(tx -> {
            assertThatThrownBy(() -> patch.applyTo(tx)).isInstanceOf(ConflictException.class);
            assertThat(Json.write(tx)).isEqualTo(Json.write(state));
        });
        assertThat(commit.changed()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {}                                        | a patch is a list of operations, found a map
            [1]                                       | operation 0 of the patch: expected an object, found a number
            [{"path":"/a"}]                           | operation 0 of the patch: expected a string as "op", found nothing
            [{"op":"spam","path":"/a"}]               | operation 0 of the patch: unknown op "spam": expected one of add, remove
            [{"op":"ADD","path":"/a","value":1}]      | unknown op "ADD"
            [{"op":"add","path":"/a"}]                | operation 0 of the patch: expected a member "value" in add
            [{"op":"remove"}]                         | expected a string as "path", found nothing
            [{"op":"remove","path":1}]                | expected a string as "path", found a number
            [{"op":"remove","path":"a"}]              | "path" is no JSON Pointer: a JSON Pointer starts with '/'
            [{"op":"remove","path":"/~2"}]            | "path" is no JSON Pointer: in the JSON Pointer "/~2" a '~' must be
            [{"op":"move","path":"/a"}]               | expected a string as "from", found nothing
            [{"op":"remove","path":"/a"},{"op":"copy","path":"/a","from":null}] | operation 1 of the patch: expected a string as "from", found null
            """)
    void whatIsNoPatchIsRefused(String text, String why) {
        assertThatThrownBy(() -> JsonPatch.parse(text))
                .isInstanceOf(JsonPatchException.class)
                .hasMessageContaining(why);
    }

    @Test
    void aMemberThatStandsTwiceIsNoJson() {
        assertThatThrownBy(() -> JsonPatch.parse("[{\"op\":\"add\",\"op\":\"remove\",\"path\":\"/a\",\"value\":1}]"))
                .isInstanceOf(JsonException.class);
    }

    @Test
    void patchesFromDiffsAreMinimal() {
        assertThat(diffed("{\"l\":[1,2,3]}", "{\"l\":[0,1,2,3]}"))
                .isEqualTo("[{\"op\":\"add\",\"path\":\"/l/0\",\"value\":0}]");
        assertThat(diffed("{\"l\":[1,2,3]}", "{\"l\":[1,2,3,4]}"))
                .isEqualTo("[{\"op\":\"add\",\"path\":\"/l/3\",\"value\":4}]");
        assertThat(diffed("{\"a\":{\"b\":1},\"c\":0}", "{\"a\":{\"b\":2}}"))
                .isEqualTo("[{\"op\":\"replace\",\"path\":\"/a/b\",\"value\":2},{\"op\":\"remove\",\"path\":\"/c\"}]");
        assertThat(diffed("{\"a/b\":{\"~\":1}}", "{\"a/b\":{\"~\":null}}"))
                .isEqualTo("[{\"op\":\"replace\",\"path\":\"/a~1b/~0\",\"value\":null}]");
        assertThat(diffed("{}", "{}")).isEqualTo("[]");
    }

    @Test
    void aPatchOnAStoreIsOneCommit() {
        Store store = Json.readStore("{\"a\":[1]}");
        long version = store.version();
        JsonPatch.parse("[{\"op\":\"add\",\"path\":\"/a/0\",\"value\":0},{\"op\":\"add\",\"path\":\"/b\",\"value\":1}]")
                .applyTo(store);
        assertThat(store.version()).isEqualTo(version + 1);
    }

    @Test
    void theInverseTakesThePatchBack() {
        Store store = Json.readStore("{\"a\":[1,{\"b\":2}],\"c\":null}");
        Snapshot before = store.snapshot();
        JsonPatch patch = JsonPatch.parse("""
                [{"op":"move","from":"/a/1","path":"/d"},{"op":"remove","path":"/c"},
                 {"op":"add","path":"/a/0","value":0}]""");
        JsonPatch inverse = patch.inverse(store);
        patch.applyTo(store);
        inverse.applyTo(store);
        assertThat(store.snapshot().sameTree(before)).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"x":["p","q"]}         | {"x":["p","N","q"]}         | {"x":{"0":"p"}}         | a list
            {"x":["p","q"]}         | {"x":["p","Q"]}             | {"x":{"0":"p","1":"q"}} | a list
            {"x":["p","q"]}         | {"x":["p"]}                 | {"x":{"0":"p","1":"q"}} | a list
            {"x":{"a":1}}           | {"x":{"a":1,"0":"KEY"}}     | {"x":["p"]}             | a map
            {"x":{"a":1}}           | {"x":{"a":1,"-":"KEY"}}     | {"x":["p"]}             | a map
            {"x":{"0":"p"}}         | {"x":{"0":"P"}}             | {"x":["p"]}             | a map
            {"x":{"0":"p"}}         | {"x":{}}                    | {"x":["p"]}             | a map
            """)
    void aPatchOfADiffConflictsWhereAListIsAMapOrTheOtherWayRound(
            String before, String after, String other, String expected) {
        JsonPatch patch = JsonPatch.of(
                Json.readStore(before).snapshot().diff(Json.readStore(after).snapshot()));
        Store store = Json.readStore(other);
        Snapshot untouched = store.snapshot();
        assertThatThrownBy(() -> patch.applyTo(store))
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("operation 0")
                .hasMessageContaining("expected " + expected + " at /x, but there is a");
        assertThat(store.snapshot()).isSameAs(untouched);
        Store same = Json.readStore(before);
        patch.applyTo(same);
        assertThat(Json.write(same)).isEqualTo(Json.write(Json.readStore(after)));
    }

    /** Copies of the list /a into itself: each doubles it. */
    private static JsonPatch doubling(int copies) {
        String copy = "{\"op\":\"copy\",\"from\":\"/a\",\"path\":\"/a/-\"}";
        return JsonPatch.parse("[" + String.join(",", Collections.nCopies(copies, copy)) + "]");
    }

    private static void refuses(JsonPatch patch, Store store, int operation) {
        Snapshot before = store.snapshot();
        assertThatThrownBy(() -> patch.applyTo(store))
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("operation " + operation + " (copy /a to /a/-) of the patch")
                .hasMessageContaining("JsonPatch.maxCreated")
                .satisfies(e -> assertThat(((ConflictException) e).path()).isEqualTo(KeyPath.parse("/a/-")));
        assertThat(store.snapshot()).isSameAs(before);
    }

    @Test
    void aPatchOfCopiesIntoThemselvesIsRefusedBeforeItGrowsOutOfBounds() {
        Store store = Json.readStore("{\"a\":[0]}");
        refuses(doubling(24), store, 21);
        refuses(doubling(60), store, 21);
        assertThatThrownBy(() -> store.batch(tx -> doubling(60).applyTo(tx))).isInstanceOf(ConflictException.class);
        assertThatThrownBy(() -> doubling(60).inverse(store)).isInstanceOf(ConflictException.class);
        doubling(15).applyTo(store);
        assertThat(Json.write(store).length()).isGreaterThan(1 << 16);
    }

    @Test
    void theLimitOfCopiesCanBeSet() {
        Store store = Json.readStore("{\"a\":[0]}");
        refuses(doubling(3).maxCreated(0), store, 0);
        refuses(doubling(10).maxCreated(100), store, 3);
        doubling(60).maxCreated(Long.MAX_VALUE).applyTo(store);
        assertThat(store.size("a")).isEqualTo(61);
        assertThat(doubling(3).maxCreated(0)).isEqualTo(doubling(3));
        assertThatThrownBy(() -> doubling(1).maxCreated(-1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aPatchMayCreateAsMuchAsItsLimitAndNoMore() {
        Map<String, Object> tree = Map.of("list", List.of("a", "b"));
        JsonPatch copies = JsonPatch.parse(
                "[{\"op\":\"copy\",\"from\":\"/list\",\"path\":\"/x\"},{\"op\":\"copy\",\"from\":\"/list\",\"path\":\"/y\"}]");
        Store store = Store.of(tree);
        long size = 2 * new ExpandedSize().of(store.get("list"));

        assertThatThrownBy(() -> copies.maxCreated(size - 1).applyTo(store))
                .isInstanceOf(ConflictException.class)
                .hasMessageStartingWith("operation 1 ");
        assertThat(store.toMap()).containsOnlyKeys("list");
        copies.maxCreated(size).applyTo(store);

        assertThat(store.toMap()).containsOnlyKeys("list", "x", "y");
    }

    @Test
    void whatAnAttemptThatLostItsRaceHasCopiedDoesNotCount() {
        Thread[] rival = new Thread[1];
        Store[] store = new Store[1];
        store[0] = Store.options()
                .guard("a rival comes first", KeyPath.of("target"), view -> {
                    if (store[0] != null && rival[0] == null) { // not at the start
                        rival[0] = new Thread(() -> store[0].put("source", "9876543210"));
                        rival[0].start();
                        join(rival[0]);
                    }
                    return true;
                })
                .of(Map.of("source", "0123456789"));
        JsonPatch.parse("[{\"op\": \"copy\", \"from\": \"/source\", \"path\": \"/target\"}]")
                .maxCreated(20)
                .applyTo(store[0]);
        assertThat(store[0].toMap()).isEqualTo(Map.of("source", "9876543210", "target", "9876543210"));
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void whatAPatchSaysItselfOrMovesDoesNotCount() {
        Store store = Json.readStore("{\"a\":[\"" + "x".repeat(1_000) + "\"]}");
        JsonPatch.parse("[{\"op\":\"move\",\"from\":\"/a\",\"path\":\"/b\"},"
                        + "{\"op\":\"add\",\"path\":\"/c\",\"value\":\"" + "y".repeat(1_000) + "\"}]")
                .maxCreated(0)
                .applyTo(store);
        assertThat(store.keys()).containsExactlyInAnyOrder("b", "c");
    }

    @Test
    void aMergePatchThatRepeatsItselfWithoutEndIsRefused() {
        Object node = Map.of("leaf", 1);
        for (int i = 0; i < 60; i++) {
            node = Map.of("left", node, "right", node);
        }
        JsonMergePatch patch = JsonMergePatch.ofTree(Map.of("tree", node));
        Store store = Json.readStore("{\"a\":[0]}");
        Snapshot before = store.snapshot();
        assertThatThrownBy(() -> patch.applyTo(store))
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("JsonMergePatch.maxCreated");
        assertThat(store.snapshot()).isSameAs(before);

        Object twice = Map.of("x", "y".repeat(100));
        JsonMergePatch small =
                JsonMergePatch.ofTree(Map.of("one", twice, "two", twice, "none", Map.of(), "no", Map.of()));
        assertThatThrownBy(() -> small.maxCreated(50).applyTo(store)).isInstanceOf(ConflictException.class);
        small.maxCreated(200).applyTo(store);
        JsonMergePatch.parse(Json.write(small.toTree())).maxCreated(0).applyTo(store);
        assertThat(store.get(KeyPath.of("two", "x"))).isEqualTo("y".repeat(100));
    }

    @Test
    void opaqueLeavesApplyButCannotBeWritten() {
        Store a = Store.of(Map.of());
        Store b = Store.of(Map.of("at", Instant.EPOCH));
        JsonPatch patch = JsonPatch.of(a.snapshot().diff(b.snapshot()));
        patch.applyTo(a);
        assertThat(a.get("at")).isEqualTo(Instant.EPOCH);
        assertThat(patch).hasToString("[{\"op\":\"add\",\"path\":\"/at\",\"value\":\"1970-01-01T00:00:00Z\"}]");
        assertThatThrownBy(patch::toJson).hasMessageContaining("at /0/value");
    }

    @Test
    void aPatchCanBeKeptInAStore() {
        JsonPatch patch = JsonPatch.parse("[{\"op\":\"add\",\"path\":\"/a\",\"value\":[1]}]");
        Store store = Store.create();
        store.put("pending", patch.toTree());
        assertThat(JsonPatch.ofTree(store.get("pending"))).isEqualTo(patch).hasSameHashCodeAs(patch);
        JsonPatch ofDiff = JsonPatch.of(Store.of(Map.of("l", List.of(1)))
                .snapshot()
                .diff(Store.of(Map.of("l", List.of(1, 2))).snapshot()));
        assertThat(JsonPatch.ofTree(ofDiff.toTree())).isEqualTo(ofDiff).hasSameHashCodeAs(ofDiff);
        assertThat(JsonPatch.ofTree(List.of(Map.of("op", "remove", "path", "/pending")))
                        .size())
                .isEqualTo(1);
    }

    /** The list of operations, and each operation, are around the values of the tree. */
    @Test
    void theValuesOfAPatchMayBeAsDeepAsATree() {
        Object deep = 1L;
        for (int i = 0; i < 999; i++) {
            deep = List.of(deep);
        }
        Store store = Store.create();
        Snapshot before = store.snapshot();
        store.put("deep", deep);
        JsonPatch patch = JsonPatch.of(before.diff(store.snapshot()));

        JsonPatch read = JsonPatch.parse(patch.toJson());

        Store other = Store.create();
        read.applyTo(other);
        assertThat(other.snapshot().sameTree(store.snapshot())).isTrue();
        assertThat(read).isEqualTo(patch).hasToString(patch.toJson());
        assertThatThrownBy(() -> JsonPatch.parse(patch.toJson().replace("1", "[[1]]")))
                .isInstanceOf(JsonException.class)
                .hasMessageContaining("nested containers");
    }

    @Test
    void aTreeThatGetsTooDeepIsRefused() {
        Store store = Store.create();
        String deep = "[".repeat(600) + "]".repeat(600);
        store.put("a", Json.readValue(deep));
        store.put("b", Json.readValue(deep));
        KeyPath bottom = KeyPath.of(java.util.stream.Stream.concat(
                        java.util.stream.Stream.of("a"), java.util.Collections.nCopies(599, (Object) 0).stream())
                .toList());
        assertThatThrownBy(() -> JsonPatch.parse("[{\"op\":\"copy\",\"from\":\"/b\",\"path\":\"" + bottom + "/0\"}]")
                        .applyTo(store))
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("more than 1,000 nested containers");
    }
}
