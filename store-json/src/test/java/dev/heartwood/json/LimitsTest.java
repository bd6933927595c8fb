package dev.heartwood.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.heartwood.Dialect;
import dev.heartwood.KeyPath;
import dev.heartwood.Store;
import dev.heartwood.UnsupportedValueException;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.Reader;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Month;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** The same limit for reading and for writing: what is at it passes both ways, what is past it neither. */
class LimitsTest {
    private static void passes(JsonOptions options, String text) {
        assertThat(options.write(options.readValue(text))).isEqualTo(text);
        assertThat(options.write(options.readValue(text.getBytes(UTF_8)))).isEqualTo(text);
    }

    private static void isRefused(JsonOptions options, String text, String why) {
        assertThatThrownBy(() -> options.readValue(text))
                .isInstanceOf(JsonException.class)
                .hasMessageContaining(why);
        assertThatThrownBy(() -> options.readValue(text.getBytes(UTF_8)))
                .isInstanceOf(JsonException.class)
                .hasMessageContaining(why);
        Object tree = Json.options()
                .decimals(Decimals.EXACT)
                .maxNumberLength(10_000)
                .maxStringLength(30_000_000)
                .maxKeyLength(100_000)
                .readValue(text);
        assertThatThrownBy(() -> options.write(tree)).isInstanceOf(UnsupportedValueException.class);
    }

    @Test
    void depth() {
        passes(Json.options(), "[".repeat(1_000) + "]".repeat(1_000));
        passes(Json.options().maxDepth(3), "[{\"a\":[1]}]");
        passes(Json.options().maxDepth(0), "1");
        isRefused(Json.options().maxDepth(3), "[{\"a\":[[]]}]", "more than 3 nested containers");
        isRefused(Json.options().maxDepth(0), "[]", "more than 0 nested containers");
    }

    @Test
    void aFaultBehindPartsOfExactlyTheirLimitsIsTheOneThatIsTold() {
        JsonOptions exactly = Json.options()
                .maxKeyLength(3)
                .maxStringLength(3)
                .maxNumberLength(24)
                .maxDepth(2);
        String whole = "123456789012345678901234";
        String decimal = "1.2345678901234567890123";
        for (String text : List.of(
                "{\"kkk\":\"sss\" 1}", "[[" + whole + "] 1]", "[[" + decimal + "] 1]", "{\"kkk\":[\"sss\"] 1}")) {
            JsonException told = catchThrowableOfType(JsonException.class, () -> Json.readValue(text));
            assertThatThrownBy(() -> exactly.readValue(text))
                    .isInstanceOf(JsonException.class)
                    .hasMessage(told.getMessage());
        }
    }

