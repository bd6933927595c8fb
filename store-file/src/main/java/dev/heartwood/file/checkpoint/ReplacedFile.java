package dev.heartwood.file.checkpoint;

import dev.heartwood.file.context.Reporter;
import dev.heartwood.file.context.Reporter.Kind;
import dev.heartwood.file.disk.Disk;
import dev.heartwood.file.disk.StoreLayout;
import dev.heartwood.file.text.ContentDigest;
import dev.heartwood.file.text.ContentFingerprint;
import dev.heartwood.storage.FileStamp;
import dev.heartwood.storage.IoErrors;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The file that the newest one has replaced. It has a second name, one of {@link StoreLayout#replaced}, until the next
 * replacement: an editor that writes in place may have it open, and write the rest of a save after it was replaced.
 *
 * <p>It is looked at before the next replacement, and {@linkplain #tidyUp deleted} after that, when no caller waits any
 * more: on most file systems to delete a file takes as long as several other calls. So the next one takes the other name.
 */
final class ReplacedFile {
    private final Disk disk;
    private final StoreLayout place;
    private final Reporter reporter;
    /** What the holder before has named as its texts; empty if it was closed. */
    private final List<ContentFingerprint> left;
    /** Which of the two second names the file has that was replaced last; once {@link #name} is free, the next one. */
    private int turn;
    /** The file that was looked at, and is to be deleted. It has the other name. */
    private @Nullable Path done;
    /** The content of the file that has the second name; null while that names none of ours. */
    private @Nullable ContentDigest content;
    /** That file, as the last look before its replacement opened it; null where it was not opened, or may not stay open. */
    private Disk.@Nullable Comparison open;

    ReplacedFile(Disk disk, StoreLayout place, Reporter reporter, List<ContentFingerprint> left) {
        this.disk = disk;
        this.place = place;
        this.reporter = reporter;
        this.left = left;
    }

    /**
     * Whether the file, which is about to be replaced, holds our text. A short file stays open, and is looked at again.
     */
    boolean isStill(ContentDigest ours) throws IOException {
        byte[] bytes = ours.bytes();
        if (bytes == null || !disk.replacesOpenFiles()) {
            return ours.standsIn(disk, place.file());
        }
        Disk.Comparison opened = disk.compare(place.file());
        open = opened;
        if (opened.holds(bytes)) {
            return true;
        }
        letGo();
        return false;
    }

    /** The second name of the file that is about to be replaced. */
    Path name() {
        return place.replaced().get(turn);
    }

    private Path otherName() {
        return place.replaced().get(1 - turn);
    }

    /** The file with this content, which has the second name, is about to be replaced; null if it has none. */
    void begin(@Nullable ContentDigest old) {
        content = old;
        if (old == null) {
            letGo();
        }
    }

    /** Closes the file; late writes into it are found by its second name. */
    void letGo() {
        Disk.Comparison opened = open;
        open = null;
        if (opened != null) {
            try {
                opened.close();
            } catch (IOException e) {
                // The file was only read, so a failure to close it does no harm.
            }
        }
    }

    /**
     * Keeps text that was written into the file after it was replaced, and closes the file. Afterwards the {@link #name}
     * is free.
     */
    void keepLateWrites() throws IOException {
        ContentDigest expected = content;
        if (isUntouched(expected)) {
            tidyUp();
            content = null;
            letGo();
            done = name();
            turn = 1 - turn;
            return;
        }
        letGo();
        if (expected == null) {
            // A crash, or a failure, may have left either of them.
            settle(otherName(), null);
            done = null;
        }
        settle(name(), expected);
        content = null;
    }

    /** Whether the file that was looked at last is there still. */
    boolean isUntidy() {
        return done != null;
    }

    /** Deletes the file that was looked at last, if it is there still. */
    void tidyUp() throws IOException {
        Path second = done;
        if (second != null) {
            disk.delete(second);
            done = null;
        }
    }

    private void settle(Path second, @Nullable ContentDigest expected) throws IOException {
        Disk.Attributes found = disk.attributes(second);
        if (found == null) {
            return;
        }
        if (hasNoLateWrites(second, found, expected)) {
            disk.delete(second);
        } else {
            keep(second);
        }
    }

    private boolean hasNoLateWrites(Path second, Disk.Attributes found, @Nullable ContentDigest expected)
            throws IOException {
        // A pipe in place of the file has no late writes, and opening it would wait for its reader.
        return found.kind() != Disk.Kind.FILE
                || (found.links() > 1 && isFile(second))
                || (expected == null
                        ? isLeft(second, found) || isOlderThanFile(second)
                        : found.size() == expected.size() && expected.standsIn(disk, second));
    }

    private void keep(Path second) throws IOException {
        Path kept = PreservedCopies.free(disk, place, PreservedCopies.EXTERNAL);
        disk.force(second);
        disk.rename(second, kept);
        disk.forceDirectory(place.parent());
        reporter.tell(
                Kind.EXTERNAL_EDIT,
                place + " was written to by somebody else just as it was replaced. The other text is kept in " + kept
                        + PreservedCopies.pruned(disk, place),
                kept,
                null);
    }

    /** Whether the file is open, and has our text. It got its second name before it was opened. */
    private boolean isUntouched(@Nullable ContentDigest expected) throws IOException {
        byte[] bytes = expected == null ? null : expected.bytes();
        return open != null && bytes != null && open.holds(bytes);
    }

    /**
     * Whether it is a second name of the file as it is: a crash, or a failure, came between the two names and the
     * rename.
     */
    private boolean isFile(Path second) throws IOException {
        FileStamp file = disk.stamp(place.file());
        return file != null && file.key() != null && file.sameFile(disk.stamp(second));
    }

    /** Whether it holds a text that the holder before has named, so that nobody has written into it. */
    private boolean isLeft(Path second, Disk.Attributes found) throws IOException {
        List<ContentFingerprint> ofItsSize =
                left.stream().filter(each -> each.bytes() == found.size()).toList();
        if (ofItsSize.isEmpty()) {
            return false;
        }
        byte[] bytes = disk.bytes(second);
        return ofItsSize.stream().anyMatch(each -> each.is(bytes));
    }

    /**
     * After a crash the expected content of the file may be unknown. But our last write to it was before the file that
     * replaced it was made.
     */
    private boolean isOlderThanFile(Path second) throws IOException {
        FileStamp file = disk.stamp(place.file());
        FileStamp old = disk.stamp(second);
        return file != null && old != null && old.modified() < file.modified();
    }

    /** Whether the second name, which the file was given, names another file than that by now. */
    boolean isAnotherFile() throws IOException {
        FileStamp file = disk.stamp(place.file());
        FileStamp second = disk.stamp(name());
        return file != null && second != null && file.key() != null && !file.sameFile(second);
    }

    /**
     * The edited file itself replaces the copy of the edit: the editor may not have written all of it yet. If the second
     * name has another file, the copy stays.
     */
    void replaceCopy(PreservedCopies.Kept edit) {
        if (content != edit.content()) {
            return;
        }
        try {
            disk.force(name());
            disk.rename(name(), edit.file());
            content = null;
        } catch (IOException e) {
            // Perhaps the file is read-only. The copy stays, and late writes are looked for before the next rename.
            reporter.tell(
                    Kind.TROUBLE,
                    "what is written into the file that was edited from now on may not come into " + edit.file() + ": "
                            + IoErrors.inWords(e),
                    edit.file(),
                    e);
        }
    }
}
