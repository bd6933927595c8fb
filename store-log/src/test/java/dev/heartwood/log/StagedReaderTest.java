package dev.heartwood.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heartwood.StoreException;
import dev.heartwood.json.ArrivingText;
import dev.heartwood.log.LogException.Refused;
import dev.heartwood.log.SharedLog.Position;
import dev.heartwood.log.StagedText.Parts;
import dev.heartwood.log.StagedText.Reference;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A large text is read while it arrives, and is as whole, as damaged or as gone as a small one. */
class StagedReaderTest {
    private static final int LARGEST = 100_000;
    private static final Position AT = new Position(7, "writer:3");
    private static final Position COMPRESSED_AT = new Position(8, "writer:4");
    private static final String TEXT = "header\n" + "a line of some text\n".repeat(StagedReader.LARGE / 10);

    private final SharedLog log = new InMemoryLog(LARGEST).connect();
    private final Reference reference;

    StagedReaderTest() throws LogException {
        StagedText.put(log, StagedText.CHECKPOINTS, AT, TEXT);
        reference = StagedText.reference(log, TEXT);
    }

    private static String name(int part) {
        return StagedText.name(StagedText.CHECKPOINTS, AT) + "/" + part;
    }

    private <T> T read(Parts parts, Function<ArrivingText, T> reader) throws LogException {
        return StagedReader.read(parts, StagedText.CHECKPOINTS, AT, reference, reader);
    }

    private static String whole(ArrivingText text) {
        return new String(text.whole(), StandardCharsets.UTF_8);
    }

    private static <T> T soon(CompletableFuture<T> future) {
        return future.orTimeout(20, TimeUnit.SECONDS).join();
    }

    @Test
    void itIsReadBeforeAllOfItIsThere() throws LogException {
        String late = name(reference.parts() - 2);
        CompletableFuture<String> line = new CompletableFuture<>();
        Parts parts = part -> {
            if (part.equals(late)) {
                assertThat(soon(line)).isEqualTo("header");
            }
            return log.get(part);
        };
        String read = read(parts, text -> {
            line.complete(text.takeLine());
            return whole(text);
        });
        assertThat(read).isEqualTo(TEXT.replace("header", "      "));
    }

    @Test
    void twoOfItsPartsAreAskedForAtATime() throws LogException {
        CompletableFuture<Boolean> second = new CompletableFuture<>();
        Parts parts = part -> {
            if (part.equals(name(1))) {
                assertThat(soon(second)).isTrue();
            } else if (part.equals(name(2))) {
                second.complete(true);
            }
            return log.get(part);
        };
        assertThat(read(parts, StagedReaderTest::whole)).isEqualTo(TEXT);
    }

    @Test
    void eachPartIsAskedForOnce() throws LogException {
        Queue<String> asked = new ConcurrentLinkedQueue<>();
        Parts parts = part -> {
            asked.add(part);
            return log.get(part);
        };
        assertThat(read(parts, StagedReaderTest::whole)).isEqualTo(TEXT);
        assertThat(asked).hasSize(reference.parts()).doesNotHaveDuplicates();
    }

    @Test
    void aDamagedOneIsCalledSoWhateverItsReaderSays() throws LogException {
        log.put(name(3), "x".repeat(LARGEST));
        assertThatThrownBy(() -> read(log::get, text -> {
                    throw new IllegalStateException("the reader cannot read it");
                }))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("checkpoint at 7 writer:3 is damaged")
                .hasMessageContaining("checksum");
    }

    @Test
    void aPartThatIsLongerThanTheFirstIsDamaged() throws LogException {
        Parts parts = part -> part.equals(name(5)) ? TEXT : log.get(part);
        assertThatThrownBy(() -> read(parts, StagedReaderTest::whole))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("is damaged")
                .hasMessageContaining("size");
    }

    /** Before memory for all of them is taken. */
    @Test
    void aReferenceToMorePartsThanThereAreIsGone() throws LogException {
        Queue<String> asked = new ConcurrentLinkedQueue<>();
        Parts parts = part -> {
            asked.add(part);
            return log.get(part);
        };
        Reference damaged = new Reference(Integer.MAX_VALUE, reference.sha256());
        assertThat((Object) StagedReader.read(parts, StagedText.CHECKPOINTS, AT, damaged, StagedReaderTest::whole))
                .isNull();
        assertThat(asked).contains(name(Integer.MAX_VALUE - 1)).hasSizeLessThan(5);
    }

    private <T> T readCompressed(String stored, long uncompressed, Function<ArrivingText, T> reader)
            throws LogException {
        StagedText.put(log, StagedText.CHECKPOINTS, COMPRESSED_AT, stored);
        Reference compressed = StagedText.reference(log, stored, uncompressed);
        return StagedReader.read(log::get, StagedText.CHECKPOINTS, COMPRESSED_AT, compressed, reader);
    }

