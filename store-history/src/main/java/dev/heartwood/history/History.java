package dev.heartwood.history;

import dev.heartwood.Commit;
import dev.heartwood.KeyPath;
import dev.heartwood.Snapshot;
import dev.heartwood.Store;
import dev.heartwood.TreeView;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The past of a store: its states and commits, with author, reason and time. A history records all commits from the
 * moment it is opened, those of other processes included, and keeps them within the bounds of its
 * {@link HistoryOptions}.
 *
 * <p>States share their structure, so a kept commit takes memory only for its changes. A committing thread only links
 * its step to the chain of states: it never waits for a reader. Readers see all states that were visible when they
 * asked, in version order. If a step is not known, for example because memory ran out, an
 * {@linkplain Entry#isGap entry} of its own represents it.
 *
 * <p>While it records, the store stamps each commit with its time. Thread-safe.
 */
public final class History implements AutoCloseable {
    private final Source source;

    private History(Source source) {
        this.source = source;
    }

    /** The default options; each method of {@link HistoryOptions} names its default. */
    public static HistoryOptions options() {
        return HistoryOptions.DEFAULT;
    }

    /** Records a store with the default options: its newest 10,000 commits. */
    public static History of(Store store) {
        return options().of(store);
    }

    /**
     * Reads a history that {@link #save} has written. It is the record of a store: nothing can be undone in it.
     *
     * @throws dev.heartwood.StoreIOException if the file cannot be read, or has another format; the message names the line
     */
    public static History load(Path file) {
        return new History(new RecordedSource(HistoryFile.load(Objects.requireNonNull(file, "file must not be null"))));
    }

    /**
     * Reads the commits that the files of a durable store still have, without opening the store, also while it is open
     * here or in another process. No file is changed. {@link HistorySource} describes the stores that can be read.
     *
     * @param file the file that the store was opened with
     * @throws dev.heartwood.StoreIOException if the files cannot be read, or no module on the path knows their kind
     */
    public static History ofJournal(Path file) {
        return new History(
                new RecordedSource(HistorySource.readAny(Objects.requireNonNull(file, "file must not be null"))
                        .records()));
    }

    /**
     * A history of commits that were read from the storage of a store. It is the record of a store: nothing can be
     * undone in it.
     *
     * @param commits not changed from now on
     */
    public static History of(RecordedCommits commits) {
        return new History(new RecordedSource(
                Objects.requireNonNull(commits, "commits must not be null").records()));
    }

    static History record(Store store, HistoryOptions options) {
        return new History(LiveSource.start(store, options));
    }

    static History copy(History history, HistoryOptions options) {
        return new History(new RecordedSource(history.records().copy(options)));
    }

    /**
     * The states kept, oldest first; the last one is the newest state of the store, as far as its places are recorded.
     * Never empty. Of successive states that differ only in the records of {@linkplain dev.heartwood.Session sessions},
     * only the last is kept.
     */
    public List<Snapshot> states() {
        return records().states();
    }

    /**
     * The commits kept, oldest first, each with its changes from the root on. The heartbeats of
     * {@linkplain dev.heartwood.Session sessions}, and other commits that changed only their records, are not included
     * and do not count in the bounds; {@code of(Session.RECORDS)} returns those that are still there.
     */
    public List<Entry> entries() {
        return records().entries();
    }

    /**
     * The state with a version.
     *
     * @throws NoSuchStateException if it is not kept
     */
    public Snapshot at(long version) {
        return records().at(version);
    }

    /**
     * The newest state at a time, by the times of the commits. If a clock was set back, or the time of a commit is not
     * known, the commit counts as made at the time of the commit before it.
     *
     * @throws NoSuchStateException if the oldest state kept is younger than that
     */
    public Snapshot asOf(Instant time) {
        return records().asOf(time);
    }

    /** The first state kept in which the condition holds; null if it holds in none. */
    public @Nullable Snapshot first(Predicate<? super TreeView> condition) {
        return records().first(condition);
    }

    /**
     * The commits kept that changed the value at a path, oldest first; presence counts, and so does a change below the
     * path. A commit that put an equal value is not included. For the root, these are the {@link #entries}.
     */
    public List<Entry> of(KeyPath path) {
        return records().of(Objects.requireNonNull(path, "path must not be null"));
    }

    /** The last entry of {@link #of(KeyPath)}; null if there is none. */
    public @Nullable Entry blame(KeyPath path) {
        return records().blame(Objects.requireNonNull(path, "path must not be null"));
    }

    /**
     * Undoes the newest commit, not undone yet, of the author of the store's handle; of any author, if the history was opened with
     * a store without an author. The undo is a commit of its own, with a label that says so, and cannot be undone itself: see
     * {@link #redo}. The undo of another history is known for one if this history still kept the commit that it has undone;
     * otherwise it is a commit like any other.
     *
     * @return the commit; null if no kept commit can be undone
     * @throws dev.heartwood.ConflictException if others have changed the same place since, though to an equal value in the end,
     *     and have not undone that; nothing is changed
     * @throws IllegalStateException if this is the record of a store and not a store, does not record all places, or is closed
     */
    public @Nullable Commit undo() {
        return source.undoLog().undo(this::allRecords);
    }

    /**
     * Redoes the last undone commit. After a new commit of the same author, nothing can be redone.
     *
     * @return the commit; null if there is nothing to redo
     * @throws dev.heartwood.ConflictException if others have changed the same place since, though to an equal value in the end,
     *     and have not undone that; nothing is changed
     * @throws IllegalStateException if this is the record of a store and not a store, does not record all places, or is closed
     */
    public @Nullable Commit redo() {
        return source.undoLog().redo(this::allRecords);
    }

    /**
     * Writes all kept commits to a file as JSON lines, for people, for {@code grep} and {@code diff}, and for {@link #load}: first
     * the oldest state, then each commit with its origin and its changes as a JSON Patch, whose members {@code was} have the
     * values before. A leaf that JSON cannot represent is written as its {@code toString}; a {@code BigDecimal} is loaded as a
     * {@code Double} if that has its value. The file replaces an existing one as a whole, and is readable only by its owner.
     * Of a symbolic link, the file that it names is replaced.
     *
     * @throws dev.heartwood.UnsupportedValueException if a changed value has more than 997 nested containers, or the oldest
     *     state more than 999: a line nests them in up to three of its own; what is there is unchanged
     * @throws dev.heartwood.StoreIOException if it cannot be written, or there is a directory, a device or another thing that is
     *     no regular file; what is there is unchanged
     */
    public void save(Path file) {
        HistoryFile.save(records(), Objects.requireNonNull(file, "file must not be null"));
    }

    /** Ends the recording. Recorded entries can still be read, and nothing can be undone. The store goes on. Idempotent. */
    @Override
    public void close() {
        source.close();
    }

    /** For people: the number of kept commits, and their versions. */
    @Override
    public String toString() {
        return "History[" + records() + "]";
    }

    /** The records, which have all commits up to now; an exception if the history was closed meanwhile. */
    private Records allRecords() {
        Records records = records();
        source.undoLog(); // after the look: a history that is open now has missed nothing until then
        return records;
    }

    private Records records() {
        return source.records();
    }
}
