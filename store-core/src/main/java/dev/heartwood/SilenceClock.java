package dev.heartwood;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How long each session has been silent, as one process has seen it: by its own clock, since it saw the last heartbeat.
 *
 * <p>The time between two looks counts as half a time to live at most. So a suspension of this process does not end
 * foreign sessions: the next heartbeat of a live session comes before the silence is long enough.
 *
 * <p>Sessions with one time to live share one hand, so they fall silent in the order of their last heartbeats: a look
 * takes time in proportion to the silent sessions, the new heartbeats, and the different times to live.
 *
 * <p>For one thread.
 */
final class SilenceClock {
    /** By the times to live. */
    private final TreeMap<Long, Hand> hands = new TreeMap<>();

    /** The times to live of the sessions, by their numbers. */
    private final Map<Long, Long> ttls = new HashMap<>();

    private long now;

    /**
     * A session.
     *
     * @param at where the hand stood when its last heartbeat was seen
     */
    private record Heard(SessionRecord session, long at) {}

    /** The clock of all sessions with one time to live: it stands still while the process is suspended. */
    private static final class Hand {
        private final long ttl;
        /** In the order in which they were heard, the latest last. */
        private final LinkedHashMap<Long, Heard> sessions = new LinkedHashMap<>();

        private long time;
        private long lookedAt;

        Hand(long ttl, long now) {
            this.ttl = ttl;
            this.lookedAt = now;
        }

        void move(long now) {
            time += Math.min(now - lookedAt, ttl / 2);
            lookedAt = now;
        }

        void see(SessionRecord session) {
            Heard before = sessions.get(session.fence());
            // Any other number is a heartbeat: after an older tree was restored, it may be a smaller one.
            if (before != null && before.session.beat() == session.beat()) {
                sessions.put(session.fence(), new Heard(session, before.at)); // where it stands
            } else {
                hear(session);
            }
        }

        private void hear(SessionRecord session) {
            sessions.remove(session.fence());
            sessions.put(session.fence(), new Heard(session, time));
        }

        void takeSilent(List<SessionRecord> silent) {
            int first = silent.size();
            for (Heard heard : sessions.values()) {
                if (time - heard.at <= ttl) {
                    break;
                }
                silent.add(heard.session);
            }
            silent.subList(first, silent.size()).forEach(this::hear);
        }
    }

    /** Begins a look. */
    void look(long time) {
        now = time;
        hands.values().forEach(hand -> hand.move(time));
    }

    /** Takes note of a session that has come, or whose record is another than at the last look. */
    void see(SessionRecord session) {
        Long before = ttls.put(session.fence(), session.ttl());
        if (before != null && before != session.ttl()) {
            leave(before, session.fence());
        }
        hands.computeIfAbsent(session.ttl(), ttl -> new Hand(ttl, now)).see(session);
    }

    /** Takes note that a session is no longer open. */
    void forget(long fence) {
        leave(ttls.remove(fence), fence);
    }

    private void leave(@Nullable Long ttl, long fence) {
        Hand hand = ttl == null ? null : hands.get(ttl);
        if (hand != null) {
            hand.sessions.remove(fence);
            if (hand.sessions.isEmpty()) {
                hands.remove(ttl);
            }
        }
    }

    /** The sessions that have been silent for longer than their time to live; each gets another time to live. */
    List<SessionRecord> silent() {
        List<SessionRecord> silent = new ArrayList<>();
        hands.values().forEach(hand -> hand.takeSilent(silent));
        return silent;
    }

    /** The shortest time to live, in nanoseconds; the longest possible where there is no session. */
    long shortest() {
        return hands.isEmpty() ? Long.MAX_VALUE : hands.firstKey();
    }
}
