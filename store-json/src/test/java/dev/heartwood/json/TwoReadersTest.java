package dev.heartwood.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import dev.heartwood.tree.TreeEquality;
import io.vavr.collection.HashMap;
import io.vavr.collection.Vector;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * {@link Utf8TreeReader} takes exactly what {@link TreeReader} takes behind Jackson's parser, and gives the same tree:
 * for documents of records that differ a little, and for the same documents with a byte or two changed.
 */
class TwoReadersTest {
    /** As the second reading refuses. */
    private static final Object REFUSED = new Object();

    private static Object quickly(byte[] document, JsonOptions options) {
        try {
            return Utf8TreeReader.read(document, options).value();
        } catch (Utf8TreeReader.Unreadable e) {
            return REFUSED;
        }
    }

    /** The same of the document's text, which gives the same tree. */
    private static Object quickly(String document, JsonOptions options) {
        try {
            return Utf8TreeReader.read(document, options).value();
        } catch (Utf8TreeReader.Unreadable e) {
            return REFUSED;
        }
    }

    private static Object carefully(byte[] document, JsonOptions options) throws IOException {
        return Utf8.firstBad(document) >= 0 ? REFUSED : carefully(document, options, null);
    }

    private static Object carefully(byte[] document, JsonOptions options, LoneSurrogates hidden) throws IOException {
        try (JsonParser parser = options.parsers().of(document)) {
            Object value = new TreeReader(parser, options, hidden).read();
            return parser.nextToken() == null ? value : REFUSED;
        } catch (JsonProcessingException | InvalidJsonException e) {
            LoneSurrogates found = hidden == null
                            && e instanceof JsonProcessingException refused
                            && JsonErrors.isSurrogateInKey(refused)
                    ? LoneSurrogates.hide(document)
                    : null;
            return found == null ? REFUSED : carefully(found.bytes(), options, found);
        }
    }

    private static void assertSame(byte[] document, JsonOptions options, String description) throws IOException {
        Object quick = quickly(document, options);
        Object careful = carefully(document, options);
        if (Utf8.firstBad(document) < 0) {
            Object ofText = quickly(new String(document, UTF_8), options);
            assertThat(ofText == REFUSED ? quick == REFUSED : TreeEquality.trees(ofText, quick))
                    .as("text, %s: %s", description, new String(document, UTF_8))
                    .isTrue();
        }
        if (quick == REFUSED || careful == REFUSED) {
            assertThat(quick == REFUSED)
                    .as("%s: %s", description, new String(document, UTF_8))
                    .isEqualTo(careful == REFUSED);
        } else {
            assertThat(TreeEquality.trees(quick, careful))
                    .as("%s: %s", description, new String(document, UTF_8))
                    .isTrue();
            assertThat(Json.write(quick)).isEqualTo(Json.write(careful));
        }
    }

    /** Texts of documents. */
    private static final class Documents {
        private static final String[] KEYS = {
            "id",
            "name",
            "a",
            "Aa",
            "BB",
            "AaAa",
            "AaBB",
            "BBAa",
            "BBBB",
            "text",
            "created_at",
            "grüße",
            "名前",
            "😀",
            "with \\\"quotes\\\"",
            "esc\\u0061ped",
            "",
            "exactly8",
            "exactly7bytes15",
            "a key of more than sixteen bytes"
        };
        private static final String[] STRINGS = {
            "",
            "x",
            "seven77",
            "eight888",
            "nine99999",
            "Straße",
            "漢字",
            "😀",
            "\\n\\t\\\\ \\\" \\/ \\b\\f\\r",
            "\\u00e9",
            "\\uD83D\\uDE00",
            "\\ud800",
            "a string of some length, plain throughout, as most of them are",
            "some 漢字 within, and a line break\\n",
            "\u007f",
            "\uFFFF"
        };
        private static final String[] NUMBERS = {
            "0",
            "-0",
            "1",
            "-1",
            "127",
            "128",
            "9223372036854775807",
            "-9223372036854775808",
            "9223372036854775808",
            "123456789012345678",
            "1234567890123456789",
            "12345678901234567890123",
            "0.0",
            "-0.0",
            "0.1",
            "1.5",
            "-2.25",
            "3.141592653589793",
            "0.30000000000000004",
            "1e5",
            "1E-5",
            "-1.5e+300",
            "1e400",
            "123456789012345.5",
            "1234567890123456.7",
            "0.000000000000000001",
            "1.10",
            "100.0",
            "12345678.12345678901234567890",
            "5e-324"
        };