    /** Words in an order without a rule, so that it stays large when it is compressed. */
    private static String random(int words) {
        StringBuilder text = new StringBuilder();
        Random random = new Random(7);
        for (int i = 0; i < words; i++) {
            text.append(Long.toString(random.nextLong(), 36)).append(i % 9 == 0 ? "\u00e4\u20ac\ud83c\udf33\n" : " ");
        }
        return text.toString();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 10, 10_000, 300_000})
    void aCompressedOneIsDecompressed(int words) throws LogException {
        String text = random(words);
        String compressed = CompressedText.compress(text);
        assertThat(readCompressed(compressed, StagedText.bytes(text), StagedReaderTest::whole))
                .isEqualTo(text);
        assertThat(compressed.length() > StagedReader.LARGE).isEqualTo(words == 300_000);
    }

    @Test
    void aCompressedOneIsReadBeforeAllOfItIsThere() throws LogException {
        String text = random(300_000);
        StagedText.put(log, StagedText.CHECKPOINTS, COMPRESSED_AT, CompressedText.compress(text));
        Reference compressed = StagedText.reference(log, CompressedText.compress(text), StagedText.bytes(text));
        CompletableFuture<String> line = new CompletableFuture<>();
        String late = StagedText.name(StagedText.CHECKPOINTS, COMPRESSED_AT) + "/" + (compressed.parts() - 2);
        Parts parts = part -> {
            if (part.equals(late)) {
                assertThat(text).startsWith(soon(line));
            }
            return log.get(part);
        };
        String read = StagedReader.read(parts, StagedText.CHECKPOINTS, COMPRESSED_AT, compressed, arriving -> {
            line.complete(arriving.takeLine());
            return whole(arriving);
        });
        assertThat(read.endsWith(text.substring(text.indexOf('\n')))).isTrue();
    }

    /** Its checksum is that of the damaged text, so that only the decompression can notice. */
    @ParameterizedTest
    @CsvSource({
        "cut, does not decompress",
        "cut within a group, does not decompress",
        "longer, does not decompress",
        "longer by a character, does not decompress",
        "other characters, cannot be decompressed",
        "not compressed, cannot be decompressed",
        "a bit, cannot be decompressed",
        "empty, too short"
    })
    void aCompressedOneThatIsNoneIsDamaged(String damage, String message) {
        String text = random(10_000);
        String compressed = CompressedText.compress(text);
        while (compressed.endsWith("=")) {
            text += " ";
            compressed = CompressedText.compress(text);
        }
        long uncompressed = StagedText.bytes(text);
        String stored = switch (damage) {
            case "cut" -> compressed.substring(0, compressed.length() / 8 * 4);
            case "cut within a group" -> compressed.substring(0, compressed.length() / 8 * 4 + 1);
            case "longer" -> compressed + "AAAA";
            case "longer by a character" -> compressed + "A";
            case "other characters" -> compressed.replace('A', '-');
            case "not compressed" -> "{}  ".repeat(1_000);
            case "a bit" ->
                compressed.substring(0, 4_000)
                        + (compressed.charAt(4_000) == 'A' ? 'B' : 'A')
                        + compressed.substring(4_001);
            default -> "";
        };
        assertThatThrownBy(() -> readCompressed(stored, uncompressed, StagedReaderTest::whole))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("checkpoint at 8 writer:4 is damaged")
                .hasMessageContaining(message)
                .hasMessageContaining("Restore the log from a backup");
    }

    @Test
    void aCompressedOneOfAnotherSizeThanItsReferenceSaysIsDamaged() {
        String text = random(10_000);
        long bytes = StagedText.bytes(text);
        for (long wrong : new long[] {1, bytes - 1, bytes + 1, 1L << 40, Long.MAX_VALUE}) {
            assertThatThrownBy(() -> readCompressed(CompressedText.compress(text), wrong, StagedReaderTest::whole))
                    .as("%s bytes instead of %s", wrong, bytes)
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("is damaged");
        }
    }

    @Test
    void whatItsReaderThrowsComesOut() {
        assertThatThrownBy(() -> read(log::get, text -> {
                    throw new IllegalStateException("the reader cannot read it");
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the reader cannot read it");
        assertThatThrownBy(() -> read(log::get, text -> {
                    throw new OutOfMemoryError("planted");
                }))
                .isInstanceOf(OutOfMemoryError.class);
    }

    @Test
    void itsReaderEndsWhereAPartIsGoneOrRefused() throws LogException {
        CompletableFuture<Boolean> ended = new CompletableFuture<>();
        Function<ArrivingText, String> reader = text -> {
            try {
                return whole(text);
            } catch (CancellationException e) {
                ended.complete(true);
                throw e;
            }
        };
        assertThat(read(part -> part.equals(name(4)) ? null : log.get(part), reader))
                .isNull();
        assertThat(soon(ended)).isTrue();
        Parts refusing = part -> {
            if (part.equals(name(4))) {
                throw new Refused("no", null);
            }
            return log.get(part);
        };
        assertThatThrownBy(() -> read(refusing, reader))
                .isInstanceOf(Refused.class)
                .hasMessage("no");
    }

    @Test
    void aSmallOneIsReadByTheCallingThread() throws LogException {
        StagedText.put(log, StagedText.ENTRIES, AT, "small");
        Thread read = StagedReader.read(
                log::get, StagedText.ENTRIES, AT, StagedText.reference(log, "small"), text -> Thread.currentThread());
        assertThat(read).isSameAs(Thread.currentThread());
    }
}
