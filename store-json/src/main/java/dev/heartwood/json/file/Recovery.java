package dev.heartwood.json.file;

import dev.heartwood.StoreException;
import dev.heartwood.StoreIOException;
import dev.heartwood.json.file.Reporter.Kind;
import io.vavr.collection.HashMap;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds out what the files say, and makes them ready for new commits. Looks at everything before it changes anything:
 * a refusal leaves every file as it was. Every change on the way is one of {@link Storage}'s own, so a crash in here is
 * a crash like any other.
 *
 * <p>Not final only so that a test can plant a fault in {@link #follows}, and see that the crash tests find it.
 */
public class Recovery {
    private static final long PROGRESS_NANOS = 1_000_000_000L;

    private final Disk disk;
    private final Place place;
    private final TreeFormat format;
    private final Settings settings;
    private final Reporter reporter;
    private final EditCodec edits;
    private final Refusals refusals;

    /** From the newest to the oldest. */
    private final List<JournalScan> journals = new ArrayList<>();

    private final List<Long> generations = new ArrayList<>();

    /** A store ready for commits, and the tree that it holds. */
    public record Recovered(Storage storage, HashMap<String, @Nullable Object> tree) {}

    Recovery(Disk disk, Place place, TreeFormat format, Settings settings, Reporter reporter) {
        this.disk = disk;
        this.place = place;
        this.format = format;
        this.settings = settings;
        this.reporter = reporter;
        this.edits = new EditCodec(format);
        this.refusals = new Refusals(place);
    }

    /**
     * Opens the files of a store.
     *
     * @throws StoreException if what they say is not clear, or not readable; no file was changed
     * @throws IOException if reading or writing failed
     */
    public static Recovered open(Disk disk, Place place, TreeFormat format, Settings settings, Reporter reporter)
            throws IOException {
        return new Recovery(disk, place, format, settings, reporter).recover();
    }

    Recovered recover() throws IOException {
        scan();
        Disk.Attributes found = disk.attributes(place.file());
        if (found == null) {
            return journals.isEmpty() && generations.isEmpty() ? begin() : repair(null, refusals.missing());
        }
        refusals.requirePlainFile(found);
        TreeFile.Loaded loaded;
        try {
            refusals.requireUtf8(disk);
            loaded = TreeFile.load(disk, place.file(), format, settings.journalAbove());
        } catch (StoreException e) {
            return repair(Content.in(disk, place.file()), refusals.unreadable(e));
        }
        JournalScan live = live(loaded.content());
        if (live == null) {
            return adopt(loaded);
        }
        if (live.isCorrupt()) {
            return repair(loaded.content(), refusals.corrupt(live));
        }
        return follows(live, loaded.content()) ? replay(live, loaded) : settle(live, loaded);
    }

    private void scan() throws IOException {
        for (String name : disk.list(place.directory())) {
            long journal = Place.journalNumber(name);
            if (journal >= 0) {
                journals.add(JournalScan.of(disk, place.journal(journal), journal));
            }
            if (Place.generationNumber(name) >= 0) {
                generations.add(Place.generationNumber(name));
            }
        }
        journals.sort(Comparator.comparingLong(JournalScan::number).reversed());
        generations.sort(Comparator.reverseOrder());
    }

    /** The journal that tells the state, or null if the file alone does. */
    private @Nullable JournalScan live(Content content) {
        for (JournalScan journal : journals) {
            // A newer one that is empty and follows another file was made for a file that never took its place; or it
            // is the one that stands by while the file itself is written at each commit.
            if (journal.header() == null || journal.hasCommits() || follows(journal, content)) {
                return journal;
            }
        }
        return null;
    }

    /** Whether the commits of the journal were made on this file. */
    boolean follows(JournalScan journal, Content content) {
        return journal.follows(content);
    }

    private Storage storage(@Nullable Content current) {
        long newest = 0;
        for (JournalScan journal : journals) {
            newest = Math.max(newest, journal.number());
        }
        for (long generation : generations) {
            newest = Math.max(newest, generation);
        }
        return new Storage(disk, place, format, settings, reporter, current, newest);
    }

    /** There is nothing: an empty tree. */
    private Recovered begin() throws IOException {
        Storage storage = storage(null);
        HashMap<String, @Nullable Object> tree = HashMap.empty();
        // The file first: a generation without a file is refused, and a cut here must not make the store unusable.
        storage.file.install(storage.file.prepare(format, tree));
        storage.keepGeneration();
        return new Recovered(storage, tree);
    }

    /** The file says it all; perhaps somebody edited it. */
    private Recovered adopt(TreeFile.Loaded loaded) throws IOException {
        keepTornTails();
        Storage storage = storage(loaded.content());
        storage.keepGeneration();
        return new Recovered(storage, loaded.tree());
    }

    private Recovered replay(JournalScan live, TreeFile.Loaded base) throws IOException {
        Storage storage = storage(base.content());
        if (live.commits() == 0 && !live.isTorn()) {
            storage.goOn(live);
            return new Recovered(storage, base.tree());
        }
        HashMap<String, @Nullable Object> tree = replayed(live, base.tree());
        keepTornTails();
        storage.checkpoint(tree);
        return new Recovered(storage, tree);
    }

    /** The journal has commits, and follows another file than this. */
    private Recovered settle(JournalScan live, TreeFile.Loaded edited) throws IOException {
        if (settings.conflict() == Settings.Conflict.REFUSE) {
            throw refusals.conflict(live);
        }
        HashMap<String, @Nullable Object> committed = replayed(live, base(live).tree());
        Storage storage = storage(edited.content());
        if (settings.conflict() == Settings.Conflict.TAKE_JOURNAL) {
            Path kept = Copies.keep(disk, place, "external", place.file());
            storage.checkpoint(committed);
            told("went on with what was committed; the file as it was edited is kept in " + kept, kept);
            return new Recovered(storage, committed);
        }
        Path kept = Copies.free(disk, place, "committed");
        try (FileOutput out = new FileOutput(disk, kept)) {
            format.pretty(committed, out);
            out.force();
        }
        disk.forceDirectory(place.parent());
        storage.keepGeneration();
        told("went on with the file as it was edited; what was committed is kept in " + kept, kept);
        return new Recovered(storage, edited.tree());
    }

    /** The file that a journal follows, from its generation. */
    private TreeFile.Loaded base(JournalScan live) throws IOException {
        Path generation = place.generation(live.number());
        TreeFile.Loaded base = loadedOrNull(generation);
        if (base == null || !follows(live, base.content())) {
            throw new StoreIOException(
                    "the file that " + live.file() + " follows is neither " + place + " nor " + generation
                            + ", which is missing or damaged; no file was changed",
                    null);
        }
        return base;
    }

    private TreeFile.@Nullable Loaded loadedOrNull(Path file) throws IOException {
        if (disk.attributes(file) == null) {
            return null;
        }
        try {
            return TreeFile.load(disk, file, format, settings.journalAbove());
        } catch (StoreException e) {
            reporter.tell(Kind.RECOVERED, file + " cannot be read: " + e.getMessage());
            return null;
        }
    }

    /** Goes back to the newest generation, and on with the journal that follows it, as far as that is whole. */
    private Recovered repair(@Nullable Content damaged, StoreIOException refusal) throws IOException {
        if (!settings.repair()) {
            throw refusal;
        }
        TreeFile.Loaded own = damaged == null ? null : loadedOrNull(place.file());
        for (JournalScan journal : journals) {
            TreeFile.Loaded base = own != null && follows(journal, own.content())
                    ? own
                    : loadedOrNull(place.generation(journal.number()));
            if (base != null && follows(journal, base.content())) {
                return repaired(
                        damaged,
                        replayed(journal, base.tree()),
                        "commit " + journal.commits() + " of " + journal.file());
            }
        }
        for (long generation : generations) {
            TreeFile.Loaded base = loadedOrNull(place.generation(generation));
            if (base != null) {
                return repaired(
                        damaged, base.tree(), place.generation(generation).toString());
            }
        }
        throw new StoreIOException(
                refusal.getMessage() + " (and there is no generation that can be read, to go back to)", refusal);
    }

    private Recovered repaired(@Nullable Content damaged, HashMap<String, @Nullable Object> tree, String what)
            throws IOException {
        if (damaged != null) {
            Path kept = Copies.keep(disk, place, "corrupt", place.file());
            told("the file as it was found is kept in " + kept, kept);
        }
        for (JournalScan journal : journals) {
            if (journal.isCorrupt()) {
                Path kept = Copies.keep(disk, place, "corrupt", journal.file());
                told("a damaged journal is kept in " + kept, kept);
            }
        }
        keepTornTails();
        Storage storage = storage(damaged);
        storage.checkpoint(tree);
        reporter.tell(Kind.RECOVERED, place + " was repaired: it is as of " + what);
        return new Recovered(storage, tree);
    }

    private HashMap<String, @Nullable Object> replayed(JournalScan journal, HashMap<String, @Nullable Object> base)
            throws IOException {
        HashMap<String, @Nullable Object> tree = base;
        JournalHeader header = journal.header();
        if (header == null || journal.commits() == 0) {
            return tree;
        }
        long told = System.nanoTime();
        try (LineReader lines = new LineReader(disk.read(journal.file()))) {
            lines.next();
            for (long sequence = 1; sequence <= journal.commits(); sequence++) {
                JournalLine line = lines.next() ? JournalLine.parse(header.id(), lines.line(), lines.length()) : null;
                if (line == null) {
                    throw new IOException(journal.file() + " changed while it was read");
                }
                tree = applied(journal, line, tree);
                if (System.nanoTime() - told > PROGRESS_NANOS) {
                    told = System.nanoTime();
                    reporter.tell(
                            Kind.PROGRESS,
                            "opening " + place + ": " + sequence + " of " + journal.commits() + " commits, "
                                    + 100 * lines.position() / journal.size() + " % of " + journal.size() + " bytes");
                }
            }
        }
        return tree;
    }

    private HashMap<String, @Nullable Object> applied(
            JournalScan journal, JournalLine line, HashMap<String, @Nullable Object> tree) {
        try {
            return edits.apply(line.text(), tree);
        } catch (StoreException e) {
            throw new StoreIOException(
                    journal.file() + ", commit " + line.sequence() + ", cannot be applied: " + e.getMessage()
                            + "; no file was changed",
                    e);
        }
    }

    /** The remains of a write that was never acknowledged: kept, though nobody was told that it succeeded. */
    private void keepTornTails() throws IOException {
        for (JournalScan journal : journals) {
            if (journal.header() != null && journal.isTorn() && !journal.isCorrupt()) {
                Path torn = place.torn(journal.number());
                disk.delete(torn);
                try (InputStream in = disk.read(journal.file());
                        FileOutput out = new FileOutput(disk, torn)) {
                    in.skipNBytes(journal.end());
                    in.transferTo(out);
                    out.force();
                }
                told("a write was cut off before it was acknowledged; its remains are kept in " + torn, torn);
            }
        }
    }

    private void told(String message, Path kept) {
        reporter.tell(Kind.RECOVERED, place + ": " + message, kept, null);
    }
}
