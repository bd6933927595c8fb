package dev.heartwood.file.checkpoint;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heartwood.file.disk.Disk;
import dev.heartwood.file.disk.ForwardingOutput;
import dev.heartwood.file.disk.MemoryDisk;
import dev.heartwood.file.disk.StoreLayout;
import dev.heartwood.file.journal.Journal;
import dev.heartwood.file.text.ContentDigest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The earlier versions of a large file by which a copy that lacks commits is told. */
class SupersededFilesTest {
    private static final Path TOP = Path.of("/data").toAbsolutePath();

    private final List<String> steps = new ArrayList<>();
    private final Disk disk = new MemoryDisk(TOP) {
        @Override
        public Output create(Path file, int mode) throws IOException {
            return new ForwardingOutput(super.create(file, mode)) {
                @Override
                public void force() throws IOException {
                    steps.add("force " + file.getFileName());
                    super.force();
                }
            };
        }

        @Override
        public void rename(Path from, Path to) throws IOException {
            steps.add("rename " + from.getFileName() + " to " + to.getFileName());
            super.rename(from, to);
        }
    };
    private final StoreLayout place = new StoreLayout(TOP.resolve("state.json"));
    private final SupersededFiles superseded = new SupersededFiles(disk, place);

    @BeforeEach
    void begin() throws IOException {
        disk.createDirectory(place.directory());
    }

    /** A copy that was torn, or put back, is one of the last files much more often than one of the first. */
    @Test
    void ofManyFilesTheNewestAreKnown() throws IOException {
        for (int i = 1; i <= 210; i++) {
            checkpoint(i, List.of("[]".getBytes(UTF_8)));
        }
        assertThat(superseded.contains(file(210))).isTrue();
        assertThat(superseded.contains(file(11))).isTrue();
        assertThat(superseded.contains(file(10))).isFalse();
    }

    /** A tree that goes to and fro must not push the other versions out. */
    @Test
    void aFileThatComesBackAgainAndAgainCountsOnce() throws IOException {
        checkpoint(1, List.of("[]".getBytes(UTF_8)));
        for (int i = 0; i < 210; i++) {
            checkpoint(2, List.of("[]".getBytes(UTF_8)));
        }
        assertThat(superseded.contains(file(1))).isTrue();
        assertThat(superseded.contains(file(2))).isTrue();
    }

    @Test
    void aFileThatNoCommitFollowedIsNoOldOne() throws IOException {
        checkpoint(1, List.of());
        assertThat(superseded.contains(file(1))).isFalse();
    }

    /** A crash could otherwise leave an empty list: it has its name, and none of its bytes. */
    @Test
    void theListIsOnTheDiskBeforeItTakesItsName() throws IOException {
        checkpoint(1, List.of("[]".getBytes(UTF_8)));
        String made = place.nextInside().getFileName().toString();
        assertThat(steps).endsWith("force " + made, "rename " + made + " to superseded");
    }

    private void checkpoint(int number, List<byte[]> commits) throws IOException {
        Journal journal = Journal.create(disk, place, number, file(number));
        journal.append(commits);
        journal.close();
        superseded.addBaseOf(number);
        disk.delete(place.journal(number));
    }

    private static ContentDigest file(int number) {
        return ContentDigest.of(("{\"n\": " + number + "}").getBytes(UTF_8));
    }
}
