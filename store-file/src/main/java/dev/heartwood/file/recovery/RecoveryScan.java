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
    public @Nullable DurableMark mark() {
        return mark;
    }

    /** Whether the program that left the mark had written this text, and had replaced it since, or was about to. */
    boolean hadWritten(ContentDigest text) {
        return mark != null && mark.named().stream().anyMatch(each -> each.is(text));
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
        // The journal before, of which it has copies, is deleted only once the file that it follows is in its place.
        return journals.stream().filter(JournalScan::isLeftCopy).findFirst().orElse(null);
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

    /**
     * The state that the commits of a journal lead to, and what the text in the file is to it; null if there is no journal, or it is corrupt, or
     * the tree that it follows is gone.
     */
    public @Nullable JournaledState journaled(@Nullable JournalScan journal, LoadedTree file) throws IOException {
        LoadedTree base = journal == null || journal.isCorrupt() ? null : baseOf(journal, file);
        return journal == null || base == null ? null : journaled(journal, base, file.content());
    }

    private JournaledState journaled(JournalScan journal, LoadedTree base, ContentDigest text) throws IOException {
        List<EditCodec.Line> merges = new ArrayList<>();
        EditCodec edits = new EditCodec(format);
        HashMap<String, @Nullable Object> tree = replay.of(journal, base.tree(), (line, after) -> {
            // An edit that was merged before the file was written that this journal follows is not in the file any
            // more.
            if (!line.isCopy() && EditMerger.mayBeMerge(line.text())) {
                EditCodec.Line commit = edits.read(line.text());
                if (EditMerger.isMerge(commit.origin())) {
                    merges.add(commit);
                }
            }
        });
        boolean sameStart = markedIn(journal) != null && mark != null && mark.isOfThisStart();
        return new JournaledState(
                base.tree(), tree, merges, JournaledState.text(text, follows.test(journal, text), merges, sameStart));
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
    private DurableMark.@Nullable FileState markedFile() throws IOException {
        // After a power cut the mark may be older than the file, and tells nothing about it.
        if (mark == null || !mark.isOfThisStart() || !(mark.state() instanceof DurableMark.FileState state)) {
            return null;
        } else if (mark.number() == newestNumber()) {
            return state;
        }
        // A crash may have come between a new generation and the mark after it, also in an opening.
        for (ContentFingerprint text : state.texts()) {
            if (newestGenerationIs(text)) {
                return new DurableMark.FileState(text, null);
            }
        }
        return null;
    }

    /** Whether the newest generation has this content. */
    boolean newestGenerationIs(ContentFingerprint text) throws IOException {
        return !generations.isEmpty() && text.isContentOf(disk, place.generation(generations.get(0)));
    }

    /**
     * The tree that was committed last, where a crash has left a file that is none of the texts which the program may have left in it: somebody
     * has saved it, or has put an older one back. Null where that is not known, or only that text said it.
     */
    @Nullable
    HashMap<String, @Nullable Object> committedBefore(ContentDigest saved) throws IOException {
        return isAsLeft(saved) ? null : committedWithoutTheFile();
    }

    /**
     * Whether somebody has put a text back that the program had replaced before it was killed. Nobody can tell whether that is meant as an edit:
     * an editor may have shown that text all the time.
     */
    boolean isPutBack(ContentDigest text) throws IOException {
        return hadWritten(text) && !isAsLeft(text) && !new EarlierTexts(context, this).isNewestLogged(text);
    }

    /** Whether the file is as the program has left it; true where that is not known. */
    private boolean isAsLeft(ContentDigest text) throws IOException {
        JournalScan named = markedJournal();
        DurableMark.FileState state = markedFile();
        return named != null
                ? follows.test(named, text)
                : state == null || state.texts().stream().anyMatch(each -> each.is(text));
    }

    /** The newest journal, if the mark names it, and no power cut came since. */
    private @Nullable JournalScan markedJournal() {
        JournalScan newest = journals.isEmpty() ? null : journals.get(0);
        return newest != null && mark != null && mark.isOfThisStart() && markedIn(newest) != null ? newest : null;
    }

    /** Reports that the file, which is read as it is, lacks commits. */
    public void tellIfPutBack(ContentDigest text) throws IOException {
        if (isPutBack(text)) {
            told(
                    "the file holds a text that a later commit had replaced: somebody has put it back. "
                            + (committedWithoutTheFile() == null
                                    ? "No other file has the commits since: restore them from a backup, if there is one"
                                    : "An opening keeps the state with the commits since as a generation; an opening with"
                                            + " mergeEdits() goes on with that state, and keeps the text aside"),
                    null);
        }
    }

    /** The tree that was committed last, without the file; null if the other files do not tell it for sure. */
    @Nullable
    HashMap<String, @Nullable Object> committedWithoutTheFile() throws IOException {
        JournalScan live = live(null);
        if (live == null) {
            // It stands by, and has no commit yet: the generation that it follows is the state.
            live = markedJournal();
        }
        if (live != null) {
            DurableMark.JournalState durable = markedIn(live);
            boolean isWhole = live.header() != null
                    && !live.isCorrupt()
                    && (durable == null || durable.commits() <= live.commits());
            LoadedTree base = isWhole ? baseOf(live, null) : null;
            return base == null ? null : replayed(live, base.tree());
        }
        DurableMark.FileState state = markedFile();
        if (state != null) {
            EarlierTexts texts = new EarlierTexts(context, this);
            // The next text, if it was about to be written: nobody was told yet that its commits are there.
            for (ContentFingerprint newest : state.texts()) {
                EarlierTexts.Found text = texts.find(newest);
                if (text != null) {
                    return text.tree();
                }
            }
        }
        return null;
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
