package dev.heartwood.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heartwood.Store;
import dev.heartwood.file.disk.StoreLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A version names one state of a file for ever, also over restarts and crashes. */
class JsonFileVersionsTest extends JsonFileCase {
    private static final long SMALL = 1 << 16;

    @Test
    void versionsGoOnAfterTheTreeCameBackToWhatItWas() throws IOException {
        for (long journalAbove : new long[] {SMALL, 0}) {
            long last = cameBack(options.journalAbove(journalAbove).open(file));
            try (Store store = options.journalAbove(journalAbove).open(file)) {
                assertThat(store.version()).isGreaterThan(last);
            }
        }
    }

    @Test
    void versionsGoOnAfterACrashInATreeThatCameBackToWhatItWas() throws IOException {
        for (JsonFileOptions choice : List.of(options, journal)) {
            Path crashed = Files.createTempDirectory(directory, "crashed");
            long last;
            try (Store store = choice.open(file)) {
                store.put("a", 1);
                store.remove("a");
                last = store.version();
                copyAll(crashed);
            }
            try (Store store = choice.open(crashed.resolve("state.json"))) {
                assertThat(store.version()).isGreaterThan(last);
            }
        }
    }

    @Test
    void versionsThatWereSeenAndLostInACrashAreNotUsedAgain() throws IOException {
        long a = 0;
        for (JsonFileOptions choice : List.of(options, journal)) {
            Path crashed = Files.createTempDirectory(directory, "crashed");
            long seen;
            try (Store store = choice.manual().open(file)) {
                store.put("a", ++a);
                seen = store.version();
                copyAll(crashed);
            }
            try (Store store = choice.manual().open(crashed.resolve("state.json"))) {
                assertThat(store.getOrDefault("a", Long.class, 0L)).isLessThan(a);
                assertThat(store.version()).isGreaterThan(seen);
                store.put("b", 1);
            }
        }
    }

    /** As in a copy that was made without the journals: then the generations alone tell which numbers were used. */
    @Test
    void versionsAndGenerationsGoOnWhereTheJournalsAreGone() throws IOException {
        Path inside = directory.resolve("state.json.d");
        for (long journalAbove : new long[] {SMALL, 0}) {
            JsonFileOptions choice = options.journalAbove(journalAbove);
            long last = 0;
            for (int i = 0; i < 8; i++) {
                try (Store store = choice.open(file)) {
                    store.put("i", i);
                    last = store.version();
                }
            }
            for (Path path : list(inside)) {
                if (path.getFileName().toString().startsWith("journal-")) {
                    Files.delete(path);
                }
            }
            Map<String, String> before = all(inside);
            long newest = newestGeneration(before);
            try (Store store = choice.open(file)) {
                assertThat(store.version()).isGreaterThan(last);
                Map<String, String> after = all(inside);
                assertThat(newestGeneration(after)).isGreaterThan(newest);
                assertThat(before)
                        .allSatisfy((name, text) -> assertThat(after.getOrDefault(name, text))
                                .as(name)
                                .isEqualTo(text));
            }
        }
    }

    /** Somebody made room: then the journal tells which numbers were used. */
    @Test
    void versionsGoOnWhereTheNewestGenerationsAreGone() throws IOException {
        Path inside = directory.resolve("state.json.d");
        long last = 0;
        for (int i = 0; i < 8; i++) {
            try (Store store = options.open(file)) {
                store.put("i", i);
                last = store.version();
            }
        }
        long oldest = all(inside).keySet().stream()
                .mapToLong(StoreLayout::generationNumber)
                .filter(number -> number >= 0)
                .min()
                .orElseThrow();
        for (Path path : list(inside)) {
            if (StoreLayout.generationNumber(path.getFileName().toString()) > oldest) {
                Files.delete(path);
            }
        }
        try (Store store = options.open(file)) {
            assertThat(store.version()).isGreaterThan(last);
        }
    }

    private static long newestGeneration(Map<String, String> inside) {
        return inside.keySet().stream()
                .mapToLong(StoreLayout::generationNumber)
                .max()
                .orElseThrow();
    }

    @Test
    void openingAndClosingKeepsTheGenerationsThatThereAre() throws IOException {
        for (int i = 0; i < 3; i++) {
            try (Store store = options.open(file)) {
                store.put("i", i);
            }
        }
        List<String> before = generations();
        for (int i = 0; i < 5; i++) {
            options.open(file).close();
        }
        assertThat(generations()).containsExactlyInAnyOrderElementsOf(before);
        try (Store store = options.repair().open(file)) {
            assertThat(store.get("i")).isEqualTo(2L);
        }
    }

    private static long cameBack(Store opened) {
        try (Store store = opened) {
            store.put("a", 1);
            store.remove("a");
            return store.version();
        }
    }
}
