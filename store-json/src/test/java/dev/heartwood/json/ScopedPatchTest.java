package dev.heartwood.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heartwood.ConflictException;
import dev.heartwood.GuardException;
import dev.heartwood.KeyPath;
import dev.heartwood.NoSuchPathException;
import dev.heartwood.ScopedStore;
import dev.heartwood.Snapshot;
import dev.heartwood.Store;
import dev.heartwood.TreeEditor;
import dev.heartwood.TreeView;
import dev.heartwood.UnsupportedValueException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Patches of a store that is seen from a place, and of one that has guards. */
class ScopedPatchTest {
    private static final KeyPath ADA = KeyPath.of("users", "ada");

    private final Store store = Store.options()
            .guard("of age", ADA, view -> view.getOrDefault(ADA.child("age"), Long.class, 0L) < 150)
            .of(Map.of("users", Map.of("ada", Map.of("age", 41, "tags", List.of("a", "b"))), "age", 7));
    private final Snapshot start = store.snapshot();

    /** As RFC 6902 has it: the target of a replacement must exist, that of an addition need not. */
    @Test
    void aRootThatIsNotThereCanBeAddedAndNotReplaced() {
        ScopedStore nobody = store.under("users").under("nobody");

        assertThatThrownBy(() -> JsonPatch.parse("[{\"op\":\"replace\",\"path\":\"\",\"value\":{\"age\":1}}]")
                        .applyTo(nobody))
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("nothing at /users/nobody");
        assertThat(store.snapshot()).isSameAs(start);
        JsonPatch add = JsonPatch.parse("[{\"op\":\"add\",\"path\":\"\",\"value\":{\"age\":1}}]");
        assertThatThrownBy(() -> add.inverse(nobody)).isInstanceOf(NoSuchPathException.class);
        add.applyTo(nobody);
        assertThat(nobody.getMap(KeyPath.root())).isEqualTo(Map.of("age", 1L));
    }

    @Test
    void theirPointersBeginAtThePlace() {
        JsonPatch.parse(
                        "[{\"op\":\"replace\",\"path\":\"/age\",\"value\":42},{\"op\":\"add\",\"path\":\"/tags/-\",\"value\":\"c\"},"
                                + "{\"op\":\"move\",\"from\":\"/tags/0\",\"path\":\"/first\"}]")
                .applyTo(store.under(ADA));
        JsonMergePatch.parse("{\"name\":\"Ada\",\"first\":null}")
                .applyTo(store.under("users").under("ada"));

        assertThat(store.getMap(ADA)).isEqualTo(Map.of("age", 42L, "tags", List.of("b", "c"), "name", "Ada"));
        assertThat(store.get("age")).isEqualTo(7L);
        assertThat(Json.write(store.snapshot().under(ADA).get("tags"))).isEqualTo("[\"b\",\"c\"]");
    }

    @Test
    void theyApplyInABatchAtAPlaceAsWellAndWhollyOrNot() {
        JsonPatch bad = JsonPatch.parse(
                "[{\"op\":\"replace\",\"path\":\"/age\",\"value\":42},{\"op\":\"test\",\"path\":\"/age\",\"value\":1}]");
        store.batch(tx -> {
            assertThatThrownBy(() -> bad.applyTo(tx.under(ADA))).isInstanceOf(ConflictException.class);
            assertThat(tx.get(ADA.child("age"))).isEqualTo(41L);
        });
        assertThatThrownBy(() -> bad.applyTo(store.under(ADA))).isInstanceOf(ConflictException.class);
        assertThat(store.snapshot()).isSameAs(start);
    }

