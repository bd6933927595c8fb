package dev.heartwood.adk;

import com.google.adk.JsonBaseModel;
import com.google.adk.sessions.State;
import dev.heartwood.KeyPath;
import dev.heartwood.Transaction;
import dev.heartwood.json.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A state delta, sorted by scope: the keys of the app, of the user and of the session, each without its prefix. A value is
 * JSON as ADK writes it; null means that the key is removed. Keys that begin with {@code temp:} are the session's, as in
 * ADK's service in memory, with their prefix.
 */
record StateChange(
        Map<String, @Nullable Object> app, Map<String, @Nullable Object> user, Map<String, @Nullable Object> session) {

    static StateChange of(Map<String, ? extends @Nullable Object> delta) {
        StateChange change = new StateChange(new LinkedHashMap<>(), new LinkedHashMap<>(), new LinkedHashMap<>());
        delta.forEach(change::add);
        return change;
    }

    private void add(String key, @Nullable Object value) {
        if (key.startsWith(State.APP_PREFIX)) {
            app.put(key.substring(State.APP_PREFIX.length()), node(value));
        } else if (key.startsWith(State.USER_PREFIX)) {
            user.put(key.substring(State.USER_PREFIX.length()), node(value));
        } else {
            session.put(key, node(value));
        }
    }

    /** The value of the tree that stands for a value of a state. */
    private static @Nullable Object node(@Nullable Object value) {
        return value == null || value == State.REMOVED ? null : Json.readValue(JsonBaseModel.toJsonString(value));
    }

    /** Changes the three states in the transaction, which has the session at {@code place}. */
    void applyTo(Transaction tx, SessionPlace place) {
        apply(tx, place.appState(), app);
        apply(tx, place.userState(), user);
        apply(tx, place.session().child(SessionPlace.STATE), session);
    }

    private static void apply(Transaction tx, KeyPath state, Map<String, @Nullable Object> changes) {
        changes.forEach((key, value) -> {
            if (value == null) {
                tx.discard(state.child(key));
            } else {
                tx.set(state.child(key), value);
            }
        });
    }
}
