package dev.heartwood.adk;

import com.google.adk.sessions.State;
import dev.heartwood.KeyPath;
import dev.heartwood.Transaction;
import dev.heartwood.UnsupportedValueException;
import dev.heartwood.Values;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A state delta as values of the tree; null means that the key is removed. Keys that begin with {@code temp:} are the
 * session's, as in ADK's service in memory, with their prefix.
 *
 * @param values by key, each with its prefix
 */
record StateChange(Map<String, @Nullable Object> values) {
    static final StateChange NONE = new StateChange(Map.of());

    /**
     * The change that the delta says.
     *
     * @throws UnsupportedValueException if a key or a value would not come back as it is
     */
    static StateChange of(Map<String, ? extends @Nullable Object> delta) {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        for (Map.Entry<String, ? extends @Nullable Object> entry : delta.entrySet()) {
            if (entry.getKey() == null) {
                throw new UnsupportedValueException(
                        KeyPath.root(), "a state with the key null. Nothing was changed. A key is a text.");
            }
            KeyPath path = StateValues.child(KeyPath.root(), entry.getKey());
            Object value = entry.getValue() == State.REMOVED ? null : entry.getValue();
            values.put(entry.getKey(), Values.freeze(StateValues.toTree(path, value)));
        }
        return new StateChange(values);
    }

    /** Changes the states of the app, the user and the session in the transaction. */
    void applyTo(Transaction tx, SessionPlace place) {
        values.forEach((key, value) -> {
            KeyPath path = place.state(key);
            if (value == null) {
                tx.discard(path);
            } else {
                tx.set(path, value);
            }
        });
    }
}
