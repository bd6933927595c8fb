package dev.heartwood.adk;

import com.google.adk.events.Event;
import com.google.adk.sessions.GetSessionConfig;
import com.google.adk.sessions.Session;
import dev.heartwood.KeyPath;
import dev.heartwood.TreeView;
import io.vavr.collection.HashMap;
import io.vavr.collection.Vector;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Sessions of one app as one state of the tree has them: all results come from one state. */
final class SessionReader {
    /** A session object, and the states that it was made of. */
    record Found(Session session, SessionStates states) {}

    private final String app;
    private final HashMap<String, @Nullable Object> tree;

    private SessionReader(String app, HashMap<String, @Nullable Object> tree) {
        this.app = app;
        this.tree = tree;
    }

    /** Reads the app with one look at the view. */
    static SessionReader of(TreeView view, String app) {
        return new SessionReader(app, map(view, KeyPath.of(app)));
    }

    /** The states of a session, its user and its app, in a transaction: its reads are valid when it commits. */
    static SessionStates states(TreeView view, SessionPlace place) {
        return new SessionStates(
                map(view, place.appState()), map(view, place.userState()), map(view, place.sessionState()));
    }

    /** A new session, without events. */
    static Session created(SessionPlace place, SessionStates states, long millis) {
        return build(place, states, List.of(), millis);
    }

    /** The session, if there is one, with the events that the configuration asks for. */
    Optional<Found> session(String user, String id, GetSessionConfig config) {
        SessionPlace place = new SessionPlace(app, user, id);
        HashMap<String, @Nullable Object> sessions = sessions(user);
        if (!sessions.containsKey(id)) {
            return Optional.empty();
        }
        HashMap<String, @Nullable Object> node = child(sessions, id);
        return Optional.of(found(place, node, events(place, node, config)));
    }

    /** The sessions of the user, without their events. */
    List<Found> sessions(String user, List<Event> events) {
        HashMap<String, @Nullable Object> sessions = sessions(user);
        List<Found> found = new ArrayList<>();
        for (String id : sessions.keySet().toSortedSet()) {
            found.add(found(new SessionPlace(app, user, id), child(sessions, id), events));
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

    private Found found(SessionPlace place, HashMap<String, @Nullable Object> node, List<Event> events) {
        SessionStates states = new SessionStates(
                child(tree, SessionPlace.STATE),
                child(user(place.user()), SessionPlace.STATE),
                child(node, SessionPlace.STATE));
        Object updated = node.getOrElse(SessionPlace.LAST_UPDATE, 0L);
        long millis = updated instanceof Number number ? number.longValue() : 0;
        return new Found(build(place, states, events, millis), states);
    }

    private static Session build(SessionPlace place, SessionStates states, List<Event> events, long millis) {
        return Session.builder(place.id())
                .appName(place.app())
                .userId(place.user())
                .state(states.toJava())
                .events(events)
                .lastUpdateTime(Instant.ofEpochMilli(millis))
                .build();
    }

    private static List<Event> events(
            SessionPlace place, HashMap<String, @Nullable Object> node, GetSessionConfig config) {
        Object stored = node.getOrElse(SessionPlace.EVENTS, Vector.empty());
        if (!(stored instanceof Vector<?> nodes)) {
            throw new IllegalStateException("The events of the " + place + " are no list. Nothing was changed.");
        }
        int wanted = Math.max(0, config.numRecentEvents().orElse(nodes.size()));
        int from = Math.max(0, nodes.size() - wanted);
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

    private static HashMap<String, @Nullable Object> map(TreeView view, KeyPath path) {
        return map(view.getOrDefault(path, HashMap.empty()), String.valueOf(path.last()));
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
