package dev.heartwood.adk;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.adk.JsonBaseModel;
import com.google.adk.events.Event;
import com.google.adk.events.EventActions;
import com.google.adk.sessions.State;
import dev.heartwood.json.Json;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Events as values of the tree: the JSON that ADK's own codec writes. */
final class EventNodes {
    private EventNodes() {}

    /** The value that stands for the event. A removed key is null in its state delta, which ADK reads as removed. */
    static @Nullable Object write(Event event) {
        EventActions actions = event.actions();
        if (actions == null) {
            return Json.readValue(event.toJson());
        }
        Map<String, @Nullable Object> delta = new HashMap<>();
        actions.stateDelta().forEach((key, value) -> delta.put(key, value == State.REMOVED ? null : value));
        ObjectMapper mapper = JsonBaseModel.getMapper();
        JsonNode node = mapper.valueToTree(event);
        node.withObject("/actions").set("stateDelta", mapper.valueToTree(delta));
        return Json.readValue(node.toString());
    }

    /** The event that was written so. */
    static Event read(@Nullable Object node, SessionPlace place, int index) {
        try {
            return Event.fromJson(Json.write(node));
        } catch (RuntimeException e) {
            throw new IllegalStateException(
                    "Event " + index + " of the " + place
                            + " is no event of ADK. Nothing was changed. Remove that element"
                            + " from the tree, or delete the session.",
                    e);
        }
    }
}
