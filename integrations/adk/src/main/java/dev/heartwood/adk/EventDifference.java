package dev.heartwood.adk;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.google.adk.JsonBaseModel;
import com.google.adk.events.Event;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The first place at which two events differ, their state deltas aside. The comparison follows ADK's codec: numbers are
 * compared by value, since the codec reads a Long back as an Integer, and a null counts as a missing value.
 */
final class EventDifference {
    private static final String DELTA = "/actions/stateDelta";

    private EventDifference() {}

    /** A JSON Pointer; empty where nothing differs. */
    static Optional<String> between(Event one, Event other) {
        return Optional.ofNullable(between(
                "",
                JsonBaseModel.getMapper().valueToTree(one),
                JsonBaseModel.getMapper().valueToTree(other)));
    }

    private static @Nullable String between(String place, JsonNode one, JsonNode other) {
        if (place.equals(DELTA) || (isNothing(one) && isNothing(other))) {
            return null;
        }
        if (one.isObject() && other.isObject()) {
            return betweenObjects(place, one, other);
        }
        if (one.isArray() && other.isArray() && one.size() == other.size()) {
            return betweenArrays(place, one, other);
        }
        return isSame(one, other) ? null : place;
    }

    private static @Nullable String betweenObjects(String place, JsonNode one, JsonNode other) {
        TreeSet<String> names = new TreeSet<>();
        one.fieldNames().forEachRemaining(names::add);
        other.fieldNames().forEachRemaining(names::add);
        for (String name : names) {
            String found = between(place + "/" + name, get(one, name), get(other, name));
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    private static JsonNode get(JsonNode node, String name) {
        JsonNode value = node.get(name);
        return value == null ? MissingNode.getInstance() : value;
    }

    private static @Nullable String betweenArrays(String place, JsonNode one, JsonNode other) {
        if (isTexts(one) && isTexts(other) && sorted(one).equals(sorted(other))) {
            return null; // a set of texts, such as longRunningToolIds, comes back in any order
        }
        Iterator<JsonNode> others = other.iterator();
        int index = 0;
        for (JsonNode element : one) {
            String found = between(place + "/" + index++, element, others.next());
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    private static boolean isTexts(JsonNode array) {
        for (JsonNode element : array) {
            if (!element.isTextual()) {
                return false;
            }
        }
        return true;
    }

    private static List<String> sorted(JsonNode texts) {
        List<String> sorted = new ArrayList<>();
        texts.forEach(text -> sorted.add(text.textValue()));
        Collections.sort(sorted);
        return sorted;
    }

    private static boolean isSame(JsonNode one, JsonNode other) {
        if (!one.isNumber() || !other.isNumber()) {
            return one.equals(other);
        }
        return one.asText().equals(other.asText())
                || (isFinite(one)
                        && isFinite(other)
                        && new BigDecimal(one.asText()).compareTo(new BigDecimal(other.asText())) == 0);
    }

    private static boolean isFinite(JsonNode number) {
        return !number.isFloatingPointNumber() || number.isBigDecimal() || Double.isFinite(number.doubleValue());
    }

    private static boolean isNothing(JsonNode node) {
        return node.isNull() || node.isMissingNode();
    }
}
