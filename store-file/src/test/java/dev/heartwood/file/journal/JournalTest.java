package dev.heartwood.file.journal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heartwood.file.disk.Disk;
import dev.heartwood.file.disk.ForwardingDisk;
import dev.heartwood.file.disk.ForwardingOutput;
import dev.heartwood.file.disk.NotWrittenException;
import dev.heartwood.file.disk.StoreLayout;
import dev.heartwood.file.text.ContentDigest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A journal that somebody else writes to as well. */
class JournalTest {
    private static final byte[] COMMIT = "[{\"put\":\"/a\",\"value\":1}]".getBytes(UTF_8);
    private static final byte[] STRANGE = "strange".getBytes(UTF_8);

    private boolean writesBehind; // whether somebody writes behind each write of the journal
    private boolean failsToSync;

    private final List<String> steps = new ArrayList<>();
    private StoreLayout place;
    private Path file;
    private Journal journal;

    @BeforeEach
    void begin(@TempDir Path temporary) throws IOException {
        place = new StoreLayout(temporary.toRealPath().resolve("state.json"));
        Files.write(place.file(), "{}".getBytes(UTF_8));
        Files.createDirectory(temporary.toRealPath().resolve("state.json.d"));
        file = place.journal(1);
        Disk disk = new ForwardingDisk() {
            @Override
            public Output open(Path opened) throws IOException {
                return new ForwardingOutput(super.open(opened)) {
                    @Override
                    public void write(byte[] bytes, int length, long position) throws IOException {
                        super.write(bytes, length, position);
                        if (writesBehind) {
                            super.write(STRANGE, STRANGE.length, position + length);
                        }
                    }

                    @Override
                    public void truncate(long size) throws IOException {
                        steps.add("truncate");
                        super.truncate(size);
                    }

                    @Override
                    public void force() throws IOException {
                        steps.add("force");
                        if (failsToSync) {
                            throw new IOException("Input/output error");
                        }
                        super.force();
                    }
                };
            }
        };
        journal = Journal.create(disk, place, 1, ContentDigest.of("{}".getBytes(UTF_8)));
        journal.append(List.of(COMMIT));
    }

    /** Otherwise a crash could bring the commit back, although its caller was told that it was not made. */
    @Test
    void aCommitIsTakenBackOnTheDiskBeforeItsCallerIsToldThatItWasNotWritten() {
        writesBehind = true;
        steps.clear();
        assertThatThrownBy(() -> journal.append(List.of(COMMIT))).isInstanceOf(NotWrittenException.class);
        assertThat(steps).containsExactly("truncate", "force");
    }

    /** What was written may still be there after a crash. */
    @Test
    void aJournalWhoseCommitCouldNotBeTakenBackTakesNoMore() {
        writesBehind = true;
        failsToSync = true;
        assertThatThrownBy(() -> journal.append(List.of(COMMIT))).hasMessageContaining("Input/output error");
        assertThat(journal.isBroken()).isTrue();
    }

    @Test
    void bytesThatSomebodyElseHasAppendedAreNotWrittenOver() throws IOException {
        Files.write(file, STRANGE, StandardOpenOption.APPEND);
        byte[] found = Files.readAllBytes(file);
        assertThatThrownBy(() -> journal.append(List.of(COMMIT)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("was written to by somebody else");
        assertThat(Files.readAllBytes(file)).isEqualTo(found);
        assertThat(journal.isBroken()).isTrue();
    }

    @Test
    void aJournalThatSomebodyElseHasCutOffIsNotWrittenTo() throws IOException {
        byte[] found = "cut off".getBytes(UTF_8);
        Files.write(file, found);
        assertThatThrownBy(() -> journal.append(List.of(COMMIT)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("was written to by somebody else");
        assertThat(Files.readAllBytes(file)).isEqualTo(found);
    }

    @Test
    void bytesThatSomebodyElseWritesMeanwhileFailTheCommitForSure() throws IOException {
        byte[] before = Files.readAllBytes(file);
        writesBehind = true;
        assertThatThrownBy(() -> journal.append(List.of(COMMIT)))
                .isInstanceOf(NotWrittenException.class)
                .hasStackTraceContaining("and it has");
        assertThat(Files.readAllBytes(file)).isEqualTo(before);
        assertThat(journal.isBroken())
                .as("the whole file must be written anew, which may not fit")
                .isFalse();
        writesBehind = false;
        journal.append(List.of(COMMIT));
        assertThat(journal.commits()).isEqualTo(2);
        assertThat(journal.isInPlace()).isTrue();
    }

    /** They have more than the megabyte that is written at once. */
    @Test
    void commitsThatAreWrittenInPartsAreAllThereOnce() throws IOException {
        byte[] large = ("[{\"put\":\"/a\",\"value\":\"" + "x".repeat(1 << 20) + "\"}]").getBytes(UTF_8);
        journal.append(List.of(COMMIT, large, COMMIT, large));
        journal.append(List.of(COMMIT));
        JournalScan found = JournalScan.of(new ForwardingDisk(), file, 1);
        assertThat(found.commits()).isEqualTo(6).isEqualTo(journal.commits());
        assertThat(found.isTorn()).isFalse();
        assertThat(found.size()).isBetween(2L << 20, (2L << 20) + 1_000);
    }

    /** The next opening would not have the commit. */
    @Test
    void aCommitForWhoseLinesTheHeapHasNoRoomIsRefusedForSureAndTheNextIsWritten() throws IOException {
        List<byte[]> tooLarge = new AbstractList<>() {
            @Override
            public byte[] get(int index) {
                throw new OutOfMemoryError("planted");
            }

            @Override
            public int size() {
                return 1;
            }
        };
        assertThatThrownBy(() -> journal.append(tooLarge)).isInstanceOf(NotWrittenException.class);
        assertThat(journal.isBroken()).isFalse();
        journal.append(List.of(COMMIT));
        assertThat(journal.commits()).isEqualTo(2);
    }

    @Test
    void aCommitIntoAJournalThatIsGoneIsNotAcknowledged() throws IOException {
        Files.delete(file);
        assertNotAcknowledged();
        assertThat(file).doesNotExist();
    }

    @Test
    void aCommitIntoAJournalInWhosePlaceACopyStandsIsNotAcknowledged() throws IOException {
        Path copy = Files.copy(file, file.resolveSibling("copy"));
        Files.move(copy, file, StandardCopyOption.REPLACE_EXISTING);
        byte[] found = Files.readAllBytes(file);
        assertNotAcknowledged();
        assertThat(Files.readAllBytes(file)).isEqualTo(found);
    }

    private void assertNotAcknowledged() {
        assertThatThrownBy(() -> journal.append(List.of(COMMIT)))
                .isInstanceOf(IOException.class)
                .isNotInstanceOf(NotWrittenException.class)
                .hasMessageContaining("was moved away, deleted or replaced");
        assertThat(journal.isBroken()).isTrue();
    }
}
