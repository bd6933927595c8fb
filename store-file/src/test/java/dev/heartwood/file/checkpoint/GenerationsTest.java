package dev.heartwood.file.checkpoint;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heartwood.Store;
import dev.heartwood.file.JsonFile;
import dev.heartwood.file.commit.FileRoot;
import dev.heartwood.file.context.StoreContext;
import dev.heartwood.file.disk.Disk;
import dev.heartwood.file.disk.ForwardingDisk;
import dev.heartwood.file.disk.ForwardingOutput;
import dev.heartwood.file.disk.RealDisk;
import dev.heartwood.file.disk.StoreLayout;
import dev.heartwood.file.recovery.CrashHarness;
import dev.heartwood.file.text.ContentDigest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

    /** After the store was lost to another opening, files of the next number may be the other one's. */
    @Test
    void onlyWhatThisOpeningHasMadeIsTakenBack() throws IOException {
        Generations generations = generations(new RealDisk());
        begin(generations);
        for (boolean isJournal : new boolean[] {false, true}) {
            long number = generations.reserve();
            Path other = isJournal ? place.journal(number) : place.generation(number);
            Files.writeString(other, "another's");
            assertThatThrownBy(generations::discard)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("not clear who made " + other);
            assertThat(other).hasContent("another's");
        }
    }

    @Test
    void oldJournalsThatCouldNotBeDeletedAreStillToBeDeletedThoughAllWasTidyBefore() throws IOException {
        AtomicInteger failing = new AtomicInteger();
        Generations generations = generations(new ForwardingDisk() {
            @Override
            public void delete(Path file) throws IOException {
                if (failing.getAndDecrement() > 0) {
                    throw new IOException("planted");
                }
                super.delete(file);
            }
        });
        begin(generations);
        generations.tidyUp(generations.number(), true);
        assertThat(generations.isTidy()).isTrue();
        begin(generations);
        failing.set(1);
        generations.tidyUpLater(generations.number(), true);
        assertThat(told).singleElement().asString().contains("cannot be deleted: planted");
        assertThat(generations.isTidy()).isFalse();
        assertThat(place.journal(1)).exists();
        generations.tidyUp(generations.number(), true);
        assertThat(generations.isTidy()).isTrue();
        assertThat(place.journal(1)).doesNotExist();
    }

    /** A file system may write less than it was given, and report no error. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aGenerationOrAJournalThatIsNotThereWholeIsNone(int which) throws IOException {
        AtomicInteger created = new AtomicInteger();
        Generations generations = generations(new ForwardingDisk() {
            @Override
            public Output create(Path file, int mode) throws IOException {
                boolean swallows = created.incrementAndGet() == which;
                return new ForwardingOutput(super.create(file, mode)) {
                    @Override
                    public void write(byte[] bytes, int length, long position) throws IOException {
                        super.write(bytes, swallows ? length - 1 : length, position);
                    }
                };
            }
        });
        assertThatThrownBy(() -> begin(generations))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("wrote ");
        generations.discard();
        assertThat(list()).isEmpty();
    }

    /** Otherwise no later opening could go on with them, though the file may be written to again. */
    @Test
    void whatIsBegunBesideAFileThatIsReadOnlyForAWhileCanBeWrittenToByItsOwner() throws IOException {
        Generations generations = generations(new RealDisk());
        Files.setPosixFilePermissions(place.file(), PosixFilePermissions.fromString("r--r--r--"));
        begin(generations);
        assertThat(list())
                .hasSize(2)
                .allSatisfy(path -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                        .isEqualTo("rw-r--r--"));
    }

    private List<Path> list() throws IOException {
        try (Stream<Path> all = Files.list(place.directory())) {
            return all.toList();
        }
    }

    private Generations generations(Disk disk) throws IOException {
        Files.createDirectory(place.directory());
        Files.writeString(place.file(), "{}");
        Files.setPosixFilePermissions(place.file(), PosixFilePermissions.fromString("rw-------"));
        return new Generations(context(disk), 0);
    }

    private void begin(Generations generations) throws IOException {
        generations
                .begin(place.file(), ContentDigest.of(Files.readAllBytes(place.file())))
                .close();
    }

    private StoreContext context(Disk disk) {
        return new StoreContext(
                disk,
                place,
                CrashHarness.FORMAT,
                CrashHarness.settings(0),
                (kind, message, kept, cause) -> told.add(message));
    }

    private Store open(Disk disk) throws IOException {
        return Store.over(FileRoot.open(context(disk)));
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
