package dev.heartwood.file.checkpoint;

import dev.heartwood.file.context.Reporter;
import dev.heartwood.file.context.Reporter.Kind;
import dev.heartwood.file.context.StoreContext;
import dev.heartwood.file.disk.HolderLostException;
import dev.heartwood.file.disk.StoreLayout;
import dev.heartwood.storage.IoErrors;
import io.vavr.collection.HashMap;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Schedules the checkpoints of the file, and the generations that are kept. A failure here fails no commit: it is
 * reported.
 *
 * <p>The file follows when the store rests, when the journal is long, and before the readable file lags longer than its
 * bound allows. It is written beside commits.
 */
public final class Maintenance {
    private static final long GENERATION_NANOS = Duration.ofMinutes(1).toNanos();
    private static final long READABLE_NANOS = Duration.ofSeconds(5).toNanos();
    /** A resting store begins a checkpoint after it has rested for this many times the duration of a checkpoint. */
    private static final int REST_SHARE = 10;
    /** A busy store begins a checkpoint at most once in this many times the duration of a checkpoint. */
    private static final int READABLE_SHARE = 50;

    private static final long FIRST_RETRY_NANOS = Duration.ofSeconds(1).toNanos();
    /** After a failure it is tried again: soon at first, later at this interval. */
    private static final long LONGEST_RETRY_NANOS = Duration.ofMinutes(1).toNanos();

    private final StoreLayout place;
    private final Storage storage;
    private final Checkpoints checkpoints;
    private final Reporter reporter;
    private final @Nullable Duration readableWithin;
    private final long restNanos;
    private final Runnable ready;
    private long lastGeneration = System.nanoTime();
    /** The time of the first commit that the file lacks; meaningless while it has every commit. */
    private long behindSince;
    /** The same for the file as it will be when the checkpoint that runs is installed. */
    private long behindNextSince;

    private boolean isBehind;
    private boolean isBehindNext;
    private long started;
    private long lastDuration;
    private long retryAt;
    private long retryNanos;

    /** {@code ready} is told, on another thread, when {@link #proceed} has something to do. */
    public Maintenance(StoreContext context, Storage storage, Runnable ready) {
        this.place = context.place();
        this.storage = storage;
        this.checkpoints = storage.checkpoints();
        this.reporter = context.reporter();
        this.readableWithin = context.settings().bounds().readableWithin();
        this.restNanos = nanos(context.settings().rest());
        this.ready = ready;
    }

    /** The nanoseconds until the next task, if no commit comes; {@code resting} is the time since the last commit. */
    public long restNanos(long now, long resting) {
        if (checkpoints.isRunning() || !storage.isFileBehind() || storage.waitsForEdit()) {
            return Long.MAX_VALUE;
        }
        long idle = Math.max(restNanos, REST_SHARE * lastDuration) - resting;
        long wait = isBehind ? Math.min(idle, readableNanos(now)) : idle;
        return Math.max(0, retryNanos > 0 ? Math.max(wait, retryAt - now) : wait);
    }

    /** The remaining time before the readable file must be written. */
    private long readableNanos(long now) {
        long bound = readableWithin != null
                ? nanos(readableWithin)
                : Math.max(READABLE_NANOS, READABLE_SHARE * lastDuration);
        // The file is readable only after the write, which may take longer than the last one.
        return bound - 2 * lastDuration - (now - behindSince);
    }

    private static long nanos(Duration duration) {
        return duration.compareTo(Duration.ofNanos(Long.MAX_VALUE / 2)) > 0 ? Long.MAX_VALUE / 2 : duration.toNanos();
    }

