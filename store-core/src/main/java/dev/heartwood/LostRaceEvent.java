package dev.heartwood;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/** A race that a commit lost to another: off unless asked for, since contended stores lose many. */
@Name("dev.heartwood.LostRace")
@Label("Lost Race")
@Category("Heartwood")
@Description("Another commit was first: the changes are put onto its state, or the function runs again")
@Enabled(false)
@StackTrace(false)
final class LostRaceEvent extends Event {
    @Label("Path")
    @Nullable
    String path;

    @Label("Runs")
    @Description("How often the function or body has run")
    int runs;

    @Label("Lost Races")
    @Description("How many races this commit has lost")
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
