package dev.heartwood.json.file;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The versions that were accepted and never became durable. Guarded by the lock of the root. */
final class TakenBack {
    private final List<Range> ranges = new ArrayList<>();

    /**
     * Versions of one failure.
     *
     * @param after the last version before them
     * @param to the last of them
     * @param indeterminate whether a crash may bring some of them back
     */
    record Range(long after, long to, Throwable cause, boolean indeterminate) {}

    /** Adds a failure; those of one disk that stays full are one range. */
    void add(Range range) {
        int last = ranges.size() - 1;
        if (last >= 0
                && ranges.get(last).after == range.after
                && ranges.get(last).indeterminate == range.indeterminate) {
            ranges.remove(last);
        }
        ranges.add(range);
    }

    /** The failure that took the version back, or null. */
    @Nullable
    Range of(long version) {
        for (int i = ranges.size() - 1; i >= 0; i--) {
            Range range = ranges.get(i);
            if (version > range.after && version <= range.to) {
                return range;
            }
        }
        return null;
    }
}
