package dev.heartwood;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How long each session has been silent, as one process has seen it: by its own clock, since it saw the last heartbeat.
 *
 * <p>The time between two looks counts as half a time to live at most. So a process that was suspended itself does not hold
 * that against the others: the next heartbeat of a session that lives comes before the silence is long enough.
 *
 * <p>For one thread.
 */
final class SilenceClock {
    private Map<Long, Seen> seen = new HashMap<>();

    private record Seen(long beat, long silence, long at) {}

    /**
     * Takes note of all open sessions.
     *
     * @param now in terms of {@link System#nanoTime}
     * @return those that have been silent for longer than they may; each is given another time to live after that
     */
    List<SessionRecord> look(long now, Collection<SessionRecord> open) {
        Map<Long, Seen> next = new HashMap<>();
        List<SessionRecord> silent = new ArrayList<>();
        for (SessionRecord session : open) {
            long silence = silence(now, session, seen.get(session.fence()));
            boolean tooLong = silence > session.ttl();
            next.put(session.fence(), new Seen(session.beat(), tooLong ? 0 : silence, now));
            if (tooLong) {
                silent.add(session);
            }
        }
        seen = next;
        return silent;
    }

    private static long silence(long now, SessionRecord session, @Nullable Seen before) {
        // Any other number is a heartbeat: after an older tree was restored, it may be a smaller one.
        return before == null || before.beat != session.beat()
                ? 0
                : before.silence + Math.min(now - before.at, session.ttl() / 2);
    }
}
