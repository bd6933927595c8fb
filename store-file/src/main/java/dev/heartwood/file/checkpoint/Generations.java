package dev.heartwood.file.checkpoint;

import dev.heartwood.file.context.Reporter;
import dev.heartwood.file.context.Reporter.Kind;
import dev.heartwood.file.context.StoreContext;
import dev.heartwood.file.disk.Disk;
import dev.heartwood.file.disk.StoreLayout;
import dev.heartwood.file.disk.StorePermissions;
import dev.heartwood.file.journal.Journal;
import dev.heartwood.file.text.ContentDigest;
import dev.heartwood.file.text.FileOutput;
import dev.heartwood.storage.FileStamp;
import dev.heartwood.storage.IoErrors;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The older trees in the directory beside the file, and the numbers that they and their journals have: each number is
 * used once.
 */
final class Generations {
    /** The number of cut-off writes whose remains are kept. None of these writes was acknowledged. */
    private static final int MOST_TORN = 10;

    private static final long[] AGES = {
        TimeUnit.HOURS.toNanos(1), TimeUnit.DAYS.toNanos(1), TimeUnit.DAYS.toNanos(7), TimeUnit.DAYS.toNanos(28)
    };

    private final Disk disk;
    private final StoreLayout place;
    private final int most;
    private final Reporter reporter;
    private long number;
    /** The file that the newest generation is a copy of. */
    private @Nullable ContentDigest newest;

    private final SupersededFiles superseded;
    private boolean tidy;
    /** Whether the newest generation, and its journal, have got their names from this opening. */
    private boolean generationNamed;

    private boolean journalNamed;

    /** Generations after those that are there; {@code number} is the largest that was used. */
    Generations(StoreContext context, long number) {
        this.disk = context.disk();
        this.place = context.place();
        this.most = context.settings().generations();
        this.reporter = context.reporter();
        this.number = number;
        this.superseded = new SupersededFiles(disk, place);
    }

    /** The largest number that was used. */
    long number() {
        return number;
    }

    /** Whether the newest generation is a copy of this. */
    boolean has(ContentDigest content) {
        return newest != null && newest.same(content);
    }

    /** Whether a generation is byte for byte equal to a file: it may have been damaged since it was written. */
    boolean isCopy(long generation, ContentDigest content) throws IOException {
        Path kept = place.generation(generation);
        Disk.Attributes copy = disk.attributes(kept);
        return copy != null && copy.size() == content.size() && content.standsIn(disk, kept);
    }

    /** Whether there is nothing left to delete that a crash could take for newer than it is. */
    boolean isTidy() {
        return tidy;
    }

    /** The newest generation holds this, and its journal is the one that commits go to. */
    void began(ContentDigest content) {
        newest = content;
    }

    /**
     * Keeps a copy of a file as a generation, with an empty journal that follows it; durable when this returns. If it
     * fails, neither is there.
     */
    Journal begin(Path source, ContentDigest content) throws IOException {
        next();
        copy(source, content, number, FileOutput.Slices.UNWATCHED);
        return beginJournal(content);
    }

    private void next() {
        number++;
        tidy = false;
        generationNamed = false;
        journalNamed = false;
    }

    private Journal beginJournal(ContentDigest content) throws IOException {
        generationNamed = true;
        Journal begun = Journal.create(disk, place, number, content);
        journalNamed = true;
        disk.forceDirectory(place.directory());
        return begun;
    }

    /**
     * Gives a generation whose journal is empty the next number, instead of another copy of it.
     *
     * @param old its number
     */
    Journal renumber(long old, ContentDigest content) throws IOException {
        next();
        StorePermissions.shareInside(disk, place.generation(old), place.file());
        disk.rename(place.generation(old), place.generation(number));
        return beginJournal(content);
    }

    /** Takes the next number. */
    long reserve() {
        next();
        return number;
    }

    /** A checkpoint that ran beside commits has given the newest generation its name, and is about to name its journal. */
    void begunBeside() {
        generationNamed = true;
        journalNamed = true;
    }

    /** Keeps a copy of a file as the generation of a number; its name is not durable yet. */
    void copy(Path source, ContentDigest content, long generation, FileOutput.Slices slices) throws IOException {
        try {
            copyInto(place.nextInside(), source, content, slices);
            disk.rename(place.nextInside(), place.generation(generation));
        } catch (IOException | RuntimeException | Error e) {
            disk.discard(place.nextInside(), e);
            throw e;
        }
    }

