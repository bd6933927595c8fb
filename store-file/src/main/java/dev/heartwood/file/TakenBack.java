package dev.heartwood.file;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The versions that were accepted and never became durable. One thread adds to them, and others look. */
final class TakenBack {
    private volatile List<Range> ranges = List.of();

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
        List<Range> more = new ArrayList<>(ranges);
        int last = more.size() - 1;
        if (last >= 0 && more.get(last).after == range.after && more.get(last).indeterminate == range.indeterminate) {
            more.remove(last);
        }
        more.add(range);
        ranges = more;
    }

    boolean isEmpty() {
        return ranges.isEmpty();
    }

    /** The failure that took the version back, or null. */
    @Nullable
    Range of(long version) {
        List<Range> all = ranges;
        for (int i = all.size() - 1; i >= 0; i--) {
            Range range = all.get(i);
            if (version > range.after && version <= range.to) {
                return range;
            }
        }
        return null;
    }
}
