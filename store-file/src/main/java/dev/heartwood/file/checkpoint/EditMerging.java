package dev.heartwood.file.checkpoint;

import dev.heartwood.file.disk.Disk;
import dev.heartwood.file.disk.StoreLayout;
import dev.heartwood.file.edits.HandEdits;
import dev.heartwood.file.edits.UnmergedEditException;
import dev.heartwood.file.text.ContentDigest;
import io.vavr.collection.HashMap;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Edits by hand as the thread that writes the file sees them: whether they are merged, and whether one is not settled yet. */
final class EditMerging {
    private final Disk disk;
    private final StoreLayout place;
    /** Shared with the thread that merges; null if edits are not merged. */
    private volatile @Nullable HandEdits edits;
    /** A text of somebody else stands in the file, and it is not known yet what becomes of it: the file is left alone. */
    private boolean waiting;

    EditMerging(Disk disk, StoreLayout place) {
        this.disk = disk;
        this.place = place;
    }

    /** From now on texts of others that stand in the file are left there until they are settled; {@code tree} is what it says. */
    void begin(HandEdits live, ContentDigest current, HashMap<String, @Nullable Object> tree) throws IOException {
        edits = live;
        // Where somebody has written into it since it was read, the stamp is theirs. So the text is compared with it,
        // too.
        live.stands(new HandEdits.Text(current, tree, disk.stamp(place.file())));
    }

    boolean isOn() {
        return edits != null;
    }

    /**
     * The next file, which says {@code tree}, is about to take the name of the file. Null if edits are not merged; else
     * what {@link #withdraw} takes back.
     */
    HandEdits.@Nullable Text announce(ContentDigest next, @Nullable HashMap<String, @Nullable Object> tree)
            throws IOException {
        HandEdits live = edits;
        if (live == null || tree == null) {
            return null;
        }
        HandEdits.Text text = new HandEdits.Text(next, tree, disk.stamp(place.next()));
        live.stands(text);
        return text;
    }

    /** The text that was announced has not come to stand in the file. */
    void withdraw(HandEdits.@Nullable Text text) {
        HandEdits live = edits;
        if (live != null && text != null) {
            live.withdraw(text);
        }
    }

    /**
     * What became of the text of somebody else that stands in the file; null if edits are not merged, or this one could
     * not be.
     *
     * @param insisting whether the file is replaced also where that is not known yet
     * @throws UnmergedEditException if it is not known yet, and not insisting
     */
    HandEdits.@Nullable Verdict verdict(boolean insisting) throws IOException {
        HandEdits live = edits;
        if (live == null) {
            return null;
        }
        HandEdits.Verdict verdict = live.verdict(disk, place.file());
        if (verdict == null && !insisting) {
            throw new UnmergedEditException(place.file());
        }
        return verdict;
    }

    /** Whether the file is left alone for now, since somebody else is writing into it. */
    boolean isWaiting() {
        return waiting;
    }

    void waitForEdit(boolean choice) {
        waiting = choice;
        HandEdits live = edits;
        if (live != null) {
            live.waiting(choice);
        }
    }
}
