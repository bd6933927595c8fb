package dev.heartwood.file.reading;

import dev.heartwood.StoreIOException;
import dev.heartwood.file.context.Reporter.Kind;
import dev.heartwood.file.context.StoreContext;
import dev.heartwood.file.disk.Disk;
import dev.heartwood.file.disk.HolderToken;
import dev.heartwood.file.disk.StoreLayout;
import dev.heartwood.file.journal.DurableMark;
import dev.heartwood.file.journal.JournalScan;
import dev.heartwood.file.recovery.EarlierTexts;
import dev.heartwood.file.recovery.RecoveryScan;
import dev.heartwood.file.text.ContentDigest;
import dev.heartwood.file.text.ContentFingerprint;
import io.vavr.collection.HashMap;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The file of a program that has the store open, where somebody else has written into it: until that program has settled the edit, the
 * file does not say what is committed. Its mark does. Where the program has ended, the file counts as the next opening will take it.
 */
final class HeldText {
    private final StoreContext context;
    private final Disk disk;
    private final StoreLayout place;
    /** The mark before the file was read. */
    private final @Nullable DurableMark before;

    private HeldText(StoreContext context) throws IOException {
        this.context = context;
        this.disk = context.disk();
        this.place = context.place();
        this.before = new FollowedMark(disk, place).read();
    }

    /** The file is about to be read. */
    static HeldText beforeReading(StoreContext context) throws IOException {
        return new HeldText(context);
    }

    /** Whether the mark is what it was before the file was read, so that no program has written the file meanwhile. */
    boolean isUnchanged(RecoveryScan scan) {
        return before != null && before.equals(scan.mark());
    }

    /** So many bytes of the file are needed as they are, for the checksum of the mark. */
    long bytes() {
        return before != null && before.state() instanceof DurableMark.FileState file
                ? file.content().bytes()
                : 0;
    }

    /** Whether a journal only stands by, and tells nothing: the file alone holds what is committed. */
    boolean isStandBy(@Nullable JournalScan journal) {
        return journal != null
                && journal.commits() == 0
                && before != null
                && before.number() == journal.number()
                && before.state() instanceof DurableMark.FileState;
    }

    /**
     * The tree that was committed last, where the file has an edit that is not settled; null where the file says it.
     *
     * @param found the content of the file, which no journal tells the state of; null if it is missing, or cannot be read
     * @throws StoreIOException if only the program that has the store open knows it; or the file was replaced meanwhile, and is to be read
     *     again
     */
    @Nullable
    HashMap<String, @Nullable Object> committed(@Nullable ContentDigest found, RecoveryScan scan) throws IOException {
        DurableMark mark = before == null ? null : new FollowedMark(disk, place).read();
        if (before == null || mark == null || isOurs(before, found) || isOurs(mark, found)) {
            return null;
        } else if (!mark.equals(before) && !isSameJournal(mark, before)) {
            if (found != null && mark.named().stream().anyMatch(text -> text.is(found))) {
                return null;
            }
            throw new StoreIOException(place + " was written anew while it was read. Try again", null);
        } else if (!HolderToken.isHeldByRunningProcess(disk, place)) {
            return null;
        }
        HashMap<String, @Nullable Object> tree = committed(mark, scan);
        if (tree == null) {
            throw new StoreIOException(
                    place
                            + " was changed by somebody else while a program has it open, and that program has not settled the"
                            + " edit yet: what was committed last stands nowhere else. Try again after its next commit",
                    null);
        }
        context.reporter()
                .tell(
                        Kind.EXTERNAL_EDIT,
                        place
                                + " was changed by somebody else while a program has it open, which has not settled the edit"
                                + " yet: this is what was committed last");
        return tree;
    }

    private static boolean isOurs(DurableMark mark, @Nullable ContentDigest found) {
        if (found == null || !(mark.state() instanceof DurableMark.FileState file)) {
            return false;
        }
        ContentFingerprint next = file.next();
        return file.content().is(found) || (next != null && next.is(found));
    }

    /** Whether the file has not been written in between: commits went to the journal. */
    private static boolean isSameJournal(DurableMark mark, DurableMark other) {
        return mark.state() instanceof DurableMark.JournalState journal
                && other.state() instanceof DurableMark.JournalState earlier
                && journal.id().equals(earlier.id());
    }

    private @Nullable HashMap<String, @Nullable Object> committed(DurableMark mark, RecoveryScan scan)
            throws IOException {
        if (mark.state() instanceof DurableMark.FileState file) {
            EarlierTexts.Found text = new EarlierTexts(context, scan).find(file.content());
            return text == null ? null : text.tree();
        }
        return new MarkedStateReader(context).read(mark).tree();
    }
}