        private final Random random;
        private final List<List<String>> kinds = new ArrayList<>();

        Documents(Random random) {
            this.random = random;
        }

        String document() {
            StringBuilder text = new StringBuilder("[");
            for (int i = random.nextInt(12); i >= 0; i--) {
                value(text, 0);
                text.append(i > 0 ? "," : "");
            }
            return space(text.append(']')).toString();
        }

        private StringBuilder space(StringBuilder text) {
            switch (random.nextInt(12)) {
                case 0 -> text.append(' ');
                case 1 -> text.append('\n').append(" ".repeat(random.nextInt(20)));
                case 2 -> text.append("\r\n\t");
                default -> {}
            }
            return text;
        }

        private void value(StringBuilder text, int depth) {
            space(text);
            switch (random.nextInt(depth < 4 ? 10 : 6)) {
                case 0 -> text.append(List.of("true", "false", "null").get(random.nextInt(3)));
                case 1, 2 -> text.append(pick(NUMBERS));
                case 3, 4, 5 -> text.append('"').append(pick(STRINGS)).append('"');
                case 6 -> list(text, depth);
                default -> object(text, depth);
            }
            space(text);
        }

        private void list(StringBuilder text, int depth) {
            text.append('[');
            for (int i = random.nextInt(4); i > 0; i--) {
                value(text, depth + 1);
                text.append(i > 1 ? "," : "");
            }
            space(text).append(']');
        }

        private void object(StringBuilder text, int depth) {
            List<String> keys = new ArrayList<>(kind());
            if (!keys.isEmpty() && random.nextInt(6) == 0) {
                keys.remove(random.nextInt(keys.size()));
            } else if (random.nextInt(6) == 0) {
                keys.add(random.nextInt(keys.size() + 1), pick(KEYS)); // maybe for the second time
            }
            text.append('{');
            for (int i = 0; i < keys.size(); i++) {
                space(text).append('"').append(keys.get(i)).append('"');
                space(text).append(':');
                value(text, depth + 1);
                text.append(i + 1 < keys.size() ? "," : "");
            }
            space(text).append('}');
        }

        private List<String> kind() {
            if (kinds.size() < 4) {
                List<String> keys = new ArrayList<>(Arrays.asList(KEYS));
                Collections.shuffle(keys, random);
                kinds.add(keys.subList(0, random.nextInt(8)));
            }
            return kinds.get(random.nextInt(kinds.size()));
        }

