package dev.heartwood.file.edits;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heartwood.file.disk.Disk;
import dev.heartwood.file.disk.RealDisk;
import dev.heartwood.file.text.ContentDigest;
import dev.heartwood.storage.FileStamp;
import io.vavr.collection.HashMap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the thread that writes the file is told of a text that a person has saved. */
class HandEditsTest {
    private static final FileTime TICK = FileTime.fromMillis(1_700_000_000_000L);

    private final Disk disk = new RealDisk();
    private final HandEdits edits = new HandEdits();

    /** A file system dates two writes within one tick of its clock alike. */
    @Test
    void theOutcomeOfOneTextIsNoneOfAnotherThatWasSavedInTheSameTick(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("state.json");
        save(file, "{\"a\": 1}");
        HandEdits.Verdict merged =
                new HandEdits.Verdict(ContentDigest.of("{\"a\": 1}".getBytes(UTF_8)), disk.stamp(file), null);
        edits.settle(merged);
        assertThat(edits.verdict(disk, file)).isSameAs(merged);

        save(file, "{\"a\": 2}");
        assertThat(edits.verdict(disk, file)).isNull();
    }

    /** The next text is announced before the file is replaced. */
    @Test
    void theTextThatStandsIsOursAlsoOnceTheNextOneIsAnnounced(@TempDir Path directory) throws IOException {
        for (String name : List.of("stands", "next")) {
            Path file = directory.resolve(name);
            save(file, name);
            edits.stands(text(name, disk.stamp(file)));
        }

        assertThat(edits.isOurs(disk.stamp(directory.resolve("stands")))).isTrue();
        assertThat(edits.isOurs(disk.stamp(directory.resolve("next")))).isTrue();
    }

    @Test
    void aFileOfAnotherSizeOrTimeAndAnotherFileAreNotOurs(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("state.json");
        save(file, "{\"a\": 1}");
        edits.stands(text("{\"a\": 1}", disk.stamp(file)));
        assertThat(edits.isOurs(disk.stamp(file))).isTrue();

        Path other = directory.resolve("other.json");
        save(other, "{\"a\": 1}");
        assertThat(edits.isOurs(disk.stamp(other))).isFalse();
        Files.setLastModifiedTime(file, FileTime.fromMillis(TICK.toMillis() + 1_000));
        assertThat(edits.isOurs(disk.stamp(file))).isFalse();
        save(file, "{\"a\": 100}");
        assertThat(edits.isOurs(disk.stamp(file))).isFalse();
    }

    /** An editor may have read it right before the next one came, however long it had stood by then. */
    @Test
    void aTextIsABaseUntilTheNextOneHasStoodForTwoSeconds() throws Exception {
        HandEdits.Text first = text("first", null);
        edits.stands(first);
        Thread.sleep(2_100); // it has stood for so long
        HandEdits.Text second = text("second", null);
        edits.stands(second);
        assertThat(edits.since(second.since)).containsExactly(second, first);
    }

    private static HandEdits.Text text(String content, @Nullable FileStamp stamp) {
        return new HandEdits.Text(ContentDigest.of(content.getBytes(UTF_8)), HashMap.of("text", content), stamp);
    }

    private static void save(Path file, String text) throws IOException {
        Files.writeString(file, text);
        Files.setLastModifiedTime(file, TICK);
    }
}
