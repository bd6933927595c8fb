package dev.heartwood.adk;

import com.google.adk.events.Event;
import com.google.adk.sessions.Session;
import com.google.adk.sessions.State;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The session objects that the callers of one service hold, each with the states that it last had from the tree. So an
 * append applies to the object only the changes of the tree since then, at the cost of those changes, and preserves
 * values that a tool has put into the object and not yet committed.
 *
 * <p>Holds no session object alive. Thread-safe.
 */
final class SessionObjects {
    private final Map<Session, Known> objects = Collections.synchronizedMap(new WeakHashMap<>());

    /** Remembers the states with which the object is handed out. */
    Session handOut(Session session, SessionStates states) {
        objects.put(session, new Known(states));
        return session;
    }

    /** The record of the object; an empty one for an unknown object. */
    Known of(Session session) {
        return objects.computeIfAbsent(session, stranger -> new Known(null));
    }

    /** One object. */
    static final class Known {
        private @Nullable SessionStates states;
        private int events;
        private long updates;

        private Known(@Nullable SessionStates states) {
            this.states = states;
        }

        /** How often the object was updated: to be asked before a commit, and told to {@link #update} after it. */
        synchronized long updates() {
            return updates;
        }

        /**
         * Brings the object up to date with a commit that appended an event to its session.
         *
         * <p>Two threads that append through one object may come here in another order than that of their commits. The
         * number of events orders them: without it, the states of the earlier commit would replace those of the later one.
         * It counts only between appends that overlap, since a session that was deleted and created again has fewer.
         *
         * @param before the result of {@link #updates} before the commit
         * @param count how many events the session had after the commit
         */
        synchronized void update(
                Session session, Event event, StateChange change, SessionStates now, int count, long before) {
            session.events().add(event);
            if (before == updates++ || count > events) {
                session.lastUpdateTime(Instant.ofEpochMilli(event.timestamp()));
                refresh(session.state(), change, now);
                states = now;
                events = count;
            }
        }

        private void refresh(Map<String, Object> state, StateChange change, SessionStates now) {
            SessionStates last = states;
            if (last == null) {
                state.keySet().removeIf(key -> isShared(key) && now.value(key) == null);
                last = SessionStates.EMPTY;
            }
            Set<String> keys = now.keysChangedSince(last);
            keys.addAll(change.values().keySet());
            for (String key : keys) {
                Object value = now.value(key);
                if (value == null) {
                    state.remove(key);
                } else {
                    state.put(key, value);
                }
            }
        }

        private static boolean isShared(String key) {
            return key.startsWith(State.APP_PREFIX) || key.startsWith(State.USER_PREFIX);
        }
    }
}
