package dev.heartwood.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class HostileInputTest {
    /** {@code count} distinct keys with one hash code. */
    private static String flood(int count) {
        int bits = 32 - Integer.numberOfLeadingZeros(count - 1);
        StringBuilder text = new StringBuilder("{");
        for (int i = 0; i < count; i++) {
            text.append(i == 0 ? "\"" : ",\"");
            for (int bit = 0; bit < bits; bit++) {
                text.append((i >> bit & 1) == 0 ? "Aa" : "BB");
            }
            text.append("\":1");
        }
        return text.append('}').toString();
    }

    @Test
    void aHundredThousandKeysWithOneHashAreRefusedAtOnce() {
        String text = flood(100_000);
        // Ground through, this takes half a minute; the bound is far above what the refusal takes.
        assertTimeoutPreemptively(Duration.ofSeconds(5), () -> {
            assertThatThrownBy(() -> Json.read(text))
                    .isInstanceOf(JsonException.class)
                    .hasMessageContaining("keys of one object share the hash code of \"");
            assertThatThrownBy(() -> Json.read(text.getBytes(UTF_8))).isInstanceOf(JsonException.class);
            assertThatThrownBy(() -> Json.read(new ByteArrayInputStream(text.getBytes(UTF_8))))
                    .isInstanceOf(JsonException.class);
        });
    }

    @Test
    void aFewCollisionsAreNobodysFault() {
        String text = flood(64);
        assertThat(Json.read(text).size()).isEqualTo(64);
        assertThatThrownBy(() -> Json.read(flood(65))).isInstanceOf(JsonException.class);
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
