package dev.heartwood;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;
import org.jspecify.annotations.Nullable;

/** A call of a listener that took long. */
@Name("dev.heartwood.SlowListener")
@Label("Slow Listener")
@Category("Heartwood")
@Description("A watcher's listener kept its subscription waiting")
@Threshold("20 ms")
@StackTrace(false)
final class SlowListenerEvent extends Event {
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
