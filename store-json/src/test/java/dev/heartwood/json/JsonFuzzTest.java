package dev.heartwood.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.heartwood.ConflictException;
import dev.heartwood.Snapshot;
import dev.heartwood.Store;
import dev.heartwood.tree.TreeEquality;
import java.io.IOException;

/** Whatever comes in: a tree or an exception of ours comes out. Replays the corpus beside it, unless it fuzzes. */
class JsonFuzzTest {
    private static final ObjectMapper JACKSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    @FuzzTest(maxDuration = "2m")
    void anyBytesAreATreeOrRefused(byte[] bytes) throws IOException {
        Object tree;
        try {
            tree = Json.readValue(bytes);
        } catch (JsonException e) {
            assertThat(e.line()).isPositive();
            assertThat(e.column()).isPositive();
            return;
        }
        if (!Json.write(tree).contains("\\uD")) { // Jackson takes no lone surrogates in keys
            JACKSON.readTree(bytes); // what we take, others take
        }
        for (String text : new String[] {Json.write(tree), Json.pretty(tree)}) {
            Object back = Json.readValue(text);
            if (!TreeEquality.trees(back, tree)) {
                throw new AssertionError(text);
            }
        }
    }

    @FuzzTest(maxDuration = "2m")
    void anyTextIsATreeOrRefused(byte[] bytes) {
        String text = new String(bytes, UTF_8);
        Object tree;
        try {
            tree = Json.options().decimals(Decimals.EXACT).readValue(text);
        } catch (JsonException e) {
            return;
        }
        Object back = Json.options().decimals(Decimals.EXACT).readValue(Json.write(tree));
        if (!TreeEquality.trees(back, tree)) {
            throw new AssertionError(text);
        }
        assertThat(Json.options().decimals(Decimals.EXACT).readValue(text.getBytes(UTF_8)))
                .matches(other -> TreeEquality.trees(other, tree));
    }

    @FuzzTest(maxDuration = "2m")
    void anyPatchAppliesOrChangesNothing(byte[] bytes) {
        String text = new String(bytes, UTF_8);
        JsonPatch patch;
        try {
            patch = JsonPatch.parse(text);
        } catch (JsonException | JsonPatchException e) {
            return;
        }
        Store store = Json.readStore("{\"a\":[1,{\"b\":null}],\"\":{\"-\":[[]]},\"0\":\"x\"}");
        Snapshot before = store.snapshot();
        try {
            JsonPatch inverse = patch.inverse(store);
            patch.applyTo(store);
            inverse.applyTo(store);
            assertThat(store.snapshot().sameTree(before)).isTrue();
        } catch (ConflictException e) {
            assertThat(store.snapshot()).isSameAs(before);
        }
    }
}
