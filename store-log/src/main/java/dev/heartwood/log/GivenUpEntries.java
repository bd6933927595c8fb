package dev.heartwood.log;

import dev.heartwood.log.SharedLog.Position;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Entries of this opening that it has given up in doubt, and whether the log has them: found out when the replica passes their
 * numbers. By the time that a caller asks, their places may be trimmed, and the table of writers may have a later entry of this
 * opening. The newest {@value #KEPT} are remembered. Guarded by the lock of the {@link LogRoot}.
 */
final class GivenUpEntries {
    private static final int KEPT = 1_000;

    private final List<Position> open = new ArrayList<>();
    private final Map<Position, Boolean> held = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Position, Boolean> eldest) {
            return size() > KEPT;
        }
    };

    /** Adds an entry whose answer nobody waits for any more. */
    void add(Position entry) {
        open.add(entry);
    }

    /** The replica has passed this number: the table of writers is that of this moment, so no later entry is in it. */
    void passed(long number, WriterTable writers) {
        open.removeIf(entry -> {
            if (entry.number() > number) {
                return false;
            }
            Boolean answer = writers.holds(entry);
            if (answer != null) {
                held.put(entry, answer);
            }
            return true;
        });
    }

    /** Whether the log has an entry; null if that is not known here. */
    @Nullable
    Boolean holds(Position entry) {
        return held.get(entry);
    }
}
