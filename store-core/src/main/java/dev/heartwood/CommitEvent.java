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
    @Label("Version")
    @Description("The version of the state that was made, or found as it should be")
    long version;

    @Label("Author")
    @Description("Who: the name that Store.as gave")
    @Nullable
    String author;

    @Label("Reason")
    @Description("Why: the label that Transaction.label gave")
    @Nullable
    String label;

    @Label("Path")
    @Description("The first place that was written")
    @Nullable
    String path;

    @Label("Runs")
    @Description("How often the function or body ran")
    int runs;

    @Label("Lost Races")
    int lostRaces;

    /** Ends it, and hands it to the recording if there is one that wants it. */
    void end(Attempt attempt, Snapshot before, Snapshot after, @Nullable ContentionManager contention) {
        end(); // first: the threshold is for the time from begin to end
        if (shouldCommit()) {
            boolean changed = before != after;
            version = after.version();
            author = changed ? after.origin().author() : null;
            label = changed ? after.origin().label() : null;
            path = changed ? attempt.firstPlace() : attempt.place();
            runs = attempt.runs;
            lostRaces = contention == null ? 0 : contention.losses();
            commit();
        }
    }
}
