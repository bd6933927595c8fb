package dev.heartwood.file.recovery;

import dev.heartwood.StoreException;
import dev.heartwood.StoreIOException;
import dev.heartwood.file.checkpoint.Storage;
import dev.heartwood.file.checkpoint.SupersededFiles;
import dev.heartwood.file.context.Reporter;
import dev.heartwood.file.context.Reporter.Kind;
import dev.heartwood.file.context.Settings;
import dev.heartwood.file.context.StoreContext;
import dev.heartwood.file.disk.Disk;
import dev.heartwood.file.disk.StoreLayout;
import dev.heartwood.file.disk.StorePermissions;
import dev.heartwood.file.edits.EditMerger;
import dev.heartwood.file.journal.DurableMark;
import dev.heartwood.file.journal.DurableMarkFile;
import dev.heartwood.file.journal.JournalScan;
import dev.heartwood.file.journal.Replay;
import dev.heartwood.file.text.ContentDigest;
import dev.heartwood.file.text.ContentFingerprint;
import dev.heartwood.file.text.FileOutput;
import dev.heartwood.file.text.LoadedTree;
import dev.heartwood.json.TreeFormat;
import dev.heartwood.storage.EditCodec;
import io.vavr.collection.HashMap;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/** The files that an opening finds beside the file: journals and generations, looked at and not changed. */
public final class RecoveryScan {
    private final StoreContext context;
    private final Disk disk;
    private final StoreLayout place;
    private final TreeFormat format;
    private final Settings settings;
    private final Reporter reporter;
    private final BiPredicate<JournalScan, ContentDigest> follows;
    private final Replay replay;

    /** The mark that the last holder has left, or the present one; null if there is none. */
    private final @Nullable DurableMark mark;

    /** From the newest to the oldest. */
    private final List<JournalScan> journals = new ArrayList<>();

    private final List<Long> generations = new ArrayList<>();

    private RecoveryScan(StoreContext context, BiPredicate<JournalScan, ContentDigest> follows) {
        this.context = context;
        this.disk = context.disk();
        this.place = context.place();
        this.format = context.format();
        this.settings = context.settings();
        this.reporter = context.reporter();
        this.follows = follows;
        // Before the journals: beside a holder, a later mark names more commits than they have.
        this.mark = DurableMarkFile.left(disk, place);
        this.replay = new Replay(context);
    }

    /** Looks at everything. {@code follows} tells whether the commits of a journal were made on a file. */
    public static RecoveryScan in(StoreContext context, BiPredicate<JournalScan, ContentDigest> follows)
            throws IOException {
        RecoveryScan found = new RecoveryScan(context, follows);
        Disk disk = context.disk();
        StoreLayout place = context.place();
        StoreLayout.requireFile(disk, place.superseded());
        for (Path second : place.replaced()) {
            StoreLayout.requireFile(disk, second);
        }
        for (String name : disk.list(place.directory())) {
            long journal = StoreLayout.journalNumber(name);
            long generation = StoreLayout.generationNumber(name);
            if (journal < 0 && generation < 0) {
                continue; // perhaps with letters that this process's locale lacks: then it has no path
            }
            Path file = place.directory().resolve(name);
            requireUsable(file, Math.max(journal, generation));
            StoreLayout.requireFile(disk, file);
            if (journal >= 0) {
                found.journals.add(JournalScan.of(disk, file, journal));
            } else {
                found.generations.add(generation);
            }
        }
        found.journals.sort(Comparator.comparingLong(JournalScan::number).reversed());
        found.generations.sort(Comparator.reverseOrder());
        return found;
    }

    /** Versions start from the number of an opening, in the upper half of a long ({@link Storage#firstVersion}). */
    private static void requireUsable(Path file, long number) {
        if (number > Integer.MAX_VALUE) {
            throw new StoreIOException(
                    file + " has the number " + number + ", and a store comes to " + Integer.MAX_VALUE
                            + " at most: it is none of its files. No file was changed; move it away",
                    null);
        }
    }

    /** Whether there was never a store here. */
    public boolean isEmpty() {
        return journals.isEmpty() && generations.isEmpty();
    }

    /** From the newest to the oldest. */
    public List<JournalScan> journals() {
        return journals;
    }

    /** The mark, as it was before the journals were looked at. */
    @Nullable
    DurableMark mark() {
        return mark;
    }

    /** Their numbers, from the newest to the oldest. */
    public List<Long> generations() {
        return generations;
    }

