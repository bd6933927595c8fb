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
    /** The file holds a foreign text that is not settled yet: the file is left alone. */
    private boolean waiting;

    EditMerging(Disk disk, StoreLayout place) {
        this.disk = disk;
        this.place = place;
    }

    /** From now on the file keeps each foreign text until it is settled; {@code tree} is the content of the file. */
    void begin(HandEdits live, ContentDigest current, HashMap<String, @Nullable Object> tree) throws IOException {
        edits = live;
        // If another program has written into the file since it was read, the stamp is of that write. So the text is
        // compared, too.
        live.stands(new HandEdits.Text(current, tree, disk.stamp(place.file())));
    }

    boolean isOn() {
        return edits != null;
    }

    /**
     * The next file, which holds {@code tree}, is about to take the name of the file. Null if edits are not merged;
     * else the value that {@link #withdraw} takes back.
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

    /** The announced text was not written to the file. */
    void withdraw(HandEdits.@Nullable Text text) {
        HandEdits live = edits;
        if (live != null && text != null) {
            live.withdraw(text);
        }
    }

    /**
     * The outcome of the foreign text in the file; null if edits are not merged, or this one could not be.
     *
     * @param insisting whether the file is replaced even if the outcome is not known yet
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
