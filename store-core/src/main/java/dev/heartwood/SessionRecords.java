package dev.heartwood;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The sessions of a store as its tree has them, under one key of the top level, so that they are shared, durable and
 * committed just as everything else is:
 *
 * <pre>{@code
 * "$sessions": {
 *   "fence": 12,                                              the last number that was given
 *   "open": {"12": {"name": "ann", "beat": 3, "ttl": 5000}},  milliseconds
 *   "places": {"/taken/12": {"session": 12, "end": "give back"}}
 * }
 * }</pre>
 */
final class SessionRecords {
    private static final KeyPath TOP = KeyPath.of("$sessions");
    private static final KeyPath FENCE = TOP.child("fence");
    private static final KeyPath OPEN = TOP.child("open");
    private static final KeyPath PLACES = TOP.child("places");
    private static final String SESSION = "session";
    private static final String HANDLER = "end";

    private SessionRecords() {}

    /** Opens a session, and gives its number: larger than that of each session before it. */
    static long open(Transaction tx, String name, Duration ttl) {
        long last = tx.getOrDefault(FENCE, Long.class, 0L);
        // A restored older tree has an older number, but versions are never used again. The version is not noted as
        // read, so
        // no other commit makes this one run again. Two that open sessions at once have both read the last number.
        long fence = Math.max(last, tx.before().version()) + 1;
        tx.put(FENCE, fence);
        tx.set(session(fence), Map.of("name", name, "beat", 0L, "ttl", ttl.toMillis()));
        return fence;
    }

    /** Whether the session is open. Its heartbeats are not read. */
    static boolean isOpen(TreeView tree, long fence) {
        return tree.contains(session(fence));
    }

    /** Counts a heartbeat; false if the session has ended. */
    static boolean beat(Transaction tx, long fence) {
        if (!isOpen(tx, fence)) {
            return false;
        }
        tx.commute(session(fence).child("beat"), Long.class, beat -> beat + 1);
        return true;
    }

    /** Ties a place to an open session. */
    static void own(Transaction tx, long fence, KeyPath place, @Nullable String handler) {
        if (place.size() == 0 || place.startsWith(TOP)) {
            throw new IllegalArgumentException("no session can own "
                    + (place.size() == 0 ? "the whole tree" : "the records of sessions: " + place.forPeople()));
        }
        KeyPath key = PLACES.child(place.toString());
        long owner = tx.getOrDefault(key.child(SESSION), Long.class, fence);
        if (owner != fence && isOpen(tx, owner)) {
            throw new ConflictException(
                    place, "the place " + place.forPeople() + " is owned by the session with fence " + owner);
        }
        Map<String, Object> tie = new HashMap<>(Map.of(SESSION, fence));
        if (handler != null) {
            tie.put(HANDLER, handler);
        }
        tx.put(key, tie);
    }

    /** Frees a place that the session owns; it stays as it is. False if the session does not own it. */
    static boolean release(Transaction tx, long fence, KeyPath place) {
        KeyPath key = PLACES.child(place.toString());
        boolean owned = tx.getOrDefault(key.child(SESSION), Long.class, -1L) == fence;
        return owned && tx.discard(key);
    }

    /**
     * Ends a session: each place of it is removed, or handed to its function.
     *
     * @param handlers the functions by name
     * @return false, and nothing is changed, if it is not open, or needs a function that is not here
     */
    static boolean end(
            Transaction tx,
            long fence,
            Map<String, ? extends BiConsumer<? super Transaction, ? super KeyPath>> handlers) {
        if (!isOpen(tx, fence)) {
            return false;
        }
        Map<KeyPath, String> ties = ties(tx, fence);
        if (!ties.values().stream().allMatch(name -> name.isEmpty() || handlers.containsKey(name))) {
            return false;
        }
        tx.label("the session " + tx.getOrDefault(session(fence).child("name"), fence) + " has ended");
        tx.remove(session(fence));
        ties.keySet().forEach(place -> tx.remove(PLACES.child(place.toString())));
        ties.forEach((place, name) -> {
            BiConsumer<? super Transaction, ? super KeyPath> handler = handlers.get(name);
            if (handler == null) {
                tx.discard(place);
            } else if (tx.contains(place)) {
                handler.accept(tx, place);
            }
        });
        return true;
    }

    /** The heartbeats of an open session. */
    static long beats(TreeView tree, long fence) {
        return tree.get(session(fence).child("beat"), Long.class);
    }

    /**
     * All open sessions.
     *
     * @param failures is told of each record that cannot be read, which is left out
     */
    static List<SessionRecord> all(TreeView tree, Consumer<? super StoreException> failures) {
        List<SessionRecord> found = new ArrayList<>();
        if (!tree.contains(OPEN)) {
            return found;
        }
        Map<Long, Set<String>> handlers = handlers(tree);
        for (String key : tree.keys(OPEN)) {
            try {
                long fence = Long.parseLong(key);
                KeyPath path = session(fence);
                found.add(new SessionRecord(
                        fence,
                        tree.get(path.child("name"), String.class),
                        beats(tree, fence),
                        Durations.of(Duration.ofMillis(tree.get(path.child("ttl"), Long.class))),
                        handlers.getOrDefault(fence, Set.of())));
            } catch (StoreException | NumberFormatException e) {
                failures.accept(new StoreException(
                        "the record of a session at "
                                + OPEN.child(key).forPeople()
                                + " cannot be read, so nobody ends it: remove it, and give back the"
                                + " places that it owns by hand",
                        e));
            }
        }
        return found;
    }

    /** The places of a session in the order of their paths, each with the name of its function, or an empty one. */
    private static Map<KeyPath, String> ties(TreeView tree, long fence) {
        Map<String, String> found = new TreeMap<>();
        forEachTie(tree, (place, session, handler) -> {
            if (session == fence) {
                found.put(place, handler);
            }
        });
        Map<KeyPath, String> paths = new java.util.LinkedHashMap<>();
        found.forEach((place, handler) -> paths.put(KeyPath.parse(place), handler));
        return paths;
    }

    private static Map<Long, Set<String>> handlers(TreeView tree) {
        Map<Long, Set<String>> found = new HashMap<>();
        forEachTie(tree, (place, session, handler) -> {
            if (!handler.isEmpty()) {
                found.computeIfAbsent(session, fence -> new TreeSet<>()).add(handler);
            }
        });
        return found;
    }

    private interface Tie {
        void at(String place, long session, String handler);
    }

    private static void forEachTie(TreeView tree, Tie action) {
        if (tree.contains(PLACES)) {
            for (String place : tree.keys(PLACES)) {
                KeyPath key = PLACES.child(place);
                action.at(
                        place,
                        tree.getOrDefault(key.child(SESSION), Long.class, -1L),
                        tree.getOrDefault(key.child(HANDLER), String.class, ""));
            }
        }
    }

    private static KeyPath session(long fence) {
        return OPEN.child(Long.toString(fence));
    }
}