    /** The work after commits were written; {@code tree} is the state after them. */
    public void afterWrite(HashMap<String, @Nullable Object> tree) {
        long now = System.nanoTime();
        note(now);
        if (checkpoints.isRunning()) {
            checkpoints.keepPace();
            return;
        } else if (storage.waitsForEdit()) {
            // The file must not be written now; nor does it hold the tree that a generation would copy.
            return;
        }
        if (storage.isFileBehind() && (retryNanos == 0 || now - retryAt >= 0)) {
            if (storage.isJournalLong() || readableNanos(now) <= 0) {
                checkpoint(tree);
            }
        } else if (now - lastGeneration > GENERATION_NANOS) {
            keepGeneration();
        }
    }

    private void note(long now) {
        if (!storage.isFileBehind() && !checkpoints.isRunning()) {
            isBehind = false;
        } else if (!isBehind) {
            isBehind = true;
            behindSince = now;
        }
        if (checkpoints.isRunning() && !isBehindNext) {
            isBehindNext = true;
            behindNextSince = now;
        }
    }

    /** An edit by hand stands in the file, or a part of one, or the file is gone: what was committed must not be lost. */
    public void editNoticed() {
        try {
            storage.editNoticed();
        } catch (IOException e) {
            // Told again at the next look of the merging thread. The next commit reports what stays wrong.
        }
    }

    /** An edit by hand is settled: the file is written again. Where that fails it is tried again when the edit is looked at next. */
    public void editSettled(HashMap<String, @Nullable Object> tree) {
        try {
            if (storage.editSettled(tree)) {
                checkpoint(tree);
            }
        } catch (IOException e) {
            troubled(e);
        }
    }

    /** Begins to let the file follow the journal, beside commits. */
    public void checkpoint(HashMap<String, @Nullable Object> tree) {
        started = System.nanoTime();
        isBehindNext = false;
        checkpoints.begin(tree, ready);
    }

    /** Takes the step of a background checkpoint that belongs between two commits, if one is due. */
    public void proceed() {
        if (!checkpoints.isRunning()) {
            return;
        }
        try {
            if (checkpoints.proceed() == Checkpoints.Stage.INSTALLED) {
                lastDuration = System.nanoTime() - started;
                lastGeneration = started;
                retryNanos = 0;
                isBehind = isBehindNext;
                behindSince = behindNextSince;
            }
        } catch (IOException e) {
            retryNanos = Math.min(LONGEST_RETRY_NANOS, Math.max(FIRST_RETRY_NANOS, 2 * retryNanos));
            retryAt = System.nanoTime() + retryNanos;
            troubled(e);
        }
    }

    private void troubled(IOException e) {
        if (HolderLostException.in(e) != null) {
            // Called by the writer thread when it stops: the journal no longer belongs to this store.
            return;
        }
        reporter.tell(
                Kind.TROUBLE,
                place + " cannot be written anew for now: " + IoErrors.inWords(e)
                        + (storage.isFileBehind() ? ". Its journal has all commits" : ""),
                null,
                e);
    }

    /** The work at closing: afterwards the file holds every commit. */
    public void atTheEnd(HashMap<String, @Nullable Object> tree) {
        if (storage.isFileBehind() || isFileChanged()) {
            try {
                storage.checkpoint(tree);
            } catch (IOException e) {
                troubled(e);
            }
        } else {
            keepGeneration();
        }
    }

    /** Whether the file holds a foreign text: the next opening would take it for an edit of a closed file. */
    private boolean isFileChanged() {
        try {
            return storage.isFileChanged();
        } catch (IOException e) {
            reporter.tell(Kind.TROUBLE, place + " cannot be read: " + IoErrors.inWords(e), null, e);
            return false;
        }
    }

    private void keepGeneration() {
        lastGeneration = System.nanoTime();
        try {
            if (!storage.isFileBehind() && storage.isGenerationBehind()) {
                storage.keepGeneration();
            }
        } catch (IOException e) {
            if (HolderLostException.in(e) != null) {
                return;
            }
            reporter.tell(
                    Kind.TROUBLE, "no generation of " + place + " could be kept: " + IoErrors.inWords(e), null, e);
        }
    }
}
