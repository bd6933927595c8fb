package dev.heartwood.history;

import dev.heartwood.Change;
import dev.heartwood.Session;
import dev.heartwood.Snapshot;

/**
 * Steps that change only the records of sessions, such as heartbeats. A history keeps one state for a sequence of them,
 * so that days of heartbeats do not push other commits out of the history.
 */
final class SessionSteps {
    private static final String RECORDS = Session.RECORDS.tokens().get(0);

    private SessionSteps() {}

    /** Takes time in proportion to the changes of the step; constant time if it has not touched the records. */
    static boolean isOne(Snapshot before, Snapshot after) {
        if (before.root().getOrElse(RECORDS, null) == after.root().getOrElse(RECORDS, null)) {
            return false;
        }
        for (Change change : before.diff(after)) {
            if (!change.path().startsWith(Session.RECORDS)) {
                return false;
            }
        }
        return true;
    }
}
