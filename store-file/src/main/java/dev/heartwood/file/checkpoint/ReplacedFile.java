package dev.heartwood.file.checkpoint;

import dev.heartwood.file.context.Reporter;
import dev.heartwood.file.context.Reporter.Kind;
import dev.heartwood.file.disk.Disk;
import dev.heartwood.file.disk.StoreLayout;
import dev.heartwood.file.journal.DurableMark;
import dev.heartwood.file.text.ContentDigest;
import dev.heartwood.file.text.ContentFingerprint;
import dev.heartwood.storage.FileStamp;
import dev.heartwood.storage.IoErrors;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The file that the newest one has replaced. It has a second name, one of {@link StoreLayout#replaced}, until the next
 * replacement: an editor that writes in place may have it open, and write the rest of a save after it was replaced.
 *
 * <p>It is looked at before the next replacement, and {@linkplain #tidyUp deleted} after that, when no caller waits any
 * more: on most file systems to delete a file takes as long as several other calls. So the next one takes the other name.
 */
final class ReplacedFile {
    /** The text of the file, of both second names, and of the next file, and one more that a crash may have left. */
    private static final int MOST_TEXTS = 5;

    private final Disk disk;
    private final StoreLayout place;
    private final Reporter reporter;
    /** The texts that a file with a second name may have, if nobody else has written into it; the newest first. */
    private List<ContentFingerprint> texts;
    /** The same, as a mark has them. */
    private String written;
    /** Whether no text of ours is missing among them, so that any other text is somebody else's. After a crash there may be no telling. */
    private boolean areComplete;
    /** Which of the two second names the file has that was replaced last; once {@link #name} is free, the next one. */
    private int turn;
    /** The file that was looked at, and is to be deleted. It has the other name. */
    private @Nullable Path done;
    /** The content of the file that has the second name; null while that names none of ours. */
    private @Nullable ContentDigest content;
    /** That file, as the last look before its replacement opened it; null where it was not opened, or may not stay open. */
    private Disk.@Nullable Comparison open;

    ReplacedFile(Disk disk, StoreLayout place, Reporter reporter, @Nullable DurableMark left) {
        this.disk = disk;
        this.place = place;
        this.reporter = reporter;
        this.texts = left == null ? List.of() : left.ownTexts();
        this.written = ContentFingerprint.text(texts);
        this.areComplete = left != null && left.texts() != null && left.isOfThisStart();
    }

    /** The texts that a file with a second name may have, if nobody else has written into it, as a mark has them. */
    String texts() {
        return written;
    }

    /** The file has this content now, with which it may get a second name. */
    void mayHold(@Nullable ContentDigest content) {
        if (content != null) {
            texts = Stream.concat(Stream.of(ContentFingerprint.of(content)), texts.stream())
                    .distinct()
                    .limit(MOST_TEXTS)
                    .toList();
            written = ContentFingerprint.text(texts);
        }
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

    /** The file is not replaced after all, since an edit stands in it: takes its second name away. */
    void giveUp() {
        letGo();
        try {
            if (isFile(name())) {
                disk.delete(name());
            }
        } catch (IOException e) {
            // The next replacement, or the next opening, finds it.
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
        areComplete = true;
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
                        ? isOurs(second, found) || (!areComplete && isOlderThanFile(second))
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

    /** Whether it holds one of the texts, so that nobody has written into it. */
    private boolean isOurs(Path second, Disk.Attributes found) throws IOException {
        for (ContentFingerprint text : texts) {
            if (text.bytes() == found.size() && text.standsIn(disk, second)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Where the holder before has left no mark, or one of an earlier start of the machine. Its last write to the file was before the
     * file that replaced it was made.
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
