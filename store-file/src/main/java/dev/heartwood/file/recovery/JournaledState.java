package dev.heartwood.file.recovery;

import dev.heartwood.StoreException;
import dev.heartwood.file.edits.EditMerger;
import dev.heartwood.file.journal.JournalScan;
import dev.heartwood.file.text.ContentDigest;
import dev.heartwood.storage.EditCodec;
import io.vavr.collection.HashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The state that the commits of a journal lead to, and whether somebody has saved the file since. Openings, readers, checks and backups all
 * decide by this.
 *
 * @param base the tree that the journal follows
 * @param tree the tree after its commits
 * @param merges the commits that are merges of edits by hand, each of which the file has held
 * @param text what the text in the file is to that
 */
public record JournaledState(
        HashMap<String, @Nullable Object> base,
        HashMap<String, @Nullable Object> tree,
        List<EditCodec.Line> merges,
        Text text) {

    /** What the text in a file is to the commits of the journal beside it. */
    public enum Text {
        /** The program that wrote the journal has left it: the journal tells the state. */
        LEFT,
        /**
         * It stood in the file before the last edit that the journal has merged, and the file may be as a power cut has left it: editors need
         * not sync what they save. The journal tells the state, and the text is worth a copy.
         */
        BROUGHT_BACK,
        /** Somebody has saved it since, or has put it back. */
        SAVED
    }

    /**
     * What a text is.
     *
     * @param follows whether the journal follows it
     * @param sameStart whether the journal was written since the machine was started, so that every save before its last commit is in the file
     */
    static Text text(ContentDigest text, boolean follows, List<EditCodec.Line> merges, boolean sameStart) {
        EditCodec.Line last = merges.isEmpty() ? null : merges.get(merges.size() - 1);
        // The file keeps an edit that was merged until the next checkpoint.
        if (last == null ? follows : EditMerger.isMergeOf(last.origin(), text)) {
            return Text.LEFT;
        }
        boolean stoodThere = follows || merges.stream().anyMatch(merge -> EditMerger.isMergeOf(merge.origin(), text));
        return stoodThere && !sameStart ? Text.BROUGHT_BACK : Text.SAVED;
    }

    /**
     * Whether somebody has saved the text in a file since its program left it.
     *
     * @param state null where there is no journal, or it cannot be replayed: then somebody has saved the text unless the journal follows it
     */
    public static boolean isSaved(@Nullable JournaledState state, @Nullable JournalScan journal, ContentDigest text) {
        return state == null ? journal == null || !journal.follows(text) : state.text() == Text.SAVED;
    }

    /**
     * The tree that the file held when its holder ended: that of the journal's base, or the last edit by hand that the journal has merged since.
     * An edit that was made after the end starts from it. Null if it cannot be told.
     */
    @Nullable
    HashMap<String, @Nullable Object> heldByFile() {
        try {
            HashMap<String, @Nullable Object> held = base;
            for (EditCodec.Line merge : merges) {
                held = merge.applyTo(held);
            }
            return held;
        } catch (StoreException e) {
            // The merge appended to a list to which the program had appended.
            return null;
        }
    }
}
