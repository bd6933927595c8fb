package dev.heartwood.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heartwood.UnsupportedValueException;
import java.io.ByteArrayOutputStream;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Text and bytes are written by two outputs, in pieces whose ends may fall anywhere: they say the same. */
class TextAndBytesTest {
    private static final String[] PIECES = {
        "a",
        "plain ",
        "\"",
        "\\",
        "\n",
        "\u0000",
        "\u001f",
        "\u007f",
        "\u0080",
        "é",
        "\u07ff",
        "\u0800",
        "漢",
        "\uD7FF",
        "\uE000",
        "\uFFFF",
        "😀",
        "\uD83D",
        "\uDE00",
        "\uDBFF\uDFFF"
    };

    private static String string(Random random, int length) {
        StringBuilder text = new StringBuilder();
        String piece = PIECES[random.nextInt(PIECES.length)];
        int change = 1 + random.nextInt(40);
        while (text.length() < length) {
            if (random.nextInt(change) == 0) {
                piece = PIECES[random.nextInt(PIECES.length)];
            }
            text.append(piece);
        }
        return text.toString();
    }

    /** Char by char, without pieces. */
    private static String naive(String string) {
        StringBuilder json = new StringBuilder("\"");
        for (int i = 0; i < string.length(); i++) {
            char c = string.charAt(i);
            int named = "\b\f\n\r\t\"\\".indexOf(c);
            if (named >= 0) {
                json.append('\\').append("bfnrt\"\\".charAt(named));
            } else if (Character.charCount(string.codePointAt(i)) == 2) {
                json.appendCodePoint(string.codePointAt(i++));
            } else if (c < 0x20 || Character.isSurrogate(c)) {
                json.append(String.format("\\u%04X", (int) c));
            } else {
                json.append(c);
            }
        }
        return json.append('"').toString();
    }

    /** The value as text; requires that it is the same whichever way it is written. */
    private static String written(JsonOptions options, Object value, boolean pretty) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        StringWriter chars = new StringWriter();
        String text = pretty ? options.pretty(value) : options.write(value);
        if (pretty) {
            options.pretty(value, bytes);
            options.pretty(value, chars);
        } else {
            options.write(value, bytes);
            options.write(value, chars);
        }
        assertThat(chars.toString().equals(text)).as("a writer gets the text").isTrue();
        assertThat(bytes.toByteArray()).as("a stream gets its bytes").isEqualTo(text.getBytes(UTF_8));
        return text;
    }

    private static String written(Object value) {
        return written(Json.options(), value, false);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void stringsOfAnyLengthAreSpelledAlike(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 100; round++) {
            String string = string(random, random.nextInt(random.nextInt(20_000) + 1));
            assertThat(written(string).equals(naive(string)))
                    .as("seed %s, round %s", seed, round)
                    .isTrue();
        }
    }

    @Test
    void aPairAtAnyPlaceStaysAPairAndAHalfAtAnyPlaceIsEscaped() {
        for (String end : List.of("😀", "\uD83D", "\uDE00", "\uD83D\uD83D\uDE00", "\n", "漢")) {
            for (int before = 0; before < 9_000; before += before > 20 && before % 680 > 10 ? 11 : 1) {
                String string = "x".repeat(before) + end + "y";
                assertThat(written(string).equals(naive(string)))
                        .as("%s chars before %s", before, naive(end))
                        .isTrue();
            }
        }
    }

    /** A number takes up to twenty chars, wherever the buffer of the output ends. */
    @Test
    void theLongestNumberIsWrittenWhereverItBegins() {
        for (int offset = 0; offset < 21; offset++) {
            List<Object> value = new ArrayList<>(Collections.nCopies(40, Long.MIN_VALUE));
            value.add(0, "x".repeat(offset));
            assertThat(written(value))
                    .isEqualTo("[\"" + "x".repeat(offset) + '"' + ("," + Long.MIN_VALUE).repeat(40) + "]");
        }
    }

    @Test
    void everyCharIsSpelledAlike() {
        StringBuilder all = new StringBuilder();
        for (int c = 0; c <= Character.MAX_VALUE; c++) {
            all.append((char) c).append(' ');
        }
        assertThat(written(all.toString()).equals(naive(all.toString()))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "é", "漢", "😀", "\uD800", "\n", "\u0001"})
    void hugeStringsAreSpelledAlike(String piece) {
        String string = piece.repeat(1_000_000);
        assertThat(written(string).equals(naive(string))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void treesAreWrittenAlike(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 60; round++) {
            List<Object> large = new ArrayList<>();
            for (int i = random.nextInt(40); i > 0; i--) {
                Map<String, Object> tree = new RandomTrees(random.nextLong()).map(6);
                tree.put(string(random, random.nextInt(60)), string(random, random.nextInt(2_000)));
                large.add(tree);
                large.add(List.of(string(random, 30), random.nextLong(), string(random, random.nextInt(40))));
            }
            written(Json.options(), large, false);
            written(Json.options(), large, true);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "é", "漢", "😀", "\uD800", "\n", "漢\n", "😀\"é"})
    void theLimitIsOneOfBytesWhateverIsWritten(String piece) {
        for (int times : new int[] {1, 10, 5_000}) {
            List<String> value = List.of(piece.repeat(times), piece);
            int bytes = Json.write(value).getBytes(UTF_8).length;
            written(Json.options().maxDocumentLength(bytes), value, false);
            JsonOptions less = Json.options().maxDocumentLength(bytes - 1);
            String why = "more than " + (bytes - 1) + " bytes";
            assertThatThrownBy(() -> less.write(value))
                    .isInstanceOf(UnsupportedValueException.class)
                    .hasMessageContaining(why);
            assertThatThrownBy(() -> less.write(value, new StringWriter()))
                    .isInstanceOf(UnsupportedValueException.class)
                    .hasMessageContaining(why);
            assertThatThrownBy(() -> less.write(value, new ByteArrayOutputStream()))
                    .isInstanceOf(UnsupportedValueException.class)
                    .hasMessageContaining(why);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "é", "漢", "😀", "\uD800", "\n"})
    void aListStaysOnItsLineUpToEightyBytesWhateverIsWritten(String piece) {
        for (int length = 0; length < 100; length++) {
            Object value = Map.of("漢", List.of(piece, "x".repeat(length), 1));
            String text = written(Json.options(), value, true);
            long longest = text.lines()
                    .mapToLong(line -> line.getBytes(UTF_8).length)
                    .max()
                    .orElseThrow();
            String line = "  \"漢\": "
                    + Json.write(List.of(piece, "x".repeat(length), 1)).replace(",", ", ");
            int whole = line.getBytes(UTF_8).length;
            assertThat(text.contains(line + "\n"))
                    .as("a line of %s bytes", whole)
                    .isEqualTo(whole <= 80);
            assertThat(longest).isLessThanOrEqualTo(Math.max(80, length + 10));
        }
    }

    @Test
    void aListThatDoesNotFitLeavesNothingBehind() {
        List<Object> value = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            value.add(List.of("漢".repeat(i % 40), i, List.of(), "é".repeat(i % 81)));
        }
        String text = written(Json.options(), value, true);
        assertThat(Json.write(Json.readValue(text))).isEqualTo(Json.write(value));
        int bytes = text.getBytes(UTF_8).length;
        written(Json.options().maxDocumentLength(bytes), value, true);
    }
}
