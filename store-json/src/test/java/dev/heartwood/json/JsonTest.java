package dev.heartwood.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heartwood.KeyPath;
import dev.heartwood.Store;
import dev.heartwood.StoreIOException;
import dev.heartwood.UnsupportedValueException;
import io.vavr.collection.HashMap;
import io.vavr.collection.Vector;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JsonTest {
    private static final String TEXT = "{\"a\":[1,2.5,true,null,\"x\"],\"b\":{}}";

    @Test
    void allSourcesReadTheSame(@TempDir Path dir) throws Exception {
        Path file = Files.writeString(dir.resolve("state.json"), TEXT);
        HashMap<String, Object> tree = Json.read(TEXT);

        assertThat(tree.get("a").get()).isEqualTo(Vector.of(1L, 2.5, true, null, "x"));
        assertThat(tree.get("b").get()).isEqualTo(HashMap.empty());
        assertThat(Json.read(TEXT.getBytes(UTF_8))).isEqualTo(tree);
        assertThat(Json.read(new ByteArrayInputStream(TEXT.getBytes(UTF_8)))).isEqualTo(tree);
        assertThat(Json.read(new StringReader(TEXT))).isEqualTo(tree);
        assertThat(Json.read(file)).isEqualTo(tree);
        assertThat(Json.readStore(file).get(KeyPath.parse("/a/0"))).isEqualTo(1L);
    }

    @Test
    void allTargetsAreWrittenTheSame(@TempDir Path dir) throws Exception {
        Store store = Json.readStore("{\"b\":{},\"a\":[1,2.5,true,null,\"x\",\"é😀\"]}");
        String text = "{\"a\":[1,2.5,true,null,\"x\",\"é😀\"],\"b\":{}}";
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Json.write(store, bytes);
        StringWriter writer = new StringWriter();
        Json.write(store, writer);
        Path file = dir.resolve("state.json");
        Json.write(store, file);

        assertThat(Json.write(store)).isEqualTo(text);
        assertThat(bytes.toString(UTF_8)).isEqualTo(text);
        assertThat(writer).hasToString(text);
        assertThat(file).hasContent(text);
        assertThat(Json.write(store.snapshot())).isEqualTo(text);
        assertThat(store.<String>transact(Json::write)).isEqualTo(text);
    }

    @Test
    void keysAreSorted() {
        assertThat(Json.write(Map.of("b", 1, "a", 2, "B", 3, "", 4, "10", 5, "9", 6)))
                .isEqualTo("{\"\":4,\"10\":5,\"9\":6,\"B\":3,\"a\":2,\"b\":1}");
    }

    @Test
    void whatATreeCanHoldIsWritten() {
        assertThat(Json.write(List.of(1, (short) 2, 'c', new int[] {3}, 0.1f))).isEqualTo("[1,2,\"c\",[3],0.1]");
        assertThat(Json.write(null)).isEqualTo("null");
        assertThat(Json.write("text")).isEqualTo("\"text\"");
    }

    @Test
    void anyValueIsReadWhereOneIsAskedFor() {
        assertThat(Json.readValue(" 5 ")).isEqualTo(5L);
        assertThat(Json.readValue("null")).isNull();
        assertThat(Json.readValue("\"x\"")).isEqualTo("x");
        assertThat(Json.readValue("[[]]")).isEqualTo(Vector.of(Vector.empty()));
    }

    @Test
    void anObjectIsReadWhereOneIsAskedFor() {
        assertThatThrownBy(() -> Json.read("[1]"))
                .isInstanceOf(JsonException.class)
                .hasMessage("line 1, column 1: expected an object, found a list");
    }

    @Test
    void prettyIsForPeople() {
        String pretty = """
                {
                  "empty list": [],
                  "empty map": {},
                  "long": [
                    "0123456789012345678901234567890123456789",
                    "0123456789012345678901234567890123456789"
                  ],
                  "nested": [
                    {
                      "x": 1
                    },
                    [1, 2]
                  ],
                  "short": [1, 2.5, true, null, "x"]
                }
                """;
        assertThat(Json.pretty(Json.read(pretty))).isEqualTo(pretty);
    }

    @Test
    void aListStaysOnItsLineUpToEightyBytes() {
        String eighty = "{\n  \"a\": [\"" + "x".repeat(80 - 11) + "\"]\n}\n";
        assertThat(eighty.lines().mapToInt(String::length).max()).hasValue(80);
        assertThat(Json.pretty(Json.read(eighty))).isEqualTo(eighty);

        String longer = "{\n  \"a\": [\n    \"" + "x".repeat(80 - 10) + "\"\n  ]\n}\n";
        assertThat(Json.pretty(Json.read(longer))).isEqualTo(longer);
    }

    @Test
    void anOpaqueLeafIsRefusedWithItsPath() {
        Store store = Store.of(Map.of("a", List.of(1, Instant.EPOCH)));
        assertThatThrownBy(() -> Json.write(store))
                .isInstanceOfSatisfying(
                        UnsupportedValueException.class,
                        e -> assertThat(e.path()).isEqualTo(KeyPath.of("a", 1)))
                .hasMessageContaining("a java.time.Instant is no JSON value: map it with JsonMapping");
    }

    @Test
    void aRefusedValueLeavesTheFileAsItWas(@TempDir Path dir) throws Exception {
        Path file = Files.writeString(dir.resolve("state.json"), "old");
        assertThatThrownBy(() -> Json.write(Map.of("a", Instant.EPOCH), file))
                .isInstanceOf(UnsupportedValueException.class);
        assertThat(file).hasContent("old");
    }

    @Test
    void aMissingFileIsNamed(@TempDir Path dir) {
        assertThatThrownBy(() -> Json.read(dir.resolve("none.json")))
                .isInstanceOf(StoreIOException.class)
                .hasMessageContaining("none.json: there is no such file");
    }

    @Test
    void aFileIsNamedInWhatIsWrongWithIt(@TempDir Path dir) throws Exception {
        Path file = Files.writeString(dir.resolve("state.json"), "{\n  \"a\": 1\n  \"b\": 2\n}");
        assertThatThrownBy(() -> Json.read(file))
                .isInstanceOf(JsonException.class)
                .hasMessage(file + ": line 3, column 3: Unexpected character ('\"' (code 34)): was expecting comma to"
                        + " separate Object entries");
    }

    @Test
    void nullAndMissingDiffer() {
        assertThat(Json.write(Collections.singletonMap("a", null))).isEqualTo("{\"a\":null}");
        assertThat(Json.read("{\"a\":null}").containsKey("a")).isTrue();
        assertThat(Json.write(Arrays.asList(1, null))).isEqualTo("[1,null]");
    }
}
