package dev.heartwood.file.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heartwood.Store;
import dev.heartwood.StoreIOException;
import dev.heartwood.file.commit.FileRoot;
import dev.heartwood.file.context.StoreContext;
import dev.heartwood.file.disk.Disk;
import dev.heartwood.file.disk.ForwardingDisk;
import dev.heartwood.file.disk.RealDisk;
import dev.heartwood.file.disk.StoreLayout;
import dev.heartwood.file.recovery.CrashHarness;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An editor that writes in place loses nothing, wherever a commit falls between its writes. */
class LateWritesTest {
    private static final String FIRST = "{\n  \"edited\": \"by hand\",\n";
    private static final String SECOND = "  \"rest\": \"precious\"\n}\n";

    private final List<String> told = new CopyOnWriteArrayList<>();
    private StoreLayout place;

    @BeforeEach
    void inA(@TempDir Path directory) throws IOException {
        place = new StoreLayout(directory.toRealPath().resolve("state.json"));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 50})
    void theRestOfASaveThatWasSeenHalfWrittenArrivesHoweverManyCommitsLater(int commits) throws IOException {
        try (Store store = open(new RealDisk(), 1 << 16)) {
            store.put("n", 0);
            try (var editor = Files.newOutputStream(place.file())) {
                editor.write(FIRST.getBytes(StandardCharsets.UTF_8));
                editor.flush();
                for (int i = 0; i < commits; i++) {
                    store.put("n", i);
                }
                editor.write(SECOND.getBytes(StandardCharsets.UTF_8));
            }
            store.put("n", "last");
        }
        assertThat(place.kept("external", 1)).hasContent(FIRST + SECOND);
        assertThat(place.kept("external", 2)).doesNotExist();
        assertThat(told).hasSize(1);
        assertThat(place.replaced()).noneMatch(Files::exists);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatIsWrittenIntoTheFileThatWasJustReplacedIsKept(boolean anotherCommit) throws IOException {
        try (Store store = open(new RealDisk(), 1 << 16)) {
            store.put("n", 0);
            // It cuts nothing off, so there is nothing to be seen before its first write.
            try (var editor = Files.newByteChannel(place.file(), StandardOpenOption.WRITE)) {
                store.put("n", 1);
                editor.write(ByteBuffer.wrap((FIRST + SECOND).getBytes(StandardCharsets.UTF_8)));
            }
            if (anotherCommit) {
                store.put("n", 2);
            }
        }
        assertThat(place.kept("external", 1)).hasContent(FIRST + SECOND);
        assertThat(told).hasSize(1).first().asString().contains("just as it was replaced", "external-1");
        assertThat(place.replaced()).noneMatch(Files::exists);
    }

    @Test
    void aLateWriteThatChangesNoLengthIsKept() throws IOException {
        try (Store store = open(new RealDisk(), 1 << 16)) {
            store.put("n", 1);
            String edited = Files.readString(place.file()).replace('1', '7');
            try (var editor = Files.newByteChannel(place.file(), StandardOpenOption.WRITE)) {
                store.put("n", 2);
                editor.write(ByteBuffer.wrap(edited.getBytes(StandardCharsets.UTF_8)));
            }
            store.put("n", 3);
            assertThat(place.kept("external", 1)).hasContent(edited);
        }
    }

    /** Somebody has linked it: that name alone says nothing about who has written into it. */
    @Test
    void whatIsWrittenLateIsKeptThoughTheFileHasAThirdName() throws IOException {
        try (Store store = open(new RealDisk(), 1 << 16)) {
            store.put("n", 0);
            Files.createLink(place.parent().resolve("linked"), place.file());
            try (var editor = Files.newByteChannel(place.file(), StandardOpenOption.WRITE)) {
                store.put("n", 1);
                editor.write(ByteBuffer.wrap((FIRST + SECOND).getBytes(StandardCharsets.UTF_8)));
            }
            store.put("n", 2);
        }
        assertThat(place.kept("external", 1)).hasContent(FIRST + SECOND);
        assertThat(told).hasSize(1);
    }

    /** An editor that replaces the file does so right before the file gets its second name. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aFileThatIsReplacedBeforeItsSecondNameIsKeptWithWhatIsWrittenLate(boolean sameText) throws IOException {
        List<FileChannel> editors = new CopyOnWriteArrayList<>();
        Disk disk = new ForwardingDisk() {
            @Override
            public boolean link(Path file, Path second) throws IOException {
                if (editors.isEmpty() && Files.readString(file).contains("7")) {
                    Path saved = file.resolveSibling("saved");
                    Files.writeString(saved, Files.readString(file).replace('7', sameText ? '7' : '9'));
                    editors.add(FileChannel.open(saved, StandardOpenOption.WRITE));
                    Files.move(saved, file, StandardCopyOption.ATOMIC_MOVE);
                }
                return super.link(file, second);
            }
        };
        try (Store store = open(disk, 1 << 16)) {
            store.put("n", 7);
            store.put("n", 8);
            assertThat(editors).hasSize(1);
            try (FileChannel editor = editors.get(0)) {
                editor.write(ByteBuffer.wrap((FIRST + SECOND).getBytes(StandardCharsets.UTF_8)));
            }
            store.put("n", 1);
        }
        assertThat(place.kept("external", 1)).hasContent(FIRST + SECOND);
        assertThat(told).hasSize(1);
        assertThat(place.file()).hasContent("{\n  \"n\": 1\n}");
    }

    /** The two second names take turns. */
    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4, 5})
    void whatIsWrittenLateIsKeptAfterAnyNumberOfCommits(int before) throws IOException {
        try (Store store = open(new RealDisk(), 1 << 16)) {
            for (int i = 0; i < before; i++) {
                store.put("n", i);
            }
            try (var editor = Files.newByteChannel(place.file(), StandardOpenOption.WRITE)) {
                store.put("n", before);
                editor.write(ByteBuffer.wrap((FIRST + SECOND).getBytes(StandardCharsets.UTF_8)));
            }
            store.put("n", "last");
        }
        assertThat(place.kept("external", 1)).hasContent(FIRST + SECOND);
        assertThat(told).hasSize(1);
        assertThat(place.replaced()).noneMatch(Files::exists);
    }

    /** A failed commit has deleted nothing, and the next one finds both names taken. */
    @Test
    void aFileThatCannotBeDeletedCostsTheNextCommitAndNoLateWrite() throws IOException {
        AtomicBoolean refuses = new AtomicBoolean();
        Disk disk = new ForwardingDisk() {
            @Override
            public void delete(Path file) throws IOException {
                if (refuses.get() && place.replaced().contains(file)) {
                    throw new IOException("may not delete");
                }
                super.delete(file);
            }
        };
        try (Store store = open(disk, 1 << 16)) {
            store.put("n", 1);
            store.put("n", 2);
            store.flush(); // the writer rests
            refuses.set(true);
            // The file before the last one is deleted after the answer: nobody is told of it yet.
            store.put("n", 3);
            assertThatThrownBy(() -> store.put("n", 4))
                    .isInstanceOf(StoreIOException.class)
                    .hasMessageContaining("may not delete");
            refuses.set(false);
            try (var editor = Files.newByteChannel(place.file(), StandardOpenOption.WRITE)) {
                store.put("n", 5);
                editor.write(ByteBuffer.wrap((FIRST + SECOND).getBytes(StandardCharsets.UTF_8)));
            }
            store.put("n", 6);
            assertThat(place.kept("external", 1)).hasContent(FIRST + SECOND);
        }
        assertThat(place.replaced()).noneMatch(Files::exists);
        assertThat(place.file()).hasContent("{\n  \"n\": 6\n}");
    }

    /** The copy of the edit is told to be kept: the file with the second name, which is the store's own, must not take its place. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aFileThatIsReplacedRightAfterItsSecondNameIsKept(boolean lateWrite) throws IOException {
        AtomicBoolean saves = new AtomicBoolean();
        List<FileChannel> editors = new CopyOnWriteArrayList<>();
        Disk disk = new ForwardingDisk() {
            @Override
            public boolean link(Path file, Path second) throws IOException {
                boolean linked = super.link(file, second);
                if (saves.getAndSet(false)) {
                    editors.add(FileChannel.open(file, StandardOpenOption.WRITE));
                    Path saved = file.resolveSibling("saved");
                    Files.writeString(saved, FIRST + SECOND);
                    Files.move(saved, file, StandardCopyOption.ATOMIC_MOVE);
                }
                return linked;
            }
        };
        try (Store store = open(disk, 1 << 16)) {
            store.put("n", 1);
            saves.set(true);
            store.put("n", 2);
            assertThat(place.kept("external", 1)).hasContent(FIRST + SECOND);
            try (FileChannel editor = editors.get(0)) {
                if (lateWrite) {
                    editor.write(ByteBuffer.wrap("another editor".getBytes(StandardCharsets.UTF_8)));
                }
            }
            store.put("n", 3);
        }
        assertThat(place.kept("external", 1)).hasContent(FIRST + SECOND);
        assertThat(told).hasSize(lateWrite ? 2 : 1);
        if (lateWrite) {
            assertThat(place.kept("external", 2)).content().startsWith("another editor");
        }
        assertThat(place.file()).hasContent("{\n  \"n\": 3\n}");
    }

    @Test
    void whatNobodyWroteIntoIsNotKept() throws IOException {
        try (Store store = open(new RealDisk(), 1 << 16)) {
            for (int i = 0; i < 20; i++) {
                store.put("n", i);
            }
        }
        assertThat(told).isEmpty();
        try (Stream<Path> all = Files.list(place.parent())) {
            assertThat(all).containsExactlyInAnyOrder(place.file(), place.directory());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void whatWasWrittenLateBeforeACrashIsKeptByTheNextOpening(int which) throws IOException {
        try (Store store = open(new RealDisk(), 1 << 16)) {
            store.put("n", 1);
        }
        Files.writeString(place.replaced().get(which), FIRST + SECOND);
        open(new RealDisk(), 1 << 16).close();
        assertThat(place.kept("external", 1)).hasContent(FIRST + SECOND);
        assertThat(told).hasSize(1);
    }

    /** The clock of the file system may tick a few times a second only; and a copy may have lost all times. */
    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5})
    void whatACrashLeavesOfTheStoresOwnIsNoEditWhateverItsTimesAre(int commits, @TempDir Path elsewhere)
            throws IOException {
        StoreLayout copy = new StoreLayout(elsewhere.toRealPath().resolve("state.json"));
        AtomicBoolean crashes = new AtomicBoolean();
        Disk disk = new ForwardingDisk() {
            @Override
            public void delete(Path file) throws IOException {
                // The crash comes before the file is deleted that was replaced before, after the answer.
                if (!crashes.get()) {
                    super.delete(file);
                }
            }
        };
        try (Store store = open(disk, 1 << 16)) {
            for (int i = 1; i < commits; i++) {
                store.put("n", i);
            }
            store.flush();
            crashes.set(true);
            store.put("n", commits);
            crash(store, copy);
            assertThat(copy.replaced()).allMatch(Files::exists);
        }
        place = copy;
        try (Store store = open(new RealDisk(), 1 << 16)) {
            store.put("n", "after");
        }
        assertThat(told).noneMatch(message -> message.contains("somebody else"));
        assertThat(place.kept("external", 1)).doesNotExist();
        assertThat(place.replaced()).noneMatch(Files::exists);
    }

    /** Nothing names the texts of a large file: its time tells that nobody has written into it since it was replaced. */
    @Test
    void whatACrashLeavesOfALargeFileIsNoEdit() throws IOException {
        open(new RealDisk(), 0).close();
        Path left = place.replaced().get(0);
        Files.writeString(left, "{\n  \"n\": 1\n}\n");
        Files.setLastModifiedTime(left, FileTime.fromMillis(1_000_000_000_000L));
        open(new RealDisk(), 0).close();
        assertThat(told).isEmpty();
        assertThat(left).doesNotExist();
        assertThat(place.kept("external", 1)).doesNotExist();
    }

    @Test
    void whatIsNoFileUnderTheSecondNameIsNoLateWrite() throws IOException {
        Path left = place.replaced().get(0);
        try (Store store = open(new RealDisk(), 1 << 16)) {
            // An opening refuses it.
            Path ignored = Files.createDirectory(left);
            store.put("n", 1);
        }
        assertThat(told).isEmpty();
        assertThat(left).doesNotExist();
        assertThat(place.kept("external", 1)).doesNotExist();
    }

    @Test
    void whatWasWrittenLateBeforeACrashIsKeptThoughAllTimesAreEqual(@TempDir Path elsewhere) throws IOException {
        StoreLayout copy = new StoreLayout(elsewhere.toRealPath().resolve("state.json"));
        try (Store store = open(new RealDisk(), 1 << 16)) {
            store.put("n", 1);
            try (var editor = Files.newByteChannel(place.file(), StandardOpenOption.WRITE)) {
                store.put("n", 2);
                editor.write(ByteBuffer.wrap((FIRST + SECOND).getBytes(StandardCharsets.UTF_8)));
            }
            crash(store, copy);
        }
        told.clear();
        place = copy;
        open(new RealDisk(), 1 << 16).close();
        assertThat(place.kept("external", 1)).hasContent(FIRST + SECOND);
        assertThat(told)
                .filteredOn(message -> message.contains("somebody else"))
                .hasSize(1);
    }

    @Test
    void whatWasWrittenLateBeforeACrashIsKeptThoughItHasTheLengthOfTheStoresText(@TempDir Path elsewhere)
            throws IOException {
        StoreLayout copy = new StoreLayout(elsewhere.toRealPath().resolve("state.json"));
        String edited;
        try (Store store = open(new RealDisk(), 1 << 16)) {
            store.put("n", 1);
            edited = Files.readString(place.file()).replace('1', '7');
            try (var editor = Files.newByteChannel(place.file(), StandardOpenOption.WRITE)) {
                store.put("n", 2);
                editor.write(ByteBuffer.wrap(edited.getBytes(StandardCharsets.UTF_8)));
            }
            crash(store, copy);
        }
        place = copy;
        open(new RealDisk(), 1 << 16).close();
        assertThat(place.kept("external", 1)).hasContent(edited);
    }

    /** Somebody saves the file before the first commit of the next opening, or before that opening. */
    @ParameterizedTest
    @CsvSource({"65536, true", "65536, false", "0, true"})
    void whatWasWrittenLateBeforeACrashIsKeptThoughTheFileIsSavedAfterIt(
            int journalAbove, boolean open, @TempDir Path elsewhere) throws Exception {
        StoreLayout copy = new StoreLayout(elsewhere.toRealPath().resolve("state.json"));
        try (Store store = open(new RealDisk(), journalAbove)) {
            store.put("n", 1);
            awaitInFile(1);
            try (var editor = Files.newByteChannel(place.file(), StandardOpenOption.WRITE)) {
                store.put("n", 2);
                awaitInFile(2);
                editor.write(ByteBuffer.wrap((FIRST + SECOND).getBytes(StandardCharsets.UTF_8)));
            }
            crash(store, copy);
        }
        told.clear();
        place = copy;
        if (!open) {
            save();
        }
        try (Store store = open(new RealDisk(), journalAbove)) {
            if (open) {
                save();
            }
            store.put("n", 3);
        }
        assertThat(kept()).contains(FIRST + SECOND);
    }

    /** As the copy of the edit is by its times. */
    private void save() throws IOException {
        Files.writeString(place.file(), "{\"n\": \"saved\"}");
        Files.setLastModifiedTime(place.file(), FileTime.fromMillis(2_000_000_000_000L));
    }

    private List<String> kept() throws IOException {
        List<String> kept = new ArrayList<>();
        for (int i = 1; Files.exists(place.kept("external", i)); i++) {
            kept.add(Files.readString(place.kept("external", i)));
        }
        return kept;
    }

    /** The file has this commit: one with a journal is written anew when the store has rested for a second. */
    private void awaitInFile(int n) throws Exception {
        while (!Files.readString(place.file()).contains("\"n\": " + n)) {
            Thread.sleep(10);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void whatSeveralCrashesLeaveOfTheStoresOwnIsNoEdit(int crashes, @TempDir Path elsewhere) throws IOException {
        for (int crash = 1; crash <= crashes; crash++) {
            StoreLayout copy =
                    new StoreLayout(Files.createDirectory(elsewhere.toRealPath().resolve("crash" + crash))
                            .resolve("state.json"));
            try (Store store = open(new RealDisk(), 1 << 16)) {
                for (int n = 1; crash == 1 && n <= 3; n++) {
                    store.put("n", n);
                }
                crash(store, copy);
            }
            place = copy;
        }
        assertThat(place.replaced()).anyMatch(Files::exists);
        try (Store store = open(new RealDisk(), 1 << 16)) {
            store.put("n", "after");
        }
        assertThat(kept()).isEmpty();
        assertThat(told).noneMatch(message -> message.contains("somebody else"));
    }

    /** What a crash at this moment would leave, in another place; all files have the same times there. */
    private void crash(Store store, StoreLayout copy) throws IOException {
        store.flush(); // the writer rests
        Files.createDirectories(copy.directory());
        while (!isCopied(copy)) {
            for (Path each : inside(copy)) {
                Files.delete(each);
            }
        }
    }

    /** False if a checkpoint has come in between: then the files may not belong together. */
    private boolean isCopied(StoreLayout copy) throws IOException {
        FileTime time = FileTime.fromMillis(1_000_000_000_000L);
        List<Path> before = inside(place);
        Files.copy(place.file(), copy.file(), StandardCopyOption.REPLACE_EXISTING);
        Files.setLastModifiedTime(copy.file(), time);
        for (Path each : before) {
            Path target = copy.directory().resolve(each.getFileName());
            try {
                Files.copy(each, target);
            } catch (NoSuchFileException e) {
                return false;
            }
            Files.setLastModifiedTime(target, time);
        }
        return inside(place).equals(before);
    }

    private static List<Path> inside(StoreLayout of) throws IOException {
        try (Stream<Path> all = Files.list(of.directory())) {
            return all.sorted().toList();
        }
    }

    /** A commit whose rename has failed leaves one, and the next commit gives another. */
    @ParameterizedTest
    @ValueSource(strings = {"replaced", "replaced-2", "replaced replaced-2"})
    void theSecondNamesThatACrashLeavesAreNoReasonToRefuse(String names) throws IOException {
        try (Store store = open(new RealDisk(), 1 << 16)) {
            store.put("n", 1);
        }
        for (String name : List.of(names.split(" ", -1))) {
            Files.createLink(place.directory().resolve(name), place.file());
        }
        try (Store store = open(new RealDisk(), 1 << 16)) {
            store.put("n", 2);
        }
        assertThat(place.file()).hasContent("{\n  \"n\": 2\n}");
        assertThat(place.replaced()).noneMatch(Files::exists);
        assertThat(told).isEmpty();
    }

    @Test
    void aFileSystemWithoutSecondNamesIsTaken() throws IOException {
        Disk disk = new ForwardingDisk() {
            @Override
            public boolean link(Path file, Path second) {
                return false;
            }
        };
        try (Store store = open(disk, 1 << 16)) {
            store.put("n", 1);
            Files.writeString(place.file(), FIRST + SECOND);
            store.put("n", 2);
        }
        assertThat(place.kept("external", 1)).hasContent(FIRST + SECOND);
        assertThat(place.file()).hasContent("{\n  \"n\": 2\n}");
    }

    @Test
    void editsAreCountedAndTheOldestGivesWayWithAWord() throws IOException {
        try (Store store = open(new RealDisk(), 1 << 16)) {
            store.put("n", 0);
            for (int i = 1; i <= PreservedCopies.MOST_EXTERNAL + 2; i++) {
                Files.writeString(place.file(), "{\"edit\":" + i + "}");
                store.put("n", i);
            }
        }
        try (Stream<Path> all = Files.list(place.parent())) {
            assertThat(all.filter(path -> path.toString().contains("external"))).hasSize(PreservedCopies.MOST_EXTERNAL);
        }
        assertThat(place.kept("external", 2)).doesNotExist();
        assertThat(place.kept("external", 3)).hasContent("{\"edit\":3}");
        assertThat(told.get(told.size() - 1)).contains("external-2] was deleted");
    }

    private Store open(Disk disk, long journalAbove) throws IOException {
        return Store.over(FileRoot.open(new StoreContext(
                disk,
                place,
                CrashHarness.FORMAT,
                CrashHarness.settings(journalAbove),
                (kind, message, kept, cause) -> told.add(message))));
    }
}
