package dev.heartwood.junit;

import dev.heartwood.Change;
import dev.heartwood.Diff;
import dev.heartwood.KeyPath;
import dev.heartwood.PathPattern;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Looks for changes outside of given places. */
final class ChangedPlaces {
    private final List<PathPattern> places;

    ChangedPlaces(List<PathPattern> places) {
        this.places = places;
    }

    /** The changes outside, in words. */
    List<String> outside(Diff diff) {
        List<String> outside = new ArrayList<>();
        for (Change change : diff) {
            if (!isInside(change.path()) && !isInside(change)) {
                outside.add(change.toString());
            }
        }
        return outside;
    }

    /** Whether the place, or one above it, is one of the places. */
    private boolean isInside(KeyPath path) {
        KeyPath above = path;
        while (above != null) {
            KeyPath place = above;
            if (places.stream().anyMatch(pattern -> pattern.matches(place))) {
                return true;
            }
            above = above.parent();
        }
        return false;
    }

    /**
     * Whether all entries of a container that came or went are inside: where {@code /b} is new, {@code /b/*} may match
     * it.
     */
    private boolean isInside(Change change) {
        if (change instanceof Change.Added added) {
            return isInside(added.path(), added.value());
        }
        return change instanceof Change.Removed removed && isInside(removed.path(), removed.value());
    }

    private boolean isInside(KeyPath path, @Nullable Object value) {
        if (isInside(path)) {
            return true;
        }
        if (value instanceof Map<?, ?> map && !map.isEmpty()) {
            return map.forAll(entry -> isInside(path.child(entry._1), entry._2));
        }
        if (value instanceof Seq<?> list && !list.isEmpty()) {
            return list.zipWithIndex().forAll(entry -> isInside(path.child(entry._2), entry._1));
        }
        return false;
    }
}
