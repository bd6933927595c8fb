package dev.heartwood.file.checkpoint;

import dev.heartwood.file.context.Reporter;
import dev.heartwood.file.context.Reporter.Kind;
import dev.heartwood.file.disk.Disk;
import dev.heartwood.file.disk.StoreLayout;
import dev.heartwood.file.edits.HandEdits;
import dev.heartwood.file.edits.UnmergedEditException;
import dev.heartwood.file.text.ContentDigest;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The text that somebody else wrote into the file, as the last look before a replacement found it: kept aside, or merged. */
final class ExternalEdit {
    private final Disk disk;
    private final StoreLayout place;
    private final Reporter reporter;
    private final EditMerging edits;
    /** The copy that was kept of the text; null if there was none, or it is merged. */
    private PreservedCopies.@Nullable Kept kept;
    /** A text that is merged, and needs no copy; null if there was none. */
    private @Nullable ContentDigest merged;

    ExternalEdit(Disk disk, StoreLayout place, Reporter reporter, EditMerging edits) {
        this.disk = disk;
        this.place = place;
        this.reporter = reporter;
        this.edits = edits;
    }

    /** The text in the file: a foreign text, or else {@code ours}. */
    @Nullable
    ContentDigest or(@Nullable ContentDigest ours) {
        PreservedCopies.Kept copy = kept;
        return copy != null ? copy.content() : merged != null ? merged : ours;
    }

    /** Our text stands in the file. */
    void none() {
        kept = null;
        merged = null;
    }

    /** The file has been replaced. Returns the copy that was kept of the replaced text; null if there was none. */
    PreservedCopies.@Nullable Kept replaced() {
        PreservedCopies.Kept copy = kept;
        none();
        return copy;
    }

    /**
     * The file is gone, and will be written again.
     *
     * @throws UnmergedEditException if edits are merged, the deletion is not settled yet as an edit, and not insisting
     */
    void deleted(boolean insisting) throws IOException {
        merged = null;
        edits.verdict(insisting);
        reporter.tell(Kind.EXTERNAL_EDIT, place + " was deleted while it is open here; it is written again");
    }

    /**
     * The file holds a foreign text of so many bytes. It is kept once, however often the file cannot be replaced after
     * that.
     *
     * @throws UnmergedEditException if the text is not settled yet, and not insisting
     */
    void found(long size, boolean insisting) throws IOException {
        merged = null;
        HandEdits.Verdict verdict = edits.verdict(insisting);
        if (verdict != null && verdict.refusal() == null) {
            kept = null;
            merged = verdict.content();
        } else if (!isKept(size)) {
            keep(verdict);
        }
    }

    private boolean isKept(long size) throws IOException {
        PreservedCopies.Kept last = kept;
        return last != null
                && last.content().size() == size
                && disk.attributes(last.file()) != null
                && last.content().standsIn(disk, place.file());
    }

    private void keep(HandEdits.@Nullable Verdict verdict) throws IOException {
        PreservedCopies.Kept copy = PreservedCopies.keep(disk, place, PreservedCopies.EXTERNAL, place.file());
        kept = copy;
        reporter.tell(
                Kind.EXTERNAL_EDIT,
                place + " was changed by somebody else while it is open here"
                        + (verdict == null ? "" : ", and that cannot be taken over: " + verdict.refusal())
                        + ". The edited file is kept in " + copy.file()
                        + "; the file goes on with what is committed here"
                        + PreservedCopies.pruned(disk, place),
                copy.file(),
                null);
    }
}
