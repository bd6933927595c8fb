package dev.heartwood.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heartwood.Edit;
import dev.heartwood.KeyPath;
import dev.heartwood.Origin;
import dev.heartwood.StoreException;
import dev.heartwood.json.Json;
import dev.heartwood.json.TreeFormat;
import dev.heartwood.tree.Nodes;
import io.vavr.collection.HashMap;
import io.vavr.collection.Vector;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A commit as one line of JSON. */
class EditCodecTest {
    private static final TreeFormat FORMAT = Json.options().treeFormat();

    private final EditCodec codec = new EditCodec(FORMAT);

    @Test
    void eachCharacterOfAPathAndOfAnAuthorIsSpelledAsTheFormatSpellsIt() throws IOException {
        for (char c = 0; c < 0x180; c++) {
            String text = "k" + c + "1";
            List<Edit> edits = List.of(new Edit.Put(KeyPath.of(text), 1L), new Edit.Remove(KeyPath.of("b")));
            Origin origin = Origin.of(text, "why " + c, null);

            String line = new String(codec.write(edits, origin), StandardCharsets.UTF_8);

            assertThat(line)
                    .as("character %d", (int) c)
                    .isEqualTo(
                            "[{\"put\":" + spelled(KeyPath.of(text).toString()) + ",\"value\":1,\"meta\":{\"author\":"
                                    + spelled(text) + ",\"label\":" + spelled("why " + c) + "}},{\"remove\":\"/b\"}]");
            assertThat(codec.read(line).edits()).isEqualTo(edits);
            assertThat(codec.origin(line)).isEqualTo(origin);
        }
    }

    @Test
    void eachTimeIsSpelledAsIsoHasItWhicheverWasSpelledBefore() throws IOException {
        Random random = new Random(3);
        long[] seconds = {0, -1, 59, 1_795_932_100L, -62_167_219_201L, 253_402_300_800L, 1_795_932_101L};
        int[] nanos = {0, 1, 999, 1_000, 1_001, 999_000, 1_000_000, 120_000_000, 999_999_999, 500_000_010};
        for (int i = 0; i < 2_000; i++) {
            Instant time = Instant.ofEpochSecond(
                    seconds[random.nextInt(seconds.length)],
                    i % 3 == 0 ? random.nextInt(1_000_000_000) : nanos[random.nextInt(nanos.length)]);

            Origin origin = Origin.of(null, null, time);

            String line =
                    new String(codec.write(List.of(new Edit.Remove(KeyPath.of("b"))), origin), StandardCharsets.UTF_8);

            assertThat(line).isEqualTo("[{\"remove\":\"/b\",\"meta\":{\"time\":\"" + origin.time() + "\"}}]");
            assertThat(codec.origin(line)).isEqualTo(origin);
        }
    }

    @Test
    void eachKindOfEditComesBackAndIsAppliedInItsOrder() throws IOException {
        HashMap<String, Object> tree = HashMap.of("a", 1L, "gone", 2L, "list", Vector.of(1L));
        List<Edit> edits = List.of(
                new Edit.Put(KeyPath.of("a"), null),
                new Edit.Remove(KeyPath.of("gone")),
                new Edit.Append(KeyPath.of("list"), 1, Vector.of(2L, null)),
                new Edit.Append(KeyPath.of("list"), 3, Vector.of(HashMap.of("x", 1L))),
                new Edit.Put(KeyPath.of("gone"), HashMap.of("again", true)));

        String line = new String(codec.write(edits), StandardCharsets.UTF_8);

        assertThat(codec.read(line).edits()).isEqualTo(edits);
        assertThat(codec.apply(line, Nodes.map(tree)))
                .isEqualTo(HashMap.of(
                        "a",
                        null,
                        "gone",
                        HashMap.of("again", true),
                        "list",
                        Vector.of(1L, 2L, null, HashMap.of("x", 1L))));
    }

    @Test
    void aLineWithoutEditsHasNone() throws IOException {
        String line = new String(codec.write(List.of(), Origin.of("me", null, null)), StandardCharsets.UTF_8);

        assertThat(line).isEqualTo("[]");
        assertThat(codec.read(line).edits()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[1]",
                "[{}]",
                "[{\"put\":\"/a\"}]",
                "[{\"put\":1,\"value\":1}]",
                "[{\"append\":\"/list\",\"values\":[2]}]",
                "[{\"append\":\"/a\",\"size\":1,\"values\":[2]}]"
            })
    void aLineThatIsNoEditOfTheTreeIsRefused(String line) {
        HashMap<String, Object> tree = HashMap.of("a", 1L, "list", Vector.of(1L));

        assertThatThrownBy(() -> codec.apply(line, Nodes.map(tree))).isInstanceOf(StoreException.class);
    }

    @Test
    void anAuthorThatIsTooLongIsCutAndNoneIsAReasonToRefuseACommit() throws IOException {
        List<Edit> edits = List.of(new Edit.Remove(KeyPath.of("b")));
        for (int length : new int[] {999, 1_000, 1_001, 100_000}) {
            String text = "\u00e4" + "x".repeat(length - 1);
            String line = new String(codec.write(edits, Origin.of(text, text, null)), StandardCharsets.UTF_8);
            String kept = text.substring(0, Math.min(length, 1_000));
            assertThat(codec.origin(line)).isEqualTo(Origin.of(kept, kept, null));
        }
        for (String meta : List.of("1", "{\"author\":1,\"label\":[],\"time\":2}", "{\"time\":\"yesterday\"}")) {
            String line = "[{\"remove\":\"/b\",\"meta\":" + meta + "}]";
            assertThat(codec.read(line).edits()).isEqualTo(edits);
            assertThat(codec.origin(line)).isEqualTo(Origin.of(null, null, null));
        }
        assertThat(codec.origin("[1]")).isEqualTo(Origin.of(null, null, null));
    }

    private static String spelled(String text) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        FORMAT.write(text, out);
        return out.toString(StandardCharsets.UTF_8);
    }
}
