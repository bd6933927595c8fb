package dev.heartwood.adk;

import com.google.adk.sessions.State;
import dev.heartwood.KeyPath;
import dev.heartwood.Transaction;
import io.vavr.collection.HashMap;
import io.vavr.collection.Vector;

/** The paths of one session, its user and its app, relative to the place of the service. */
record SessionPlace(String app, String user, String id) {
    static final String STATE = "state";
    static final String USERS = "users";
    static final String SESSIONS = "sessions";
    static final String EVENTS = "events";
    static final String LAST_UPDATE = "lastUpdateTime";

    KeyPath appState() {
        return KeyPath.of(app, STATE);
    }

    KeyPath userState() {
        return KeyPath.of(app, USERS, user, STATE);
    }

    /** Where the value of a key of a state stands, in the scope that the prefix of the key names. */
    KeyPath state(String key) {
        if (key.startsWith(State.APP_PREFIX)) {
            return appState().child(key.substring(State.APP_PREFIX.length()));
        }
        if (key.startsWith(State.USER_PREFIX)) {
            return userState().child(key.substring(State.USER_PREFIX.length()));
        }
        return sessionState().child(key);
    }

    KeyPath sessionState() {
        return session().child(STATE);
    }

    KeyPath session() {
        return KeyPath.of(app, USERS, user, SESSIONS, id);
    }

    KeyPath events() {
        return session().child(EVENTS);
    }

    KeyPath lastUpdate() {
        return session().child(LAST_UPDATE);
    }

    /** The value in the tree for a new session. */
    static HashMap<String, Object> empty(long millis) {
        return HashMap.of(STATE, HashMap.empty(), EVENTS, Vector.empty(), LAST_UPDATE, millis);
    }

    /**
     * Checks the names, as keys of the tree.
     *
     * @throws dev.heartwood.UnsupportedValueException if one of them is longer than the key of a JSON file may be
     */
    void requireKeys() {
        StateValues.child(StateValues.child(StateValues.child(KeyPath.root(), app), user), id);
    }

    /** Removes the session, and its user's entry where nothing is left in it. */
    void discard(Transaction tx) {
        if (!tx.discard(session())) {
            return;
        }
        KeyPath owner = KeyPath.of(app, USERS, user);
        KeyPath sessions = owner.child(SESSIONS);
        if (tx.size(sessions) == 0) {
            tx.discard(sessions);
            if (tx.size(owner) == 0) {
                tx.discard(owner);
            }
        }
    }

    @Override
    public String toString() {
        return "session \"" + id + "\" of the user \"" + user + "\" of the app \"" + app + "\"";
    }
}
