package dev.heartwood.storage;

import java.nio.file.Path;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;
import org.jspecify.annotations.Nullable;

/**
 * The Flight Recorder event for a slow write that made commits durable together. Until a recording is started in this
 * JVM, no class of the Flight Recorder is loaded: the first event would load them.
 */
public final class FlushEvent {
    private static final FlushEvent NOT_RECORDED = new FlushEvent(null);

    private final @Nullable Recorded event;

    private FlushEvent(@Nullable Recorded event) {
        this.event = event;
    }

    /** Begins as writing begins. */
    public static FlushEvent begun() {
        return FlightRecorder.isInitialized() ? new FlushEvent(Recorded.begun()) : NOT_RECORDED;
    }

    /** Ends the event once these commits are durable, and records it if a recording is interested. */
    public void end(Path where, int howMany) {
        if (event != null) {
            event.end(where, howMany);
        }
    }

    /** The event, whose fields the Flight Recorder reads. */
    @Name("dev.heartwood.Flush")
    @Label("Flush")
    @Category("Heartwood")
    @Description("Writing and syncing commits, all that one sync made durable; without the time they waited for it")
    @Threshold("1 ms")
    @StackTrace(false)
    @SuppressWarnings("UnusedVariable") // the Flight Recorder reads the fields
    private static final class Recorded extends Event {
        @Label("File")
        @Nullable
        String file;

        @Label("Commits")
        @Description("How many commits shared the sync")
        int commits;

        static Recorded begun() {
            Recorded event = new Recorded();
            event.begin();
            return event;
        }

        void end(Path where, int howMany) {
            end(); // first: the threshold is for the time from begin to end
            if (shouldCommit()) {
                file = where.toString();
                commits = howMany;
                commit();
            }
        }
    }
}
