package dev.heartwood.history;

import dev.heartwood.Change;
import dev.heartwood.Session;
import dev.heartwood.Snapshot;

/**
 * Steps that change the records of sessions and nothing else, such as heartbeats. A history keeps one state for all of them that
 * follow each other, so that a store that beats for days does not push the commits of people out of its history.
 */
final class SessionSteps {
    private static final String RECORDS = Session.RECORDS.tokens().get(0);

    private SessionSteps() {}

    /** Takes the time of what the step has changed; constant time where it has not touched the records. */
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
