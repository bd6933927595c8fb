package dev.heartwood.inspector;

import dev.heartwood.Change;
import dev.heartwood.Origin;
import dev.heartwood.Snapshot;
import dev.heartwood.history.Entry;
import java.util.List;

/**
 * One step of a recording: a commit, or several in one.
 *
 * @param version the version that it made
 * @param origin the origin of the commit; empty for several in one
 * @param skipped how many commits are in this one step; 0 for one commit by itself
 * @param changes the changes that lead from the state before to the state after
 */
record RecordedStep(long version, Origin origin, long skipped, List<Change> changes) {
    private static final Origin UNKNOWN = Origin.of(null, null, null);

    /** A commit as the history has it, or the gap that stands for several. */
    static RecordedStep of(Entry entry) {
        return entry.isGap()
                ? across(entry.previous(), entry.state())
                : new RecordedStep(entry.version(), entry.origin(), 0, changes(entry.previous(), entry.state()));
    }

    /** All commits between two states in one step. */
    static RecordedStep across(Snapshot before, Snapshot after) {
        return new RecordedStep(after.version(), UNKNOWN, after.version() - before.version(), changes(before, after));
    }

    private static List<Change> changes(Snapshot before, Snapshot after) {
        return before.diff(after).stream().toList();
    }
}
