package dev.heartwood.file.checkpoint;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heartwood.Store;
import dev.heartwood.file.JsonFile;
import dev.heartwood.file.commit.FileRoot;
import dev.heartwood.file.context.StoreContext;
import dev.heartwood.file.disk.Disk;
import dev.heartwood.file.disk.ForwardingDisk;
import dev.heartwood.file.disk.RealDisk;
import dev.heartwood.file.disk.StoreLayout;
import dev.heartwood.file.recovery.CrashHarness;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which older trees stay: the last, and some that grow old. */
class GenerationsTest {
    private final List<String> told = new CopyOnWriteArrayList<>();
    private StoreLayout place;

    @BeforeEach
    void inA(@TempDir Path directory) throws IOException {
        place = new StoreLayout(directory.toRealPath().resolve("state.json"));
    }

    @Test
    void manyOpeningsInARowPushNoOldTreeOut() throws IOException {
        commit("first");
        for (int i = 0; i < 10; i++) {
            commit("later " + i);
        }
        assertThat(trees())
                .hasSize(3)
                .anyMatch(tree -> tree.contains("first"))
                .anyMatch(tree -> tree.contains("later 9"));
    }

    @Test
    void aTreeThatIsADayOldGivesWayToOneOfAnHour() throws IOException {
        commit("old");
        age(Duration.ofHours(30));
        commit("hour");
        age(Duration.ofMinutes(90));
        commit("a");
        commit("b");
        assertThat(trees())
                .hasSize(3)
                .noneMatch(tree -> tree.contains("old"))
                .anyMatch(tree -> tree.contains("hour"))
                .anyMatch(tree -> tree.contains("\"a\""));
    }

    @Test
    void aTreeThatIsNoDayOldYetOutlivesOneOfAnHour() throws IOException {
        commit("oldest");
        commit("old");
        age(Duration.ofHours(10));
        commit("hour");
        age(Duration.ofMinutes(90));
        commit("a");
        commit("b");
        assertThat(trees())
                .hasSize(3)
                .noneMatch(tree -> tree.contains("hour"))
                .anyMatch(tree -> tree.contains("\"a\""))
                .anyMatch(tree -> !tree.contains("value"));
    }

    @Test
    void anOpeningThatCommitsNothingAddsNoCopyOfTheSameTree() throws IOException {
        commit("a");
        List<String> before = trees();
        JsonFile.open(place.file()).close();
        assertThat(trees()).containsExactlyInAnyOrderElementsOf(before);
    }

    @Test
    void remainsOfWritesThatWereCutOffAreCounted() throws IOException {
        commit("first");
        for (int i = 1; i <= 14; i++) {
            Files.writeString(place.torn(1_000 + i), "cut off");
        }
        commit("second");
        try (Stream<Path> all = Files.list(place.directory())) {
            assertThat(all.filter(path -> path.getFileName().toString().startsWith("torn-")))
                    .hasSize(10);
        }
        assertThat(place.torn(1_014)).exists();
        assertThat(place.torn(1_004)).doesNotExist();
    }

    /** The text itself is not in memory there, so that the copy is made of what the disk reads. */
    @Test
    void aCopyOfAFileThatItsDiskReadsWronglyIsNoGeneration() throws IOException {
        AtomicInteger read = new AtomicInteger();
        Disk disk = new ForwardingDisk() {
            @Override
            public InputStream read(Path file) throws IOException {
                InputStream in = super.read(file);
                if (!file.getFileName().toString().contains(".heartwood-tmp")) {
                    return in;
                }
                read.incrementAndGet();
                try (in) {
                    return new ByteArrayInputStream(new String(in.readAllBytes(), ISO_8859_1)
                            .replace("right", "wrong")
                            .getBytes(ISO_8859_1));
                }
            }
        };
        List<Path> before;
        try (Store store = open(disk)) {
            before = generations();
            store.put("value", "right");
        }
        assertThat(read).hasPositiveValue();
        assertThat(generations()).containsExactlyInAnyOrderElementsOf(before);
        assertThat(trees()).noneMatch(tree -> tree.contains("wrong"));
        assertThat(told).anyMatch(message -> message.contains("reads other bytes than were written"));
        try (Store again = open(new RealDisk())) {
            assertThat(again.get("value")).isEqualTo("right");
        }
    }

    private Store open(Disk disk) throws IOException {
        return Store.over(FileRoot.open(new StoreContext(
                disk,
                place,
                CrashHarness.FORMAT,
                CrashHarness.settings(0),
                (kind, message, kept, cause) -> told.add(message))));
    }

    private void commit(String value) throws IOException {
        try (Store store = JsonFile.open(place.file())) {
            store.put("value", value);
        }
    }

    /** Makes all generations older. */
    private void age(Duration by) throws IOException {
        for (Path path : generations()) {
            Instant before = Files.getLastModifiedTime(path).toInstant();
            Files.setLastModifiedTime(path, FileTime.from(before.minus(by)));
        }
    }

    private List<String> trees() throws IOException {
        List<String> trees = new ArrayList<>();
        for (Path path : generations()) {
            trees.add(Files.readString(path));
        }
        return trees;
    }

    private List<Path> generations() throws IOException {
        try (Stream<Path> all = Files.list(place.directory())) {
            return all.filter(path -> path.getFileName().toString().startsWith("generation-"))
                    .toList();
        }
    }
}
