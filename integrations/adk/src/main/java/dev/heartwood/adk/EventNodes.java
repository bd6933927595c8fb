package dev.heartwood.adk;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.google.adk.JsonBaseModel;
import com.google.adk.events.Event;
import com.google.adk.sessions.State;
import dev.heartwood.json.Json;
import io.vavr.Tuple2;
import io.vavr.collection.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Events as values of the tree: the JSON that ADK's own codec writes. Only the state delta does not pass through that
 * codec, which would change some of its values; they are stored like the values of the states. An event is accepted
 * only if ADK reads an equal event from its JSON.
 */
final class EventNodes {
    private static final String ACTIONS = "actions";
    private static final String DELTA = "stateDelta";

    private EventNodes() {}

    /**
     * The value that stands for the event. A removed key is null in its state delta.
     *
     * @param change the state delta of the event
     * @throws IllegalArgumentException if ADK cannot write the event, or reads a different one from the JSON
     */
    static HashMap<String, @Nullable Object> write(Event event, StateChange change) {
        HashMap<String, @Nullable Object> node;
        try {
            // Escaped, so that half of a surrogate pair, as a model that streams may leave one, is kept.
            node = Json.read(JsonBaseModel.getMapper()
                    .writer()
                    .with(JsonWriteFeature.ESCAPE_NON_ASCII)
                    .writeValueAsString(event));
        } catch (JsonProcessingException | RuntimeException e) {
            throw refusal(event, "cannot be written as JSON: " + e.getMessage(), e);
        }
        node = node.put(ACTIONS, actions(node).put(DELTA, HashMap.ofAll(change.values())));
        requireReadable(event, node);
        return node;
    }

    private static void requireReadable(Event event, HashMap<String, @Nullable Object> node) {
        Optional<String> difference;
        try {
            difference = EventDifference.between(event, fromNode(node));
        } catch (RuntimeException e) {
            throw refusal(event, "cannot be read back from its JSON: " + e.getMessage(), e);
        }
        difference.ifPresent(place -> {
            throw refusal(event, "would come back with another value at " + place, null);
        });
    }

    private static IllegalArgumentException refusal(Event event, String reason, @Nullable Exception cause) {
        return new IllegalArgumentException(
                "The event \"" + event.id() + "\" of the author \"" + event.author() + "\" " + reason
                        + ". Nothing was changed.",
                cause);
    }

    /** The event that was written so. */
    static Event read(@Nullable Object node, SessionPlace place, int index) {
        try {
            return fromNode(map(node));
        } catch (RuntimeException e) {
            throw new IllegalStateException(
                    "Event " + index + " of the " + place
                            + " is no event of ADK. Nothing was changed. Remove that element"
                            + " from the tree, or delete the session.",
                    e);
        }
    }

    private static Event fromNode(HashMap<String, @Nullable Object> node) {
        HashMap<String, @Nullable Object> actions = actions(node);
        Event event = Event.fromJson(Json.write(node.put(ACTIONS, actions.remove(DELTA))));
        Map<String, Object> delta = event.actions().stateDelta();
        for (Tuple2<String, @Nullable Object> entry : map(actions.getOrElse(DELTA, HashMap.empty()))) {
            Object value = StateValues.fromTree(entry._2);
            delta.put(entry._1, value == null ? State.REMOVED : value);
        }
        return event;
    }

    private static HashMap<String, @Nullable Object> actions(HashMap<String, @Nullable Object> node) {
        Object actions = node.getOrElse(ACTIONS, null);
        return actions == null ? HashMap.empty() : map(actions);
    }

    @SuppressWarnings("unchecked") // maps of a tree have strings as keys
    private static HashMap<String, @Nullable Object> map(@Nullable Object node) {
        if (node instanceof HashMap<?, ?> map) {
            return (HashMap<String, @Nullable Object>) map;
        }
        throw new IllegalArgumentException("no map: " + Json.write(node));
    }
}
