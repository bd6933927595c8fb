package dev.heartwood.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heartwood.tree.TreeEquality;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Text and bytes go through two parsers, in pieces whose ends may fall anywhere. */
class TextTest {
    private static final String[] PIECES = {
        "a",
        "é",
        "漢",
        "😀",
        "\\n",
        "\\ud800",
        "\\ud83d\\ude00",
        "\uFFFF",
        "\uD7FF",
        "\u007F",
        "\u0080",
        "\u00FF",
        // With the low byte of a quote, of a backslash, of a line break, of zero.
        "\u0122",
        "\u015C",
        "\u010A",
        "\u0100"
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

    /** Pairs of chars that share their low byte, or all but its highest bit. */
    @Test
    void keysAndStringsThatDifferInOneCharAreKeptApart() {
        String[] chars = {"\"", "¢", "\u0122", "\u01A2", "\u2222", "漢", "\u6F22", "\u6FA2", "Ã¶", "ö", "\uFF22"};
        StringBuilder text = new StringBuilder("[0");
        for (int round = 0; round < 3; round++) {
            for (String c : chars) {
                String string = '"' + c.replace("\"", "\\\"") + "\"";
                text.append(",{")
                        .append(string)
                        .append(':')
                        .append(string)
                        .append(",\"next\":")
                        .append(string);
                text.append('}').append(',').append(string).append(",\"\\n").append(string.substring(1));
            }
        }
        String document = text.append(']').toString();
        for (int time = 0; time < 2; time++) {
            Object read = Json.readValue(document);
            assertThat(TreeEquality.trees(read, Json.readValue(document.getBytes(UTF_8))))
                    .isTrue();
            assertThat(Json.readValue(Json.write(read))).isEqualTo(read);
        }
    }

    /** The tables of keys outlive a document. */
    @Test
    void aKeyInTextIsNotTakenForOneWhoseBytesAreItsChars() {
        for (int time = 0; time < 2; time++) {
            assertThat(Json.read("{\"ö\":1}".getBytes(UTF_8)).keySet()).containsExactly("ö");
            assertThat(Json.read("{\"Ã¶\":1}").keySet()).containsExactly("Ã¶");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"é", "漢", "😀", "\u0122", "\\n漢", "\uDBFF\uDFFF漢", "\\uD83D\\uDE00é", "漢a漢"})
    void aCharIsReadWhereverItStands(String piece) {
        for (int before = 0;
                before < 8_300;
                before += before > 40 && before % 4_096 > 20 && before % 4_096 < 4_070 ? 17 : 1) {
            String text = "{\"" + "x".repeat(before) + piece + "\":[\"" + piece + "\",\"y" + piece + "z\"]}";
            assertThat(Json.read(text).equals(Json.read(text.getBytes(UTF_8))))
                    .as("%s chars before", before)
                    .isTrue();
        }
    }

    @Test
    void charsBeyondAsciiStandInStringsOnly() {
        for (String text :
                new String[] {"[1\u0085]", "[\u00A0]", "[\uFF11]", "[1\u0131]", "{\u0122a\u0122:1}", "[1]\u2028"}) {
            assertThatThrownBy(() -> Json.readValue(text)).isInstanceOf(JsonException.class);
            assertThatThrownBy(() -> Json.readValue(text.getBytes(UTF_8))).isInstanceOf(JsonException.class);
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
