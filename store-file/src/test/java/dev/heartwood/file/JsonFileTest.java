package dev.heartwood.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heartwood.KeyPath;
import dev.heartwood.Store;
import dev.heartwood.json.Decimals;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** A program that opens a file gets a tree that is kept in it, in the chosen mode. */
class JsonFileTest extends JsonFileCase {
    @Test
    void aNewStoreIsAnEmptyObject() throws IOException {
        JsonFile.open(file).close();
        assertThat(text()).isEqualTo("{}\n");
    }

    @Test
    void aCommitStandsInTheFileWhenItReturns() throws IOException {
        try (Store store = JsonFile.open(file)) {
            store.put("visits", 1);
            assertThat(text()).isEqualTo("{\n  \"visits\": 1\n}\n");
            store.increment(KeyPath.of("visits"));
            assertThat(text()).isEqualTo("{\n  \"visits\": 2\n}\n");
        }
    }

    @Test
    void whatWasCommittedIsThereAgain() {
        for (JsonFileOptions choice : List.of(options, journal)) {
            try (Store store = choice.open(file)) {
                store.put(KeyPath.of("users", "ann", "tags"), List.of("a", "b"));
                store.append(KeyPath.of("users", "ann", "tags"), "c\ud800\u2028");
                store.put("pi", new BigDecimal("3.14159265358979323846"));
                store.put("gone", 1);
                store.batch(tx -> {
                    tx.remove("gone");
                    tx.append(KeyPath.of("users", "ann", "tags"), null);
                });
            }
            try (Store store = choice.open(file)) {
                assertThat(store.toMap().toString())
                        .isEqualTo("{pi=3.14159265358979323846, users={ann={tags=[a, b, c\ud800\u2028, null]}}}");
            }
        }
    }

    @Test
    void aSymbolicLinkIsFollowedAndStays() throws IOException {
        Path link = directory.resolve("link.json");
        Files.createSymbolicLink(link, Path.of("state.json"));
        try (Store store = JsonFile.open(link)) {
            store.put("a", 1);
        }
        assertThat(Files.isSymbolicLink(link)).isTrue();
        assertThat(text()).contains("\"a\": 1");
    }

