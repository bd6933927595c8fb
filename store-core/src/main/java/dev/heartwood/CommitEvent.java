package dev.heartwood;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;
import org.jspecify.annotations.Nullable;

/**
 * A commit that took long. While no recording wants it, its methods are empty and the object is optimised away.
 *
 * <p>The fields of an event are read by the Flight Recorder.
 */
@Name("dev.heartwood.Commit")
@Label("Commit")
@Category("Heartwood")
@Description("A single operation or a batch, from the call until its state was as durable as the root promises")
@Threshold("1 ms")
@StackTrace(false)
final class CommitEvent extends Event {
    @Label("Path")
    @Nullable
    String path;

    @Label("Runs")
    @Description("How often the function or body ran")
    int runs;

    @Label("Lost Races")
    int lostRaces;

    /** Ends it, and hands it to the recording if there is one that wants it. */
    void end(Attempt attempt, @Nullable ContentionManager contention) {
        end(); // first: the threshold is for the time from begin to end
        if (shouldCommit()) {
            path = attempt.place();
            runs = attempt.runs;
            lostRaces = contention == null ? 0 : contention.losses();
            commit();
        }
    }
}
