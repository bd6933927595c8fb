package dev.heartwood.storage;

import java.nio.file.Path;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;
import org.jspecify.annotations.Nullable;

/**
 * Commits that were made durable together and took long. While no recording wants it, its methods are empty and the
 * object is optimised away.
 *
 * <p>The fields of an event are read by the Flight Recorder.
 */
@Name("dev.heartwood.Flush")
@Label("Flush")
@Category("Heartwood")
@Description("Writing and syncing commits, all that one sync made durable; without the time they waited for it")
@Threshold("1 ms")
@StackTrace(false)
public final class FlushEvent extends Event {
    @Label("File")
    @Nullable
    String file;

    @Label("Commits")
    @Description("How many commits shared the sync")
    int commits;

    private FlushEvent() {}

    /** Begins as writing begins. */
    public static FlushEvent begun() {
        FlushEvent event = new FlushEvent();
        event.begin();
        return event;
    }

    /** Ends it once these commits are durable, and hands it to the recording if there is one that wants it. */
    public void end(Path where, int howMany) {
        end(); // first: the threshold is for the time from begin to end
        if (shouldCommit()) {
            file = where.toString();
            commits = howMany;
            commit();
        }
    }
}
