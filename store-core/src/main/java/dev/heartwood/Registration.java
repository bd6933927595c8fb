package dev.heartwood;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A follower and the places that concern it. Filled by one thread, then added to a {@link FollowerIndex} once, and
 * removed from it once.
 */
final class Registration {
    private final Follower follower;
    private List<Place> places = new ArrayList<>(1);
    private boolean everyStep;

    /** The entries that stand in the index. Guarded by the lock of the index. */
    List<FollowerNode.Entry> entries = List.of();

    /** Whether it was removed, and so is not added any more. Guarded by the lock of the index. */
    boolean removed;

    Registration(Follower follower) {
        this.follower = follower;
    }

    /** The place at a path; {@code kinds} are {@link ReadSet.Kind#bit}s. */
    Registration at(KeyPath path, int kinds) {
        places.add(new Place(path, null, kinds));
        return this;
    }

    /**
     * The value at each place of a pattern. The part of a pattern after the first {@code **} is left to the follower.
     */
    Registration at(PathPattern pattern) {
        places.add(new Place(KeyPath.root(), pattern, ReadSet.Kind.VALUE.bit()));
        return this;
    }

    /** Every step, also one that changes nothing. */
    Registration atEveryStep() {
        everyStep = true;
        return this;
    }

    boolean isAtEveryStep() {
        return everyStep;
    }

    Follower follower() {
        return follower;
    }

    /** The places, once: they are needed no longer than until they stand in the index. */
    List<Place> takePlaces() {
        List<Place> taken = places;
        places = List.of();
        return taken;
    }

    /** A path, or a pattern. */
    record Place(KeyPath path, @Nullable PathPattern pattern, int kinds) {
        /** The node of an index for this place, made where it is new. */
        FollowerNode in(FollowerNode root) {
            int size = pattern == null ? path.size() : pattern.fixedSize();
            FollowerNode node = root;
            for (int i = 0; i < size; i++) {
                String step = pattern == null ? path.token(i) : pattern.fixedStep(i);
                node = step == null ? node.anyStepOrNew() : node.childOrNew(step);
            }
            return node;
        }
    }
}
