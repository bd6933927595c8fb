package dev.heartwood.adk;

import dev.heartwood.KeyPath;
import dev.heartwood.Transaction;

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

    KeyPath session() {
        return KeyPath.of(app, USERS, user, SESSIONS, id);
    }

    KeyPath events() {
        return session().child(EVENTS);
    }

    KeyPath lastUpdate() {
        return session().child(LAST_UPDATE);
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
