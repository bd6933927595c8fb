package dev.heartwood.log;

import dev.heartwood.log.Checkpoint.Pointer;
import dev.heartwood.log.SharedLog.Position;
import dev.heartwood.storage.SafeLog;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes checkpoints and trims the log, from time to time. Any replica may do so, and also two at once: a compare-and-set
 * moves the pointer, only to a later place.
 *
 * <p>A replica that begins <em>announces</em> its checkpoint: a compare-and-set adds the number to the pointer. The others wait until
 * the next one is due, so usually only one writes. And only one ever writes the parts of a number: two replicas may write different
 * texts of one state, since their options or their versions of the library differ, and parts of both would be no text.
 *
 * <p>The order is announcement, parts, pointer, trim. A process that dies between two of them leaves the old checkpoint whole, and parts
 * that a later trim deletes by their numbers. A trim before the pointer would leave a log without a beginning.
 *
 * <p>A process may read a checkpoint more slowly than others write the next ones. So beside the newest one stays an earlier one, which the
 * pointer names, with all entries after it: always the same for twice the deadline, and then the one that was the newest.
 */
final class Checkpointer {
    private static final Logger LOGGER = System.getLogger("dev.heartwood.log");

    private final SharedLog log;
    private final LogRequests requests;
    private final LogOptions options;
    private final Replica replica;
    private final ReentrantLock deciding;
    private final BooleanSupplier closed;
    /** Held while a checkpoint is written, so that {@link LogRoot#close} can wait for one under way. */
    private final ReentrantLock writing = new ReentrantLock();

    private volatile long lastNumber;
    /** The place of this replica when it was opened: how old a checkpoint up to there is, is not known. */
    private final long openedAt;

    /** Guarded by {@link #writing}. */
    private boolean failing;
    /** The number of the earlier checkpoint that stays, as this replica has last seen it. Guarded by {@link #writing}. */
    private long keptNumber;
    /** The time for which that one stays, since this replica has seen it. Guarded by {@link #writing}. */
    private LogRequests.Retries keptTime;

    Checkpointer(
            SharedLog log,
            LogRequests requests,
            LogOptions options,
            Replica replica,
            ReentrantLock deciding,
            BooleanSupplier closed) {
        this.log = log;
        this.requests = requests;
        this.options = options;
        this.replica = replica;
        this.deciding = deciding;
        this.closed = closed;
        this.openedAt = replica.position().number();
        this.lastNumber = openedAt;
        this.keptTime = requests.checkpointRetries();
    }

    /**
     * Whether a checkpoint is due. The replica that appended the last entry goes first; the others wait for twice as
     * many entries, so that usually only one replica writes it.
     *
     * @param writer the id of this opening
     */
    boolean isDue(String writer) {
        return isDue(replica.position(), lastNumber, writer);
    }

    private boolean isDue(Position at, long last, String writer) {
        long every = options.checkpointEvery();
        return every > 0 && at.number() - last >= (at.isOf(writer) ? every : 2 * every);
    }

    /**
     * Writes a checkpoint if one is due, unless the log has one at this place or later. Waits for one under way. A
     * failure is logged; the next due checkpoint tries again.
     *
     * @param writer the id of this opening
     */
    void writeIfDue(String writer) {
        writing.lock();
        try {
            if (isDue(writer)) {
                write(writer);
            }
        } finally {
            writing.unlock();
        }
    }

    private void write(String writer) {
        try {
            tryWrite(writer);
            failing = false;
        } catch (LogException | RuntimeException | Error e) {
            if (!failing && !closed.getAsBoolean()) {
                SafeLog.log(
                        LOGGER,
                        Level.WARNING,
                        "a checkpoint of the log could not be written: " + e.getMessage()
                                + ". Commits go on; the log grows until one can be written",
                        e);
            }
            failing = true;
        }
    }

