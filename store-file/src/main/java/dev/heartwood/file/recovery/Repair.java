package dev.heartwood.file.recovery;

import dev.heartwood.StoreIOException;
import dev.heartwood.file.checkpoint.PreservedCopies;
import dev.heartwood.file.checkpoint.Storage;
import dev.heartwood.file.context.Reporter;
import dev.heartwood.file.context.Reporter.Kind;
import dev.heartwood.file.context.StoreContext;
import dev.heartwood.file.context.TreeCheck;
import dev.heartwood.file.disk.Disk;
import dev.heartwood.file.disk.StoreLayout;
import dev.heartwood.file.journal.JournalScan;
import dev.heartwood.file.recovery.Recovery.Recovered;
import dev.heartwood.file.text.ContentDigest;
import dev.heartwood.file.text.LoadedTree;
import io.vavr.collection.HashMap;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Goes back to the newest state that can be read; the damaged file is kept beside it. */
final class Repair {
    private final Disk disk;
    private final StoreLayout place;
    private final TreeCheck check;
    private final Reporter reporter;
    private final RecoveryScan found;
    private final EarlierTexts texts;

    Repair(StoreContext context, RecoveryScan found) {
        this.disk = context.disk();
        this.place = context.place();
        this.check = context.settings().check();
        this.reporter = context.reporter();
        this.found = found;
        this.texts = new EarlierTexts(context, found);
    }

    /**
     * Repairs: the newest text of a file without commits in a journal, or the newest journal whose base can be read, as far as it is
     * whole, or else the newest generation.
     *
     * @param content the content of the file; null if there is none
     * @param refusal the reason why the store could not be opened as it is
     */
    Recovered repair(@Nullable ContentDigest content, StoreIOException refusal) throws IOException {
        LoadedTree own = content == null ? null : found.loadedOrNull(place.file());
        // A whole file is as new as its earlier texts, or was edited since; that holds for an opening without repair,
        // too.
        EarlierTexts.Found text = own == null ? texts.newest() : null;
        if (text != null) {
            return goOn(content, null, null, text.tree(), text.where());
        }
        // The file is at least as new as the generation of a journal that cannot be read, unless it is an older copy.
        boolean isOwnNewest = false;
        for (JournalScan journal : found.journals()) {
            isOwnNewest |= journal.header() == null && own != null && !found.isSuperseded(own.content());
            LoadedTree base = found.baseOf(journal, own);
            if (isOwnNewest && base != own) {
                break;
            } else if (base != null) {
                String what = journal.commits() == 0
                        ? place.generation(journal.number()).toString()
                        : "commit " + journal.commits() + " of " + journal.file();
                return goOn(content, own, journal, found.replayed(journal, base.tree()), what);
            }
        }
        if (isOwnNewest && own != null) {
            return goOn(content, own, null, own.tree(), place.file().toString());
        }
        for (long generation : found.generations()) {
            LoadedTree base = found.generationOrNull(generation);
            if (base != null) {
                String what = place.generation(generation).toString();
                return goOn(content, own, null, base.tree(), what);
            }
        }
        throw new StoreIOException(
                refusal.getMessage() + " (and there is no generation that can be read, to go back to)", refusal);
    }

    private Recovered goOn(
            @Nullable ContentDigest content,
            @Nullable LoadedTree own,
            @Nullable JournalScan replayed,
            HashMap<String, @Nullable Object> tree,
            String what)
            throws IOException {
        check.require(tree);
        keepDamaged(own != null && own.tree() == tree ? null : content, replayed);
        found.keepTornTails();
        Storage storage = found.storage(content);
        storage.checkpoint(tree);
        reporter.tell(Kind.RECOVERED, place + " was repaired: it is as of " + what);
        return new Recovered(storage, tree);
    }

    private void keepDamaged(@Nullable ContentDigest damaged, @Nullable JournalScan replayed) throws IOException {
        if (damaged != null) {
            Path kept = PreservedCopies.keepOnce(disk, place, "corrupt", place.file());
            found.told("the file as it was found is kept in " + kept, kept);
        }
        for (JournalScan journal : found.journals()) {
            boolean passedOver = replayed == null || journal.number() > replayed.number();
            if (journal.isCorrupt() || (passedOver && journal.hasCommits())) {
                Path kept = PreservedCopies.keepOnce(disk, place, "corrupt", journal.file());
                found.told("a journal of which not all commits can be replayed is kept in " + kept, kept);
            }
        }
    }
}
