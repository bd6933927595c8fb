package dev.heartwood.adk;

import com.google.adk.events.Event;
import com.google.adk.events.EventActions;
import com.google.genai.types.Content;
import com.google.genai.types.Part;
import java.util.Map;

/** Events for tests. */
final class Events {
    private Events() {}

    static Event saying(String text) {
        return Event.builder()
                .id(Event.generateEventId())
                .author("user")
                .content(Content.fromParts(Part.fromText(text)))
                .build();
    }

    static Event changing(Map<String, Object> delta) {
        return Event.builder()
                .id(Event.generateEventId())
                .author("agent")
                .actions(EventActions.builder().stateDelta(delta).build())
                .build();
    }

    static String text(Event event) {
        return event.stringifyContent();
    }
}