    private void copyInto(Path next, Path source, ContentDigest content, FileOutput.Slices slices) throws IOException {
        byte[] bytes = content.bytes();
        if (bytes != null) {
            try (Disk.Output out = StorePermissions.create(disk, place, next, source)) {
                out.write(bytes, bytes.length, 0);
                out.requireSize(next, bytes.length);
                StorePermissions.shareInside(disk, next, source);
                out.force();
            }
        } else if (!PreservedCopies.copy(disk, place, source, next, slices).same(content)) {
            throw new IOException(
                    source + " changed while it was copied, or its disk reads other bytes than were written");
        }
    }

    /**
     * Deletes the newest generation, whose installation failed. If the tree has returned to an earlier state, its empty
     * journal may follow the very file that is there. Commits that now went to the old journal would then count as
     * older than that file.
     *
     * <p>Only files that this opening has named are deleted: after it has lost the store, files of this number may
     * belong to another opening.
     *
     * @throws IOException if that failed, or the state on the disk is unclear: commits must then go to new files
     */
    void discard() throws IOException {
        discard(place.journal(number), journalNamed);
        discard(place.generation(number), generationNamed);
        disk.forceDirectory(place.directory());
    }

    private void discard(Path file, boolean named) throws IOException {
        if (named) {
            disk.delete(file);
        } else if (disk.attributes(file) != null) {
            throw new IOException("it is not clear who made " + file);
        }
    }

    /** The store is closed, and all its files fit together: from now on any replacement of the file is an edit. */
    void closed() throws IOException {
        superseded.forget();
    }

    /**
     * Selects the generation to delete, of so many from the newest to the oldest. The newest stays. Each later one
     * stays until it is an hour, a day, a week or four weeks old, and then replaces the next older one. So three of
     * them are the last, one of the last hour, and one from an hour to a day old.
     */
    private int superfluous(List<Long> newestFirst) throws IOException {
        int last = newestFirst.size() - 1;
        for (int i = 1; i < last; i++) {
            long limit = AGES[Math.min(i, AGES.length) - 1];
            if (age(newestFirst.get(i + 1)) < limit) {
                return i;
            }
        }
        return last;
    }

    private long age(long generation) throws IOException {
        FileStamp stamp = disk.stamp(place.generation(generation));
        return stamp == null
                ? Long.MAX_VALUE
                : TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis()) - stamp.modified();
    }

    /** As {@link #tidyUp}, but a failure is only reported. */
    void tidyUpLater(long live, boolean large) {
        try {
            tidyUp(live, large);
        } catch (IOException e) {
            // The deletion is repeated before the file is replaced; until then the old journals do no harm.
            reporter.tell(
                    Kind.TROUBLE,
                    "old files in " + place.directory() + " cannot be deleted: " + IoErrors.inWords(e),
                    null,
                    e);
        }
    }

    /**
     * Deletes all journals before the live one, durably, and generations beyond those that are kept. A journal with a
     * larger number belongs to another opening, since numbers grow.
     *
     * @param large whether the file is only written at checkpoints
     */
    void tidyUp(long live, boolean large) throws IOException {
        List<Long> kept = new ArrayList<>();
        List<Long> torn = new ArrayList<>();
        boolean changed = false;
        if (!large) {
            superseded.forget();
        }
        for (String name : disk.list(place.directory())) {
            long journal = StoreLayout.journalNumber(name);
            if (journal >= 0 && journal < live) {
                if (large) {
                    superseded.addBaseOf(journal);
                }
                disk.delete(place.journal(journal));
                changed = true;
            }
            if (StoreLayout.generationNumber(name) >= 0) {
                kept.add(StoreLayout.generationNumber(name));
            }
            if (StoreLayout.tornNumber(name) >= 0) {
                torn.add(StoreLayout.tornNumber(name));
            }
        }
        kept.sort(Comparator.reverseOrder());
        while (kept.size() > most) {
            disk.delete(place.generation(kept.remove(superfluous(kept))));
            changed = true;
        }
        torn.sort(null);
        for (long old : torn.subList(0, Math.max(0, torn.size() - MOST_TORN))) {
            disk.delete(place.torn(old));
            changed = true;
        }
        if (changed) {
            disk.forceDirectory(place.directory());
        }
        tidy = true;
    }
}
