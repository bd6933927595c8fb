package dev.heartwood.file.commit;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The versions that were accepted and never became durable. One thread adds to them, and others look. */
final class RolledBackVersions {
    private static final int MOST = 100;

    private volatile List<Range> ranges = List.of();

    /**
     * Versions of one failure.
     *
     * @param after the last version before them
     * @param to the last of them
     * @param failed the last of them that could not be written itself; the others only followed it
     * @param indeterminate whether a crash may bring some of them back
     */
    record Range(long after, long to, long failed, Throwable cause, boolean indeterminate) {}

    /** Adds a failure. If a disk stays full, the oldest of many become one range: their callers are long gone. */
    void add(Range range) {
        List<Range> more = new ArrayList<>(ranges);
        more.add(range);
        if (more.size() > MOST && more.get(0).after == more.get(1).after) {
            more.remove(0);
        }
        ranges = more;
    }

    boolean isEmpty() {
        return ranges.isEmpty();
    }

    /** The failure that took the version back, or null. */
    @Nullable
    Range of(long version) {
        // A version is rolled back once: by the oldest range that reaches as far. Those of one disk that stays full all
        // begin after the same version.
        for (Range range : ranges) {
            if (version <= range.to) {
                return version > range.after ? range : null;
            }
        }
        return null;
    }
}
