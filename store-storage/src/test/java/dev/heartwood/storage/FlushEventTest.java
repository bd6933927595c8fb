package dev.heartwood.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A slow flush shows in a flight recording with default settings. */
class FlushEventTest {
    @Test
    void aFlushThatTakesLongIsRecordedAtTheThresholdThatItHas(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("events.jfr");
        try (Recording recording = new Recording()) {
            recording.start();
            FlushEvent flush = FlushEvent.begun();
            Thread.sleep(5);
            flush.end(directory, 3);
            recording.stop();
            recording.dump(file);
        }

        List<RecordedEvent> flushes = RecordingFile.readAllEvents(file).stream()
                .filter(event -> event.getEventType().getName().equals("dev.heartwood.Flush"))
                .toList();
        assertThat(flushes)
                .singleElement()
                .satisfies(event -> assertThat(event.getInt("commits")).isEqualTo(3));
    }
}
