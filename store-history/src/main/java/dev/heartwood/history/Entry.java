package dev.heartwood.history;

import dev.heartwood.Diff;
import dev.heartwood.KeyPath;
import dev.heartwood.Origin;
import dev.heartwood.Snapshot;
import org.jspecify.annotations.Nullable;

/**
 * One commit at one place: its origin, and the value before and after it.
 *
 * <p>If commits are missing in the record, one entry represents all of them: {@link #isGap}. Its origin is empty, since
 * any of them may have changed the place.
 *
 * <p>Immutable. Keeping an entry keeps its two states.
 */
public final class Entry {
    private static final Origin UNKNOWN = Origin.of(null, null, null);

    private final KeyPath path;
    private final Snapshot previous;
    private final Snapshot state;
    private final boolean gap;

    Entry(KeyPath path, Snapshot previous, Snapshot state, boolean gap) {
        this.path = path;
        this.previous = previous;
        this.state = state;
        this.gap = gap;
    }

    /** The version that the commit made. */
    public long version() {
        return state.version();
    }

    /** The author, reason, time and code line of the commit, as far as they were recorded; not null. */
    public Origin origin() {
        return gap ? UNKNOWN : state.origin();
    }

    /** The requested place. */
    public KeyPath path() {
        return path;
    }

    /**
     * The value at the place before the commit; null if it was missing. {@link #wasThere} distinguishes that from a
     * JSON null.
     */
    public @Nullable Object before() {
        return previous.getOrDefault(path, null);
    }

    /**
     * The value at the place after the commit; null if it is missing. {@link #isThere} distinguishes that from a JSON
     * null.
     */
    public @Nullable Object after() {
        return state.getOrDefault(path, null);
    }

    /** Whether there was a value at the place before the commit. */
    public boolean wasThere() {
        return previous.contains(path);
    }

    /** Whether there is a value at the place after the commit. */
    public boolean isThere() {
        return state.contains(path);
    }

    /** The whole state before the commit. */
    public Snapshot previous() {
        return previous;
    }

    /** The whole state that the commit made. */
    public Snapshot state() {
        return state;
    }

    /**
     * How the value at the place changed, with paths from the root, as in {@link Snapshot#diff(Snapshot, KeyPath)}; computed
     * at each call. The place itself was added or removed if it came or went together with a container above it.
     */
    public Diff diff() {
        return previous.diff(state, path);
    }

    /** Whether this represents several commits that are missing in the record. */
    public boolean isGap() {
        return gap;
    }

    /** For people: the version, the origin, and the changes, one a line. */
    @Override
    public String toString() {
        String changes = diff().toString();
        String who = gap
                ? "commits after version " + previous.version() + " are missing in the record"
                : origin().toString();
        return "version " + version() + ", " + who + (changes.isEmpty() ? "" : "\n  " + changes.replace("\n", "\n  "));
    }
}
