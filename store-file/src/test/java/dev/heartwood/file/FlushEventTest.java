package dev.heartwood.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heartwood.Store;
import java.nio.file.Path;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A flight recording shows the cost of a JSON file. */
class FlushEventTest {
    @Test
    void aFlushIsRecordedWithItsFileAndItsCommits(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("flushed.json");
        Path events = directory.resolve("events.jfr");
        try (Recording recording = new Recording()) {
            recording.enable("dev.heartwood.Flush").withoutThreshold();
            recording.start();
            try (Store store = JsonFile.open(file)) {
                store.put("a", 1);
                store.put("b", 2);
            }
            recording.stop();
            recording.dump(events);
        }

        List<RecordedEvent> flushes = RecordingFile.readAllEvents(events).stream()
                .filter(event -> event.getEventType().getName().equals("dev.heartwood.Flush"))
                .filter(event -> event.getString("file").endsWith("flushed.json"))
                .toList();
        assertThat(flushes)
                .hasSize(2)
                .allSatisfy(event -> assertThat(event.getInt("commits")).isEqualTo(1));
    }
}
