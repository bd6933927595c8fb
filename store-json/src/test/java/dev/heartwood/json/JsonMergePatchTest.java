package dev.heartwood.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heartwood.ConflictException;
import dev.heartwood.KeyPath;
import dev.heartwood.Snapshot;
import dev.heartwood.Store;
import dev.heartwood.UnsupportedValueException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonMergePatchTest {
    /** Document, patch, result: the examples of RFC 7396, appendix A, that have an object as their root. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"a":"b"}           | {"a":"c"}                 | {"a":"c"}
            {"a":"b"}           | {"b":"c"}                 | {"a":"b","b":"c"}
            {"a":"b"}           | {"a":null}                | {}
            {"a":"b","b":"c"}   | {"a":null}                | {"b":"c"}
            {"a":["b"]}         | {"a":"c"}                 | {"a":"c"}
            {"a":"c"}           | {"a":["b"]}               | {"a":["b"]}
            {"a":{"b":"c"}}     | {"a":{"b":"d","c":null}}  | {"a":{"b":"d"}}
            {"a":[{"b":"c"}]}   | {"a":[1]}                 | {"a":[1]}
            {"e":null}          | {"a":1}                   | {"a":1,"e":null}
            {"a":"foo"}         | {"b":{"c":{"d":null}}}    | {"a":"foo","b":{"c":{}}}
            {}                  | {"a":{"bb":{"ccc":null}}} | {"a":{"bb":{}}}
            {"a":[1]}           | {"a":{"b":1}}             | {"a":{"b":1}}
            {"a":1}             | {"a":[null,{"b":null}]}   | {"a":[null,{"b":null}]}
            {"-":1,"0":{"1":2}} | {"-":null,"0":{"1":null}} | {"0":{}}
            {"a":1}             | {}                        | {"a":1}
            """)
    void aPatchApplies(String before, String patch, String after) {
        Store store = Json.readStore(before);
        JsonMergePatch.parse(patch).applyTo(store);
        assertThat(Json.write(store)).isEqualTo(after);
        assertThat(JsonMergePatch.parse(patch).toJson()).isEqualTo(patch);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"[1] | a list", "null | null", "\"x\" | a string"})
    void theRootStaysAnObject(String patch, String kind) {
        Store store = Store.of(Map.of("a", 1));
        Snapshot before = store.snapshot();
        assertThatThrownBy(() -> JsonMergePatch.parse(patch).applyTo(store))
                .isInstanceOf(ConflictException.class)
                .hasMessageEndingWith(kind);
        assertThat(store.snapshot()).isSameAs(before);
    }

    @Test
    void aPatchThatChangesNothingCommitsNothing() {
        Store store = Json.readStore("{\"a\":{\"b\":1}}");
        Snapshot before = store.snapshot();
        JsonMergePatch.parse("{\"a\":{\"b\":1,\"c\":null}}").applyTo(store);
        assertThat(store.snapshot()).isSameAs(before);
    }

    @Test
    void aPatchIsMadeBetweenTwoStates() {
        Snapshot before =
                Json.readStore("{\"a\":{\"b\":1,\"c\":[1,2]},\"d\":0}").snapshot();
        Snapshot after =
                Json.readStore("{\"a\":{\"b\":2,\"c\":[2,null]},\"e\":{}}").snapshot();
        JsonMergePatch patch = JsonMergePatch.between(before, after);
        assertThat(patch).hasToString("{\"a\":{\"b\":2,\"c\":[2,null]},\"d\":null,\"e\":{}}");
        assertThat(before.edit(patch::applyTo).sameTree(after)).isTrue();
        assertThat(patch.inverse(before)).hasToString("{\"a\":{\"b\":1,\"c\":[1,2]},\"d\":0,\"e\":null}");
    }

    @Test
    void aPatchBetweenStatesThatDifferNowhereBelowAPlaceSaysNothingOfIt() {
        Snapshot before = Json.readStore("{\"a\":{\"b\":{\"c\":[1]}},\"d\":0}").snapshot();
        Snapshot after = Json.readStore("{\"a\":{\"b\":{\"c\":[1]}},\"d\":1}").snapshot();
        assertThat(JsonMergePatch.between(before, after)).hasToString("{\"d\":1}");
    }

    @Test
    void aPatchMakesAnEmptyMapOfAListAndOfANull() {
        Snapshot before = Json.readStore("{\"a\":[],\"b\":null}").snapshot();
        Snapshot after = Json.readStore("{\"a\":{},\"b\":{}}").snapshot();
        assertThat(JsonMergePatch.between(before, after)).hasToString("{\"a\":{},\"b\":{}}");
    }

    @Test
    void aNullThatWouldHaveToBePutIsRefusedWithItsPath() {
        Snapshot before = Json.readStore("{\"a\":{}}").snapshot();
        Snapshot after =
                Json.readStore("{\"a\":{\"b\":{\"l\":[null],\"c\":null}}}").snapshot();
        assertThatThrownBy(() -> JsonMergePatch.between(before, after))
                .isInstanceOfSatisfying(
                        UnsupportedValueException.class,
                        e -> assertThat(e.path()).isEqualTo(KeyPath.of("a", "b", "c")));
    }

    @Test
    void aNullThatStandsInAListBehindAnInnerListIsPut() {
        Snapshot before = Json.readStore("{\"a\":0}").snapshot();
        Snapshot after =
                Json.readStore("{\"a\":[[1],null,{\"b\":[],\"c\":null}]}").snapshot();
        JsonMergePatch patch = JsonMergePatch.between(before, after);
        assertThat(before.edit(patch::applyTo).sameTree(after)).isTrue();
    }
}
