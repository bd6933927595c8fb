package dev.heartwood.log;

import static java.util.Objects.requireNonNull;

import dev.heartwood.Snapshot;
import dev.heartwood.StoreException;
import dev.heartwood.StoreIOException;
import dev.heartwood.Timeline;
import dev.heartwood.log.Checkpoint.Pointer;
import dev.heartwood.log.LogException.Refused;
import dev.heartwood.log.LogException.Unavailable;
import dev.heartwood.log.SharedLog.Entry;
import dev.heartwood.log.SharedLog.Position;
import dev.heartwood.log.SharedLog.Tail;
import dev.heartwood.storage.CommitQueue;
import dev.heartwood.storage.PendingCommit;
import dev.heartwood.storage.Reconciler;
import dev.heartwood.tree.Nodes;
import dev.heartwood.tree.TreeEquality;
import io.vavr.collection.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The log as far as this process has applied it, with the checks that each entry follows from the one before it.
 *
 * <p>All methods that change it are called under one lock, that of the {@link LogRoot}; {@link #position},
 * {@link #requireSound} and {@link #canFollow} by any thread.
 */
final class Replica {
    private final SharedLog log;
    private final LogRequests requests;
    private final Timeline timeline;
    private final CommitQueue<String> queue;
    private final Consumer<Position> applied;
    private final String identity;
    private volatile WriterTable writers;
    private @Nullable Position lastOwn;
    private final GivenUpEntries givenUp = new GivenUpEntries();

    /** The entries of all states that are still referenced, for tokens. */
    private final Map<Snapshot, Position> entries = new WeakHashMap<>();

    /**
     * The last applied entry. Written after its state is recorded in the queue: if a look finds no later entry in the
     * log than this one, it answers from the queue. If it were written before, that answer could lack the entry.
     */
    private volatile Position position;

    private volatile @Nullable StoreException broken;

    /** An entry that this process tries to append, and the last of its commits. */
    record OwnEntry(Position at, List<PendingCommit<String>> commits) {}

    /**
     * A replica that starts with a checkpoint, whose state is the newest of the timeline.
     *
     * @param applied called for each applied entry; must be quick
     */
    Replica(
            SharedLog log,
            LogRequests requests,
            Checkpoint start,
            Timeline timeline,
            CommitQueue<String> queue,
            Consumer<Position> applied) {
        this.log = log;
        this.requests = requests;
        this.timeline = timeline;
        this.queue = queue;
        this.applied = applied;
        this.identity = start.log();
        this.writers = start.writers();
        this.position = start.at();
        remember(timeline.newest(), start.at());
    }

    /** The last applied entry. */
    Position position() {
        return position;
    }

    /** The identity of the log. */
    String identity() {
        return identity;
    }

    /** The reason why the log can no longer be followed, because it was replaced or damaged; null if it can. */
    @Nullable
    StoreException broken() {
        return broken;
    }

    /**
     * Refuses to go on after the log was found to be replaced or damaged.
     *
     * @throws StoreException with the reason
     */
    void requireSound() {
        StoreException reason = broken;
        if (reason != null) {
            throw reason;
        }
    }

    /**
     * Refuses a log that ends before an entry which was known before the request.
     *
     * @param known the position before the request; not after it: an own commit could come between
     */
    void requireFollows(Position last, Position known) {
        boolean isOther = last.number() == known.number() && !last.equals(known);
        if (last.number() < known.number() || isOther) {
            throw replaced(last, known);
        }
    }

    /**
     * Reads and applies the log up to a number.
     *
     * @throws StoreIOException if the log does not answer before the deadline, or lacks entries that it should have
     */
    void catchUp(long to) {
        LogRequests.Retries retries = requests.retries();
        while (position.number() < to) {
            Position before = position;
            join(requests.ask(() -> log.read(before.number() + 1)), null);
            if (position == before && !retries.pause()) {
                throw new StoreIOException(
                        "the log has neither the entry after " + before
                                + " nor a checkpoint that contains it, though the"
                                + " log goes up to number " + to
                                + ". Nothing was changed; if this lasts, restore the log from"
                                + " a backup",
                        null);
            }
        }
    }

    /**
     * Reads and applies the log up to the number of a wake-up, or to its end if that comes first: the sender of a
     * wake-up is not trusted, and it may belong to another log.
     */
    void hear(long told) {
        if (position.number() < told) {
            catchUp(Math.min(told, readOn()));
        }
    }

    /**
     * Reads the log from the next number on, and applies one answer: at least one entry if there is one.
     *
     * @return the number of the last entry at that moment
     * @throws StoreIOException as {@link #catchUp} does
     */
    long readOn() {
        long next = position.number() + 1;
        Tail tail = requests.ask(() -> log.read(next));
        join(tail, null);
        catchUp(Math.min(next, tail.last().number()));
        return tail.last().number();
    }

    /**
     * Applies the entries of other processes.
     *
     * @param tail the log from the next number on
     * @param own an entry of this process that may be among them: an earlier try, or a request that a client library sent
     *     twice, brought it there
     * @return whether it was there; null if that is unknown, and then no entry was applied
     */
    @Nullable
    Boolean join(Tail tail, @Nullable OwnEntry own) {
        requireFollows(tail.last(), position);
        // Once its number is filled, by this entry or by another, the answer is final.
        Boolean found = own == null ? Boolean.FALSE : null;
        for (Entry entry : tail.entries()) {
            if (entry.at().number() <= position.number()) {
                continue;
            }
            EntryText text = entry.at().number() == position.number() + 1 ? text(entry) : null;
            if (text == null) {
                return reload(own, found);
            }
            boolean isOwn = apply(entry.at(), text, own);
            found = found == null ? isOwn : found;
        }
        if (tail.entries().isEmpty() && tail.last().number() > position.number()) {
            return reload(own, found);
        }
        return found == null ? Boolean.FALSE : found;
    }

    /** The text of an entry; null if its parts were trimmed. */
    private @Nullable EntryText text(Entry entry) {
        return sound(() -> requests.ask(() -> Optional.ofNullable(EntryText.read(requests.parts(log), entry))))
                .orElse(null);
    }

    private boolean apply(Position at, EntryText text, @Nullable OwnEntry own) {
        if (!text.on().equals(position.id())) {
            throw replaced(at, position);
        }
        if (own != null && at.equals(own.at())) {
            decided(own);
            return true;
        }
        long version = text.firstVersion();
        for (String line : text.commits()) {
            HashMap<String, @Nullable Object> before = queue.durable().root();
            LogFormat.Step step = sound(() -> LogFormat.step(at, line, before));
            joined(timeline.state(version++, step.tree(), step.origin()), at);
        }
        noted(at);
        return false;
    }

    /** The entry of this process is in the log, right after the position. */
    void decided(OwnEntry own) {
        for (PendingCommit<String> commit : own.commits()) {
            remember(commit.after(), own.at());
        }
        queue.decided(own.commits().get(own.commits().size() - 1));
        lastOwn = own.at();
        noted(own.at());
    }

    private void joined(Snapshot state, Position at) {
        remember(state, at);
        queue.joined(state);
    }

    /** An entry of this process that has no commits is in the log, right after the position. */
    void filled(Position at) {
        lastOwn = at;
        noted(at);
    }

    private void noted(Position at) {
        writers.note(at);
        moved(at);
    }

    private void moved(Position at) {
        position = at;
        givenUp.passed(at.number(), writers);
        applied.accept(at);
    }

    /**
     * The entries after the position were trimmed: goes on from the newest checkpoint.
     *
     * @param answer whether the own entry is in the log, if that is known already
     */
    private @Nullable Boolean reload(@Nullable OwnEntry own, @Nullable Boolean answer) {
        LogRequests.Retries again = requests.checkpointRetries();
        long shownTo = position.number();
        Checkpoint newest = sound(() ->
                        requests.ask(() -> Optional.ofNullable(loadAfter(shownTo, log, requests.parts(log), again))))
                .orElse(null);
        if (newest == null) {
            // No checkpoint contains the entries yet. The caller asks again.
            return answer == null ? Boolean.FALSE : answer;
        }
        Position known = lastOwn;
        boolean hasLostOwn = known != null && !newest.writers().canFollow(known);
        boolean hasLostShown = !newest.writers().canFollow(position);
        if (hasLostOwn || hasLostShown || !newest.log().equals(identity)) {
            throw replaced(newest.at(), position);
        }
        Boolean found = answer;
        if (own != null && answer == null) {
            found = newest.writers().holds(own.at());
            if (found == null) {
                return null;
            } else if (found) {
                decided(own);
            }
        }
        writers = newest.writers();
        // If a log was restored and then continued, it can reach the present version of this replica with another tree.
        Snapshot shown = queue.durable();
        boolean isOther = newest.version() == shown.version() && !TreeEquality.trees(newest.tree(), shown.root());
        if (newest.version() < shown.version() || isOther) {
            throw replaced(newest.at(), position);
        }
        // Entries without commits change no version, and the newest entry may be the own one.
        if (newest.version() > shown.version()) {
            Object tree = requireNonNull(Reconciler.onto(queue.durable().root(), newest.tree()));
            // Of unknown origin: the step contains the commits of several authors.
            joined(timeline.state(newest.version(), Nodes.map(tree)), newest.at());
        }
        moved(newest.at());
        return found;
    }

    /**
     * The newest checkpoint, or the beginning of a log that has none. If others write the next checkpoints before this one is read, the
     * earlier one that stays.
     *
     * @param again the time for which another one is begun
     * @throws StoreIOException if that has passed
     */
    static Checkpoint load(SharedLog log, StagedText.Parts parts, LogRequests.Retries again)
            throws Unavailable, Refused {
        return requireNonNull(loadAfter(-1, log, parts, again));
    }

    /** The same; null if the log has no checkpoint after this number. */
    private static @Nullable Checkpoint loadAfter(
            long number, SharedLog log, StagedText.Parts parts, LogRequests.Retries again) throws Unavailable, Refused {
        Set<Position> gone = new HashSet<>();
        do {
            Pointer newest = log.checkpoint().map(Pointer::parse).orElse(Pointer.NONE);
            Pointer kept = newest.kept();
            Pointer next = kept != null && !gone.isEmpty() && !gone.contains(kept.at()) ? kept : newest;
            if (gone.contains(next.at())) {
                // Parts and entries are deleted after the pointer has been replaced, and not before.
                throw new Refused(
                        "the log has no complete checkpoint, and its first entries are gone. Restore the log from a"
                                + " backup",
                        null);
            }
            if (next.at().number() <= number) {
                return null;
            }
            Checkpoint read = newest.equals(Pointer.NONE) ? beginning(log) : read(parts, next);
            if (read != null) {
                return read;
            }
            gone.add(next.at());
        } while (again.pause());
        throw new StoreIOException(
                "others replace the checkpoints of the log faster than this process reads one: each was gone before all of"
                        + " its parts were read. The log is sound, and nothing was changed. Try again over a faster"
                        + " connection or when fewer commits are made, or choose a longer deadline (LogOptions.deadline)"
                        + " in the processes that commit",
                null);
    }

    private static @Nullable Checkpoint read(StagedText.Parts parts, Pointer pointer) throws Unavailable, Refused {
        return StagedReader.read(
                parts,
                StagedText.CHECKPOINTS,
                pointer.at(),
                pointer.staged(),
                text -> LogFormat.reading("checkpoint at " + pointer.at(), () -> Checkpoint.of(pointer, text)));
    }

    /** The beginning of a log without a checkpoint; null if its first entries are gone. */
    private static @Nullable Checkpoint beginning(SharedLog log) throws Unavailable, Refused {
        Tail tail = log.read(1);
        if (tail.last().number() == 0) {
            return Checkpoint.beginning(tail.last().id());
        }
        boolean isWhole =
                !tail.entries().isEmpty() && tail.entries().get(0).at().number() == 1;
        return isWhole
                ? Checkpoint.beginning(EntryText.of(tail.entries().get(0)).on())
                : null;
    }

    /** A checkpoint of the present state. */
    Checkpoint checkpoint(long keptWriters) {
        writers.dropBelow(position.number() - keptWriters);
        return new Checkpoint(
                identity, position, queue.durable().version(), queue.durable().root(), WriterTable.copyOf(writers));
    }

    /** The entry that made a state; null if it is no longer known. */
    @Nullable
    Position entryOf(Snapshot state) {
        synchronized (entries) {
            return entries.get(state);
        }
    }

    private void remember(Snapshot state, Position at) {
        synchronized (entries) {
            entries.put(state, at);
        }
    }

    /** This process no longer waits for the answer to an entry; whether the log has it is known once its number is filled. */
    void gaveUp(Position entry) {
        givenUp.add(entry);
        givenUp.passed(position.number(), writers);
    }

    /** Whether the log has an entry, as far as this process knows; the position is at it or beyond. */
    @Nullable
    Boolean holds(Position entry) {
        Boolean known = givenUp.holds(entry);
        return known == null ? writers.holds(entry) : known;
    }

    /**
     * Whether the log can have held an entry. Without the lock, an entry that is applied just now may be missing though its
     * state is visible.
     */
    boolean canFollow(Position entry) {
        return writers.canFollow(entry);
    }

    private interface Step<T> {
        T take();
    }

    /** Unreadable text ends the replica: the entries after it cannot be applied either. */
    private <T> T sound(Step<T> step) {
        try {
            return step.take();
        } catch (StoreIOException e) {
            throw e;
        } catch (StoreException e) {
            broken = e;
            throw e;
        }
    }

    private LogReplacedException replaced(Position found, Position known) {
        LogReplacedException reason = new LogReplacedException("the log has another past than this store: its entry "
                + found + " does not follow from entry " + known
                + ", which this store has seen. The log was restored or replaced, or"
                + " has lost entries that were acknowledged. This store takes no more commits; its plain reads show the"
                + " last state that it has seen. Save the data that you need, and open the store again");
        broken = reason;
        return reason;
    }
}
