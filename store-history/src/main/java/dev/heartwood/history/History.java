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
 * The past of a store: its states and commits, with who made them, why and when. It records from the moment it is
 * opened, the commits of other processes included, and keeps them within the bounds of its {@link HistoryOptions}.
 *
 * <p>States share their structure, so a kept commit costs what it has changed. A committing thread links its step to
 * the chain of states, and does nothing else: it never waits for a reader. Readers see all states that were visible
 * when they asked, in version order. A step that is not known, since memory ran out for example, is an {@linkplain Entry#isGap
 * entry} of its own.
 *
 * <p>While it records, the store stamps each commit with its time. Thread-safe.
 */
public final class History implements AutoCloseable {
    private final Source source;

    private History(Source source) {
        this.source = source;
    }

    /** The default options: how much is kept; each default stands with its method in {@link HistoryOptions}. */
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
     * @throws dev.heartwood.StoreIOException if the file cannot be read, or is none of this format; the message says
     * which
     *     line
     */
    public static History load(Path file) {
        return new History(new RecordedSource(HistoryFile.load(Objects.requireNonNull(file, "file must not be null"))));
    }

    /**
     * The commits that the files of a durable store still have, read without opening the store; also while it is open,
     * here or in another process. No file is changed. See {@link HistorySource} for which stores can be read.
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
     * A history of commits that were read from where a store keeps them. It is the record of a store: nothing can be undone
     * in it.
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
     * Never empty. Of states that differ in the records of {@linkplain dev.heartwood.Session sessions} alone and follow each
     * other, the last one is there.
     */
    public List<Snapshot> states() {
        return records().states();
    }

    /**
     * The commits kept, oldest first, each seen from the root. The heartbeats of {@linkplain dev.heartwood.Session sessions}, and
     * other commits that changed their records alone, are not among them and do not count in the bounds; what is left of
     * them is seen by {@code of(Session.RECORDS)}.
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
     * The state that was the newest one at a time, by the times of the commits. Where a clock was set back, a commit
     * counts as made at the time of the commit before it, and so does one whose time is not known.
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
     * path. A commit that put an equal value is none of them. Of the root, these are the {@link #entries}.
     */
    public List<Entry> of(KeyPath path) {
        return records().of(Objects.requireNonNull(path, "path must not be null"));
    }

    /** The last of those that {@link #of(KeyPath)} gives; null if there is none. */
    public @Nullable Entry blame(KeyPath path) {
        return records().blame(Objects.requireNonNull(path, "path must not be null"));
    }

    /**
     * Undoes the newest commit of the author of the store's handle that is not undone yet; of any author, where
     * the history was opened with a store without one. The undoing is a commit of its own, with a label that says so,
     * and is not undone in turn: see {@link #redo}.
     *
     * @return the commit; null if there is nothing to undo among what is kept
     * @throws dev.heartwood.ConflictException if others have changed the same place since; nothing is changed
     * @throws IllegalStateException if this is the record of a store and not a store, or does not record all places
     */
    public @Nullable Commit undo() {
        return source.undoLog().undo(records());
    }

    /**
     * Makes the last undone commit once more. A new commit of the same author ends what can be done again.
     *
     * @return the commit; null if there is nothing to redo
     * @throws dev.heartwood.ConflictException if others have changed the same place since; nothing is changed
     * @throws IllegalStateException if this is the record of a store and not a store, or does not record all places
     */
    public @Nullable Commit redo() {
        return source.undoLog().redo(records());
    }

    /**
     * Writes all that is kept to a file as JSON lines, for people, for {@code grep} and {@code diff}, and for
     * {@link #load}: first the oldest state, then each commit with its origin and its changes, which are a JSON Patch
     * whose members {@code was} have the values before. A leaf that JSON has no word for is written as its
     * {@code toString}. The file replaces one that is there, as a whole, and is readable by its owner alone.
     *
     * @throws dev.heartwood.StoreIOException if it cannot be written; what was there before is unchanged
     */
    public void save(Path file) {
        HistoryFile.save(records(), Objects.requireNonNull(file, "file must not be null"));
    }

    /** Ends the recording. Recorded entries can still be read. The store goes on. Idempotent. */
    @Override
    public void close() {
        source.close();
    }

    /** For people: how many commits of which versions are kept. */
    @Override
    public String toString() {
        return "History[" + records() + "]";
    }

    private Records records() {
        return source.records();
    }
}
