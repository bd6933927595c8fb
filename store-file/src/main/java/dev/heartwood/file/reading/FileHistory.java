package dev.heartwood.file.reading;

import static java.util.Objects.requireNonNull;

import dev.heartwood.Origin;
import dev.heartwood.file.context.Reporter;
import dev.heartwood.file.context.Settings;
import dev.heartwood.file.context.StoreContext;
import dev.heartwood.file.disk.Disk;
import dev.heartwood.file.disk.LocationChecks;
import dev.heartwood.file.disk.RealDisk;
import dev.heartwood.file.disk.StoreLayout;
import dev.heartwood.file.journal.JournalScan;
import dev.heartwood.file.journal.KeptCommits;
import dev.heartwood.file.recovery.OpenErrors;
import dev.heartwood.file.recovery.RecoveryScan;
import dev.heartwood.file.text.LoadedTree;
import dev.heartwood.history.RecordedCommits;
import dev.heartwood.json.TreeFormat;
import dev.heartwood.storage.EditCodec;
import dev.heartwood.tree.TreeEquality;
import io.vavr.collection.HashMap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The past of a store, as far as its files still have it. That is the log of the newest commits, with the versions that
 * the store gave. Where the log is absent or lacks commits of the journal, the history is the kept generations, each
 * after a gap, and the commits of the newest journal one by one; the versions are numbers of this reading then.
 */
public final class FileHistory {
    private static final Origin UNKNOWN = Origin.of(null, null, null);

    private final StoreLayout place;
    private final EditCodec edits;
    private final FileReader.Current current;
    private final RecoveryScan found;
    private @Nullable RecordedCommits commits;

    private FileHistory(StoreContext context, FileReader.Current current) {
        this.place = context.place();
        this.edits = new EditCodec(context.format());
        this.current = current;
        this.found = current.found();
    }

    /** Whether a store was opened there. */
    public static boolean canRead(Path file) {
        try {
            return (Files.isRegularFile(file) || Files.notExists(file))
                    && Files.isDirectory(LocationChecks.findToRead(file).directory());
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Reads the history from the files of a store.
     *
     * @throws dev.heartwood.StoreException if their state is unclear
     * @throws IOException if reading failed
     */
    public static RecordedCommits read(Path file, TreeFormat format) throws IOException {
        Disk disk = new RealDisk();
        StoreLayout place = LocationChecks.findToRead(file);
        // Where the file was edited beside a journal, the commits are what is told.
        Settings settings = Settings.DEFAULT.withConflict(Settings.Conflict.TAKE_JOURNAL);
        StoreContext context = new StoreContext(disk, place, format, settings, Reporter.NOBODY);
        FileReader reader = new FileReader(context);
        return reader.read(found -> {
            // The log first, since it lags behind the file: the file has the log's newest state then, or a later one.
            // In the other order a commit in between would make the history go back to the older file.
            RecordedCommits log = KeptCommits.read(disk, place, format);
            return new FileHistory(context, reader.current(found)).commits(log);
        });
    }

    /**
     * The whole known history.
     *
     * @param log the content of the log of the newest commits, or null
     */
    private RecordedCommits commits(@Nullable RecordedCommits log) throws IOException {
        JournalScan live = current.journal();
        HashMap<String, @Nullable Object> tree = current.tree();
        if (log != null) {
            if (TreeEquality.trees(log.newest().root(), tree)) {
                return log;
            } else if (live == null || live.commits() == 0) {
                // The file was edited by hand, or repaired, and no commit has followed.
                log.addAfterGap(log.newest().version() + 1, tree, UNKNOWN);
                return log;
            }
        }
        long last = 0;
        for (long generation : oldestFirst()) {
            LoadedTree kept = live != null && generation >= live.number()
                    ? null
                    : found.loadedOrNull(place.generation(generation));
            if (kept != null) {
                add(version(generation), kept.tree());
            }
            last = Math.max(last, generation);
        }
        if (live == null) {
            add(version(last + 1), tree);
        } else {
            replay(live);
        }
        return requireNonNull(commits);
    }

    private void replay(JournalScan live) throws IOException {
        LoadedTree base = base(live);
        long start = version(live.number());
        add(start, base.tree());
        RecordedCommits into = requireNonNull(commits);
        found.replay(
                live, base.tree(), (line, tree) -> into.add(start + line.sequence(), tree, edits.origin(line.text())));
    }

    private LoadedTree base(JournalScan live) throws IOException {
        LoadedTree base = found.baseOf(live, current.file());
        if (base == null) {
            throw new OpenErrors(place).baseless(live);
        }
        return base;
    }

    private List<Long> oldestFirst() {
        List<Long> numbers = new ArrayList<>(found.generations());
        Collections.reverse(numbers);
        return numbers;
    }

    /** Adds a state of unknown origin; a state that equals the one before it is left out. */
    private void add(long version, HashMap<String, @Nullable Object> tree) {
        if (commits == null) {
            commits = new RecordedCommits(version, tree, UNKNOWN);
        } else if (!TreeEquality.trees(commits.newest().root(), tree)) {
            commits.addAfterGap(version, tree, UNKNOWN);
        }
    }

    private static long version(long number) {
        return number << Integer.SIZE;
    }
}
