package dev.heartwood.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A document that arrives in pieces is read as the same document at once, and as far as it is there. */
class ArrivingTextTest {
    private static final TreeFormat FORMAT = Json.options().treeFormat();

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    /** The tree, or what the refusal says. */
    private static Object outcome(Supplier<Object> reading) {
        try {
            return reading.get();
        } catch (JsonException e) {
            return e.getMessage();
        }
    }

    private static byte[] document(Random random) {
        Object tree = new RandomTrees(random.nextLong()).map(4);
        byte[] document = bytes(random.nextBoolean() ? Json.pretty(tree) : Json.write(tree));
        if (random.nextInt(3) == 0) {
            String instead = "\n\"{}[],:x\\ \u00ff0";
            document[random.nextInt(document.length)] = (byte) instead.charAt(random.nextInt(instead.length()));
        }
        return document;
    }

    @Test
    void aBufferIsUsedAgainForTheNextPiece() {
        ArrivingText text = new ArrivingText(11);
        byte[] buffer = bytes("{\"a\": 12345");
        assertThat(text.add(buffer, 7)).isTrue();
        System.arraycopy(bytes("99}\n"), 0, buffer, 0, 4);
        assertThat(text.add(buffer, 5)).as("more than the capacity").isFalse();
        assertThat(text.add(buffer, 4)).isTrue();
        text.end();
        assertThat(Json.write(FORMAT.read(text))).isEqualTo("{\"a\":199}");
        assertThatThrownBy(() -> text.add(buffer, buffer.length + 1)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void anyPiecesGiveTheSameTreeOrTheSameRefusal(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 500; round++) {
            byte[] document = document(random);
            Object expected = outcome(() -> FORMAT.read(document));
            ArrivingText text = new ArrivingText(document.length + random.nextInt(3));
            CompletableFuture<Object> read = CompletableFuture.supplyAsync(() -> outcome(() -> FORMAT.read(text)));
            for (int from = 0; from < document.length; ) {
                int to = Math.min(document.length, from + 1 + random.nextInt(1 + document.length / 3));
                assertThat(text.add(Arrays.copyOfRange(document, from, to))).isTrue();
                from = to;
                if (random.nextBoolean()) {
                    Thread.onSpinWait();
                }
            }
            text.end();
            assertThat(read.join())
                    .as("seed %d, round %d: %s", seed, round, new String(document, UTF_8))
                    .isEqualTo(expected);
        }
    }

    @Test
    void onlyWholeLinesCanBeReadUntilTheTextEnds() {
        ArrivingText text = new ArrivingText(100);
        assertThat(text.add(bytes("{\n\"a\": 1"))).isTrue();
        assertThat(text.readableAfter(0)).isEqualTo(2);
        assertThat(text.add(bytes("2"))).isTrue();
        assertThat(text.readableAfter(0)).isEqualTo(2);
        assertThat(text.add(bytes(",\n\n\"b"))).isTrue();
        assertThat(text.readableAfter(2)).isEqualTo(12);
        text.end();
        assertThat(text.readableAfter(12)).isEqualTo(14);
        assertThat(text.readableAfter(14)).isEqualTo(14);
    }

    @Test
    void theFirstLineIsTakenBeforeTheRestIsThere() {
        ArrivingText text = new ArrivingText(100);
        assertThat(text.add(bytes("header \u00e4\n{\"a\": "))).isTrue();
        assertThat(text.takeLine()).isEqualTo("header \u00e4");
        assertThat(text.add(bytes("1}"))).isTrue();
        text.end();
        assertThat(FORMAT.read(text)).isEqualTo(Json.read("{\"a\":1}"));
    }

    @Test
    void aTextWithoutALineBreakIsOneLine() {
        ArrivingText text = new ArrivingText(10);
        assertThat(text.add(bytes("header"))).isTrue();
        text.end();
        assertThat(text.takeLine()).isEqualTo("header");
    }

    @Test
    void thePlaceOfAFaultIsCountedFromTheStartOfTheText() {
        ArrivingText text = new ArrivingText(100);
        assertThat(text.add(bytes("header\n{\n"))).isTrue();
        assertThat(text.add(bytes("\"a\": nix}"))).isTrue();
        text.end();
        String ignored = text.takeLine();
        assertThatThrownBy(() -> FORMAT.read(text))
                .isInstanceOf(JsonException.class)
                .hasMessageContaining("line 3");
    }

    @Test
    void aPieceThatDoesNotFitIsNotAdded() {
        ArrivingText text = new ArrivingText(3);
        assertThat(text.add(bytes("12"))).isTrue();
        assertThat(text.add(bytes("34"))).isFalse();
        assertThat(text.add(bytes("3"))).isTrue();
        text.end();
        assertThat(text.whole()).isEqualTo(bytes("123"));
    }

    @Test
    void aShorterTextThanItsCapacityHasNothingBehindIt() {
        ArrivingText text = new ArrivingText(10);
        assertThat(text.add(bytes("12"))).isTrue();
        text.end();
        assertThat(text.whole()).isEqualTo(bytes("12"));
    }

    @Test
    void whoReadsAnAbandonedTextIsToldSo() {
        ArrivingText text = new ArrivingText(100);
        assertThat(text.add(bytes("{\n"))).isTrue();
        CompletableFuture<Object> read = CompletableFuture.supplyAsync(() -> FORMAT.read(text));
        CompletableFuture<byte[]> whole = CompletableFuture.supplyAsync(text::whole);
        text.abandon();
        assertThatThrownBy(read::join).hasCauseInstanceOf(CancellationException.class);
        assertThatThrownBy(whole::join).hasCauseInstanceOf(CancellationException.class);
    }

    @Test
    void aCompleteTextCannotBeAbandoned() {
        ArrivingText text = new ArrivingText(2);
        assertThat(text.add(bytes("{}"))).isTrue();
        text.end();
        text.abandon();
        assertThat(FORMAT.read(text)).isEmpty();
    }
}
