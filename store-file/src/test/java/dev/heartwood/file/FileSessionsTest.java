package dev.heartwood.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heartwood.KeyPath;
import dev.heartwood.Session;
import dev.heartwood.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sessions of a JSON file: they end with their process. */
class FileSessionsTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final KeyPath TAKEN = KeyPath.of("taken");

    @TempDir
    private Path directory;

    @Test
    void thePlacesOfAKilledProcessComeBackAtTheFirstCallOfTheNextOne() throws Exception {
        Path left = Files.createDirectory(directory.resolve("left"));
        Path file = Files.createDirectory(directory.resolve("killed")).resolve("state.json");
        try (Store store = JsonFile.open(file)) {
            giveBackAtTheEnd(store);
            store.put("queue", List.of("job"));
            Session session = store.session("ann", HOUR);
            session.own(TAKEN, "give back");
            store.batch(tx -> tx.move(KeyPath.of("queue", 0), TAKEN));
            store.flush();
            copy(file.getParent(), left); // as a kill leaves them
        }

        try (Store next = JsonFile.open(left.resolve("state.json"))) {
            assertThat(next.get(TAKEN)).isEqualTo("job");
            long fence = next.session("bob", HOUR).fence();
            assertThat(next.get(TAKEN)).as("until its function is known").isEqualTo("job");
            giveBackAtTheEnd(next);

            assertThat(next.getList("queue")).containsExactly("job");
            assertThat(next.contains(TAKEN)).isFalse();
            assertThat(next.keys(Session.RECORDS.child("open"))).containsExactly(Long.toString(fence));
        }
    }

    @Test
    void aFileThatWasClosedHasNoOpenSession() {
        Path file = directory.resolve("state.json");
        try (Store store = JsonFile.open(file)) {
            store.session("ann", HOUR).own(TAKEN);
            store.put(TAKEN, "job");
        }
        try (Store store = JsonFile.open(file)) {
            assertThat(store.contains(TAKEN)).isFalse();
            assertThat(store.size(Session.RECORDS.child("open"))).isZero();
        }
    }

    @Test
    void aBackupThatIsOpenedGivesBackWhatTheSessionsOfItsTimeOwned() {
        Path file = directory.resolve("state.json");
        Path backup = directory.resolve("backup.json");
        long fence;
        try (Store store = JsonFile.open(file)) {
            giveBackAtTheEnd(store);
            store.put("queue", List.of("job"));
            Session session = store.session("ann", HOUR);
            fence = session.fence();
            session.own(TAKEN, "give back");
            store.batch(tx -> tx.move(KeyPath.of("queue", 0), TAKEN));
            JsonFile.backup(file, backup);
            store.batch(tx -> {
                tx.require(session);
                tx.put("done", tx.remove(TAKEN));
            });
        }

        try (Store restored = JsonFile.open(backup)) {
            assertThat(restored.get(TAKEN)).isEqualTo("job");
            giveBackAtTheEnd(restored);
            assertThat(restored.getList("queue")).containsExactly("job");
            assertThat(restored.contains(TAKEN)).isFalse();
            assertThat(restored.size(Session.RECORDS.child("owners"))).isZero();
            assertThat(restored.session("bob", HOUR).fence()).isGreaterThan(fence);
        }
    }

    private static void giveBackAtTheEnd(Store store) {
        store.onSessionEnd("give back", (tx, place) -> tx.move(place, KeyPath.of("queue", "-")));
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> paths = Files.walk(from)) {
            for (Path path : paths.sorted().toList()) {
                Path copy = to.resolve(from.relativize(path).toString());
                if (Files.isDirectory(path)) {
                    Files.createDirectories(copy);
                } else {
                    Files.copy(path, copy);
                }
            }
        }
    }
}
