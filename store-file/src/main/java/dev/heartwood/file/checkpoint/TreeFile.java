package dev.heartwood.file.checkpoint;

import dev.heartwood.file.context.Reporter;
import dev.heartwood.file.context.Reporter.Kind;
import dev.heartwood.file.disk.Disk;
import dev.heartwood.file.disk.NotWrittenException;
import dev.heartwood.file.disk.StoreLayout;
import dev.heartwood.file.edits.HandEdits;
import dev.heartwood.file.edits.UnmergedEditException;
import dev.heartwood.file.text.ContentDigest;
import dev.heartwood.file.text.FileOutput;
import dev.heartwood.json.TreeFormat;
import dev.heartwood.storage.FileStamp;
import dev.heartwood.storage.IoErrors;
import io.vavr.collection.HashMap;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The file that people read. It is only ever replaced as a whole: what comes next is written beside it and forced, and
 * then takes its name. So it parses at every instant, and a crash leaves the one or the other.
 *
 * <p>An editor that writes in place may have the old file open, and write the rest of a save after the rename. So the
 * old file has a second name, {@link StoreLayout#replaced}, until the next rename: what is written into it by then is
 * found and kept. An edit that was seen half written is kept as that very file, so that the rest of it arrives there.
 */
public final class TreeFile {
    private static final long TICK_MILLIS = 100;

    private final Disk disk;
    private final StoreLayout place;
    private final Reporter reporter;
    /** The content of the file as far as we know; null if there is none. */
    private @Nullable ContentDigest current;
    /** The text that somebody else wrote into the file, as it stood there at the last look; null if it was ours. */
    private PreservedCopies.@Nullable Kept external;
    /** The same for a text that is merged, and needs no copy. */
    private @Nullable ContentDigest merged;
    /** What became of edits by hand; null if they are not merged. */
    private volatile @Nullable HandEdits edits;
    /** The model of the next file: the file as it was looked at last; null while there was none. */
    private Disk.@Nullable Attributes worn;
    /** The attributes of a new file of {@link #plainMode} here, until it is dressed; null until one was made. */
    private Disk.@Nullable Attributes plain;
    /** The same of a new file that is made like {@link StoreLayout#rights}; null until one was made. */
    private Disk.@Nullable Attributes plainLike;
    /** The content of the file that {@link StoreLayout#replaced} names; null while it names none of ours. */
    private @Nullable ContentDigest replaced;
    /** That file, as the last look before its replacement opened it; null where it was not opened, or may not stay open. */
    private Disk.@Nullable Comparison replacedOpen;

    private int plainMode;
    /**
     * {@link Disk.Attributes#lastChange} of the file when its access control list was known last, and nobody had changed
     * it: it was the list of {@link StoreLayout#rights} or, if {@link #likeNew}, that of any new file. Null if it is not
     * known.
     */
    private @Nullable Object rightsSince;
    /** Whether the file that was made last was made as any new file is. */
    private boolean likeNew;

    /** The thread that alone may use this: that of a checkpoint, from its start until it hands over; null otherwise. */
    private @Nullable Thread lentTo;

    /** A file with this content and of this kind; null where there is none. */
    TreeFile(
            Disk disk,
            StoreLayout place,
            Reporter reporter,
            @Nullable ContentDigest current,
            Disk.@Nullable Attributes model) {
        this.disk = disk;
        this.place = place;
        this.reporter = reporter;
        this.current = current;
        this.worn = model;
    }

    /** From now on a text of somebody else is not replaced before it is settled. */
    void merge(HandEdits live) {
        edits = live;
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

    /** Writes what comes next beside the file, and forces it. */
    ContentDigest prepare(byte[] bytes) throws IOException {
        assert isOurs();
        Path next = place.next();
        try (Disk.Output out = createNext(next, lookedAt())) {
            out.write(bytes, bytes.length, 0);
            out.requireSize(next, bytes.length);
            dress(next);
            out.force();
        } catch (IOException | RuntimeException | Error e) {
            disk.discard(next, e);
            throw e;
        }
        return ContentDigest.of(bytes);
    }

    /** Writes what comes next beside the file, and forces it; holds none of it in memory. */
    ContentDigest prepare(TreeFormat format, HashMap<String, @Nullable Object> tree) throws IOException {
        return prepare(format, tree, FileOutput.Slices.UNWATCHED);
    }

    /** {@link #prepare} that can be ended after each slice. */
    ContentDigest prepare(TreeFormat format, HashMap<String, @Nullable Object> tree, FileOutput.Slices slices)
            throws IOException {
        assert isOurs();
        Path next = place.next();
        try (FileOutput out = new FileOutput(next, createNext(next, lookedAt()), slices)) {
            format.pretty(tree, out);
            dress(next);
            return out.force();
        } catch (IOException | RuntimeException | Error e) {
            disk.discard(next, e);
            throw e;
        }
    }

    /** Looks at the file, and notes who may do what with it; null if there is none. */
    private Disk.@Nullable Attributes lookedAt() throws IOException {
        Disk.Attributes found = disk.attributes(place.file());
        if (found == null || found.kind() != Disk.Kind.FILE) {
            return null;
        }
        worn = found;
        return found;
    }

    /**
     * Creates the next file: from its first byte on, nobody reads it who may not read the file.
     *
     * @param found the file as it was just looked at; null if there is none
     */
    private Disk.Output createNext(Path next, Disk.@Nullable Attributes found) throws IOException {
        if (worn != null && worn.mayHaveList() && !(likeNew && isUnchanged(found)) && copyRights(found)) {
            likeNew = false;
            try {
                return disk.createLikeAnew(place.rights(), next);
            } catch (NoSuchFileException e) {
                // Somebody tidied up in the directory.
                rightsSince = null;
                if (copyRights(found)) {
                    return disk.createLikeAnew(place.rights(), next);
                }
            }
        }
        likeNew = true;
        return disk.createAnew(next, modeOfNext());
    }

    /** Whether nobody has changed the file, as it was just looked at, since its list was known; true where it is gone. */
    private boolean isUnchanged(Disk.@Nullable Attributes found) {
        return rightsSince != null && (found == null || rightsSince.equals(found.lastChange()));
    }

    /**
     * Makes {@link StoreLayout#rights} what it must be: once, and after somebody else changed the file. A list cannot
     * be seen, only copied, and copying it costs a copy of the file.
     */
    private boolean copyRights(Disk.@Nullable Attributes found) throws IOException {
        // Looked at before it is copied: a change after that makes the next look find another one.
        if (!likeNew && isUnchanged(found)) {
            return true;
        }
        Object change = found == null ? null : found.lastChange();
        Path model = change != null ? place.file() : newestGeneration();
        if (model == null) {
            return false;
        }
        rightsSince = null;
        plainLike = null;
        disk.delete(place.rights());
        disk.copyRights(model, place.rights());
        rightsSince = change != null ? change : model;
        return true;
    }

    private @Nullable Path newestGeneration() throws IOException {
        long newest = -1;
        for (String name : disk.list(place.directory())) {
            newest = Math.max(newest, StoreLayout.generationNumber(name));
        }
        return newest < 0 ? null : place.generation(newest);
    }

    private int modeOfNext() {
        if (worn == null) {
            return Disk.USUAL;
        }
        // The mode speaks of other people where the owner or the group is another.
        return plain != null && plain.owner() == worn.owner() && plain.group() == worn.group()
                ? worn.mode()
                : Disk.OWNER_ONLY;
    }

    /** Gives the next file the mode and the owner that the file had when it was looked at last. */
    private void dress(Path next) throws IOException {
        if (!likeNew && worn != null) {
            Disk.Attributes ours = plainLike;
            if (ours == null) {
                ours = disk.attributes(next);
                plainLike = ours;
            }
            if (ours != null && !worn.resembles(ours)) {
                disk.resemble(next, ours, worn);
            }
            return;
        }
        int mode = modeOfNext();
        if (plain == null || plainMode != mode) {
            plain = disk.attributes(next);
            plainMode = mode;
        }
        if (worn == null) {
            worn = plain;
        }
        if (worn != null && plain != null && !worn.resembles(plain)) {
            disk.resemble(next, worn);
        }
    }

    /** The file was given another mode, owner or list since the next one was dressed. */
    private void dressAgain(Disk.Attributes found) throws IOException {
        if (found.mayHaveList()) {
            worn = found;
            Path again = place.nextAgain();
            try (InputStream in = disk.read(place.next());
                    FileOutput out = new FileOutput(again, createNext(again, found))) {
                in.transferTo(out);
                dress(again);
                out.force();
            } catch (IOException | RuntimeException | Error e) {
                disk.discard(again, e);
                throw e;
            }
            disk.rename(again, place.next());
            return;
        }
        // Opened first: it may be read-only afterwards.
        try (Disk.Output out = disk.open(place.next())) {
            disk.resemble(place.next(), found);
            worn = found;
            out.force();
        }
    }

    /**
     * Gives what was prepared the name of the file, durably.
     *
     * @throws NotWrittenException if it failed, and the file is as before, also after a crash
     * @throws IOException if it failed, and a crash may leave the one or the other
     */
    void install(ContentDigest next) throws IOException {
        install(next, null, true);
    }

    /**
     * {@link #install} after an earlier {@link #look}, which saw this.
     *
     * @param insisting whether a text of somebody else that is not settled yet is kept aside, and replaced
     * @throws UnmergedEditException if there is one, and not insisting
     */
    void install(ContentDigest next, @Nullable FileStamp seen, boolean insisting) throws IOException {
        assert isOurs();
        ContentDigest before;
        try {
            // After the next file was made and synced → before the first name changes: another opening that took the
            // store before this look is seen, and one that takes it later deletes the next file before it reads.
            disk.requireHeld();
            keepLateWrites();
            // Before the second name, which is a change of the file, too.
            Disk.Attributes found = disk.attributes(place.file());
            boolean linked = current != null && disk.link(place.file(), place.replaced());
            lookForOthers(found, seen, insisting);
            before = external != null ? external.content() : merged != null ? merged : current;
            replaced = linked ? before : null;
            if (!linked) {
                letGo();
            }
        } catch (UnmergedEditException e) {
            letGo();
            disk.discard(place.next(), e);
            throw e;
        } catch (IOException | RuntimeException | Error e) {
            letGo();
            disk.discard(place.next(), e);
            throw new NotWrittenException(e);
        }
        try {
            disk.rename(place.next(), place.file());
        } catch (IOException e) {
            disk.discard(place.next(), e);
            if (holds(before)) {
                throw new NotWrittenException(e);
            }
            throw e;
        }
        rightsSince = null;
        if (worn == null || worn.mayHaveList()) {
            // The rename is a change, and ours: the rights are the same. A change by somebody else between it and this
            // look would not be seen.
            Disk.Attributes found = disk.attributes(place.file());
            rightsSince = found == null ? null : found.lastChange();
        }
        PreservedCopies.Kept edit = external;
        current = next;
        external = null;
        merged = null;
        disk.forceDirectory(place.parent());
        if (edit != null && replaced != null) {
            keepOpenEdit(edit);
        }
    }

    /** Closes the file that was replaced; what is written late into it is found by its second name. */
    void letGo() {
        Disk.Comparison open = replacedOpen;
        replacedOpen = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                // It was read, and nothing else.
            }
        }
    }

    /** Compares the file with what we wrote, and gives its stamp; null if it is another, or was written to just now. */
    @Nullable
    FileStamp look() throws IOException {
        assert isOurs();
        FileStamp stamp = disk.stamp(place.file());
        // Two writes within one tick of the file system's clock leave the same stamp. A stamp that is far in the future
        // was
        // left by a clock that was set back since, and no write within this tick leaves it.
        if (stamp == null
                || Math.abs(TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis()) - stamp.modified())
                        <= TimeUnit.MILLISECONDS.toNanos(TICK_MILLIS)) {
            return null;
        }
        return holds(current) && stamp.equals(disk.stamp(place.file())) ? stamp : null;
    }

    /** The copy of an edit gives way to the file that was edited: the editor may not have written all of it yet. */
    private void keepOpenEdit(PreservedCopies.Kept edit) {
        try {
            disk.force(place.replaced());
            disk.rename(place.replaced(), edit.file());
            replaced = null;
        } catch (IOException e) {
            // Perhaps the file is read-only. The copy stays, and what is written late is looked for before the next
            // rename.
            reporter.tell(
                    Kind.TROUBLE,
                    "what is written into the file that was edited from now on may not come into " + edit.file() + ": "
                            + IoErrors.inWords(e),
                    edit.file(),
                    e);
        }
    }

    /** Keeps what was written into the file after it was replaced, and lets go of that file. */
    void keepLateWrites() throws IOException {
        assert isOurs();
        ContentDigest expected = replaced;
        if (isUntouched(expected)) {
            replaced = null;
            letGo();
            disk.delete(place.replaced());
            return;
        }
        letGo();
        Disk.Attributes found = disk.attributes(place.replaced());
        if (found == null) {
            replaced = null;
            return;
        }
        // A pipe, put in the place of the file, has nothing written late, and to open it would wait for its reader.
        if (found.kind() != Disk.Kind.FILE
                || (found.links() > 1 && isFile(place.replaced()))
                || (expected == null
                        ? isOlderThanFile(place.replaced())
                        : found.size() == expected.size() && expected.standsIn(disk, place.replaced()))) {
            disk.delete(place.replaced());
        } else {
            Path kept = PreservedCopies.free(disk, place, PreservedCopies.EXTERNAL);
            disk.force(place.replaced());
            disk.rename(place.replaced(), kept);
            disk.forceDirectory(place.parent());
            reporter.tell(
                    Kind.EXTERNAL_EDIT,
                    place + " was written to by somebody else just as it was replaced. What they wrote is kept in "
                            + kept + told(PreservedCopies.prune(disk, place)),
                    kept,
                    null);
        }
        replaced = null;
    }

    /** Whether the file that was replaced is open, and has our text. It got its second name before it was opened. */
    private boolean isUntouched(@Nullable ContentDigest expected) throws IOException {
        byte[] bytes = expected == null ? null : expected.bytes();
        return replacedOpen != null && bytes != null && replacedOpen.holds(bytes);
    }

    /**
     * Whether it is a second name of the file as it is: a crash, or a failure, came between the two names and the
     * rename.
     */
    private boolean isFile(Path second) throws IOException {
        FileStamp file = disk.stamp(place.file());
        return file != null && file.key() != null && file.sameFile(disk.stamp(second));
    }

    /**
     * After a crash nobody knows what was in it. But our last write to it was before the file that replaced it was
     * made.
     */
    private boolean isOlderThanFile(Path second) throws IOException {
        FileStamp file = disk.stamp(place.file());
        FileStamp old = disk.stamp(second);
        return file != null && old != null && old.modified() < file.modified();
    }

    private static String told(List<Path> deleted) {
        return deleted.isEmpty()
                ? ""
                : ". " + PreservedCopies.MOST_EXTERNAL + " such files are kept, so " + deleted + " was deleted";
    }

    /**
     * Keeps what somebody else wrote into the file. The text that they write after this look is found by the next one.
     */
    private void lookForOthers(Disk.@Nullable Attributes found, @Nullable FileStamp seen, boolean insisting)
            throws IOException {
        merged = null;
        if (found == null) {
            if (current != null) {
                verdict(insisting);
                reporter.tell(Kind.EXTERNAL_EDIT, place + " was deleted while it is open here; it is written again");
            }
        } else if (found.kind() != Disk.Kind.FILE) {
            throw new IOException(
                    place + " is " + (found.kind() == Disk.Kind.DIRECTORY ? "a directory" : "no regular file")
                            + " now, and was a file: move that away, and the next commit writes the file again");
        } else if (isAsSeen(seen)) {
            // Compared byte by byte then, and not touched since: to read a large file takes as long as hundreds of
            // commits.
            external = null;
        } else if (current != null && found.size() == current.size() && stands(current)) {
            external = null;
        } else {
            HandEdits.Verdict verdict = verdict(insisting);
            if (verdict != null && verdict.refusal() == null) {
                external = null;
                merged = verdict.content();
            } else {
                keepExternal(found.size(), verdict);
            }
        }
        boolean sameRights = rightsSince == null || (found != null && rightsSince.equals(found.lastChange()));
        if (found != null && worn != null && !(sameRights && found.resembles(worn))) {
            dressAgain(found);
        }
    }

    /** Whether our text stands in the file. A short one stays open: it is about to be replaced, and is looked at again. */
    private boolean stands(ContentDigest ours) throws IOException {
        byte[] bytes = ours.bytes();
        if (bytes == null || !disk.replacesOpenFiles()) {
            return ours.standsIn(disk, place.file());
        }
        Disk.Comparison open = disk.compare(place.file());
        replacedOpen = open;
        if (open.holds(bytes)) {
            return true;
        }
        letGo();
        return false;
    }

    /**
     * What became of the text of somebody else that stands in the file; null if edits are not merged, or this one could not be.
     *
     * @throws UnmergedEditException if that is not known yet, and not insisting
     */
    private HandEdits.@Nullable Verdict verdict(boolean insisting) throws IOException {
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

    /** Whether nobody has written to the file since; how many names it has does not matter. */
    private boolean isAsSeen(@Nullable FileStamp seen) throws IOException {
        if (seen == null) {
            return false;
        }
        FileStamp now = disk.stamp(place.file());
        return now != null && seen.sameFile(now) && seen.size() == now.size() && seen.modified() == now.modified();
    }

    /** Keeps what stands in the file; once, however often the file cannot be replaced after that. */
    private void keepExternal(long size, HandEdits.@Nullable Verdict verdict) throws IOException {
        PreservedCopies.Kept last = external;
        if (last != null
                && last.content().size() == size
                && disk.attributes(last.file()) != null
                && last.content().standsIn(disk, place.file())) {
            return;
        }
        PreservedCopies.Kept kept = PreservedCopies.keep(disk, place, PreservedCopies.EXTERNAL, place.file());
        external = kept;
        reporter.tell(
                Kind.EXTERNAL_EDIT,
                place + " was changed by somebody else while it is open here"
                        + (verdict == null ? "" : ", and that cannot be taken over: " + verdict.refusal())
                        + ". What they wrote is kept in " + kept.file()
                        + "; the file goes on with what is committed here"
                        + told(PreservedCopies.prune(disk, place)),
                kept.file(),
                null);
    }

    /** Whether this stands in the file, and nothing else; null stands for no file. */
    boolean holds(@Nullable ContentDigest content) throws IOException {
        Disk.Attributes found = disk.attributes(place.file());
        if (found == null || content == null) {
            return found == null && content == null;
        }
        return found.kind() == Disk.Kind.FILE && found.size() == content.size() && content.standsIn(disk, place.file());
    }

    /** Reads a file as a tree; its bytes are kept only while they are few. */
    public static Loaded load(Disk disk, Path file, TreeFormat format, long small) throws IOException {
        byte[] bytes = disk.bytes(file);
        ContentDigest content = ContentDigest.of(bytes);
        return new Loaded(
                bytes.length <= small ? content : ContentDigest.of(bytes.length, content.sha256()), format.read(bytes));
    }

    /** A tree, and the bytes that spell it. */
    public record Loaded(ContentDigest content, HashMap<String, @Nullable Object> tree) {}
}
