package dev.heartwood.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heartwood.ConflictException;
import dev.heartwood.GuardException;
import dev.heartwood.KeyPath;
import dev.heartwood.Snapshot;
import dev.heartwood.Store;
import java.util.List;
import java.util.Map;
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
