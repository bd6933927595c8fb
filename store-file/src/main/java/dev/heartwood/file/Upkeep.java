package dev.heartwood.file;

import dev.heartwood.file.Reporter.Kind;
import io.vavr.collection.HashMap;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** When the file follows its journal, and when a generation is kept. Its failures cost no commit: they are reported. */
final class Upkeep {
    private static final long IDLE_NANOS = Duration.ofSeconds(1).toNanos();
    private static final long GENERATION_NANOS = Duration.ofMinutes(1).toNanos();
    /** A checkpoint may take so much of the time at most: one part in so many. */
    private static final int CHECKPOINT_SHARE = 10;

    private final Place place;
    private final Storage storage;
    private final Reporter reporter;
    private long lastGeneration = System.nanoTime();
    private long idleNanos = IDLE_NANOS;

    Upkeep(Place place, Storage storage, Reporter reporter) {
        this.place = place;
        this.storage = storage;
        this.reporter = reporter;
    }

    /** How many nanoseconds a store that rests may rest yet before there is something to do; for ever where none is. */
    long restNanos(long resting) {
        return storage.isFileBehind() ? Math.max(0, idleNanos - resting) : Long.MAX_VALUE;
    }

    /** What is to be done after commits were written; {@code tree} is what they led to. */
    void afterWrite(HashMap<String, @Nullable Object> tree) {
        if (storage.isJournalLong()) {
            checkpoint(tree);
        } else if (System.nanoTime() - lastGeneration > GENERATION_NANOS) {
            keepGeneration();
        }
    }

    /** What is to be done at the end: the file says it all. */
    void atTheEnd(HashMap<String, @Nullable Object> tree) {
        if (storage.isFileBehind() || isFileChanged()) {
            checkpoint(tree);
        } else {
            keepGeneration();
        }
    }

    /** Whether somebody else wrote into the file: the next opening would take that for an edit of a closed file. */
    private boolean isFileChanged() {
        try {
            return storage.isFileChanged();
        } catch (IOException e) {
            reporter.tell(Kind.TROUBLE, place + " cannot be read: " + Reasons.of(e), null, e);
            return false;
        }
    }

    /** Lets the file follow the journal. */
    void checkpoint(HashMap<String, @Nullable Object> tree) {
        long started = System.nanoTime();
        try {
            storage.checkpoint(tree);
            lastGeneration = started;
        } catch (IOException e) {
            if (HolderLostException.in(e) != null) {
                // Told by the writer, which stops: the journal is no longer this store's, and has nothing for it.
                return;
            }
            reporter.tell(
                    Kind.TROUBLE,
                    place + " cannot be written anew for now: " + Reasons.of(e)
                            + (storage.isFileBehind() ? ". Its journal has all commits" : ""),
                    null,
                    e);
        }
        idleNanos = Math.max(IDLE_NANOS, CHECKPOINT_SHARE * (System.nanoTime() - started));
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
            reporter.tell(Kind.TROUBLE, "no generation of " + place + " could be kept: " + Reasons.of(e), null, e);
        }
    }
}
