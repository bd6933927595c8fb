package dev.heartwood.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vavr.collection.Vector;
import java.io.ByteArrayInputStream;
import java.io.StringReader;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class HostileInputTest {
    /** {@code count} distinct keys with one hash code. */
    private static String flood(int count) {
        return flood(count, "Aa", "BB");
    }

    /** {@code count} distinct keys, made of two pieces. */
    private static String flood(int count, String zero, String one) {
        int bits = 32 - Integer.numberOfLeadingZeros(count - 1);
        StringBuilder text = new StringBuilder("{");
        for (int i = 0; i < count; i++) {
            text.append(i == 0 ? "\"" : ",\"");
            for (int bit = 0; bit < bits; bit++) {
                text.append((i >> bit & 1) == 0 ? zero : one);
            }
            text.append("\":1");
        }
        return text.append('}').toString();
    }

    @Test
    void ofAHundredThousandKeysWithOneHashAllButTheFirstFewAreSpared() {
        String text = flood(100_000);
        int entry = "\"\":1,".length() + 2 * 17;
        // Each key is compared with all before it: it is the number of keys taken that keeps the work small.
        for (ThrowingCallable reading : List.<ThrowingCallable>of(
                () -> Json.read(text),
                () -> Json.read(text.getBytes(UTF_8)),
                () -> Json.read(new ByteArrayInputStream(text.getBytes(UTF_8))),
                () -> Json.read(new StringReader(text)))) {
            assertThatThrownBy(reading).isInstanceOfSatisfying(JsonException.class, e -> {
                assertThat(e).hasMessageContaining("more than 64 keys of one object share the hash code of \"");
                assertThat(e.column()).isBetween(64 * entry, 65 * entry);
            });
        }
    }

    @Test
    void keysThatCollideInTheParsersTablesAreNobodysFaultEither() {
        // One sum to the base of 33, by which the parser of text hashes; many hash codes.
        String text = flood(100_000, "AB", "B!");
        assertThat(Json.read(text).size()).isEqualTo(100_000);
        assertThat(Json.read(text.getBytes(UTF_8)).size()).isEqualTo(100_000);
    }

    @Test
    void aFewCollisionsAreNobodysFault() {
        String text = flood(64);
        assertThat(Json.read(text).size()).isEqualTo(64);
        assertThatThrownBy(() -> Json.read(flood(65))).isInstanceOf(JsonException.class);
    }

    /** Whatever a store holds must be readable again. */
    @Test
    void textsOfAStoreMayHaveAnyCollisions() {
        TreeFormat format = Json.options().maxDepth(5).treeFormat();
        assertThat(format.read(flood(65).getBytes(UTF_8)).size()).isEqualTo(65);
        assertThat(format.readValue("[" + flood(65) + "]"))
                .isEqualTo(Vector.of(format.read(flood(65).getBytes(UTF_8))));
    }

    /** A lone surrogate in a key has the document read a second time, in another way. */
    @Test
    void collisionsOfOneObjectDoNotCountForTheNextOneHoweverTheyAreRead() {
        String other = "{\"\\uD800\":1,";
        String most = other + flood(64).substring(1);
        assertThat(Json.write(Json.readValue("[" + most + "," + most + "]"))).contains("uD800");
        assertThatThrownBy(() -> Json.readValue(other + flood(65).substring(1)))
                .isInstanceOf(JsonException.class)
                .hasMessageContaining("share the hash code of \"AaAaAaAaAaAaBB\""); // the last of them
    }

    @Test
    void collisionsAmongManyOtherKeysAreCounted() {
        StringBuilder text = new StringBuilder("{");
        for (int i = 0; i < 5_000; i++) {
            text.append("\"k").append(i).append("\":1,");
        }
        assertThat(Json.read(text + flood(64).substring(1)).size()).isEqualTo(5_064);
        assertThatThrownBy(() -> Json.read(text + flood(65).substring(1))).isInstanceOf(JsonException.class);
    }

    @Test
    void collisionsAreCountedAlsoWhereManyOtherKeysComeBetweenThem() {
        List<String> colliding =
                List.of(flood(65).substring(1, flood(65).length() - 1).split(","));
        StringBuilder text = new StringBuilder("{").append(String.join(",", colliding.subList(0, 40)));
        for (int i = 0; i < 5_000; i++) {
            text.append(",\"k").append(i).append("\":1");
        }
        String most = text + "," + String.join(",", colliding.subList(40, 64));
        assertThat(Json.read(most + "}").size()).isEqualTo(5_064);
        assertThatThrownBy(() -> Json.read(most + "," + colliding.get(64) + "}"))
                .isInstanceOf(JsonException.class);
    }

    @Test
    void tenMegabytesOfOpeningBracketsAreRefused() {
        for (String unit : new String[] {"[", "{\"a\":"}) {
            String text = unit.repeat(10_000_000 / unit.length());
            assertThatThrownBy(() -> Json.readValue(text))
                    .isInstanceOf(JsonException.class)
                    .hasMessageContaining("more than 1000 nested containers");
            assertThatThrownBy(() -> Json.readValue(text.getBytes(UTF_8))).isInstanceOf(JsonException.class);
        }
    }

    @Test
    void tenMegabytesOfOneTokenAreRefused() {
        for (String text : new String[] {
            "9".repeat(10_000_000),
            "0." + "9".repeat(10_000_000),
            "1e" + "9".repeat(10_000_000),
            "\"" + "x".repeat(30_000_000) + "\"",
            "{\"" + "x".repeat(10_000_000) + "\":1}",
            "x".repeat(10_000_000)
        }) {
            assertThatThrownBy(() -> Json.readValue(text)).isInstanceOf(JsonException.class);
            assertThatThrownBy(() -> Json.readValue(text.getBytes(UTF_8)))
                    .isInstanceOf(JsonException.class)
                    .satisfies(e -> assertThat(e.getMessage().length()).isLessThan(1_000));
        }
    }

    @Test
    void aThousandLevelsAreReadAndWrittenOnASmallStack() throws Exception {
        String text = "[".repeat(500) + "{\"a\":".repeat(500) + "1" + "}".repeat(500) + "]".repeat(500);
        AtomicReference<Object> result = new AtomicReference<>();
        Thread thread = new Thread(
                null,
                () -> {
                    try {
                        Object tree = Json.readValue(text);
                        result.set(Json.write(tree) + Json.pretty(tree).length());
                    } catch (Throwable e) {
                        result.set(e);
                    }
                },
                "small stack",
                256 * 1024);
        thread.start();
        thread.join();
        assertThat(result.get()).asString().startsWith(text);
    }
}
