package dev.heartwood.file.reading;

import dev.heartwood.StoreException;
import dev.heartwood.StoreIOException;
import dev.heartwood.file.context.Settings;
import dev.heartwood.file.context.StoreContext;
import dev.heartwood.file.disk.Disk;
import dev.heartwood.file.disk.StoreLayout;
import dev.heartwood.file.journal.JournalScan;
import dev.heartwood.file.recovery.JournaledState;
import dev.heartwood.file.recovery.OpenErrors;
import dev.heartwood.file.recovery.RecoveryScan;
import dev.heartwood.file.text.LoadedTree;
import dev.heartwood.file.text.Utf8Check;
import dev.heartwood.json.TreeFormat;
import io.vavr.collection.HashMap;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads the state of the files of a store and changes no byte, also while another program has them open. If a
 * checkpoint of that program comes in between, it reads again.
 */
public final class FileReader {
    private static final int TRIES = 100;
    private static final long PAUSE_MILLIS = 20;

    private final StoreContext context;
    private final Disk disk;
    private final StoreLayout place;
    private final TreeFormat format;
    private final Settings settings;
    private final OpenErrors refusals;

    public FileReader(StoreContext context) {
        this.context = context;
        this.disk = context.disk();
        this.place = context.place();
        this.format = context.format();
        this.settings = context.settings();
        this.refusals = new OpenErrors(place);
    }

    /** Reads a result from the scan. */
    public interface Reading<T> {
        T of(RecoveryScan found) throws IOException;
    }

    /** A tree, and a number that no earlier opening had. */
    public record Read(HashMap<String, @Nullable Object> tree, long number) {}

    /**
     * Reads the newest durable tree.
     *
     * @throws StoreException if the state of the files is unclear, however often they are read
     * @throws IOException if reading failed
     */
    public Read read() throws IOException {
        return read(this::read);
    }

    /** Reads a result from files, none of which is replaced meanwhile. */
    public <T> T read(Reading<T> reading) throws IOException {
        Object quietBefore = null;
        for (int tries = 1; ; tries++) {
            RecoveryScan before;
            try {
                before = findings();
                T read = reading.of(before);
                if (same(before, findings())) {
                    return read;
                }
            } catch (StoreException | NoSuchFileException e) {
                // Beside a holder the files may have been read at two different moments, of which the second may be
                // over by now. Alone, nothing changes, and the next reading fails as this one: that is the answer.
                Object quiet = quiet();
                if (tries == TRIES || (quiet != null && quiet.equals(quietBefore))) {
                    throw e;
                }
                quietBefore = quiet;
            }
            if (tries == TRIES) {
                throw new StoreIOException(
                        place + " was written anew each of the " + TRIES + " times that it was read. Nothing was"
                                + " changed; try again",
                        null);
            }
            pause();
        }
    }

    private RecoveryScan findings() throws IOException {
        return RecoveryScan.in(context, JournalScan::follows);
    }

    /** A checkpoint that came in between has left another journal: each has a number of its own. */
    private static boolean same(RecoveryScan before, RecoveryScan after) {
        return before.journals().stream()
                .map(JournalScan::number)
                .toList()
                .equals(after.journals().stream().map(JournalScan::number).toList());
    }

