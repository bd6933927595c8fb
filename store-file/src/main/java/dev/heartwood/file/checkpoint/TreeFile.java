package dev.heartwood.file.checkpoint;

import dev.heartwood.file.context.StoreContext;
import dev.heartwood.file.disk.Disk;
import dev.heartwood.file.disk.NotWrittenException;
import dev.heartwood.file.disk.StoreLayout;
import dev.heartwood.file.edits.HandEdits;
import dev.heartwood.file.edits.UnmergedEditException;
import dev.heartwood.file.journal.DurableMarkFile;
import dev.heartwood.file.text.ContentDigest;
import dev.heartwood.file.text.FileOutput;
import dev.heartwood.json.TreeFormat;
import dev.heartwood.storage.FileStamp;
import io.vavr.collection.HashMap;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The file that people read. It is only ever replaced as a whole: the next version is written beside it and forced, and
 * then takes its name. So it parses at every instant, and a crash leaves the one or the other.
 *
 * <p>Each version has the {@linkplain FileRights rights} of the one before. Other programs may write into the file,
 * too: an {@link ExternalEdit} is found before the file is replaced. Text that an editor writes into the
 * {@link ReplacedFile} is found before the next replacement. An edit that was seen half written is kept as that very
 * file, so that the rest of it arrives there.
 */
final class TreeFile {
    private static final long TICK_MILLIS = 100;
    private static final long WAIT_MILLIS = 10;
    /** A stamp may be one tick ahead of the clock, and is fresh until it is one behind. */
    private static final long MOST_WAITS = 2 * TICK_MILLIS / WAIT_MILLIS + 1;

    private final Disk disk;
    private final StoreLayout place;
    private final FileRights rights;
    private final ReplacedFile replaced;
    private final ExternalEdit external;
    private final EditMerging edits;
    /** The content of the file as far as we know; null if there is none. */
    private @Nullable ContentDigest current;

    /**
     * The only thread that may use this: the checkpoint's thread, from its start until it hands over; null otherwise.
     */
    private @Nullable Thread lentTo;

    /** A file with this content and of this kind; null where there is none. */
    TreeFile(
            StoreContext context, EditMerging edits, @Nullable ContentDigest current, Disk.@Nullable Attributes model) {
        this.disk = context.disk();
        this.place = context.place();
        this.edits = edits;
        this.current = current;
        this.rights = new FileRights(disk, place, model);
        this.replaced = new ReplacedFile(disk, place, context.reporter(), DurableMarkFile.left(disk, place));
        replaced.mayHold(current);
        this.external = new ExternalEdit(disk, place, context.reporter(), edits);
    }

    /**
     * Lends this to the thread of a checkpoint, which has not started yet. All fields are without locks: that thread
     * uses them from its start until its hand-over, and the writer thread before and after that. Only {@link #current} may be
     * read by both: nothing but an installation changes it, and only the writer thread installs.
     */
    void lendTo(Thread checkpoint) {
        lentTo = checkpoint;
    }

    /** Takes this back, after the hand-over or the end of that thread. */
    void takeBack() {
        lentTo = null;
    }

    private boolean isOurs() {
        return lentTo == null || lentTo == Thread.currentThread();
    }

    ContentDigest current() {
        ContentDigest content = current;
        if (content == null) {
            throw new AssertionError("there is no file yet");
        }
        return content;
    }

    /** The contents that a file with a second name has, and the next one will have, unless somebody writes into it. */
    String texts() {
        return replaced.texts();
    }

    /** Writes the next version beside the file, and forces it. */
    ContentDigest prepare(byte[] bytes) throws IOException {
        assert isOurs();
        Path next = place.next();
        try (Disk.Output out = rights.create(next)) {
            out.write(bytes, bytes.length, 0);
            out.requireSize(next, bytes.length);
            rights.dress(next);
            out.force();
        } catch (IOException | RuntimeException | Error e) {
            disk.discard(next, e);
            throw e;
        }
        return ContentDigest.of(bytes);
    }

    /** Writes the next version beside the file, and forces it; holds none of it in memory. */
    ContentDigest prepare(TreeFormat format, HashMap<String, @Nullable Object> tree) throws IOException {
        return prepare(format, tree, FileOutput.Slices.UNWATCHED);
    }

    /** {@link #prepare} that can be ended after each slice. */
    ContentDigest prepare(TreeFormat format, HashMap<String, @Nullable Object> tree, FileOutput.Slices slices)
            throws IOException {
        assert isOurs();
        Path next = place.next();
        try (FileOutput out = new FileOutput(next, rights.create(next), slices)) {
            format.pretty(tree, out);
            rights.dress(next);
            return out.force();
        } catch (IOException | RuntimeException | Error e) {
            disk.discard(next, e);
            throw e;
        }
    }

    /**
     * Gives the prepared file the name of the file, durably.
     *
     * @throws NotWrittenException if it failed, and the file is as before, also after a crash
     * @throws IOException if it failed, and a crash may leave the one or the other
     */
    void install(ContentDigest next) throws IOException {
        install(next, null, true);
    }

    /**
     * {@link #install} where edits by hand may be merged.
     *
     * @param tree the content of the file after that; may be null where edits are not merged
     * @param seen the result of an earlier {@link #look}, or null
     * @param insisting whether a foreign text that is not settled yet is kept aside, and replaced
     * @throws UnmergedEditException if there is one, and not insisting
     */
    void install(
            ContentDigest next,
            @Nullable HashMap<String, @Nullable Object> tree,
            @Nullable FileStamp seen,
            boolean insisting)
            throws IOException {
        // Before the rename: a look of the merging thread right after it must find that the text is ours.
        HandEdits.Text text = edits.announce(next, tree);
        try {
            install(next, seen, insisting);
        } catch (NotWrittenException e) {
            edits.withdraw(text);
            throw e;
        }
    }

