package dev.heartwood.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Text and bytes go through two parsers, in pieces whose ends may fall anywhere. */
class TextTest {
    private static final String[] PIECES = {"a", "é", "漢", "😀", "\\n", "\\ud800", "\\ud83d\\ude00", "\uFFFF", "\uD7FF"
    };

    private static String string(Random random, int length) {
        StringBuilder text = new StringBuilder();
        String piece = PIECES[random.nextInt(PIECES.length)];
        while (text.length() < length) {
            if (random.nextInt(20) == 0) {
                piece = PIECES[random.nextInt(PIECES.length)];
            }
            text.append(piece);
        }
        return text.toString();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void textIsReadAsItsBytesAre(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            String one = string(random, random.nextInt(9_000));
            String text = "{\"" + one + "\":\"" + string(random, random.nextInt(9_000)) + "\",\"x" + one + "\":[\""
                    + string(random, 30) + "\"]}";
            assertThat(Json.read(text).equals(Json.read(text.getBytes(UTF_8))))
                    .as("seed %s, round %s", seed, round)
                    .isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void aSurrogateThatStandsAloneIsFoundWhereverItStands(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            String before = "[\"" + string(random, random.nextInt(9_000));
            String lone = random.nextBoolean() ? "\uD83D" : "\uDE00";
            String text = before + lone + " " + string(random, random.nextInt(100)) + "\"]";
            assertThatThrownBy(() -> Json.readValue(text))
                    .as("seed %s, round %s", seed, round)
                    .isInstanceOf(JsonException.class)
                    .hasMessage(
                            "line 1, column %s: the surrogate U+%04X stands alone: expected UTF-16 text, or the escape \\u%04X",
                            before.length() + 1, (int) lone.charAt(0), (int) lone.charAt(0));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3_999, 4_000, 4_001, 8_000, 100_000})
    void aSurrogateAfterTheValueIsFoundToo(int spaces) {
        assertThatThrownBy(() -> Json.readValue("1" + " ".repeat(spaces) + "\uD800"))
                .isInstanceOf(JsonException.class)
                .hasMessageContaining("U+D800 stands alone");
    }
}
