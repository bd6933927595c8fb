package dev.heartwood.tree;

import static dev.heartwood.tree.Nodes.MISSING;

import io.vavr.Tuple2;
import io.vavr.collection.HashMap;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The entries in which two maps differ: those that are no longer, or not yet, there, and those whose value is another
 * reference.
 *
 * <p>If Vavr's tries are accessible, shared parts are skipped ({@link SharedTries}). Otherwise, two hash tries with the
 * same hash function iterate in one order, that of their hashes read five bits at a time from the low end; so both are
 * walked in step. Entries that are the same two references are passed by: of their keys not even the hash is read,
 * since one read of each key from memory would take longer than the walk.
 */
public final class MapDelta {
    /** Visits each entry that differs. */
    @FunctionalInterface
    public interface Visitor {
        /**
         * One entry; {@link Nodes#MISSING} on the side where it is absent. Returns whether to go on. The keys of our
         * trees are {@code String}s; a map from a caller's function may have other keys, also null.
         */
        boolean differs(@Nullable Object key, @Nullable Object before, @Nullable Object after);
    }

    private final Visitor visitor;
    private final Side left;
    private final Side right;

    private MapDelta(
            HashMap<@Nullable Object, @Nullable Object> before,
            HashMap<@Nullable Object, @Nullable Object> after,
            Visitor visitor) {
        this.visitor = visitor;
        this.left = new Side(before.iterator());
        this.right = new Side(after.iterator());
    }

    /**
     * Whether the shared parts of two maps are skipped: otherwise finding their differences takes the time of the maps.
     */
    public static boolean skipsShared() {
        return TrieAccess.isOpen();
    }

    /** Visits the differing entries, in no promised order; false if the visitor stopped it. */
    public static boolean forEach(HashMap<?, ?> before, HashMap<?, ?> after, Visitor visitor) {
        if (before == after) {
            return true;
        }
        return TrieAccess.isOpen()
                ? SharedTries.forEach(before, after, visitor)
                : forEachInStep(before, after, visitor);
    }

    /** {@link #forEach} through Vavr's public methods alone, in the time of the whole maps. */
    @SuppressWarnings("unchecked")
    static boolean forEachInStep(HashMap<?, ?> before, HashMap<?, ?> after, Visitor visitor) {
        return new MapDelta(
                        (HashMap<@Nullable Object, @Nullable Object>) before,
                        (HashMap<@Nullable Object, @Nullable Object>) after,
                        visitor)
                .walk();
    }

    private boolean walk() {
        for (skipShared(); left.more || right.more; skipShared()) {
            if (!differing()) {
                return false;
            }
        }
        return true;
    }

    /** Goes on while both sides stand at one entry. Skipped entries go into no field, so that no tuple is ever made. */
    private void skipShared() {
        if (!left.more || !right.more || left.key != right.key || left.value != right.value) {
            return;
        }
        Iterator<Tuple2<@Nullable Object, @Nullable Object>> a = left.entries;
        Iterator<Tuple2<@Nullable Object, @Nullable Object>> b = right.entries;
        while (a.hasNext() && b.hasNext()) {
            Tuple2<@Nullable Object, @Nullable Object> old = a.next();
            Tuple2<@Nullable Object, @Nullable Object> now = b.next();
            if (old._1 != now._1 || old._2 != now._2) {
                left.standAt(old._1, old._2);
                right.standAt(now._1, now._2);
                return;
            }
        }
        left.advance();
        right.advance();
    }

    private boolean differing() {
        int order = !left.more ? 1 : !right.more ? -1 : compare(left.hash(), right.hash());
        return order < 0 ? removed() : order > 0 ? added() : sameHash(left.hash());
    }

    private boolean removed() {
        return visitor.differs(left.key, left.takeValue(), MISSING);
    }

    private boolean added() {
        return visitor.differs(right.key, MISSING, right.takeValue());
    }

    /**
     * All entries of one hash, which may be several keys, and those in any order. Matched among themselves: a lookup in
     * the map would take a key that merely equals a {@code String} for that.
     */
    private boolean sameHash(int hash) {
        List<Object[]> rights = new ArrayList<>(1);
        while (right.more && right.hash() == hash) {
            rights.add(new Object[] {right.key, right.takeValue()});
        }
        while (left.more && left.hash() == hash) {
            Object key = left.key;
            Object old = left.takeValue();
            Object now = MISSING;
            for (int i = 0; i < rights.size() && now == MISSING; i++) {
                if (isSameKey(key, rights.get(i)[0])) {
                    now = rights.remove(i)[1];
                }
            }
            if (old != now && !visitor.differs(key, old, now)) {
                return false;
            }
        }
        for (Object[] entry : rights) {
            if (!visitor.differs(entry[0], MISSING, entry[1])) {
                return false;
            }
        }
        return true;
    }

    /**
     * Whether two keys are the same reference, or equal strings: another object that claims to equal a string is no key
     * of our trees.
     */
    static boolean isSameKey(@Nullable Object a, @Nullable Object b) {
        return a == b || (a instanceof String && a.equals(b));
    }

    private static int compare(int hash, int other) {
        int differing = hash ^ other;
        if (differing == 0) {
            return 0;
        }
        int shift = Integer.numberOfTrailingZeros(differing) / 5 * 5;
        return Integer.compare((hash >>> shift) & 31, (other >>> shift) & 31);
    }

    /** One of the two maps, with the entry it stands at. */
    private static final class Side {
        private final Iterator<Tuple2<@Nullable Object, @Nullable Object>> entries;
        private boolean more;
        private @Nullable Object key;
        private @Nullable Object value;

        Side(Iterator<Tuple2<@Nullable Object, @Nullable Object>> entries) {
            this.entries = entries;
            advance();
        }

        /** The value; goes on to the next entry. */
        @Nullable
        Object takeValue() {
            Object taken = value;
            advance();
            return taken;
        }

        int hash() {
            return Objects.hashCode(key);
        }

        private void advance() {
            more = entries.hasNext();
            if (more) {
                Tuple2<@Nullable Object, @Nullable Object> entry = entries.next();
                standAt(entry._1, entry._2);
            } else {
                key = null;
                value = null;
            }
        }

        private void standAt(@Nullable Object key, @Nullable Object value) {
            this.key = key;
            this.value = value;
        }
    }
}