    @Test
    void aPatchThatBreaksAGuardIsRefused() {
        assertThatThrownBy(() -> JsonPatch.parse("[{\"op\":\"replace\",\"path\":\"/users/ada/age\",\"value\":200}]")
                        .applyTo(store))
                .isInstanceOf(GuardException.class);
        assertThatThrownBy(() -> JsonMergePatch.parse("{\"users\":{\"ada\":{\"age\":200}}}")
                        .applyTo(store))
                .isInstanceOf(GuardException.class);
        assertThat(store.snapshot()).isSameAs(start);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'op':'test','path':'/zz','value':1} | /users/ada/zz | nothing at /users/ada/zz",
                "{'op':'test','path':'/age','value':1} | /users/ada/age | expected 1, but there is 41",
                "{'op':'remove','path':'/tags/7'} | /users/ada/tags/7 | /users/ada/tags/7",
                "{'op':'move','from':'/none','path':'/age'} | /users/ada/age | nothing at /users/ada/none"
            })
    void aPatchThatDoesNotApplyNamesThePlaceFromTheRootOfTheStore(String operation, String path, String reason) {
        JsonPatch patch = JsonPatch.parse("[" + operation.replace('\'', '"') + "]");
        for (ThrowingCallable call : List.<ThrowingCallable>of(
                () -> patch.applyTo(store.under(ADA)),
                () -> store.batch(tx -> patch.applyTo(tx.under("users").under("ada"))),
                () -> patch.inverse(store.under(ADA)),
                () -> patch.inverse(start.under(ADA)))) {
            assertThatThrownBy(call)
                    .isInstanceOfSatisfying(
                            ConflictException.class, e -> assertThat(e.path()).isEqualTo(KeyPath.parse(path)))
                    .hasMessageStartingWith("operation 0 (")
                    .hasMessageContaining(") of the patch below /users/ada: ")
                    .hasMessageContaining(reason);
        }
    }

    @Test
    void aPatchOfADiffThatMeetsAnotherContainerNamesItFromTheRootOfTheStore() {
        Snapshot list = Json.readStore("{\"l\":[1]}").snapshot();
        JsonPatch patch = JsonPatch.of(list.diff(Json.readStore("{\"l\":[2]}").snapshot()));
        Store other = Json.readStore("{\"a\":{\"l\":{\"0\":1}}}");
        assertThatThrownBy(() -> patch.applyTo(other.under("a")))
                .isInstanceOfSatisfying(
                        ConflictException.class, e -> assertThat(e.path()).isEqualTo(KeyPath.of("a", "l", 0)))
                .hasMessageContaining("expected a list at /a/l, but there is ");
    }

    @Test
    void aMergePatchThatDoesNotApplyNamesThePlace() {
        for (TreeEditor at : List.of(store.under(ADA), store.under("users").under("ada"))) {
            assertThatThrownBy(() -> JsonMergePatch.parse("[1]").applyTo(at))
                    .isInstanceOfSatisfying(
                            ConflictException.class, e -> assertThat(e.path()).isEqualTo(ADA))
                    .hasMessageContaining("this one would replace /users/ada with a list");
            List<String> shared = List.of("abc");
            assertThatThrownBy(() -> JsonMergePatch.ofTree(Map.of("x", shared, "y", shared))
                            .maxCreated(0)
                            .applyTo(at))
                    .isInstanceOfSatisfying(
                            ConflictException.class, e -> assertThat(e.path()).isEqualTo(ADA))
                    .hasMessageContaining("this merge patch, at /users/ada, creates more than 0");
        }
        Map<String, Object> withNull = new HashMap<>();
        withNull.put("n", null);
        store.put(ADA.child("gone"), withNull);
        assertThatThrownBy(() -> JsonMergePatch.parse("{\"gone\":null}").inverse(store.under(ADA)))
                .isInstanceOfSatisfying(
                        UnsupportedValueException.class,
                        e -> assertThat(e.path()).isEqualTo(KeyPath.of("users", "ada", "gone", "n")));
    }

    @Test
    void theInverseOfAPatchOfAViewIsOfItsPlace() {
        Store store = Json.readStore("{\"l\":[7,{\"b\":{\"c\":1},\"d\":[1,2]}],\"n\":1}");
        Snapshot before = store.snapshot();
        JsonPatch patch =
                JsonPatch.parse("[{\"op\":\"add\",\"path\":\"/d/0\",\"value\":0},{\"op\":\"remove\",\"path\":\"/b\"}]");
        JsonMergePatch merge = JsonMergePatch.parse("{\"b\":{\"c\":null,\"x\":1},\"d\":3}");
        ScopedStore place = store.under("l", 1);

        JsonPatch back = patch.inverse(place);
        patch.applyTo(place);
        assertThat(store.snapshot().sameTree(before)).isFalse();
        back.applyTo(place);
        assertThat(store.snapshot().sameTree(before)).isTrue();

        JsonMergePatch mergeBack = merge.inverse(before.under("l", 1));
        assertThat(mergeBack.toJson()).isEqualTo("{\"b\":{\"c\":1,\"x\":null},\"d\":[1,2]}");
        merge.applyTo(place);
        mergeBack.applyTo(place);
        assertThat(store.snapshot().sameTree(before)).isTrue();
        assertThat(JsonMergePatch.parse("{}").inverse(place).toJson()).isEqualTo("{}");
    }

    @Test
    void aViewWithALeafThatIsNoJsonNamesItFromTheRootOfTheStore() {
        store.put(ADA.child("id"), new UUID(1, 2));
        for (TreeView view : List.of(store.under(ADA), store.snapshot().under(ADA))) {
            assertThatThrownBy(() -> Json.write(view))
                    .isInstanceOfSatisfying(
                            UnsupportedValueException.class,
                            e -> assertThat(e.path()).isEqualTo(ADA.child("id")));
        }
    }

    /** As at any other place: what is no object becomes one. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[1,2] | {'1':null} | {}",
                "[1,2] | {'-':3} | {'-':3}",
                "[1,2] | {'0':9} | {'0':9}",
                "[1,2] | {} | {}",
                "7 | {'b':1} | {'b':1}",
                "{'b':1,'c':2} | {'b':null} | {'c':2}"
            })
    void aMergePatchOfAViewIsThatOfItsPlace(String before, String patch, String after) {
        String text = "{'a':" + before + "}";
        String patched = "{\"a\":" + after.replace('\'', '"') + "}";
        JsonMergePatch merge = JsonMergePatch.parse(patch.replace('\'', '"'));
        Store store = Json.readStore(text.replace('\'', '"'));
        merge.applyTo(store.under("a"));
        assertThat(Json.write(store.snapshot().root())).isEqualTo(patched);
        Store other = Json.readStore(text.replace('\'', '"'));
        other.batch(tx -> merge.applyTo(tx.under("a")));
        assertThat(Json.write(other.snapshot().root())).isEqualTo(patched);
    }
}
