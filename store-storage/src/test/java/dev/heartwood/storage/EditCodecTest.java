package dev.heartwood.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heartwood.Edit;
import dev.heartwood.KeyPath;
import dev.heartwood.Origin;
import dev.heartwood.json.Json;
import dev.heartwood.json.TreeFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

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

    private static String spelled(String text) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        FORMAT.write(text, out);
        return out.toString(StandardCharsets.UTF_8);
    }
}
