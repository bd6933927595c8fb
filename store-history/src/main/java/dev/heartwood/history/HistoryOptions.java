package dev.heartwood.history;

import dev.heartwood.PathPattern;
import dev.heartwood.Store;
import dev.heartwood.tree.DurationText;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Options of a history: its bounds, and the places that it records. Each method returns new options; immutable. All
 * given bounds apply.
 */
public final class HistoryOptions {
    static final HistoryOptions DEFAULT = new HistoryOptions(0, null, 0, RecordedPlaces.ALL);

    /** Longer than any store has been there, and a time that an {@link java.time.Instant} can go back. */
    private static final Duration LONGEST = Duration.ofDays(36_500);

    private static final long COMMITS = 10_000;
    private static final long COMMITS_BESIDE_OTHER_BOUNDS = 1_000_000;

    /** 0: not given. */
    private final long commits;

    private final @Nullable Duration time;
    /** 0: not given. */
    private final long bytes;

    private final RecordedPlaces places;

    private HistoryOptions(long commits, @Nullable Duration time, long bytes, RecordedPlaces places) {
        this.commits = commits;
        this.time = time;
        this.bytes = bytes;
        this.places = places;
    }

    /**
     * Keeps this number of the newest commits. Default: 10,000; or 1,000,000 if a duration or a number of bytes is
     * given.
     *
     * @throws IllegalArgumentException if it is less than 1
     */
    public HistoryOptions keep(int commits) {
        return new HistoryOptions(requirePositive(commits), time, bytes, places);
    }

    /**
     * Keeps commits for this duration, by their own times; the newest state is always kept. Default: no bound.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public HistoryOptions keep(Duration time) {
        if (Objects.requireNonNull(time, "time must not be null").isNegative() || time.isZero()) {
            throw new IllegalArgumentException("expected a positive duration, not " + DurationText.of(time));
        }
        return new HistoryOptions(commits, time.compareTo(LONGEST) > 0 ? LONGEST : time, bytes, places);
    }

    /**
     * Limits the memory of the past states, in bytes: an estimate of the parts that they do not share with the newest
     * state. At least the newest commit is kept. Default: no bound.
     *
     * @throws IllegalArgumentException if it is less than 1
     */
    public HistoryOptions bytes(long bytes) {
        return new HistoryOptions(commits, time, requirePositive(bytes), places);
    }

    /**
     * Records only these places, each with everything below it; a further call adds more places. Default: all places.
     *
     * <p>The states of the history have no other keys. A list keeps its length: an element that is not recorded is a
     * {@link Redacted}. A commit that changed none of the places has no entry, takes no memory, and does not count in
     * {@link #keep(int)}; for its version {@link History#at} returns the state that it did not change.
     *
     * <p>Such a history cannot undo a commit, and none of its states can be restored: they are not the whole tree of
     * the store.
     *
     * @param places such as {@code PathPattern.parse("/accounts/**")}
     */
    public HistoryOptions only(PathPattern... places) {
        return with(this.places.only(List.of(Objects.requireNonNull(places, "places must not be null"))));
    }

    /**
     * Records only the time and author of each change of these places, but no values: a {@link Redacted} replaces each
     * value and everything below it. A further call adds more places. So the values are in no state that the history
     * returns, in no file that {@link History#save} writes, and in no report. Authors, labels and keys are recorded
     * unchanged.
     *
     * <p>The committing thread links its whole state, and does no more work than without this option; the values are
     * removed within some 200 ms, and always before a state is read.
     *
     * <p>If a pattern names an index of a list, each change of the list counts as a change of the place. Such a history
     * cannot undo a commit, and none of its states can be restored.
     *
     * @param places such as {@code PathPattern.parse("/users/*}{@code /password")}
     * @throws IllegalArgumentException if the top level itself is one of them
     */
    public HistoryOptions redact(PathPattern... places) {
        return with(this.places.redact(List.of(Objects.requireNonNull(places, "places must not be null"))));
    }

    private HistoryOptions with(RecordedPlaces choice) {
        return new HistoryOptions(commits, time, bytes, choice);
    }

    /**
     * Records a store: from its newest state on, until the history is closed.
     *
     * @param store the store, or a handle of it: {@link History#undo} is for the commits of its author
     */
    public History of(Store store) {
        return History.record(Objects.requireNonNull(store, "store must not be null"), this);
    }

    /**
     * A copy of the present history, without the places that these options leave out: for a file that you give to
     * others. Only the bounds of these options apply.
     */
    public History of(History history) {
        return History.copy(Objects.requireNonNull(history, "history must not be null"), this);
    }

    /**
     * Reads a file like {@link History#load}, without the places that these options leave out. Only the bounds of these
     * options apply.
     *
     * @throws dev.heartwood.StoreIOException as {@link History#load}
     */
    public History load(Path file) {
        return of(History.load(file));
    }

    /**
     * Reads the commits that the files of a store have, like {@link History#ofJournal}, without the places that these
     * options leave out. Only the bounds of these options apply.
     *
     * @throws dev.heartwood.StoreIOException as {@link History#ofJournal}
     */
    public History ofJournal(Path file) {
        return of(History.ofJournal(file));
    }

    long commits() {
        return commits > 0 ? commits : time == null && bytes == 0 ? COMMITS : COMMITS_BESIDE_OTHER_BOUNDS;
    }

    /** The given bound; otherwise none. */
    long commitsOfCopy() {
        return commits > 0 ? commits : Long.MAX_VALUE;
    }

    RecordedPlaces places() {
        return places;
    }

    @Nullable
    Duration time() {
        return time;
    }

    long bytes() {
        return bytes;
    }

    private static long requirePositive(long bound) {
        if (bound < 1) {
            throw new IllegalArgumentException("expected a bound of at least 1, not " + bound);
        }
        return bound;
    }
}