    /** The journal that tells the state, or null if the file alone does; {@code content} is null if that is not known. */
    public @Nullable JournalScan live(@Nullable ContentDigest content) {
        for (JournalScan journal : journals) {
            // A newer one that has no commits of its own and follows another file was made for a file that never took
            // its place: its commits were copied from the one before. Or it is the one that stands by while the file
            // itself is written at each commit.
            if (journal.header() == null
                    || journal.hasCommits()
                    || (content != null && follows.test(journal, content))) {
                return journal;
            }
        }
        return null;
    }

    /** Whether the file is an earlier version of ours that lacks commits, which had been acknowledged. */
    public boolean isSuperseded(ContentDigest file) throws IOException {
        return new SupersededFiles(disk, place).contains(file);
    }

    /** Reports a directory that no store leaves behind, except one whose first opening was interrupted. */
    public void tellIfJournalIsMissing() {
        if (journals.isEmpty() && !generations.isEmpty()) {
            reporter.tell(
                    Kind.RECOVERED,
                    place.directory() + " has generations and no journal. If it is a copy that was made while the store"
                            + " was open, commits may be missing; " + place + " is taken as it is");
        }
    }

    /** The newest generation that can be read. */
    public @Nullable LoadedTree newest() throws IOException {
        for (long generation : generations) {
            LoadedTree loaded = generationOrNull(generation);
            if (loaded != null) {
                return loaded;
            }
        }
        return null;
    }

    /**
     * A generation, or null if it cannot be read, or differs from what the journal with its number follows; that is told.
     */
    public @Nullable LoadedTree generationOrNull(long number) throws IOException {
        Path file = place.generation(number);
        LoadedTree loaded = loadedOrNull(file);
        for (JournalScan journal : journals) {
            if (loaded != null
                    && journal.number() == number
                    && journal.header() != null
                    && !follows.test(journal, loaded.content())) {
                reporter.tell(
                        Kind.RECOVERED,
                        file + " is damaged, though it can be read: it differs from what " + journal.file()
                                + " follows. No opening and no repair takes it");
                return null;
            }
        }
        return loaded;
    }

    /** Ready to write, after everything that the scan found; {@code current} is the content of the file. */
    Storage storage(@Nullable ContentDigest current) throws IOException {
        return new Storage(context, current, model(), newestNumber());
    }

    /** The largest number that a journal or a generation has; 0 if there is none. */
    long newestNumber() {
        long journal = journals.isEmpty() ? 0 : journals.get(0).number();
        return generations.isEmpty() ? journal : Math.max(journal, generations.get(0));
    }

    /** The name of one more generation, which is the newest from now on. */
    Path nextGeneration() {
        long number = newestNumber() + 1;
        generations.add(0, number);
        return place.generation(number);
    }

    /** The rights on the file; where it is missing, the newest generation tells. */
    private Disk.@Nullable Attributes model() throws IOException {
        Disk.Attributes file = disk.attributes(place.file());
        return file != null || generations.isEmpty() ? file : disk.attributes(place.generation(generations.get(0)));
    }

    /** The commits of a journal that are merges of edits by hand. */
    List<EditCodec.Line> merges(JournalScan journal, LoadedTree base) throws IOException {
        List<EditCodec.Line> merges = new ArrayList<>();
        EditCodec edits = new EditCodec(format);
        replay.of(journal, base.tree(), (line, tree) -> {
            if (EditMerger.isMerge(edits.origin(line.text()))) {
                merges.add(edits.read(line.text()));
            }
        });
        return merges;
    }

    /**
     * Whether the text in the file is an edit by hand that a commit of the journal has merged, so that the journal tells the state: the file
     * keeps the edit until the next checkpoint.
     */
    public boolean hasMerged(JournalScan journal, LoadedTree base, ContentDigest text) throws IOException {
        return hasMerged(merges(journal, base), text);
    }

    /** The same, of commits that {@link #merges} has found. */
    static boolean hasMerged(List<EditCodec.Line> merges, ContentDigest text) {
        return merges.stream().anyMatch(merge -> EditMerger.isMergeOf(merge.origin(), text));
    }

    /** The tree that the commits of a journal make of the one that it follows. */
    public HashMap<String, @Nullable Object> replayed(JournalScan journal, HashMap<String, @Nullable Object> base)
            throws IOException {
        return replay.of(journal, base);
    }

    /** The same, commit by commit. */
    public void replay(JournalScan journal, HashMap<String, @Nullable Object> base, Replay.Visitor visitor)
            throws IOException {
        replay.of(journal, base, visitor);
    }