    @Test
    void modeAndOwnerAreKept() throws IOException {
        Files.writeString(file, "{}");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        boolean root = Files.getAttribute(directory, "unix:uid").equals(0);
        if (root) {
            Files.setAttribute(file, "unix:uid", 1234);
            Files.setAttribute(file, "unix:gid", 2345);
        }
        try (Store store = JsonFile.open(file)) {
            store.put("a", 1);
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-r-----");
        if (root) {
            assertThat(Files.getAttribute(file, "unix:uid", LinkOption.NOFOLLOW_LINKS))
                    .isEqualTo(1234);
            assertThat(Files.getAttribute(file, "unix:gid", LinkOption.NOFOLLOW_LINKS))
                    .isEqualTo(2345);
        }
    }

    @Test
    void valuesAreHeldAsTheyWillBeReadAgain() {
        try (Store store = JsonFile.open(file)) {
            store.put("half", new BigDecimal("0.50"));
            assertThat(store.get("half")).isEqualTo(0.5);
        }
        try (Store store = JsonFile.options().decimals(Decimals.EXACT).open(file)) {
            store.put("exact", new BigDecimal("0.50"));
            assertThat(store.get("exact")).isEqualTo(new BigDecimal("0.50"));
        }
        try (Store store = JsonFile.options().decimals(Decimals.EXACT).open(file)) {
            assertThat(store.get("exact")).isEqualTo(new BigDecimal("0.50"));
        }
    }

    @Test
    void manualCommitsAreInTheFileAfterAFlush() throws IOException {
        try (Store store = options.manual().open(file)) {
            store.put("a", 1);
            assertThat(store.get("a")).isEqualTo(1L);
            assertThat(text()).isEqualTo("{}\n");
            store.flush();
            assertThat(text()).contains("\"a\": 1");
            store.put("a", 2);
        }
        assertThat(text()).contains("\"a\": 2");
    }

    @Test
    void anIntervalWritesByItself() throws Exception {
        try (Store store = options.interval(Duration.ofMillis(40)).open(file)) {
            store.put("a", 1);
            assertThat(store.get("a")).isEqualTo(1L);
            for (int i = 0; i < 500 && !text().contains("\"a\": 1"); i++) {
                Thread.sleep(10);
            }
            assertThat(text()).contains("\"a\": 1");
        }
    }

    @Test
    void anIntervalOfAgesWritesAtClosing() throws IOException {
        for (Duration ages : List.of(Duration.ofSeconds(Long.MAX_VALUE), Duration.ofDays(365_000))) {
            try (Store store = options.interval(ages).open(file)) {
                store.put("a", 1);
                store.flush();
                store.put("a", 2);
                store.increment(KeyPath.of("a"));
            }
            assertThat(text()).contains("\"a\": 3");
        }
        assertThat(notices).isEmpty();
    }

    @Test
    void aJournalThatIsNeverWantedIsNeverBegun() throws IOException {
        try (Store store = options.journalAbove(Long.MAX_VALUE).open(file)) {
            store.put("a", "x".repeat(100_000));
            assertThat(text()).hasSizeGreaterThan(100_000);
        }
    }

    @Test
    void callersWaitWhereTooMuchIsUndurable() throws IOException {
        for (JsonFileOptions choice : List.of(options, journal)) {
            try (Store store = choice.manual().backlog(100_000).open(file)) {
                for (int i = 0; i < 2_000; i++) {
                    store.put("k" + i % 10, "x".repeat(500) + i);
                }
                // Nobody flushed: the commits that did not fit were written all the same.
                assertThat(Files.size(file) + Files.size(only(directory.resolve("state.json.d"), "journal-")))
                        .isGreaterThan(2_000);
            }
        }
    }

    @Test
    void commitsOfThreadsThatHaveWaitedForRoomAreAllThere() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(8);
        try (Store store = options.manual().backlog(1).open(file)) {
            store.put("n", 0);
            List<Future<?>> writers = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                writers.add(pool.submit(() -> {
                    for (int j = 0; j < 100; j++) {
                        store.increment("n");
                    }
                }));
            }
            for (Future<?> writer : writers) {
                writer.get();
            }
            assertThat(store.get("n")).isEqualTo(800L);
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void aFileOfExactlyTheSizeThatIsChosenIsWrittenAtEachCommitAndALargerOneIsNot() throws IOException {
        String small = "{\n  \"a\": \"1234\"\n}\n";
        try (Store store = options.journalAbove(small.length()).open(file)) {
            store.put("a", "0000");
            store.put("a", "1234");
            assertThat(text()).isEqualTo(small);
            store.put("a", "56789");
            store.put("a", "67890");
            assertThat(text()).contains("56789");
        }
    }

    @Test
    void theJournalIsLeftWhenTheTreeIsSmallAgain() throws IOException {
        JsonFileOptions choice = options.journalAbove(2_000);
        try (Store store = choice.open(file)) {
            store.put("big", "x".repeat(5_000));
            store.put("a", 1);
            assertThat(text()).doesNotContain("\"a\"");
            store.remove("big");
        }
        try (Store store = choice.open(file)) {
            store.put("b", 2);
            assertThat(text()).isEqualTo("{\n  \"a\": 1,\n  \"b\": 2\n}\n");
        }
    }

    @Test
    void theFileFollowsTheJournalWhenTheStoreRests() throws Exception {
        try (Store store = options.journalAbove(0).open(file)) {
            store.put("a", 1);
            for (int i = 0; i < 500 && !text().contains("\"a\": 1"); i++) {
                Thread.sleep(10);
            }
            assertThat(text()).contains("\"a\": 1");
        }
    }

    @Test
    void theFileFollowsAStoreThatNeverRests() throws Exception {
        try (Store store = journal.readableWithin(Duration.ofMillis(50)).open(file)) {
            boolean followed = false;
            for (long i = 1; i < 100_000 && !followed; i++) {
                store.put("a", i);
                followed = i > 1 && !text().equals("{}\n");
            }
            assertThat(followed).isTrue();
            store.put("last", true);
        }
        assertThat(text()).contains("\"last\": true");
        assertThat(notices).isEmpty();
    }

    @Test
    void commitsBesideCheckpointsAreAllThereAfterwards() {
        try (Store store = journal.readableWithin(Duration.ofMillis(1)).open(file)) {
            store.put("log", List.of());
            for (long i = 0; i < 1_000; i++) {
                store.put("k" + i % 50, i);
                store.append(KeyPath.of("log"), i);
                if (i == 0) {
                    store.put("big", "x".repeat(300_000));
                }
            }
        }
        try (Store store = journal.open(file)) {
            assertThat(store.size(KeyPath.of("log"))).isEqualTo(1_000);
            assertThat(store.get("k49")).isEqualTo(999L);
        }
        assertThat(notices).isEmpty();
    }

    @Test
    void manyKeysOfOneHashCanBeReadAgain() {
        try (Store store = options.open(file)) {
            store.batch(tx -> {
                for (int i = 0; i < 128; i++) {
                    StringBuilder key = new StringBuilder();
                    for (int bit = 0; bit < 7; bit++) {
                        key.append((i >> bit & 1) == 0 ? "Aa" : "BB");
                    }
                    tx.put(key.toString(), i);
                }
            });
        }
        try (Store store = options.open(file)) {
            assertThat(store.size()).isEqualTo(128);
        }
    }

    @Test
    void aFileThatNeedNeverFollowItsJournalFollowsItAtTheEnd() throws IOException {
        try (Store store =
                journal.readableWithin(Duration.ofSeconds(Long.MAX_VALUE)).open(file)) {
            store.put("a", 1);
        }
        assertThat(file).hasContent("{\n  \"a\": 1\n}");
    }
}
