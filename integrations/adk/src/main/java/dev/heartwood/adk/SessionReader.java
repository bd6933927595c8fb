package dev.heartwood.adk;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.google.adk.JsonBaseModel;
import com.google.adk.events.Event;
import com.google.adk.sessions.GetSessionConfig;
import com.google.adk.sessions.Session;
import com.google.adk.sessions.State;
import dev.heartwood.KeyPath;
import dev.heartwood.TreeView;
import dev.heartwood.json.Json;
import io.vavr.collection.HashMap;
import io.vavr.collection.Vector;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Sessions of one app as one state of the tree has them: everything that this answers is of one moment. */
final class SessionReader {
    private static final TypeReference<Map<String, Object>> STATE = new TypeReference<>() {};

    private final String app;
    private final HashMap<String, @Nullable Object> tree;

    private SessionReader(String app, HashMap<String, @Nullable Object> tree) {
        this.app = app;
        this.tree = tree;
    }

    /** Reads the app with one look at the view. */
    static SessionReader of(TreeView view, String app) {
        return new SessionReader(app, map(view.getOrDefault(KeyPath.of(app), HashMap.empty()), app));
    }

    /** The session, if there is one, with the events that the configuration asks for. */
    Optional<Session> session(String user, String id, GetSessionConfig config) {
        SessionPlace place = new SessionPlace(app, user, id);
        HashMap<String, @Nullable Object> sessions = sessions(user);
        if (!sessions.containsKey(id)) {
            return Optional.empty();
        }
        HashMap<String, @Nullable Object> node = child(sessions, id);
        return Optional.of(build(place, node, events(place, node, config)));
    }

    /** The sessions of the user, without their events. */
    List<Session> sessions(String user, List<Event> events) {
        HashMap<String, @Nullable Object> sessions = sessions(user);
        List<Session> found = new ArrayList<>();
        for (String id : sessions.keySet().toSortedSet()) {
            found.add(build(new SessionPlace(app, user, id), child(sessions, id), events));
        }
        return found;
    }

    /** All events of the session; none where there is no session. */
    List<Event> events(String user, String id) {
        HashMap<String, @Nullable Object> node = child(sessions(user), id);
        return events(
                new SessionPlace(app, user, id),
                node,
                GetSessionConfig.builder().build());
    }

    /** The states of the app and the user, with the prefixes of their keys. */
    Map<String, Object> shared(String user) {
        Map<String, Object> state = new ConcurrentHashMap<>();
        state(tree).forEach((key, value) -> state.put(State.APP_PREFIX + key, value));
        state(user(user)).forEach((key, value) -> state.put(State.USER_PREFIX + key, value));
        return state;
    }

    private Session build(SessionPlace place, HashMap<String, @Nullable Object> node, List<Event> events) {
        Map<String, Object> state = new ConcurrentHashMap<>(state(node));
        state.putAll(shared(place.user()));
        Object updated = node.getOrElse(SessionPlace.LAST_UPDATE, 0L);
        return Session.builder(place.id())
                .appName(app)
                .userId(place.user())
                .state(state)
                .events(events)
                .lastUpdateTime(Instant.ofEpochMilli(updated instanceof Number millis ? millis.longValue() : 0))
                .build();
    }

    private static List<Event> events(
            SessionPlace place, HashMap<String, @Nullable Object> node, GetSessionConfig config) {
        Object stored = node.getOrElse(SessionPlace.EVENTS, Vector.empty());
        if (!(stored instanceof Vector<?> nodes)) {
            throw new IllegalStateException("The events of the " + place + " are no list. Nothing was changed.");
        }
        int from = Math.max(0, nodes.size() - config.numRecentEvents().orElse(nodes.size()));
        List<Event> events = new ArrayList<>();
        for (int i = from; i < nodes.size(); i++) {
            Event event = EventNodes.read(nodes.get(i), place, i);
            if (config.afterTimestamp()
                    .filter(after -> Instant.ofEpochMilli(event.timestamp()).isBefore(after))
                    .isEmpty()) {
                events.add(event);
            }
        }
        return events;
    }

    private HashMap<String, @Nullable Object> user(String user) {
        return child(child(tree, SessionPlace.USERS), user);
    }

    private HashMap<String, @Nullable Object> sessions(String user) {
        return child(user(user), SessionPlace.SESSIONS);
    }

    /** The state in a node, its numbers as Jackson reads them: an Integer where one fits. */
    private static Map<String, Object> state(HashMap<String, @Nullable Object> node) {
        try {
            return JsonBaseModel.getMapper().readValue(Json.write(child(node, SessionPlace.STATE)), STATE);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("what Json wrote is JSON", e);
        }
    }

    private static HashMap<String, @Nullable Object> child(HashMap<String, @Nullable Object> node, String key) {
        return map(node.getOrElse(key, HashMap.empty()), key);
    }

    @SuppressWarnings("unchecked") // maps of a tree have strings as keys
    private static HashMap<String, @Nullable Object> map(@Nullable Object value, String key) {
        if (value instanceof HashMap<?, ?> map) {
            return (HashMap<String, @Nullable Object>) map;
        }
        throw new IllegalStateException(
                "\"" + key + "\" is no map, as the sessions of ADK have it there. Nothing was changed."
                        + " Give the service a place of its own, such as store.under(\"sessions\").");
    }
}