    @Test
    void aStoreTakesKeysAndStringsUpToTheLimitAndNoLongerOnes() {
        Dialect dialect = Json.options().maxKeyLength(3).maxStringLength(4).dialect();

        assertThat(dialect.admit("ssss")).isEqualTo("ssss");
        dialect.admitKey("kkk");
        assertThatThrownBy(() -> dialect.admit("sssss")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> dialect.admitKey("kkkk")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aThousandAndOneLevelsAreRefused() {
        assertThatThrownBy(() -> Json.readValue("[".repeat(1_001) + "]".repeat(1_001)))
                .isInstanceOf(JsonException.class)
                .hasMessage("line 1, column 1001: more than 1000 nested containers, the most that is read");
    }

    @Test
    void numbers() {
        JsonOptions options = Json.options();
        passes(options, "9".repeat(1_000));
        passes(options, "-" + "9".repeat(999));
        passes(options, "0." + "1".repeat(998));
        passes(options, "-" + "9".repeat(500) + "." + "1".repeat(498));
        isRefused(options, "9".repeat(1_001), "umber");
        isRefused(options, "-" + "9".repeat(1_000), "a number of 1001 characters: expected at most 1000");
        isRefused(options, "0." + "1".repeat(999), "umber");
        passes(options.maxNumberLength(24), "-" + Long.MAX_VALUE);
        passes(options.maxNumberLength(24), "-2.2250738585072014E-308");
        isRefused(options.maxNumberLength(24), "1".repeat(25), "umber");
    }

    @Test
    void exponents() {
        passes(Json.options(), "1E+100000");
        passes(Json.options(), "1E-100000");
        assertThatThrownBy(() -> Json.readValue("1E+100001")).hasMessageContaining("has an exponent beyond 100000");
        assertThatThrownBy(() -> Json.readValue("1E+99999999999"))
                .hasMessageContaining("has an exponent beyond 100000");
        assertThat(Json.readValue("0E+99999999999")).isEqualTo(0.0);
        assertThatThrownBy(() -> Json.write(List.of(new BigDecimal("1E+100001"))))
                .isInstanceOf(UnsupportedValueException.class)
                .hasMessageContaining("at /0");
    }

    @Test
    void enormousNumbersAreNotEvenPrinted() {
        assertThatThrownBy(() -> Json.write(BigInteger.ONE.shiftLeft(50_000_000)))
                .isInstanceOf(UnsupportedValueException.class)
                .hasMessageContaining("50000001 bits");
    }

    @Test
    void strings() {
        passes(Json.options().maxStringLength(3), "\"abc\"");
        passes(Json.options().maxStringLength(3), "\"\\n\\\\é\"");
        isRefused(Json.options().maxStringLength(3), "\"abcd\"", "tring");
        isRefused(Json.options().maxStringLength(0), "\"a\"", "tring");
        passes(Json.options().maxStringLength(100_000), '"' + "é".repeat(100_000) + '"');
        isRefused(Json.options().maxStringLength(100_000), '"' + "é".repeat(100_001) + '"', "tring");
    }

    /** A path may have more chars than any string of the tree: else a commit could be written and not be read again. */
    @Test
    void aPathInALineOfAStoreMayBeLongerThanAStringOfItsTree() {
        TreeFormat format = Json.options().maxStringLength(3).treeFormat();
        String line = "[{\"remove\":\"/one/two/three\"}]";
        assertThat(format.readValue(line)).isEqualTo(Json.readValue(line));
    }

    @Test
    void keys() {
        passes(Json.options().maxKeyLength(3), "{\"abc\":\"abcd\"}");
        isRefused(Json.options().maxKeyLength(3), "{\"abcd\":1}", "a key of 4 chars: expected at most 3");
        // A store refuses what it could not read again.
        Dialect dialect = Json.options().maxKeyLength(3).treeFormat().dialect();
        dialect.admitKey("abc");
        assertThatThrownBy(() -> dialect.admitKey("abcd"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected at most 3");
        passes(Json.options(), "{\"" + "k".repeat(50_000) + "\":1}");
        isRefused(Json.options(), "{\"" + "k".repeat(50_001) + "\":1}", "");
        passes(Json.options(), "{\"" + "漢".repeat(50_000) + "\":1}");
        isRefused(Json.options(), "{\"" + "漢".repeat(50_001) + "\":1}", "key");
        passes(Json.options().maxKeyLength(3), "{\"漢字漢\":1}");
        isRefused(Json.options().maxKeyLength(3), "{\"漢字漢字\":1}", "key");
        passes(Json.options().maxKeyLength(2), "{\"😀\":1}");
        isRefused(Json.options().maxKeyLength(1), "{\"😀\":1}", "key");
    }

    @Test
    void documents() {
        passes(Json.options().maxDocumentLength(5), "[1,2]");
        isRefused(Json.options().maxDocumentLength(4), "[1,2]", "the document has more than 4");
        String large = "[" + "1,".repeat(50_000) + "1]";
        passes(Json.options().maxDocumentLength(large.length()), large);
        isRefused(Json.options().maxDocumentLength(large.length() - 1), large, "the document has more than");
    }

    @Test
    void anEndlessDocumentIsRefusedAtItsLimit() {
        InputStream endless = new InputStream() {
            @Override
            public int read() {
                return ' ';
            }
        };
        assertThatThrownBy(() -> Json.options().maxDocumentLength(1_000_000).read(endless))
                .isInstanceOf(JsonException.class)
                .hasMessageContaining("line 1, column 1: the document has more than 1000000 bytes");
    }

    /** A reader that ends at last, so that one without a limit fails, and does not fill the memory. */
    @Test
    void anEndlessReaderIsRefusedSoonBehindItsLimit() {
        int[] given = new int[1];
        Reader endless = new Reader() {
            @Override
            public int read(char[] target, int offset, int length) {
                Arrays.fill(target, offset, offset + length, ' ');
                given[0] += length;
                return given[0] > 10_000_000 ? -1 : length;
            }

            @Override
            public void close() {}
        };
        assertThatThrownBy(() -> Json.options().maxDocumentLength(1_000_000).read(endless))
                .isInstanceOf(JsonException.class)
                .hasMessageContaining("the document has more than 1000000 chars");
        assertThat(given[0]).isLessThan(1_100_000);
    }

    @Test
    void aLeafThatCouldNotBeReadBackIsNotAdmitted() {
        Dialect dialect = Json.options().dialect();
        BigInteger longest = new BigInteger("9".repeat(1_000));
        assertThat(dialect.admit(longest)).isEqualTo(longest);
        assertThatThrownBy(() -> dialect.admit(longest.add(BigInteger.ONE)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a number of 1001 characters: expected at most 1000");
        BigDecimal smallest = new BigDecimal(BigInteger.ONE, 100_000);
        assertThat(dialect.admit(smallest)).isEqualTo(smallest);
        assertThatThrownBy(() -> dialect.admit(smallest.scaleByPowerOfTen(-1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a scale of 100001");
    }

    /** Its height is remembered with a tree that was read: it must be that of the deepest part, wherever that stands. */
    @Test
    void aDocumentWhoseDeepestPartStandsFirstIsRefusedWhereItWouldBeTooDeep() {
        Object tree = Json.readValue("[" + "[".repeat(998) + "]".repeat(998) + ",[]]");
        Store store = Store.create();
        store.put("a", tree);
        assertThatThrownBy(() -> store.put(KeyPath.of("b", "c"), tree))
                .isInstanceOf(UnsupportedValueException.class)
                .hasMessageContaining("nested containers");
    }

    @Test
    void aStreamIsCountedAsItComes() {
        byte[] large = ("[" + "1,".repeat(50_000) + "1]").getBytes(UTF_8);
        assertThat(Json.options().maxDocumentLength(large.length).readValue(new ByteArrayInputStream(large)))
                .isNotNull();
        assertThatThrownBy(() ->
                        Json.options().maxDocumentLength(large.length - 1).readValue(new ByteArrayInputStream(large)))
                .isInstanceOf(JsonException.class);
    }

    @Test
    void aRefusalNamesThePath() {
        assertThatThrownBy(() -> Json.options().maxStringLength(3).write(Map.of("a", List.of("abc", "abcd"))))
                .isInstanceOfSatisfying(
                        UnsupportedValueException.class,
                        e -> assertThat(e.path()).isEqualTo(KeyPath.of("a", 1)));
        Map<String, ?> wide = Map.of("a", "abc", "b", "abcd", "c", "abc");
        assertThatThrownBy(() -> Json.options().maxStringLength(3).write(Map.of("x", 1, "y", wide)))
                .isInstanceOfSatisfying(
                        UnsupportedValueException.class,
                        e -> assertThat(e.path()).isEqualTo(KeyPath.of("y", "b")));
    }

    @Test
    void limitsThatMakeNoSenseAreRefused() {
        JsonOptions options = Json.options();
        assertThatThrownBy(() -> options.maxDepth(1_001)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> options.maxDepth(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> options.maxNumberLength(23)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> options.maxStringLength(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> options.maxKeyLength(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> options.maxDocumentLength(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("document length between 1 and");
    }

    /** Each choice is made before all others once, and after them. */
    @Test
    void eachChoiceIsKeptWhicheverOthersAreMade() {
        List<UnaryOperator<JsonOptions>> choices = List.of(
                options -> options.maxDepth(2),
                options -> options.maxNumberLength(24),
                options -> options.maxStringLength(5),
                options -> options.maxKeyLength(3),
                options -> options.maxDocumentLength(60),
                options -> options.decimals(Decimals.EXACT),
                options -> options.mapper(new ObjectMapper()));
        for (int first = 0; first < choices.size(); first++) {
            JsonOptions options = Json.options();
            for (int i = 0; i < choices.size(); i++) {
                options = choices.get((first + i) % choices.size()).apply(options);
            }
            isRefused(options, "{\"a\":[[1]]}", "more than 2 nested containers");
            isRefused(options, "{\"a\":" + "1".repeat(25) + "}", "24");
            isRefused(options, "{\"a\":\"123456\"}", "a string of 6 chars");
            isRefused(options, "{\"abcd\":1}", "a key of 4 chars");
            isRefused(options, "{\"a\":[1" + ",1".repeat(30) + "]}", "has more than 60 ");
            assertThat(options.read("{\"a\":0.50}").get("a").get()).isEqualTo(new BigDecimal("0.50"));
            assertThat(options.write(Map.of("a", Month.MAY))).isEqualTo("{\"a\":\"MAY\"}");
        }
    }

    /** The text before each value of a map is kept, for the next map of the same keys. */
    @Test
    void aKeyThatIsTooLongIsRefusedAlsoWithinAMapOfTheSameKeys() {
        JsonOptions options = Json.options().maxKeyLength(3);
        Map<String, Object> inner = Map.of("a", 1L, "long", 2L);
        assertThatThrownBy(() -> options.write(Map.of("a", inner, "long", 3L)))
                .isInstanceOf(UnsupportedValueException.class)
                .hasMessageContaining("a key of 4 chars");
    }
}
