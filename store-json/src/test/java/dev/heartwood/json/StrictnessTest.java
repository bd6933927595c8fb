package dev.heartwood.json;

import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayInputStream;
import java.io.StringReader;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StrictnessTest {
    private static JsonException refusal(String text) {
        return catchThrowableOfType(JsonException.class, () -> Json.readValue(text));
    }

    private static JsonException refusal(byte[] bytes) {
        return catchThrowableOfType(JsonException.class, () -> Json.readValue(bytes));
    }

    /** The text, in which ¶ stands for a line feed; the place; a part of the message. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            ``                  | 1:1  | the document is empty: expected a JSON value
            ` ¶ `               | 2:2  | the document is empty: expected a JSON value
            {"a":1,"a":2}       | 1:12 | the key "a" occurs twice in one object: expected distinct keys
            {"a":1,"a":{}}      | 1:12 | the key "a" occurs twice in one object: expected distinct keys
            {"a":{},¶"a":[]}    | 2:5  | the key "a" occurs twice in one object: expected distinct keys
            {} {}               | 1:4  | text after the value: expected the end of the document
            {}¶x                | 2:1  | text after the value: expected the end of the document
            1 2                 | 1:3  | text after the value: expected the end of the document
            {}]                 | 1:3  | text after the value: expected the end of the document
            [1] // end          | 1:5  | text after the value: expected the end of the document
            [1, /* x */ 2]      | 1:5  | comment? JSON has none: expected a value
            {# x¶}              | 1:2  | expect
            ['a']               | 1:2  | expected a valid value
            {'a':1}             | 1:2  | expecting double-quote to start field name
            {a:1}               | 1:2  | expecting double-quote to start field name
            [NaN]               | 1:5  | Non-standard token 'NaN': expected a JSON value
            [Infinity]          | 1:10 | Non-standard token 'Infinity': expected a JSON value
            [-Infinity]         | 1:11 | Non-standard token '-Infinity': expected a JSON value
            [1,]                | 1:4  | expected a
            {"a":1,}            | 1:8  | expecting double-quote to start field name
            [,1]                | 1:2  | expected a
            [1}                 | 1:3  | Unexpected close marker '}': expected ']'
            {"a":[],¶"b":1]     | 2:6  | Unexpected close marker ']': expected '}'
            }                   | 1:1  | Unexpected close marker '}'
            [1,\2402]           | 1:4  | expected a valid value
            [1,¶ \f2]          | 2:2  | Illegal character
            [--1]               | 1:3  | expected digit
            ["é",漢]            | 1:6  | Unrecognized token
            {"a"\1:1}          | 1:5  | Illegal character
            [1 2]               | 1:4  | expecting comma to separate Array entries
            {"a" 1}             | 1:6  | expecting a colon
            [01]                | 1:3  | Leading zeroes not allowed
            [+1]                | 1:3  | expect
            [.5]                | 1:2  | expect
            [1.]                | 1:4  | Decimal point not followed by a digit
            [1e]                | 1:4  | Exponent indicator not followed by a digit
            [-]                 | 1:3  | expected digit (0-9) to follow minus sign
            [0x10]              | 1:3  | expect
            ["\\x"]             | 1:4  | Unrecognized character escape 'x'
            ["\\u12"]           | 1:7  | expected a hex-digit
            ["a¶"]              | 1:4  | has to be escaped
            ["a                 | 1:4  | Unexpected end-of-input
            {"a":¶  [1,         | 2:6  | Unexpected end-of-input
            [tru]               | 1:2  | Unrecognized token 'tru'
            undefined           | 1:1  | Unrecognized token 'undefined'
            """)
    void whatIsNoJsonIsRefusedWithItsPlaceAndWhatWasExpected(String line, String place, String part) {
        String text = line.replace('¶', '\n');
        JsonException e = refusal(text);

        assertThat(e.line() + ":" + e.column()).isEqualTo(place);
        assertThat(e.getMessage())
                .contains(part)
                .startsWith("line " + e.line() + ", column " + e.column() + ": ")
                .doesNotContain("Source", "Feature", "StreamRead");
        assertThat(refusal(text.getBytes(UTF_8))).hasMessage(e.getMessage());
        assertThat(catchThrowableOfType(
                        JsonException.class, () -> Json.readValue(new ByteArrayInputStream(text.getBytes(UTF_8)))))
                .hasMessage(e.getMessage());
    }

    @ParameterizedTest
    @CsvSource({
        "C080, a null byte in two",
        "E0809F, a slash and more in three",
        "EDA080, a surrogate",
        "EDBFBF, a surrogate",
        "F08080AF, overlong in four",
        "F4908080, past the last code point",
        "F5808080, past the last code point",
        "80, a continuation alone",
        "E282, cut off by the quote",
        "FF, no UTF-8 at all",
        "C1BF, overlong in two",
        "E181C1, a lead byte as the third of three",
        "E1C181, a lead byte as the second of three",
        "E18141, a letter as the third of three",
    })
    void badUtf8IsRefusedWhereItStands(String hex, String what) {
        byte[] bad = HexFormat.of().parseHex(hex);
        byte[] prefix = "{\"a\": 1,\n \"b\": \"xy".getBytes(UTF_8);
        byte[] document = concat(prefix, bad, "\"}".getBytes(UTF_8));

        JsonException e = refusal(document);
        assertThat(e).as(what).hasMessageContaining("UTF-8");
        assertThat(e.line()).isEqualTo(2);
        assertThat(e.column()).isEqualTo(10);
        assertThat(catchThrowableOfType(JsonException.class, () -> Json.readValue(new ByteArrayInputStream(document))))
                .hasMessage(e.getMessage());
    }

    @Test
    void badUtf8IsRefusedBehindManyBuffers() {
        byte[] lines = "[1, 2, 3],\n".repeat(10_000).getBytes(UTF_8);
        byte[] document = concat(new byte[] {'['}, lines, new byte[] {'"', (byte) 0xFF});
        JsonException e =
                catchThrowableOfType(JsonException.class, () -> Json.readValue(new ByteArrayInputStream(document)));
        assertThat(e).hasMessage("line 10001, column 2: byte 0xFF starts no UTF-8 character here: expected UTF-8 text");
    }

    @Test
    void badUtf8AfterTheValueIsRefused() {
        assertThat(refusal(concat("{}\n".getBytes(UTF_8), new byte[] {(byte) 0xFE})))
                .hasMessage("line 2, column 1: byte 0xFE starts no UTF-8 character here: expected UTF-8 text");
    }

    @Test
    void aDocumentThatEndsTooSoonIsRefusedWhereverThatIs() {
        for (String document : List.of(
                "{\"a\": [true, false, null, -1.5e+3, \"x\\u0041\\n\u00e4\"], \"b\": {}}",
                "[true]",
                "[false]",
                "[null]")) {
            for (int end = 0; end < document.length(); end++) {
                String part = document.substring(0, end);
                assertThatThrownBy(() -> Json.readValue(part)).as(part).isInstanceOf(JsonException.class);
                assertThatThrownBy(() -> Json.readValue(part.getBytes(UTF_8)))
                        .as(part)
                        .isInstanceOf(JsonException.class);
            }
            assertThat(Json.readValue(document)).isNotNull();
        }
        for (String literal : List.of("t", "tr", "tru", "f", "fals", "n", "nul", "-")) {
            assertThatThrownBy(() -> Json.readValue(literal)).isInstanceOf(JsonException.class);
        }
    }

    @Test
    void aCharacterThatIsCutOffIsRefused() {
        assertThat(refusal(concat("\"x".getBytes(UTF_8), new byte[] {(byte) 0xE2, (byte) 0x82})))
                .hasMessageContaining("line 1, column 3: byte 0xE2 starts no UTF-8 character");
    }

    @Test
    void utf16IsRefused() {
        String text = "{\"a\":1}";
        for (byte[] bytes :
                new byte[][] {text.getBytes(UTF_16BE), text.getBytes(UTF_16LE), ("\uFEFF" + text).getBytes(UTF_16BE)}) {
            assertThat(refusal(bytes)).hasMessageContaining("expected UTF-8");
            assertThat(catchThrowableOfType(JsonException.class, () -> Json.readValue(new ByteArrayInputStream(bytes))))
                    .hasMessageContaining("expected UTF-8");
        }
    }

    @Test
    void aLoneSurrogateInTextIsRefusedWhereItStands() {
        for (String bad : new String[] {"\uD800", "\uDC00", "\uD800x", "\uDC00\uD800"}) {
            String code = bad.startsWith("\uD800") ? "D800" : "DC00";
            assertThat(refusal("{\n\"a😀\": \"é" + bad + "\"}"))
                    .hasMessage("line 2, column 10: the surrogate U+" + code
                            + " stands alone: expected UTF-16 text, or the escape \\u" + code);
        }
    }

    @Test
    void anEscapedLoneSurrogateSurvives() {
        for (String lone :
                new String[] {"\\uD800", "\\uDC00", "x\\uDBFFy", "\\uDC00\\uD800", "\uE000\\uD800\uE800😀"}) {
            String text = "{\"" + lone + "\":\"" + lone + "\"}";
            assertThat(Json.write(Json.read(text))).isEqualTo(text);
            assertThat(Json.write(Json.read(text.getBytes(UTF_8)))).isEqualTo(text);
        }
        assertThat(Json.readValue("\"\\uD83D\\uDE00\"")).isEqualTo("😀");
    }

    @Test
    void loneSurrogatesInKeysHideBehindNoOtherCharacter() {
        String key = "\\uDEAD\uE000\uE7FF\uE800\uEFFF😀\\\\uD800";
        assertThat(Json.write(Json.read("{\"" + key + "\":\"\\ud83d\\ude00\\uF8FF\"}")))
                .isEqualTo("{\"" + key + "\":\"😀\uF8FF\"}");
        String all = "{\"" + key + "\\uF000\":1";
        assertThat(Json.read(all + "}").keySet().head())
                .startsWith("\uDEAD\uE000")
                .endsWith("\uF000");
        assertThat(refusal(all + ",}")).hasMessageContaining("its place cannot be told");
    }

    @Test
    void errorsBehindALoneSurrogateInAKeyHaveTheirPlace() {
        assertThat(refusal("{\"\\uD800\":1,\n \"\\uD800\":2}"))
                .hasMessageStartingWith("line 2, column 11: the key")
                .hasMessageContaining("occurs twice");
    }

    @Test
    void aByteOrderMarkIsSkipped() {
        assertThat(Json.read("\uFEFF{\"a\":1}".getBytes(UTF_8))).isEqualTo(Json.read("{\"a\":1}"));
        assertThat(Json.read(new ByteArrayInputStream("\uFEFF{\"a\":1}".getBytes(UTF_8))))
                .isEqualTo(Json.read("{\"a\":1}"));
        assertThat(Json.read(new StringReader("\uFEFF{\"a\":1}"))).isEqualTo(Json.read("{\"a\":1}"));
        assertThatThrownBy(() -> Json.read("{\"a\":1}\uFEFF")).isInstanceOf(JsonException.class);
    }

    @Test
    void placesAreCountedBehindAByteOrderMark() {
        assertThat(refusal("\uFEFF[1,\n 2,]".getBytes(UTF_8)))
                .hasMessage(refusal("[1,\n 2,]").getMessage())
                .hasMessageStartingWith("line 2, column 4: ");
        assertThat(refusal("\uFEFF[1,]")).hasMessage(refusal("[1,]").getMessage());
    }

    @Test
    void objectsWithALoneSurrogateInAKeyKeepTheirMembersApart() {
        String text = "{\"a\":{\"x\":2,\"\\uD800\":1},\"b\":{\"\\uDC00\":3},\"c\":{}}";
        assertThat(Json.write(Json.readValue(text))).isEqualTo(text);
    }

    @Test
    void duplicatesInDifferentObjectsAreNone() {
        assertThat(Json.write(Json.readValue("[{\"a\":1},{\"a\":{\"a\":1}}]")))
                .isEqualTo("[{\"a\":1},{\"a\":{\"a\":1}}]");
    }

    @Test
    void duplicatesAreFoundHoweverTheyAreSpelled() {
        assertThat(refusal("{\"a\":1,\"\\u0061\":2}")).hasMessageContaining("the key \"a\" occurs twice");
    }

    @Test
    void aDuplicateInALargeObjectIsNamed() {
        StringBuilder text = new StringBuilder("{");
        for (int i = 0; i < 500; i++) {
            text.append("\"k").append(i).append("\":1,\n");
        }
        assertThat(refusal(text + "\"k250\":2}"))
                .hasMessage("line 501, column 8: the key \"k250\" occurs twice in one object: expected distinct keys");
    }

    @Test
    void theSourceStaysOpen() throws Exception {
        boolean[] closed = new boolean[1];
        Json.read(new ByteArrayInputStream("{}".getBytes(UTF_8)) {
            @Override
            public void close() {
                closed[0] = true;
            }
        });
        assertThat(closed[0]).isFalse();
    }

    @Test
    void mapsAreWrittenAlikeWhateverTheirHistory() {
        assertThat(Json.write(Map.of("Aa", 1, "BB", 2))).isEqualTo("{\"Aa\":1,\"BB\":2}");
        assertThat(Json.write(Json.read("{\"BB\":2,\"Aa\":1}"))).isEqualTo("{\"Aa\":1,\"BB\":2}");
    }

    private static byte[] concat(byte[]... parts) {
        java.io.ByteArrayOutputStream all = new java.io.ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }
}
