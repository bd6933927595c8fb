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
import java.time.Instant;
import java.util.List;
import java.util.Random;
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

    private static String spelled(String text) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        FORMAT.write(text, out);
        return out.toString(StandardCharsets.UTF_8);
    }
}
