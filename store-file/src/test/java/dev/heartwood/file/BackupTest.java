package dev.heartwood.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heartwood.Store;
import dev.heartwood.StoreIOException;
import dev.heartwood.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Copies of a store, made by the library and by hand, and the refusal of copies that do not fit together. */
class BackupTest extends JsonFileCase {
    private Path target() {
        return directory.resolve("backup.json");
    }

    @Test
    void aBackupOfAnOpenStoreHasWhatIsInItsJournal() throws IOException {
        for (JsonFileOptions choice : List.of(options, journal)) {
            Files.deleteIfExists(target());
            try (Store store = choice.open(file)) {
                store.put("a", 1);
                store.put("a", 2);
                JsonFile.backup(file, target());
                assertThat(Json.read(target()).get("a").get()).isEqualTo(2L);
                store.put("a", 3);
                store.flush();
            }
        }
    }

    @Test
    void aBackupBesideCommitsAndCheckpointsHasAllThatWasAcknowledgedBeforeIt() throws Exception {
        for (JsonFileOptions choice : List.of(options, journal)) {
            AtomicBoolean over = new AtomicBoolean();
            AtomicLong acknowledged = new AtomicLong();
            try (Store store = choice.open(file)) {
                store.put("n", 0);
                store.put("copy", 0);
                store.put("pad", "x".repeat(20_000));
                CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> {
                    for (long i = 1; !over.get(); i++) {
                        store.put("n", i);
                        store.put("copy", i);
                        acknowledged.set(i);
                        if (i % 100 == 0) {
                            // Long enough for the journal to be checkpointed.
                            store.put("pad", "y".repeat(20_000 + (int) i));
                        }
                    }
                });
                try {
                    for (int round = 0; round < 20; round++) {
                        long before = acknowledged.get();
                        Path copy = directory.resolve("copy-" + choice.hashCode() + "-" + round + ".json");
                        JsonFile.backup(file, copy);
                        Map<String, Object> tree = Json.read(copy).toJavaMap();
                        assertThat((Long) tree.get("n")).isGreaterThanOrEqualTo(before);
                        assertThat((Long) tree.getOrDefault("copy", 0L))
                                .isBetween((Long) tree.get("n") - 1, (Long) tree.get("n"));
                    }
                } finally {
                    over.set(true);
                    writer.join();
                }
            }
        }
    }

    @Test
    void aBackupOverwritesNothingAndLeavesNothingBehind() throws IOException {
        try (Store store = options.open(file)) {
            store.put("a", 1);
            Files.writeString(target(), "mine");
            assertThatThrownBy(() -> JsonFile.backup(file, target()))
                    .isInstanceOf(StoreIOException.class)
                    .hasMessageContainingAll(target().toString(), "exists already", "overwrites nothing");
            assertThat(target()).hasContent("mine");
            Files.delete(target());
            Files.createDirectory(directory.resolve("backup.json.d"));
            assertThatThrownBy(() -> JsonFile.backup(file, target()))
                    .hasMessageContainingAll("backup.json.d", "exists already");
            assertThatThrownBy(() -> JsonFile.backup(file, directory.resolve("none/backup.json")))
                    .isInstanceOf(StoreIOException.class)
                    .hasMessageContaining("cannot back up");
            assertThatThrownBy(() -> JsonFile.backup(directory.resolve("absent.json"), target()))
                    .hasMessageContaining("nothing to back up");
            assertThat(list(directory))
                    .extracting(path -> path.getFileName().toString())
                    .containsExactlyInAnyOrder("backup.json.d", "state.json", "state.json.d");
        }
    }

    @Test
    void aBackupIsAsPrivateAsItsStore() throws IOException {
        try (Store store = options.open(file)) {
            store.put("a", 1);
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
            JsonFile.backup(file, target());
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(target())))
                    .isEqualTo("rw-r-----");
        }
    }

    @Test
    void aBackupInTheHoldersOwnProcessDoesNotReleaseItsLock() throws Exception {
        try (Store store = options.open(file)) {
            store.put("a", 1);
            JsonFile.backup(file, target());
            Child child = Child.start(List.of(), file, 1 << 16, 1, 1);
            child.end();
            assertThat(child.said()).anySatisfy(line -> assertThat(line).contains("open in another process"));
            store.put("a", 2);
        }
    }

    @Test
    void aFileThatIsOlderThanTheDirectoryBesideItIsRefused() throws Exception {
        Path copy = tornCopy("refused");
        Map<String, String> before = all(copy.getParent());
        assertThatThrownBy(() -> options.open(copy))
                .isInstanceOf(StoreIOException.class)
                .hasMessageContainingAll("is older than", "copied one after the other", "generation-N.json", "move");
        assertThatThrownBy(() -> JsonFile.backup(copy, target())).hasMessageContaining("is older than");
        assertThatThrownBy(() -> options.readOnly().open(copy)).hasMessageContaining("is older than");
        assertThat(JsonFile.check(copy)).singleElement().asString().contains("is older than");
        options.readOnly().takeFile().open(copy).close();
        options.readOnly().takeJournal().open(copy).close();
        assertThat(all(copy.getParent())).isEqualTo(before);
    }

    @Test
    void ofFilesThatNoOpeningAcceptsNoBackupIsMade() throws IOException {
        Path crashed = crashedJournal();
        Path log = only(crashed.resolveSibling("state.json.d"), "journal-");
        String lines = Files.readString(log);
        String whole = Files.readString(crashed);

        Files.writeString(crashed, "{\"by\": \"editor\"}");
        assertThatThrownBy(() -> JsonFile.backup(crashed, target()))
                .isInstanceOf(StoreIOException.class)
                .hasMessageContainingAll("no backup", "was edited while it was not open");

        Files.writeString(crashed, whole);
        Files.writeString(log, lines.replaceFirst("\"value\":1([,}])", "\"value\":9$1"));
        assertThatThrownBy(() -> JsonFile.backup(crashed, target()))
                .isInstanceOf(StoreIOException.class)
                .hasMessageContainingAll("no backup", "is damaged");
        assertThat(target()).doesNotExist();

        Files.writeString(log, lines);
        JsonFile.backup(crashed, target());
        assertThat(Json.read(target()).get("count").get()).isEqualTo(2L);
    }

    @Test
    void ofAFileAndANewerDirectoryEitherCanBeTaken() throws Exception {
        Path copy = tornCopy("file");
        try (Store store = options.takeFile().open(copy)) {
            assertThat(store.get("n")).isEqualTo(0L);
        }
        assertThat(Json.read(copy.resolveSibling("state.json.committed-1"))
                        .get("n")
                        .get())
                .isEqualTo(7L);
        Path other = tornCopy("journal");
        try (Store store = options.takeJournal().open(other)) {
            assertThat(store.get("n")).isEqualTo(7L);
        }
        assertThat(Json.read(other.resolveSibling("state.json.external-1"))
                        .get("n")
                        .get())
                .isEqualTo(0L);
        try (Store store = options.open(other)) {
            assertThat(store.get("n")).isEqualTo(7L);
        }
    }

    @Test
    void aDirectoryWithoutAJournalIsTold() throws IOException {
        try (Store store = journal.open(file)) {
            store.put("n", 1);
        }
        Files.delete(only(directory.resolve("state.json.d"), "journal-"));
        try (Store store = options.open(file)) {
            assertThat(store.get("n")).isEqualTo(1L);
        }
        assertThat(notices).anySatisfy(notice -> assertThat(notice.message()).contains("no journal", "may be missing"));
    }

    /** The file is copied, then the store makes a checkpoint, and then the directory is copied; all while it is open. */
    private Path tornCopy(String name) throws Exception {
        Path copy = Files.createDirectory(directory.resolve(name));
        Path origin = Files.createDirectory(directory.resolve(name + "-origin")).resolve("state.json");
        Files.writeString(origin, "{\"n\": 0}");
        Path inside = Files.createDirectory(copy.resolve("state.json.d"));
        try (Store store = options.journalAbove(0).open(origin)) {
            store.put("n", 7);
            Files.copy(origin, copy.resolve("state.json"));
            // It rests for a second, and then the file follows its journal, which is deleted.
            while (Files.notExists(origin.resolveSibling("state.json.d/superseded"))
                    || list(origin.resolveSibling("state.json.d")).stream()
                                    .filter(path ->
                                            path.getFileName().toString().startsWith("journal-"))
                                    .count()
                            > 1) {
                Thread.sleep(20);
            }
            for (Path file : list(origin.resolveSibling("state.json.d"))) {
                if (!file.endsWith("lock")) {
                    Files.copy(file, inside.resolve(file.getFileName()));
                }
            }
        }
        return copy.resolve("state.json");
    }
}
