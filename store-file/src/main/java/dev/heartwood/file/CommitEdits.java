package dev.heartwood.file;

import dev.heartwood.Edit;
import dev.heartwood.Origin;
import java.util.List;

/**
 * A commit as the journal has it.
 *
 * @param edits what it changed
 * @param origin who committed, why and when
 */
record CommitEdits(List<Edit> edits, Origin origin) {
    private static final Origin UNKNOWN = Origin.of(null, null, null);

    /** A commit of unknown origin. */
    static CommitEdits of(Edit... edits) {
        return new CommitEdits(List.of(edits), UNKNOWN);
    }
}
