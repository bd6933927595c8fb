package dev.heartwood.file.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heartwood.file.context.Settings;
import dev.heartwood.file.context.StoreContext;
import dev.heartwood.file.disk.Disk;
import dev.heartwood.file.disk.ForwardingDisk;
import dev.heartwood.file.disk.ForwardingOutput;
import dev.heartwood.file.disk.RealDisk;
import dev.heartwood.file.disk.StoreLayout;
import dev.heartwood.file.text.ContentDigest;
import dev.heartwood.file.text.ContentFingerprint;
import dev.heartwood.file.text.Formats;
import dev.heartwood.testsupport.Machine;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The file of marks: advice that costs no commit, and that nobody waits for. */
class DurableMarkFileTest {
    private static final DurableMark MARK =
            new DurableMark("0123abcd", "a-start", 7, new DurableMark.JournalState("0123456789abcdef", 12), null);

    private final RealDisk real = new RealDisk();
    private final List<String> told = new ArrayList<>();
    private StoreLayout place;

    @BeforeEach
    void inA(@TempDir Path directory) throws IOException {
        place = new StoreLayout(directory.toRealPath().resolve("state.json"));
        Files.writeString(place.file(), "{}");
        place.prepare(real);
    }

    private DurableMarkFile file(Disk disk) {
        return new DurableMarkFile(new StoreContext(
                disk, place, Formats.format(), Settings.DEFAULT, (kind, message, kept, cause) -> told.add(message)));
    }

    @Test
    void failuresInARowAreToldOnceAndLaterOnesAgain() throws IOException {
        boolean[] fails = new boolean[1];
        DurableMarkFile file = file(new ForwardingDisk() {
            @Override
            public Output open(Path opened) throws IOException {
                return new ForwardingOutput(super.open(opened)) {
                    @Override
                    public void write(byte[] bytes, int length, long position) throws IOException {
                        if (fails[0]) {
                            throw new IOException("planted");
                        }
                        super.write(bytes, length, position);
                    }
                };
            }
        });
        file.begin(MARK);
        fails[0] = true;
        file.write(MARK);
        file.write(MARK);
        assertThat(told).hasSize(1);
        fails[0] = false;
        file.write(MARK);
        fails[0] = true;
        file.write(MARK);
        assertThat(told).hasSize(2);
        file.end();
        assertThat(place.durable()).doesNotExist();
    }

    /** That of the holder before would tell the next opening of texts that are replaced by then. */
    @Test
    void aMarkThatCannotBeNamedLeavesNothing() throws IOException {
        Files.write(place.durable(), MARK.bytes());
        DurableMarkFile file = file(new ForwardingDisk() {
            @Override
            public void rename(Path from, Path to) throws IOException {
                throw new IOException("planted");
            }
        });
        file.begin(MARK);
        file.write(MARK);
        assertThat(told).hasSize(1);
        assertThat(place.nextInside()).doesNotExist();
        assertThat(place.durable()).doesNotExist();
    }

    /** To open a pipe would wait for its other end. */
    @Test
    @Timeout(20)
    void nobodyWaitsForAPipeInThePlaceOfAMark() throws Exception {
        Machine.requireTools("mkfifo");
        Machine.runOrSkip("mkfifo", place.durable().toString());
        assertThat(DurableMarkFile.left(real, place)).isNull();
    }

    /** A later version may say more, at the end. */
    @Test
    void aMarkWithMembersThatThisVersionDoesNotKnowIsOne() {
        String json = JournalLine.parse("", MARK.bytes(), MARK.bytes().length - 1)
                .text()
                .strip();
        String more = json.substring(0, json.length() - 1) + ",\"texts\":\"\",\"later\":[1,2]}";
        byte[] bytes = JournalLine.of("", 0, 0, more.getBytes(StandardCharsets.US_ASCII), 0);
        assertThat(DurableMark.parse(bytes))
                .isNotNull()
                .matches(mark -> mark.state().equals(MARK.state()));
    }

    /** A holder that was killed between a rename and its sync has left the next text. */
    @Test
    void theNextTextIsAmongThoseThatAHolderMayHaveLeft() {
        ContentFingerprint next = ContentFingerprint.of(ContentDigest.of(new byte[] {1}));
        ContentFingerprint present = ContentFingerprint.of(ContentDigest.of(new byte[] {2}));
        DurableMark mark = new DurableMark(
                "0123abcd",
                "a-start",
                7,
                new DurableMark.FileState(present, next),
                ContentFingerprint.text(List.of(present)));
        assertThat(mark.ownTexts()).containsExactly(next, present);
    }
}
