package dev.heartwood;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Contention can be seen in a flight recording. */
class FlightRecorderTest {
    @TempDir
    Path directory;

    @Test
    void aCommitIsRecordedWithItsPathAndItsRuns() throws Exception {
        Store store = Store.of(Map.of("a", Map.of("b", 1)));

        List<RecordedEvent> events =
                record("dev.heartwood.Commit", () -> store.update(KeyPath.of("a", "b"), Long.class, n -> n + 1));

        assertThat(events).singleElement().satisfies(event -> {
            assertThat(event.getString("path")).isEqualTo("/a/b");
            assertThat(event.getInt("runs")).isEqualTo(1);
            assertThat(event.getInt("lostRaces")).isZero();
        });
    }

    @Test
    void aCommitIsRecordedWithItsVersionWhoMadeItAndWhy() throws Exception {
        Store store = Store.of(Map.of("a", Map.of("b", 1)));

        List<RecordedEvent> events = record(
                "dev.heartwood.Commit",
                () -> store.as("planner").batch(tx -> {
                    tx.label("count");
                    tx.increment(KeyPath.of("a", "b"));
                }));

        assertThat(events).singleElement().satisfies(event -> {
            assertThat(event.getLong("version")).isEqualTo(store.version());
            assertThat(event.getString("author")).isEqualTo("planner");
            assertThat(event.getString("label")).isEqualTo("count");
            assertThat(event.getString("path")).isEqualTo("/a/b");
        });
    }

    @Test
    void aCommitThatChangesNothingIsRecordedWithoutTheAuthorOfTheStateThatStands() throws Exception {
        Store store = Store.of(Map.of("a", 1));
        store.as("planner").put("a", 2);

        List<RecordedEvent> events = record("dev.heartwood.Commit", () -> store.batch(tx -> tx.get("a")));

        assertThat(events)
                .singleElement()
                .satisfies(event -> assertThat(event.getString("author")).isNull());
    }

    @Test
    void aLostRaceIsRecordedWithWhoLostIt() throws Exception {
        Store store = Store.of(Map.of("a", 1, "b", 1));

        List<RecordedEvent> events = record(
                "dev.heartwood.LostRace",
                () -> store.update("a", Long.class, n -> {
                    elsewhere(() -> store.increment("b"));
                    return n + 1;
                }));

        assertThat(events).singleElement().satisfies(event -> {
            assertThat(event.getString("path")).isEqualTo("/a");
            assertThat(event.getInt("lostRaces")).isEqualTo(1);
        });
    }

    @Test
    void aClaimOfTheRightOfWayIsRecorded() throws Exception {
        Store store = Store.of(Map.of("hot", 0));

        List<RecordedEvent> events = record("dev.heartwood.RightOfWay", () -> {
            int[] runs = new int[1];
            store.batch(tx -> {
                long hot = tx.get("hot", Long.class);
                if (runs[0]++ < 4) {
                    sleep(2); // a claim needs a millisecond spent
                    if (runs[0] < 4) {
                        elsewhere(() -> store.increment("hot"));
                    }
                }
                tx.put("sum", hot);
            });
        });

        assertThat(events)
                .singleElement()
                .satisfies(event -> assertThat(event.getInt("runs")).isGreaterThanOrEqualTo(3));
    }

    @Test
    void aSlowListenerIsRecordedWithItsPath() throws Exception {
        Store store = Store.create();
        CountDownLatch told = new CountDownLatch(1);

        List<RecordedEvent> events = record("dev.heartwood.SlowListener", () -> {
            store.watch("a", Delivery.latest(Runnable::run), update -> told.countDown());
            store.put("a", 1);
        });

        assertThat(told.getCount()).isZero();
        assertThat(events)
                .singleElement()
                .satisfies(event -> assertThat(event.getString("path")).isEqualTo("/a"));
    }

    @Test
    void whatTakesLongIsRecordedAtTheThresholdsThatItHas() throws Exception {
        Store store = Store.of(Map.of("a", 1));

        List<RecordedEvent> events = record(recording -> {}, () -> {
            store.update("a", Long.class, n -> {
                sleep(5);
                return n + 1;
            });
            store.watch("b", Delivery.latest(Runnable::run), update -> sleep(25));
            store.put("b", 1);
        });

        assertThat(events)
                .extracting(event -> event.getEventType().getName())
                .contains("dev.heartwood.Commit", "dev.heartwood.SlowListener");
    }

    private List<RecordedEvent> record(String name, Runnable action) throws Exception {
        return record(recording -> recording.enable(name).withoutThreshold(), action).stream()
                .filter(event -> event.getEventType().getName().equals(name))
                .toList();
    }

    private List<RecordedEvent> record(Consumer<Recording> settings, Runnable action) throws Exception {
        Path file = directory.resolve("events.jfr");
        try (Recording recording = new Recording()) {
            settings.accept(recording);
            recording.start();
            action.run();
            recording.stop();
            recording.dump(file);
        }
        List<RecordedEvent> events = RecordingFile.readAllEvents(file);
        Files.delete(file);
        return events;
    }

    private static void elsewhere(Runnable action) {
        Thread thread = new Thread(action);
        thread.start();
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void sleep(int millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
