package dev.heartwood.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heartwood.Store;
import dev.heartwood.file.journal.LongJournal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A journal is recovered in less memory than it has bytes. */
class LongJournalTest {
    private static final boolean LONG = Boolean.getBoolean("heartwood.long");
    private static final long JOURNAL_MB = LONG ? 100 : 24;
    private static final long HEAP_MB = LONG ? 64 : 20;

    @Test
    void aJournalLargerThanTheHeapIsRecovered(@TempDir Path directory) throws IOException, InterruptedException {
        Path file = directory.toRealPath().resolve("state.json");
        long commits = LongJournal.write(file, JOURNAL_MB << 20);
        long started = System.nanoTime();
        Child child = Child.java(List.of("-Xmx" + HEAP_MB + "m"), Recoverer.class, file.toString());
        child.end();
        assertThat(child.lines("open " + LongJournal.KEYS + " in"))
                .as("what the child said: %s", child.said())
                .hasSize(1);
        System.out.println("a journal of " + JOURNAL_MB + " MB, " + commits + " commits, recovered in a heap of "
                + HEAP_MB + " MB, " + (System.nanoTime() - started) / 1_000_000 + " ms with the start of the JVM");
        assertThat(Files.size(file)).isGreaterThan(100L * LongJournal.KEYS);
        try (Store store = JsonFile.open(file)) {
            assertThat(store.get("k" + commits % LongJournal.KEYS)).isEqualTo("x".repeat(100) + commits);
        }
    }
}
