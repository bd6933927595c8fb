package dev.heartwood;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;
import org.jspecify.annotations.Nullable;

/**
 * The events that a store hands to the Flight Recorder, which reads their fields.
 *
 * <p>The first event of a JVM loads the Flight Recorder, which takes longer than all that a short program does with its store.
 * So none is made until somebody has started a recording, and a caller holds null instead.
 */
final class FlightEvents {
    private FlightEvents() {}

    /** A commit that begins now, or null while nothing has ever been recorded. */
    static @Nullable CommitEvent beginCommit() {
        if (!FlightRecorder.isInitialized()) {
            return null;
        }
        CommitEvent event = new CommitEvent();
        event.begin();
        return event;
    }

    /** Tells of a lost race. */
    static void lostRace(Attempt attempt, int losses) {
        if (FlightRecorder.isInitialized()) {
            LostRaceEvent.tell(attempt, losses);
        }
    }

    /** A claim that stands from now on, or null while nothing has ever been recorded. */
    static @Nullable RightOfWayEvent beginClaim(Attempt attempt) {
        return FlightRecorder.isInitialized() ? RightOfWayEvent.begin(attempt) : null;
    }

    /** A call of a listener that begins now, or null while nothing has ever been recorded. */
    static @Nullable SlowListenerEvent beginListener() {
        if (!FlightRecorder.isInitialized()) {
            return null;
        }
        SlowListenerEvent event = new SlowListenerEvent();
        event.begin();
        return event;
    }

    /** A commit that took long. While no recording wants it, its methods are empty and the object is optimised away. */
    @Name("dev.heartwood.Commit")
    @Label("Commit")
    @Category("Heartwood")
    @Description("A single operation or a batch, from the call until its state was as durable as the root promises")
    @Threshold("1 ms")
    @StackTrace(false)
    static final class CommitEvent extends Event {
        @Label("Version")
        @Description("The version of the new state, or of the present state if nothing changed")
        long version;

        @Label("Author")
        @Description("The name from Store.as")
        @Nullable
        String author;

        @Label("Reason")
        @Description("The label from Transaction.label")
        @Nullable
        String label;

        @Label("Path")
        @Description("The first place that was written")
        @Nullable
        String path;

        @Label("Runs")
        @Description("The number of runs of the function or body")
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

    /** A race that a commit lost to another: off unless asked for, since contended stores lose many. */
    @Name("dev.heartwood.LostRace")
    @Label("Lost Race")
    @Category("Heartwood")
    @Description("Another commit was first: the changes are put onto its state, or the function runs again")
    @Enabled(false)
    @StackTrace(false)
    static final class LostRaceEvent extends Event {
        @Label("Path")
        @Nullable
        String path;

        @Label("Runs")
        @Description("The number of runs of the function or body so far")
        int runs;

        @Label("Lost Races")
        @Description("The number of races that this commit has lost")
        int lostRaces;

        static void tell(Attempt attempt, int losses) {
            LostRaceEvent event = new LostRaceEvent();
            if (event.shouldCommit()) {
                event.path = attempt.place();
                event.runs = attempt.runs;
                event.lostRaces = losses;
                event.commit();
            }
        }
    }

    /** A claim of the right of way, from its turn to its release. */
    @Name("dev.heartwood.RightOfWay")
    @Label("Right of Way")
    @Category("Heartwood")
    @Description("Writers whose commit would change a place that the claimant read waited, at most for this duration")
    @StackTrace(false)
    static final class RightOfWayEvent extends Event {
        @Label("Path")
        @Nullable
        String path;

        @Label("Runs")
        @Description("The number of runs of the function or body before the claim")
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

    /** A call of a listener that took long. */
    @Name("dev.heartwood.SlowListener")
    @Label("Slow Listener")
    @Category("Heartwood")
    @Description("A watcher's listener kept its subscription waiting")
    @Threshold("20 ms")
    @StackTrace(false)
    static final class SlowListenerEvent extends Event {
        @Label("Path")
        @Nullable
        String path;

        @Label("Skipped States")
        int skipped;

        void end(KeyPath watched, Update update) {
            end(); // first: the threshold is for the time from begin to end
            if (shouldCommit()) {
                path = watched.toString();
                skipped = update.skipped();
                commit();
            }
        }
    }
}
