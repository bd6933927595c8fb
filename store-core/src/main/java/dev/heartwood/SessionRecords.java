package dev.heartwood;

import io.vavr.collection.HashMap;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The sessions of a store as its tree has them, under one key of the top level, so that they are shared, durable and
 * committed just as everything else is:
 *
 * <pre>{@code
 * "$sessions": {
 *   "fence": 12,                                the last number that was given
 *   "open": {"12": {"name": "ann", "beat": 3, "ttl": 5000, "places": {"/taken/12": "give back"}}},
 *   "owners": {"/taken/12": 12}
 * }
 * }</pre>
 *
 * <p>The time to live is in milliseconds. A place has the name of the function that it is handed to, or an empty one. The owners
 * are the same the other way round; an owner that is not open owns nothing.
 */
final class SessionRecords {
    private static final KeyPath TOP = Session.RECORDS;
    private static final KeyPath FENCE = TOP.child("fence");
    private static final KeyPath OPEN = TOP.child("open");
    private static final KeyPath OWNERS = TOP.child("owners");
    private static final String PLACES = "places";

    private SessionRecords() {}

    /** Opens a session, and gives its number: larger than that of each session before it. */
    static long open(Transaction tx, String name, Duration ttl) {
        long last = tx.getOrDefault(FENCE, Long.class, 0L);
        // A restored older tree has an older number, but versions are never used again. The version is not noted as
        // read, so no other commit makes this one run again. Two that open sessions at once have both read the last
        // number.
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

    /** The number of the session that owns a place, open or not; a negative number if none does. */
    static long ownerOf(TreeView tree, KeyPath place) {
        return tree.getOrDefault(owner(place), Long.class, -1L);
    }

    /** Ties a place to an open session. */
    static void own(Transaction tx, long fence, KeyPath place, @Nullable String handler) {
        if (place.size() == 0 || place.startsWith(TOP)) {
            throw new IllegalArgumentException("no session can own "
                    + (place.size() == 0 ? "the whole tree" : "the records of sessions: " + place.forPeople()));
        }
        long owner = tx.getOrDefault(owner(place), Long.class, fence);
        if (owner != fence && isOpen(tx, owner)) {
            throw new ConflictException(
                    place,
                    "the place " + place.forPeople() + " is owned by the session with fence " + owner
                            + "; nothing is changed. It is free again when that session ends or releases it");
        }
        tx.put(owner(place), fence);
        tx.put(session(fence).child(PLACES).child(place.toString()), handler == null ? "" : handler);
    }

    /** Frees a place that the session owns; it stays as it is. False if the session does not own it. */
    static boolean release(Transaction tx, long fence, KeyPath place) {
        boolean owned = isOpen(tx, fence) && tx.getOrDefault(owner(place), Long.class, -1L) == fence;
        return owned
                && tx.discard(owner(place))
                && tx.discard(session(fence).child(PLACES).child(place.toString()));
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
        Map<String, String> places = places(tx, fence);
        if (!places.values().stream().allMatch(name -> name.isEmpty() || handlers.containsKey(name))) {
            return false;
        }
        tx.label("the session " + tx.getOrDefault(session(fence).child("name"), fence) + " has ended");
        tx.remove(session(fence));
        places.keySet().forEach(place -> {
            boolean ignored = tx.discard(OWNERS.child(place));
        });
        places.forEach((key, name) -> {
            KeyPath place = KeyPath.parse(key);
            BiConsumer<? super Transaction, ? super KeyPath> handler = handlers.get(name);
            // A place may have gone with the container above it, in whose stead there may be a value of another type.
            if (tx.contains(place)) {
                if (handler == null) {
                    tx.discard(place);
                } else {
                    handler.accept(tx, place);
                }
            }
        });
        return true;
    }

    /** The heartbeats of an open session. */
    static long beats(TreeView tree, long fence) {
        return tree.get(session(fence).child("beat"), Long.class);
    }

    /** The records of the open sessions, by their numbers as text. */
    static HashMap<String, @Nullable Object> open(TreeView tree) {
        return tree.contains(OPEN) ? tree.mapAt(OPEN) : HashMap.empty();
    }

    /**
     * The record of an open session.
     *
     * @param key its number as text
     * @param failures called for a record that cannot be read
     * @return null if it cannot be read
     */
    static @Nullable SessionRecord read(TreeView tree, String key, Consumer<? super StoreException> failures) {
        try {
            return record(tree, Long.parseLong(key));
        } catch (StoreException | NumberFormatException e) {
            failures.accept(new StoreException(
                    "the record of a session at "
                            + OPEN.child(key).forPeople()
                            + " cannot be read, so nobody ends it: remove the record, and give back its places by hand",
                    e));
            return null;
        }
    }

    private static SessionRecord record(TreeView tree, long fence) {
        KeyPath path = session(fence);
        Set<String> handlers = new HashSet<>(places(tree, fence).values());
        boolean ignored = handlers.remove("");
        return new SessionRecord(
                fence,
                tree.get(path.child("name"), String.class),
                beats(tree, fence),
                Durations.of(Duration.ofMillis(tree.get(path.child("ttl"), Long.class))),
                handlers);
    }

    /**
     * The places of a session, each with the name of its function, or an empty one. A place within another one comes before it,
     * so that it is handed over before the other one is removed.
     */
    private static Map<String, String> places(TreeView tree, long fence) {
        KeyPath places = session(fence).child(PLACES);
        Map<String, String> found = new TreeMap<>(Comparator.reverseOrder());
        if (tree.contains(places)) {
            for (String place : tree.keys(places)) {
                found.put(place, tree.get(places.child(place), String.class));
            }
        }
        return found;
    }

    private static KeyPath session(long fence) {
        return OPEN.child(Long.toString(fence));
    }

    private static KeyPath owner(KeyPath place) {
        return OWNERS.child(place.toString());
    }
}