    /** The files, if nothing has changed for a moment; else null. Equal to others that show the same. */
    private @Nullable Object quiet() throws IOException {
        try {
            Object file = disk.stamp(place.file());
            RecoveryScan before = findings();
            pause();
            RecoveryScan after = findings();
            return Objects.equals(file, disk.stamp(place.file()))
                            && before.journals().equals(after.journals())
                    ? Arrays.asList(file, after.journals())
                    : null;
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    private Read read(RecoveryScan found) throws IOException {
        return new Read(current(found).tree(), number(found));
    }

    /**
     * The state that was committed last, and where it stands.
     *
     * @param found the files beside the file, looked at after the file was read
     * @param file the file; null if the state stands elsewhere, since a program has the store open and somebody else made the file
     *     unreadable
     * @param journal whose commits lead to the state; null if none does
     */
    record Current(
            HashMap<String, @Nullable Object> tree,
            RecoveryScan found,
            @Nullable LoadedTree file,
            @Nullable JournalScan journal) {}

    /** Reads the state of the files, as {@link #read(Reading)} finds them. */
    Current current(RecoveryScan found) throws IOException {
        HeldText held = HeldText.beforeReading(context);
        LoadedTree loaded;
        try {
            loaded = loaded(found, held.bytes());
        } catch (StoreException e) {
            HashMap<String, @Nullable Object> committed = held.committed(null, found);
            if (committed == null) {
                throw e;
            }
            return new Current(committed, found, null, found.live(null));
        }
        return current(findings(), loaded, held);
    }

    /**
     * Reads all generations; what an opening or a repair would tell of them, and of a missing journal, goes to the reporter. One that is deleted
     * meanwhile, for newer ones, is passed over.
     */
    public void readGenerations() throws IOException {
        RecoveryScan found = read(scan -> scan);
        found.tellIfJournalIsMissing();
        for (long generation : found.generations()) {
            try {
                found.generationOrNull(generation);
            } catch (NoSuchFileException e) {
                // A checkpoint has come.
            }
        }
    }

    private LoadedTree loaded(RecoveryScan found, long bytes) throws IOException {
        Disk.Attributes attributes = disk.attributes(place.file());
        if (attributes == null) {
            throw found.isEmpty()
                    ? new StoreIOException(place + " is not there: opened read-only, nothing can be made of it", null)
                    : refusals.missing();
        }
        // Several names of a file are no problem here, since the file is not replaced.
        refusals.requirePlainFile(new Disk.Attributes(
                attributes.kind(), attributes.size(), 1, attributes.mode(), attributes.owner(), attributes.group()));
        LoadedTree loaded;
        try {
            Utf8Check.require(disk, place.file());
            loaded = LoadedTree.from(disk, place.file(), format, Math.max(bytes, settings.journalAbove()));
        } catch (StoreException e) {
            throw refusals.unreadable(e, attributes, found.isEmpty());
        }
        force(disk, place.parent());
        return loaded;
    }

    /**
     * Syncs what was read: a state that is shown must stay after a power cut, and a holder may have written it just now, and not
     * synced it yet. Where this process may write nothing it may be unable to sync, too: a directory must be opened for that, and
     * some file systems that are mounted read-only know no syncs.
     */
    static void force(Disk disk, Path read) throws IOException {
        try {
            disk.forceDirectory(read);
        } catch (IOException e) {
            if (disk.isWritable(read)) {
                throw e;
            }
        }
    }

    private Current current(RecoveryScan found, LoadedTree loaded, HeldText held) throws IOException {
        JournalScan live = found.live(loaded.content());
        JournaledState state = found.journaled(live, loaded);
        boolean isSaved = JournaledState.isSaved(state, live, loaded.content());
        boolean isTold = (!isSaved && !held.isStandBy(live)) || settings.conflict() == Settings.Conflict.TAKE_FILE;
        HashMap<String, @Nullable Object> committed = isTold ? null : held.committed(loaded.content(), found);
        if (committed != null) {
            return new Current(committed, found, loaded, live);
        } else if (live == null) {
            return new Current(ofFile(found, loaded, held), found, loaded, null);
        } else if (live.isCorrupt()) {
            throw refusals.corrupt(live);
        }
        found.tellIfCommitsAreLost(live);
        if (isSaved && settings.conflict() == Settings.Conflict.TAKE_FILE) {
            return new Current(loaded.tree(), found, loaded, null);
        } else if (state == null) {
            throw refusals.baseless(live);
        } else if (isSaved && settings.conflict() == Settings.Conflict.REFUSE) {
            throw refusals.conflict(live);
        }
        if (live.commits() > 0) {
            force(disk, live.file());
        }
        return new Current(state.tree(), found, loaded, live);
    }

    /** The tree of a file that no journal follows, unless that is an older copy which lacks commits. */
    private HashMap<String, @Nullable Object> ofFile(RecoveryScan found, LoadedTree loaded, HeldText held)
            throws IOException {
        if (settings.conflict() == Settings.Conflict.TAKE_FILE || !found.isSuperseded(loaded.content())) {
            if (held.isUnchanged(found)) {
                found.tellIfPutBack(loaded.content());
            }
            return loaded.tree();
        }
        LoadedTree newest = settings.conflict() == Settings.Conflict.TAKE_JOURNAL ? found.newest() : null;
        if (newest == null) {
            throw refusals.stale();
        }
        return newest.tree();
    }

    private static long number(RecoveryScan found) {
        long newest = 0;
        for (JournalScan journal : found.journals()) {
            newest = Math.max(newest, journal.number());
        }
        return newest;
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while another program writes the file", e);
        }
    }
}