    private void install(ContentDigest next, @Nullable FileStamp seen, boolean insisting) throws IOException {
        assert isOurs();
        ContentDigest before = makeReady(seen, insisting);
        rename(before);
        rights.installed();
        PreservedCopies.Kept edit = external.replaced();
        current = next;
        replaced.mayHold(next);
        disk.forceDirectory(place.parent());
        if (edit != null) {
            replaced.replaceCopy(edit);
        }
    }

    /** The last looks, and the second name. Returns the content of the file. */
    private @Nullable ContentDigest makeReady(@Nullable FileStamp seen, boolean insisting) throws IOException {
        try {
            // After the next file was made and synced → before the first name changes: another opening that took the
            // store before this look is seen, and one that takes it later deletes the next file before it reads.
            disk.requireHeld();
            replaced.keepLateWrites();
            // Before the second name, which is a change of the file, too.
            Disk.Attributes found = disk.attributes(place.file());
            boolean isFile = found != null && found.kind() == Disk.Kind.FILE;
            boolean linked = current != null && isFile && disk.link(place.file(), replaced.name());
            lookForOthers(found, seen, insisting);
            if (found != null) {
                rights.follow(found);
            }
            ContentDigest before = external.or(current);
            // An editor may have put a file into the place after ours got the second name.
            boolean isBehind = before != current && replaced.isAnotherFile();
            replaced.begin(linked ? isBehind ? current : before : null);
            return before;
        } catch (UnmergedEditException e) {
            replaced.giveUp();
            disk.discard(place.next(), e);
            throw e;
        } catch (IOException | RuntimeException | Error e) {
            replaced.letGo();
            disk.discard(place.next(), e);
            throw new NotWrittenException(e);
        }
    }

    private void rename(@Nullable ContentDigest before) throws IOException {
        try {
            disk.rename(place.next(), place.file());
        } catch (IOException e) {
            disk.discard(place.next(), e);
            if (holds(before)) {
                throw new NotWrittenException(e);
            }
            throw e;
        }
    }

    /** Foreign text that is written after this look is found by the next look. */
    private void lookForOthers(Disk.@Nullable Attributes found, @Nullable FileStamp seen, boolean insisting)
            throws IOException {
        if (found == null) {
            if (current != null) {
                external.deleted(insisting);
            }
        } else if (found.kind() != Disk.Kind.FILE) {
            throw new IOException(
                    place + " is " + (found.kind() == Disk.Kind.DIRECTORY ? "a directory" : "no regular file")
                            + " now, and was a file: move that away, and the next commit writes the file again");
        } else if (isAsSeen(seen) || isStillOurs(found)) {
            external.none();
        } else {
            external.found(found.size(), insisting);
        }
    }

    /**
     * Whether nobody has written to the file since it was compared byte by byte; how many names it has does not matter.
     * Reading a large file again takes as long as hundreds of commits.
     */
    private boolean isAsSeen(@Nullable FileStamp seen) throws IOException {
        if (seen == null) {
            return false;
        }
        FileStamp now = disk.stamp(place.file());
        return now != null && seen.sameFile(now) && seen.size() == now.size() && seen.modified() == now.modified();
    }

    private boolean isStillOurs(Disk.Attributes found) throws IOException {
        return current != null && found.size() == current.size() && replaced.isStill(current);
    }

    /**
     * Compares the file with our last write, and returns its stamp; null if it differs, or is written to again and
     * again. A long file that was written just now is looked at a tick later: without a stamp the writer thread would
     * read all of it, while commits wait.
     *
     * @param wanted ends the wait
     */
    @Nullable
    FileStamp look(FileOutput.Slices wanted) throws IOException {
        assert isOurs();
        FileStamp stamp = disk.stamp(place.file());
        for (int waits = 0; stamp != null && isFresh(stamp); waits++) {
            if (stamp.size() <= FileOutput.SLICE || waits == MOST_WAITS) {
                return null;
            }
            wanted.passed();
            pause();
            stamp = disk.stamp(place.file());
        }
        return stamp != null && holds(current) && stamp.equals(disk.stamp(place.file())) ? stamp : null;
    }

    /**
     * Whether a later write may leave the same stamp: two writes within one tick of the file system's clock do. A stamp
     * that is far in the future was left by a clock that was set back since, and no write within this tick leaves it.
     */
    private static boolean isFresh(FileStamp stamp) {
        return Math.abs(TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis()) - stamp.modified())
                <= TimeUnit.MILLISECONDS.toNanos(TICK_MILLIS);
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(WAIT_MILLIS);
        } catch (InterruptedException e) {
            throw new IOException("interrupted while it waited for the clock of the file system", e);
        }
    }

    /** Keeps text that was written into the last file after it was replaced, and closes that file. */
    void keepLateWrites() throws IOException {
        assert isOurs();
        replaced.keepLateWrites();
        replaced.tidyUp();
    }

    /** Deletes what the last installation has left, after its callers have their answers. */
    void tidyUp() throws IOException {
        assert isOurs();
        if (replaced.isUntidy()) {
            disk.requireHeld();
            replaced.tidyUp();
        }
    }

    /** Closes the file that was replaced last. */
    void letGo() {
        replaced.letGo();
    }

    /** Whether this stands in the file, and nothing else; null stands for no file. */
    boolean holds(@Nullable ContentDigest content) throws IOException {
        Disk.Attributes found = disk.attributes(place.file());
        if (found == null || content == null) {
            return found == null && content == null;
        }
        return found.kind() == Disk.Kind.FILE && found.size() == content.size() && content.standsIn(disk, place.file());
    }
}
