package dev.heartwood.file;

import static java.util.Objects.requireNonNull;

import dev.heartwood.Origin;
import dev.heartwood.StoreIOException;
import dev.heartwood.file.context.Reporter;
import dev.heartwood.file.context.Settings;
import dev.heartwood.file.context.StoreContext;
import dev.heartwood.file.disk.Disk;
import dev.heartwood.file.disk.LocationChecks;
import dev.heartwood.file.disk.RealDisk;
import dev.heartwood.file.disk.StoreLayout;
import dev.heartwood.file.journal.JournalScan;
import dev.heartwood.file.journal.KeptCommits;
import dev.heartwood.file.reading.FileReader;
import dev.heartwood.file.recovery.OpenErrors;
import dev.heartwood.file.recovery.RecoveryScan;
import dev.heartwood.file.text.LoadedTree;
import dev.heartwood.history.HistorySource;
import dev.heartwood.history.RecordedCommits;
import dev.heartwood.json.TreeFormat;
import dev.heartwood.storage.EditCodec;
import dev.heartwood.storage.IoErrors;
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
 * The past of a JSON file's store, as far as its files still have it, for {@code History.ofJournal}, with author, label and
 * time. That is the log of the newest commits (see {@link JsonFileOptions#keepCommits}), with the versions that the store gave. Where the
 * log lacks what the journal has, or there is none, it is the kept generations, each after a gap, and the commits of the newest
 * journal one by one; the versions are numbers of this reading then.
 */
public final class JsonFileHistory implements HistorySource {
    private static final Origin UNKNOWN = Origin.of(null, null, null);

    /** For {@link java.util.ServiceLoader}. */
    public JsonFileHistory() {}

    @Override
    public boolean canRead(Path file) {
        return Files.isRegularFile(file) && Files.isDirectory(new StoreLayout(file.toAbsolutePath()).directory());
    }

    @Override
    public RecordedCommits read(Path file) {
        TreeFormat format = JsonFile.options().format();
        try {
            Disk disk = new RealDisk();
            StoreLayout place = LocationChecks.findToRead(file);
            FileReader reader =
                    new FileReader(new StoreContext(disk, place, format, Settings.DEFAULT, Reporter.NOBODY));
            return reader.read(found -> new Reading(place, format, found, reader.loaded(found))
                    .commits(KeptCommits.read(disk, place, format)));
        } catch (IOException e) {
            throw new StoreIOException(
                    "cannot read the history of " + file + ": " + IoErrors.inWords(e) + ". No file was changed", e);
        }
    }

    /** One look at the files. */
    private static final class Reading {
        private final StoreLayout place;
        private final EditCodec edits;
        private final RecoveryScan found;
        private final LoadedTree file;
        private @Nullable RecordedCommits commits;

        Reading(StoreLayout place, TreeFormat format, RecoveryScan found, LoadedTree file) {
            this.place = place;
            this.edits = new EditCodec(format);
            this.found = found;
            this.file = file;
        }

        /**
         * All that is known.
         *
         * @param log what the log of the newest commits has, or null
         */
        RecordedCommits commits(@Nullable RecordedCommits log) throws IOException {
            JournalScan live = found.live(file.content());
            if (live != null && live.isCorrupt()) {
                throw new OpenErrors(place).corrupt(live);
            }
            if (log != null) {
                HashMap<String, @Nullable Object> tree = live == null
                        ? file.tree()
                        : found.replayed(live, base(live).tree());
                if (TreeEquality.trees(log.newest().root(), tree)) {
                    return log;
                } else if (live == null) {
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
                add(version(last + 1), file.tree());
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
                    live,
                    base.tree(),
                    (line, tree) -> into.add(start + line.sequence(), tree, edits.origin(line.text())));
        }

        private LoadedTree base(JournalScan live) throws IOException {
            LoadedTree base = found.baseOf(live, file);
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

        /** Adds a state of which is not known how it came to be; one that is equal to the state before it is none. */
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
}
