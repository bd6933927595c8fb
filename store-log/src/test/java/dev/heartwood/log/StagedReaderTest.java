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
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** A large text is read while it arrives, and is as whole, as damaged or as gone as a small one. */
class StagedReaderTest {
    private static final int LARGEST = 100_000;
    private static final Position AT = new Position(7, "writer:3");
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
        List<String> asked = new ArrayList<>();
        Parts parts = part -> {
            asked.add(part);
            return log.get(part);
        };
        Reference damaged = new Reference(Integer.MAX_VALUE, reference.sha256());
        assertThat((Object) StagedReader.read(parts, StagedText.CHECKPOINTS, AT, damaged, StagedReaderTest::whole))
                .isNull();
        assertThat(asked).containsExactly(name(0), name(Integer.MAX_VALUE - 1));
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
