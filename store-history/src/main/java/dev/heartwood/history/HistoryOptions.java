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
 * Options of a history: how much it keeps, and which places it records. Each method gives new options; immutable. Each bound
 * that is given holds.
 */
public final class HistoryOptions {
    static final HistoryOptions DEFAULT = new HistoryOptions(0, null, 0, RecordedPlaces.ALL);

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
     * How many of the newest commits are kept. Default: 10,000; or 1,000,000 where a duration or a number of bytes is
     * given.
     *
     * @throws IllegalArgumentException if it is less than 1
     */
    public HistoryOptions keep(int commits) {
        return new HistoryOptions(requirePositive(commits), time, bytes, places);
    }

    /**
     * How long commits are kept, by their own times; at least the newest state always is. Default: without end.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public HistoryOptions keep(Duration time) {
        if (Objects.requireNonNull(time, "time must not be null").isNegative() || time.isZero()) {
            throw new IllegalArgumentException("expected a positive duration, not " + DurationText.of(time));
        }
        return new HistoryOptions(commits, time, bytes, places);
    }

    /**
     * How many bytes of memory the past states may take, beside what the newest one takes: an estimate of the parts that
     * they do not share with it. At least the newest commit is kept. Default: no bound.
     *
     * @throws IllegalArgumentException if it is less than 1
     */
    public HistoryOptions bytes(long bytes) {
        return new HistoryOptions(commits, time, requirePositive(bytes), places);
    }

    /**
     * Records these places alone, each with all below it; called more than once, it adds to them. Default: all places.
     *
     * <p>The states of the history have no other keys. A list keeps its length: an element of it that is not recorded is a
     * {@link Redacted}. A commit that changed none of the places is no entry, takes no memory, and does not count in
     * {@link #keep(int)}; for its version {@link History#at} gives the state that it left as it was.
     *
     * <p>Such a history undoes nothing, and none of its states can be restored: they are not the whole of the store's.
     *
     * @param places such as {@code PathPattern.parse("/accounts/**")}
     */
    public HistoryOptions only(PathPattern... places) {
        return with(this.places.only(List.of(Objects.requireNonNull(places, "places must not be null"))));
    }

    /**
     * Records of these places only that they changed, when and by whom: a {@link Redacted} stands in the place of each
     * value, all below it included. Called more than once, it adds to them. So the values are in no state that the history
     * gives, in no file that {@link History#save} writes, and in no report. Authors, labels and keys are recorded as
     * they are.
     *
     * <p>The committing thread links its state as it is, and does no more than without this; the values are taken out
     * within some 200 ms, and always before a state is read.
     *
     * <p>Where a pattern names an index of a list, the place counts as changed with each change of the list. Such a
     * history undoes nothing, and none of its states can be restored.
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
     * Begins to record a store: from its newest state on, until the history is closed.
     *
     * @param store the store, or a handle of it: {@link History#undo} is for the commits of its author
     */
    public History of(Store store) {
        return History.record(Objects.requireNonNull(store, "store must not be null"), this);
    }

    /**
     * A copy of a history as it is now, without what these options leave out: to be written to a file for others.
     * The bounds that were given hold, and no others.
     */
    public History of(History history) {
        return History.copy(Objects.requireNonNull(history, "history must not be null"), this);
    }

    /**
     * Reads a file as {@link History#load} does, without what these options leave out. The bounds that were given
     * hold, and no others.
     *
     * @throws dev.heartwood.StoreIOException as {@link History#load}
     */
    public History load(Path file) {
        return of(History.load(file));
    }

    /**
     * Reads the commits that the files of a store have, as {@link History#ofJournal} does, without what these options
     * leave out. The bounds that were given hold, and no others.
     *
     * @throws dev.heartwood.StoreIOException as {@link History#ofJournal}
     */
    public History ofJournal(Path file) {
        return of(History.ofJournal(file));
    }

    long commits() {
        return commits > 0 ? commits : time == null && bytes == 0 ? COMMITS : COMMITS_BESIDE_OTHER_BOUNDS;
    }

    /** The bound that was given; else none. */
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
