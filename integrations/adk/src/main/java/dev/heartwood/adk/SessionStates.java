package dev.heartwood.adk;

import com.google.adk.sessions.State;
import dev.heartwood.Change;
import dev.heartwood.Snapshot;
import dev.heartwood.Store;
import io.vavr.Tuple2;
import io.vavr.collection.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * The states of an app, of one of its users and of one of their sessions, as one state of the tree has them. In a session
 * object they are one map, in which the keys of the app and of the user have a prefix.
 */
record SessionStates(
        HashMap<String, @Nullable Object> app,
        HashMap<String, @Nullable Object> user,
        HashMap<String, @Nullable Object> session) {
    static final SessionStates EMPTY = new SessionStates(HashMap.empty(), HashMap.empty(), HashMap.empty());

    private static final Snapshot NOTHING = Store.create().snapshot();

    /** All of them as the state of a session object. A key whose value is null is not there: the object cannot hold it. */
    ConcurrentMap<String, Object> toJava() {
        ConcurrentMap<String, Object> state = new ConcurrentHashMap<>();
        add(state, "", session);
        add(state, State.APP_PREFIX, app);
        add(state, State.USER_PREFIX, user);
        return state;
    }

    private static void add(Map<String, Object> state, String prefix, HashMap<String, @Nullable Object> nodes) {
        for (Tuple2<String, @Nullable Object> entry : nodes) {
            Object value = StateValues.fromTree(entry._2);
            if (value != null) {
                state.put(prefix + entry._1, value);
            }
        }
    }

    /** The value at the key with its prefix, as a session object has it; null where there is none. */
    @Nullable
    Object value(String key) {
        if (key.startsWith(State.APP_PREFIX)) {
            return StateValues.fromTree(app.getOrElse(key.substring(State.APP_PREFIX.length()), null));
        }
        if (key.startsWith(State.USER_PREFIX)) {
            return StateValues.fromTree(user.getOrElse(key.substring(State.USER_PREFIX.length()), null));
        }
        return StateValues.fromTree(session.getOrElse(key, null));
    }

    /** The keys, with their prefixes, whose values differ from those before; shared subtrees are skipped. */
    Set<String> keysChangedSince(SessionStates before) {
        Set<String> keys = new LinkedHashSet<>();
        addChanged(keys, "", before.session, session);
        addChanged(keys, State.APP_PREFIX, before.app, app);
        addChanged(keys, State.USER_PREFIX, before.user, user);
        return keys;
    }

    private static void addChanged(
            Set<String> keys,
            String prefix,
            HashMap<String, @Nullable Object> before,
            HashMap<String, @Nullable Object> after) {
        if (before != after) {
            for (Change change : draft(before).diff(draft(after))) {
                keys.add(prefix + change.path().tokens().get(1));
            }
        }
    }

    private static Snapshot draft(HashMap<String, @Nullable Object> nodes) {
        return NOTHING.edit(tx -> tx.set("", nodes));
    }
}
