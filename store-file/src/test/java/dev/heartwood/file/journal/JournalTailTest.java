package dev.heartwood.file.journal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.heartwood.file.disk.Disk;
import dev.heartwood.file.disk.ForwardingDisk;
import dev.heartwood.file.disk.ForwardingOutput;
import dev.heartwood.file.disk.RealDisk;
import dev.heartwood.file.disk.StoreLayout;
import dev.heartwood.file.text.ContentDigest;
import dev.heartwood.file.text.FileOutput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commits that come during a checkpoint stand in the next journal as copies, durably, before that gets its name. */
class JournalTailTest {
    private static final ContentDigest NEXT = ContentDigest.of("{\"next\": 1}".getBytes(UTF_8));

    private final List<String> steps = new ArrayList<>();
    private final Disk disk = new ForwardingDisk() {
        @Override
        public Output create(Path made, int mode) throws IOException {
            return new ForwardingOutput(super.create(made, mode)) {
                @Override
                public void write(byte[] bytes, int length, long position) throws IOException {
                    steps.add("write");
                    super.write(bytes, swallowing ? length - 1 : length, position);
                }

                @Override
                public void force() throws IOException {
                    steps.add("force");
                    super.force();
                }
            };
        }
    };

    private boolean swallowing;
    private StoreLayout place;
    private Journal old;

    @BeforeEach
    void begin(@TempDir Path temporary) throws IOException {
        place = new StoreLayout(temporary.toRealPath().resolve("state.json"));
        Files.writeString(place.file(), "{}");
        place.prepare(new RealDisk());
        old = Journal.create(new RealDisk(), place, 1, ContentDigest.of("{}".getBytes(UTF_8)));
        append(1);
    }

    private static byte[] commit(int value) {
        return ("[{\"put\":\"/a\",\"value\":" + value + "}]").getBytes(UTF_8);
    }

    private void append(int value) throws IOException {
        old.append(List.of(commit(value)));
    }

    private JournalTail tail() {
        return new JournalTail(disk, place, old, FileOutput.Slices.UNWATCHED);
    }

    private List<String> commits(JournalScan journal) throws IOException {
        List<String> lines = new ArrayList<>();
        for (String line : Files.readAllLines(journal.file()).subList(1, (int) journal.commits() + 1)) {
            lines.add(line.substring(line.indexOf('[')));
        }
        return lines;
    }

    @Test
    void itHasTheCommitsSinceTheCheckpointBeganAndTheyCountOnceItHasOneOfItsOwn() throws IOException {
        JournalTail tail = tail();
        append(2);
        append(3);
        tail.begin(NEXT);
        tail.copy();
        append(4);
        assertThat(tail.missing()).isPositive();
        tail.copy();
        tail.copy();
        assertThat(tail.missing()).isZero();
        Journal next = tail.named(2);

        JournalScan copies = JournalScan.of(disk, place.journal(2), 2);
        assertThat(commits(copies)).containsExactly(text(2), text(3), text(4));
        assertThat(copies.follows(NEXT)).isTrue();
        assertThat(copies.isLeftCopy()).isTrue();
        assertThat(copies.hasCommits()).isFalse();
        assertThat(copies.isTorn() || copies.isCorrupt()).isFalse();

        next.append(List.of(commit(5)));
        next.close();
        JournalScan own = JournalScan.of(disk, place.journal(2), 2);
        assertThat(commits(own)).containsExactly(text(2), text(3), text(4), text(5));
        assertThat(own.hasCommits()).isTrue();
        assertThat(own.isTorn() || own.isCorrupt()).isFalse();
    }

    private static String text(int value) {
        return new String(commit(value), UTF_8);
    }

    @Test
    void whatIsCopiedIsSyncedBeforeItCounts() throws IOException {
        JournalTail tail = tail();
        append(2);
        tail.begin(NEXT);
        assertThat(steps).endsWith("write", "force");
        steps.clear();
        tail.copy();
        assertThat(steps).containsExactly("write", "force");
        tail.close();
    }

    @Test
    void aCopyOfWhichOnlyAPartIsThereIsNone() throws IOException {
        JournalTail tail = tail();
        append(2);
        tail.begin(NEXT);
        swallowing = true;
        assertThatThrownBy(tail::copy).isInstanceOf(IOException.class).hasMessageContaining("and it has");
        tail.close();
    }

    @Test
    void aLineThatTheDiskReadsWronglyIsNotCopied() throws IOException {
        JournalTail tail = tail();
        append(2);
        byte[] bytes = Files.readAllBytes(place.journal(1));
        bytes[bytes.length - 4] ^= 1;
        Files.write(place.journal(1), bytes);
        tail.begin(NEXT);
        assertThatThrownBy(tail::copy).isInstanceOf(IOException.class).hasMessageContaining("is damaged");
        tail.close();
    }

    @Test
    void itIsOpenToThoseWhoMayReadTheFile() throws IOException {
        assumeTrue(Files.getFileStore(place.file()).supportsFileAttributeView("posix"), "needs POSIX permissions");
        Files.setPosixFilePermissions(place.file(), PosixFilePermissions.fromString("r--r-----"));
        JournalTail tail = tail();
        tail.begin(NEXT);
        tail.copy();
        tail.named(2).close();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(place.journal(2))))
                .isEqualTo("rw-r-----");
    }
}
