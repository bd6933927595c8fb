package dev.heartwood;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/** A claim of the right of way, from its turn to its release. */
@Name("dev.heartwood.RightOfWay")
@Label("Right of Way")
@Category("Heartwood")
@Description("Writers whose commit would change what the claimant read waited, at most so long")
@StackTrace(false)
final class RightOfWayEvent extends Event {
    @Label("Path")
    @Nullable
    String path;

    @Label("Runs")
    @Description("How often the function or body had run before the claim")
    int runs;

    /** A claim that stands from now on. */
    static RightOfWayEvent begin(Attempt attempt) {
        RightOfWayEvent event = new RightOfWayEvent();
        event.path = attempt.place();
        event.runs = attempt.runs;
        event.begin();
        return event;
    }
}