    /** The base of a journal: the file as it was loaded, or its generation; null if it is neither. */
    public @Nullable LoadedTree baseOf(JournalScan journal, @Nullable LoadedTree file) throws IOException {
        LoadedTree base = file != null && follows.test(journal, file.content())
                ? file
                : loadedOrNull(place.generation(journal.number()));
        return base != null && follows.test(journal, base.content()) ? base : null;
    }

    /** A tree of ours, or null if it is not there, or cannot be read; the latter is told. */
    public @Nullable LoadedTree loadedOrNull(Path file) throws IOException {
        if (disk.attributes(file) == null) {
            return null;
        }
        try {
            return LoadedTree.from(disk, file, format, settings.journalAbove());
        } catch (StoreException e) {
            reporter.tell(Kind.RECOVERED, file + " cannot be read: " + e.getMessage());
            return null;
        }
    }

    /** The remains of a write that was never acknowledged: kept, though nobody was told that it succeeded. */
    void keepTornTails() throws IOException {
        for (JournalScan journal : journals) {
            if (journal.header() != null && journal.isTorn() && !journal.isCorrupt() && !journal.isLeftCopy()) {
                Path torn = place.torn(journal.number());
                try (InputStream in = disk.read(journal.file());
                        FileOutput out =
                                new FileOutput(torn, StorePermissions.create(disk, place, torn, journal.file()))) {
                    in.skipNBytes(journal.end());
                    in.transferTo(out);
                    StorePermissions.share(disk, torn, journal.file());
                    out.force();
                } catch (IOException | RuntimeException | Error e) {
                    disk.discard(torn, e);
                    throw e;
                }
                told("a write was cut off; its remains are kept in " + torn, torn);
            }
        }
    }

    /**
     * Reports commits that the journal of a crashed holder lacks, though its mark names them: a disk has dropped what it had synced, or
     * somebody has changed the journal.
     */
    public void tellIfCommitsAreLost(JournalScan live) {
        DurableMark.JournalState durable = markedIn(live);
        if (durable != null && durable.commits() > live.commits()) {
            told(
                    live.file() + " has " + live.commits() + " commits, and " + durable.commits()
                            + " had been durable: the"
                            + " last ones are lost. Restore the files from a backup that has them, if there is one",
                    null);
        }
    }

    /** What the mark says of a journal; null if it names another one, or none. */
    private DurableMark.@Nullable JournalState markedIn(JournalScan live) {
        return mark != null
                        && live.header() != null
                        && mark.state() instanceof DurableMark.JournalState durable
                        && durable.id().equals(live.header().id())
                ? durable
                : null;
    }

    /** What the mark says of a file that held the state alone; null if that is not known, or from before a power cut. */
    DurableMark.@Nullable FileState markedFile() {
        // After a power cut the mark may be older than the file, and tells nothing about it.
        return mark != null
                        && mark.isOfThisStart()
                        && mark.number() == newestNumber()
                        && mark.state() instanceof DurableMark.FileState state
                ? state
                : null;
    }

    /** The tree that was committed last, without the file; null if the other files do not tell it for sure. */
    @Nullable
    HashMap<String, @Nullable Object> committedWithoutTheFile() throws IOException {
        JournalScan live = live(null);
        if (live != null) {
            DurableMark.JournalState durable = markedIn(live);
            boolean isWhole = live.header() != null
                    && !live.isCorrupt()
                    && (durable == null || durable.commits() <= live.commits());
            LoadedTree base = isWhole ? baseOf(live, null) : null;
            return base == null ? null : replayed(live, base.tree());
        }
        DurableMark.FileState state = markedFile();
        EarlierTexts.Found text = null;
        if (state != null) {
            ContentFingerprint newest = state.next() == null ? state.content() : state.next();
            text = new EarlierTexts(context, this).find(newest);
        }
        return text == null ? null : text.tree();
    }

    /** Reports that the file is opened as it is, although the newest generation differs from it. */
    void tellUnlessNewest(ContentDigest file) throws IOException {
        if (generations.isEmpty()) {
            return;
        }
        Path newest = place.generation(generations.get(0));
        Disk.Attributes copy = disk.attributes(newest);
        if (copy == null || copy.size() != file.size() || !file.standsIn(disk, newest)) {
            reporter.tell(
                    Kind.ADOPTED,
                    place + " has newer commits than its last copy, " + newest
                            + ", or was edited: it is used as it stands");
        }
    }

    /** Reports the outcome of the findings. */
    void told(String message, @Nullable Path kept) {
        reporter.tell(Kind.RECOVERED, place + ": " + message, kept, null);
    }
}
