package dev.heartwood.inspector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.heartwood.KeyPath;
import dev.heartwood.Store;
import dev.heartwood.history.History;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A report of 10,000 commits on 100,000 leaves in a real browser: it opens, and each version is reached. Prints how large it is
 * and how long that takes, in the browser's own time. Runs with {@code -Dheartwood.long=true}.
 */
class LargeReportTest {
    private static final int LEAVES = 100_000;
    private static final int COMMITS = 10_000;

    private static final String JUMP = """
            return new Promise(done => {
              const start = performance.now();
              dispatchEvent(new KeyboardEvent('keydown', { key: arguments[0] }));
              const look = () => document.documentElement.dataset.drawn === arguments[1]
                ? done(performance.now() - start) : requestAnimationFrame(look);
              look();
            })""";

    @TempDir
    Path folder;

    @Test
    void itOpensAndEachVersionIsReached() throws IOException {
        assumeThat(Boolean.getBoolean("heartwood.long"))
                .as("long runs only: -Dheartwood.long=true")
                .isTrue();
        Path report = folder.resolve("large.html");
        long written = write(report);
        try (Browser browser = Browser.start()) {
            browser.open(report, "");
            assertThat(browser.text("#commit-count")).isEqualTo("10,000 commits");
            double first = milliseconds(
                    browser.run("return performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd"));
            double toOldest = milliseconds(browser.run(JUMP, "Home", "1"));
            double next = milliseconds(browser.run(JUMP, "ArrowRight", "2"));
            double toNewest = milliseconds(browser.run(JUMP, "End", Integer.toString(COMMITS + 1)));
            System.out.printf(
                    Locale.ROOT,
                    "report of %,d commits on %,d leaves: %.1f MB, written in %,d ms; first view after %.0f ms, to the oldest"
                            + " version %.0f ms, to the next %.0f ms, to the newest %.0f ms%n",
                    COMMITS,
                    LEAVES,
                    Files.size(report) / 1e6,
                    written,
                    first,
                    toOldest,
                    next,
                    toNewest);
            browser.assertQuiet();
        }
    }

    private static long write(Path report) {
        Random random = new Random(1);
        Store store = Store.create();
        store.batch(tx -> {
            for (int i = 0; i < LEAVES; i++) {
                tx.put(leaf(i), "value " + i);
            }
        });
        try (History history = History.options().keep(COMMITS).of(store)) {
            for (int i = 0; i < COMMITS; i++) {
                int n = i;
                store.as("author " + i % 7).batch(tx -> {
                    tx.label("commit " + n);
                    tx.put(leaf(random.nextInt(LEAVES)), "changed " + n);
                });
            }
            long start = System.nanoTime();
            Report.write(history, report);
            return (System.nanoTime() - start) / 1_000_000;
        }
    }

    private static KeyPath leaf(int i) {
        return KeyPath.of("m" + i / 1_000, "n" + i / 100 % 10, "k" + i % 100);
    }

    private static double milliseconds(Object found) {
        return ((Number) found).doubleValue();
    }
}