        private String pick(String[] choices) {
            return choices[random.nextInt(choices.length)];
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void theyReadTheSameTrees(long seed) throws IOException {
        Random random = new Random(seed);
        for (int round = 0; round < 1_000; round++) {
            JsonOptions options = Json.options().decimals(random.nextBoolean() ? Decimals.EXACT : Decimals.SHORTEST);
            byte[] document = new Documents(random).document().getBytes(UTF_8);
            assertSame(document, options, "seed " + seed + ", round " + round);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void theyRefuseTheSameDocuments(long seed) throws IOException {
        Random random = new Random(seed);
        byte[] bytes = "\"\\{}[]:,0123-.eE+tfn u\n\0\u001f \u007f".getBytes(UTF_8);
        for (int round = 0; round < 4_000; round++) {
            byte[] document = new Documents(random).document().getBytes(UTF_8);
            for (int i = random.nextInt(2); i >= 0; i--) {
                int at = random.nextInt(document.length);
                switch (random.nextInt(4)) {
                    case 0 -> document[at] = (byte) random.nextInt(256);
                    case 1 -> document[at] = bytes[random.nextInt(bytes.length)];
                    case 2 -> document = Arrays.copyOf(document, Math.max(1, at));
                    default -> System.arraycopy(document, at, document, at / 2, document.length - at);
                }
            }
            assertSame(document, Json.options(), "seed " + seed + ", round " + round);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\\uD800",
                "\\uDC00",
                "x\\uDBFFy",
                "\\uDC00\\uD800",
                "\\uD800\\uD801\\uDFFF",
                "\uE000\\uD800\uE800😀",
                "\\uDEAD\uE000\uE7FF\uE800\uEFFF😀\\\\uD800",
                "\\\\\\uD800",
                "\\uD83D\\uDE00\\uD83D",
                "\\ud83dx\\ude00"
            })
    void loneSurrogatesInKeysAreTheSameToBoth(String key) throws IOException {
        String text = "{\"" + key + "\":\"" + key + "\",\"a\":[{\"" + key + "\":1}]}";
        assertSame(text.getBytes(UTF_8), Json.options(), "key");
        assertThat(quickly(text.getBytes(UTF_8), Json.options())).isNotSameAs(REFUSED);
        assertSame(text.replace("1", "1,").getBytes(UTF_8), Json.options(), "with a fault");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "1",
                "-",
                "-1",
                "01",
                "1.",
                ".5",
                "1.e5",
                "1e",
                "1e+",
                "+1",
                "1 2",
                "tru",
                "true",
                "truex",
                "nul",
                "null",
                "NaN",
                "\"",
                "\"\\\"",
                "\"\\",
                "\"\\u12",
                "\"\\u12g4\"",
                "\"\\x\"",
                "\"a\tb\"",
                "[",
                "]",
                "[1",
                "[1,",
                "[1,]",
                "[,1]",
                "[1 2]",
                "{",
                "}",
                "{\"",
                "{\"a",
                "{\"a\"",
                "{\"a\":",
                "{\"a\":1",
                "{\"a\":1,",
                "{\"a\":1,}",
                "{a:1}",
                "{\"a\" 1}",
                "{\"a\":1]",
                "[1}",
                "{1:2}",
                "[1]]",
                "[1] x",
                "\u00a0 1",
                "1\u0000",
                "\uFEFF1",
                "\uFEFF\uFEFF1",
                "{\"a\":1,\"a\":2}",
                "{\"a\":{},\"a\":[]}",
                "// x\n1",
                "[1,/* */2]",
                "'a'",
                "\"\u0080\""
            })
    void theyJudgeAlikeAtTheEdges(String text) throws IOException {
        assertSame(text.getBytes(UTF_8), Json.options(), "edge");
        assertSame(("{\"k\":" + text + "}").getBytes(UTF_8), Json.options(), "within");
        assertSame((text + " ".repeat(20)).getBytes(UTF_8), Json.options(), "before spaces");
    }

    @Test
    void everyTwoBytesAreJudgedAlikeInAString() throws IOException {
        for (int pair = 0; pair < 0x10000; pair += 7) {
            byte[] document = {'"', (byte) (pair >> 8), (byte) pair, (byte) 0x80, 'x', '"'};
            assertSame(document, Json.options(), "pair " + Integer.toHexString(pair));
            byte[] short3 = {'"', (byte) (pair >> 8), (byte) pair, '"'};
            assertSame(short3, Json.options(), "pair " + Integer.toHexString(pair));
        }
    }

    @Test
    void whateverStandsAtTheEndOfTheDocumentIsReadWhole() throws IOException {
        for (int length = 0; length < 40; length++) {
            String text = "x".repeat(length);
            for (String document : new String[] {
                '"' + text + '"',
                "{\"" + text + "\":1}",
                "{\"" + text + "\":1}".repeat(1),
                "[\"" + text + "\",\"" + text + "\"]",
                "[{\"" + text + "\":1},{\"" + text + "\":2}]",
                "[{\"" + text + "\":1},{\"" + text + "y\":2}]"
            }) {
                assertSame(document.getBytes(UTF_8), Json.options(), "length " + length);
                for (int cut = 1; cut < 12 && cut < document.length(); cut++) {
                    byte[] bytes =
                            document.substring(0, document.length() - cut).getBytes(UTF_8);
                    assertSame(bytes, Json.options(), "length " + length + ", cut " + cut);
                }
            }
        }
    }

    @Test
    void eachObjectMayHaveKeysOfOneHash() throws IOException {
        StringBuilder object = new StringBuilder("{");
        for (int i = 0; i < KeyCollisions.MOST; i++) {
            String key = Integer.toBinaryString(KeyCollisions.MOST + i)
                    .replace("0", "Aa")
                    .replace("1", "BB");
            object.append(i == 0 ? "\"" : ",\"").append(key).append("\":1");
        }
        byte[] document = ("[" + object + "}," + object + "}]").getBytes(UTF_8);
        assertThat(quickly(document, Json.options())).isNotSameAs(REFUSED);
        assertSame(document, Json.options(), "keys of one hash");
    }

    @Test
    void manyShortStringsOfOneLengthAreKeptApart() throws IOException {
        StringBuilder text = new StringBuilder("[0");
        for (int i = 10_000; i < 11_000; i++) {
            text.append(",\"s").append(i).append('"');
        }
        assertSame(text.append(']').toString().getBytes(UTF_8), Json.options(), "strings of one length");
    }

    private static String mapOf(int keys, String prefix) {
        StringBuilder text = new StringBuilder("{");
        for (int i = 0; i < keys; i++) {
            text.append(i == 0 ? "" : ",")
                    .append('"')
                    .append(prefix)
                    .append(i)
                    .append("\":{\"n\":")
                    .append(i);
            text.append(",\"\\u00e4").append(i % 3).append("\":[]}");
        }
        return text.append('}').toString();
    }

    /** Behind some hundred keys that no map had before, the keys of a map are no longer looked for. */
    @ParameterizedTest
    @ValueSource(ints = {255, 256, 257, 258, 1_000, 70_000})
    void mapsOfManyKeysAreReadAlike(int keys) throws IOException {
        String text = "[" + mapOf(keys, "a") + "," + mapOf(keys, "b") + "," + mapOf(keys, "a") + "]";
        assertSame(text.getBytes(UTF_8), Json.options(), keys + " keys");
        String twice = mapOf(keys, "a").replaceFirst("\\}$", ",\"a" + (keys - 1) + "\":1}");
        assertThat(quickly(twice.getBytes(UTF_8), Json.options())).isSameAs(REFUSED);
    }

    @Test
    void recordsOfAThousandKeysShareThem() {
        String record = mapOf(1_000, "field");
        String text = "[" + (record + ",").repeat(9) + record + "]";
        List<?> records = ((Vector<?>) Json.readValue(text)).asJava();
        Set<Object> known = Collections.newSetFromMap(new IdentityHashMap<>());
        known.addAll(keys(records.get(8)));
        // But for the few that find no place in the table.
        assertThat(keys(records.get(9)).stream().filter(known::contains).count())
                .isBetween(950L, 1_000L);
    }

    private static Set<?> keys(Object map) {
        return ((HashMap<?, ?>) map).keySet().toJavaSet();
    }

    /** More threads than there are places for the tables that they share one after another. */
    @Test
    void threadsThatReadAtOnceDoNotDisturbEachOther() throws InterruptedException {
        Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
        List<Thread> threads = new ArrayList<>();
        for (int thread = 0; thread < 24; thread++) {
            int seed = thread;
            threads.add(new Thread(() -> {
                Documents documents = new Documents(new Random(seed));
                try {
                    for (int round = 0; round < 200; round++) {
                        assertSame(documents.document().getBytes(UTF_8), Json.options(), "thread " + seed);
                    }
                } catch (IOException | RuntimeException | AssertionError e) {
                    failures.add(e);
                }
            }));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(failures).isEmpty();
    }
}
