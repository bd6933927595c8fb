package dev.heartwood.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heartwood.Store;
import dev.heartwood.StoreIOException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A program drops its store without closing it, or a listener fails. */
class DroppedStoreTest {
    @TempDir
    Path directory;

    @Test
    void aStoreThatIsDroppedIsClosedWithAWordAndLosesNothing() throws Exception {
        Path file = directory.resolve("state.json");
        List<String> told = new CopyOnWriteArrayList<>();
        commitAndDrop(file, told);
        try (Store store = openWhenItCanBe(file)) {
            assertThat(store.get("a")).isEqualTo(1L);
        }
        assertThat(told).hasSize(1).first().asString().contains("state.json was not closed");
    }

    private static void commitAndDrop(Path file, List<String> told) {
        // Nothing is durable for an hour: closing has to write it.
        Store dropped = JsonFile.options()
                .interval(Duration.ofHours(1))
                .onNotice(notice -> told.add(notice.message()))
                .open(file);
        dropped.put("a", 1);
    }

    private static Store openWhenItCanBe(Path file) throws InterruptedException {
        for (int tries = 1; ; tries++) {
            try {
                return JsonFile.open(file);
            } catch (StoreIOException e) {
                if (tries == 2_000) {
                    throw e;
                }
                System.gc();
                Thread.sleep(10);
            }
        }
    }

    @Test
    void aStoreThatIsClosedIsToldOfNoMore() throws Exception {
        Path file = directory.resolve("state.json");
        List<String> told = new CopyOnWriteArrayList<>();
        openAndClose(file, told);
        System.gc();
        Thread.sleep(50);
        assertThat(told).isEmpty();
    }

    private static void openAndClose(Path file, List<String> told) {
        JsonFile.options()
                .onNotice(notice -> told.add(notice.message()))
                .open(file)
                .close();
    }

    @Test
    void theThreadsOfAStoreAndOfAFollowerThatAreDroppedEnd() throws Exception {
        openAndDrop(directory.resolve("dropped.json"));
        for (int tries = 1; threads() > 0; tries++) {
            assertThat(tries).as("tries").isLessThan(400);
            System.gc();
            Thread.sleep(10);
        }
    }

    private static void openAndDrop(Path file) {
        Store dropped = JsonFile.options().mergeEdits().onNotice(notice -> {}).open(file);
        Store follower = JsonFile.options().follow().open(file);
        dropped.put("a", 1);
        assertThat(follower.size()).isLessThan(2);
        assertThat(threads()).isEqualTo(3);
    }

    private static long threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().endsWith("dropped.json"))
                .count();
    }

    @Test
    void anErrorOfAListenerEndsNothing() throws IOException {
        endsNothing(new StackOverflowError("a listener's own"));
    }

    /** Where a handler of the log needs a file, and no descriptor is left. */
    @Test
    void anErrorOfTheLogEndsNothing() throws IOException {
        endsNothing(new StackOverflowError("a listener's own") {
            @Override
            public void printStackTrace(PrintWriter to) {
                throw new NoClassDefFoundError("in a handler of the log");
            }
        });
    }

    private void endsNothing(Error error) throws IOException {
        Path file = directory.resolve("state.json");
        try (Store store = JsonFile.options()
                .onNotice(notice -> {
                    throw error;
                })
                .open(file)) {
            for (int i = 1; i <= 3; i++) {
                Files.writeString(file, "{\"by\":\"editor " + i + "\"}");
                store.put("a", i);
                assertThat(store.get("a")).isEqualTo((long) i);
            }
        }
        assertThat(directory.resolve("state.json.external-3")).exists();
    }
}
