package dev.heartwood.file.edits;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heartwood.file.disk.Disk;
import dev.heartwood.file.disk.RealDisk;
import dev.heartwood.file.text.ContentDigest;
import io.vavr.collection.HashMap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
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
            edits.stands(new HandEdits.Text(
                    ContentDigest.of(name.getBytes(UTF_8)), HashMap.of("name", name), disk.stamp(file)));
        }

        assertThat(edits.isOurs(disk.stamp(directory.resolve("stands")))).isTrue();
        assertThat(edits.isOurs(disk.stamp(directory.resolve("next")))).isTrue();
    }

    private static void save(Path file, String text) throws IOException {
        Files.writeString(file, text);
        Files.setLastModifiedTime(file, TICK);
    }
}