    private void tryWrite(String writer) throws LogException {
        Checkpoint checkpoint;
        deciding.lock();
        try {
            replica.requireSound();
            checkpoint = replica.checkpoint(options.rememberWriters());
        } finally {
            deciding.unlock();
        }
        Position at = checkpoint.at();
        // Before the first request: after a failure the next one is due as after a success.
        lastNumber = at.number();
        String before = log.checkpoint().orElse(null);
        Pointer last = before == null ? Pointer.NONE : Pointer.parse(before);
        if (!isDue(at, last.newest(), writer)) {
            lastNumber = last.newest(); // another replica has written one, or has begun
            return;
        }
        if (!isInLog(at)) {
            return;
        }
        String announced = Pointer.announcing(before == null ? beginning() : before, at.number());
        if (!log.checkpoint(before, announced)) {
            return;
        }
        String text = checkpoint.text();
        long bytes = StagedText.bytes(text);
        boolean isCompressed = bytes > options.compressCheckpointsAbove();
        String stored = isCompressed ? CompressedText.compress(text) : text;
        StagedText.put(requests.partWriter(log), log.largestValue(), StagedText.CHECKPOINTS, at, stored);
        install(checkpoint, StagedText.reference(log, stored, isCompressed ? bytes : 0), announced);
    }

    /** The pointer to the empty tree of number 0: in a log without a checkpoint it takes the announcement of the first one. */
    private String beginning() throws LogException {
        Checkpoint beginning = Checkpoint.beginning(replica.identity());
        String text = beginning.text(); // the same text in every replica
        StagedText.put(requests.partWriter(log), log.largestValue(), StagedText.CHECKPOINTS, beginning.at(), text);
        return beginning.pointer(StagedText.reference(log, text), 0, null);
    }

    /**
     * Moves the pointer to a checkpoint whose parts are stored.
     *
     * @param announced the pointer as this replica has left it
     */
    private void install(Checkpoint checkpoint, StagedText.Reference staged, String announced) throws LogException {
        Position at = checkpoint.at();
        String before = announced;
        Pointer last = Pointer.parse(before);
        // Another replica may have announced a later one meanwhile. This one is ready, and does not wait for it.
        while (last.at().number() < at.number()) {
            Pointer kept = kept(last);
            // Last, so that a replica which has not yet detected a restore of the log does not damage it.
            if (isInLog(at) && log.checkpoint(before, checkpoint.pointer(staged, last.newest(), kept))) {
                trim(at.number(), kept);
                return;
            }
            String now = log.checkpoint().orElse(null);
            if (now == null || now.equals(before)) {
                return; // this state is not in the log any more
            }
            before = now;
            last = Pointer.parse(now);
        }
    }

    /** The earlier checkpoint that stays beside the one that follows this pointer; null for none. */
    private @Nullable Pointer kept(Pointer last) {
        Pointer kept = last.kept();
        boolean stays = kept != null
                && (kept.at().number() == keptNumber
                        ? !keptTime.isOver()
                        : kept.at().number() > openedAt);
        // The empty tree of number 0 is read at once.
        Pointer next = stays ? kept : last.at().number() > 0 ? last : null;
        if (next != null && next.at().number() != keptNumber) {
            keptNumber = next.at().number();
            keptTime = requests.checkpointRetries();
        }
        return next;
    }

    /** Whether the log has exactly this entry, and neither another past nor a later checkpoint. */
    private boolean isInLog(Position at) throws LogException {
        SharedLog.Tail tail = log.read(at.number());
        replica.requireFollows(tail.last(), at);
        return !tail.entries().isEmpty() && tail.entries().get(0).at().equals(at);
    }

    /**
     * Deletes entries and parts that no replica needs any more, now that the pointer is at this number.
     *
     * @param kept the earlier checkpoint that stays; null for none
     */
    private void trim(long number, @Nullable Pointer kept) throws LogException {
        long below = Math.max(1, number - options.keepEntries());
        if (kept == null) {
            StagedText.deleteBelow(log, StagedText.CHECKPOINTS, number);
        } else {
            long next = kept.at().number() + 1;
            StagedText.deleteBelow(log, StagedText.CHECKPOINTS, kept.at().number());
            StagedText.delete(log, StagedText.CHECKPOINTS, next, number);
            below = Math.min(below, next);
        }
        log.trim(below);
        StagedText.deleteBelow(log, StagedText.ENTRIES, below);
    }
}
