package dev.heartwood;

import static dev.heartwood.tree.Nodes.MISSING;

import dev.heartwood.tree.MapDelta;
import dev.heartwood.tree.TreeEquality;
import io.vavr.collection.HashMap;
import io.vavr.collection.Vector;
import org.jspecify.annotations.Nullable;

/** The parts of its tree that an attempt has read: immutable once the run that read it is over. */
@FunctionalInterface
interface ReadSet {
    /** Whether everything that was read is the same in both trees. */
    boolean same(HashMap<String, @Nullable Object> before, HashMap<String, @Nullable Object> after);

    /** The way in which a batch read a node, and so the property that must not change for the batch to stay valid. */
    enum Kind {
        /** The value: the same reference, or an equal leaf. */
        VALUE(1),
        /** Whether something is there. */
        PRESENCE(2),
        /** How many children there are, of which kind of container. */
        SIZE(4),
        /** Which keys are there. */
        KEYS(8),
        /** Whether it is a map, a list, a leaf, or nothing. */
        KIND(16);

        private static final Kind[] ALL = values();

        private final int bit;

        Kind(int bit) {
            this.bit = bit;
        }

        int bit() {
            return bit;
        }

        /** Whether two nodes differ in this way. */
        boolean differ(@Nullable Object before, @Nullable Object after) {
            return switch (this) {
                case VALUE -> !TreeEquality.atAGlance(before, after);
                case PRESENCE -> (before == MISSING) != (after == MISSING);
                case KIND -> !sameKind(before, after);
                case SIZE -> !sameSize(before, after);
                case KEYS -> !sameKeys(before, after);
            };
        }

        /** Whether two nodes differ in none of some ways, which are given as bits. */
        static boolean same(int bits, @Nullable Object before, @Nullable Object after) {
            for (Kind kind : ALL) {
                if ((bits & kind.bit) != 0 && kind.differ(before, after)) {
                    return false;
                }
            }
            return true;
        }

        /** Those of some ways, as bits, in which two nodes differ. */
        static int differing(int bits, @Nullable Object before, @Nullable Object after) {
            if (bits == VALUE.bit) { // the usual kind of watchers
                return VALUE.differ(before, after) ? bits : 0;
            }
            int differing = 0;
            for (Kind kind : ALL) {
                if ((bits & kind.bit) != 0 && kind.differ(before, after)) {
                    differing |= kind.bit;
                }
            }
            return differing;
        }

        private static boolean sameKind(@Nullable Object before, @Nullable Object after) {
            return (before == MISSING) == (after == MISSING)
                    && before instanceof HashMap == after instanceof HashMap
                    && before instanceof Vector == after instanceof Vector;
        }

        private static boolean sameSize(@Nullable Object before, @Nullable Object after) {
            if (before instanceof HashMap<?, ?> map) {
                return after instanceof HashMap<?, ?> other && map.size() == other.size();
            }
            if (before instanceof Vector<?> list) {
                return after instanceof Vector<?> other && list.size() == other.size();
            }
            return TreeEquality.atAGlance(before, after);
        }

        private static boolean sameKeys(@Nullable Object before, @Nullable Object after) {
            if (before instanceof HashMap<?, ?> map && after instanceof HashMap<?, ?> other) {
                return map.size() == other.size()
                        && MapDelta.forEach(map, other, (key, old, now) -> old != MISSING && now != MISSING);
            }
            return TreeEquality.atAGlance(before, after);
        }
    }
}
