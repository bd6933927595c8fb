package dev.heartwood.file.journal;

import dev.heartwood.Snapshot;
import dev.heartwood.file.context.Reporter;
import dev.heartwood.file.context.Reporter.Kind;
import dev.heartwood.file.context.StoreContext;
import dev.heartwood.file.disk.Disk;
import dev.heartwood.file.disk.HolderLostException;
import dev.heartwood.file.disk.StoreLayout;
import dev.heartwood.file.disk.StorePermissions;
import dev.heartwood.file.text.SmallBuffer;
import dev.heartwood.json.TreeFormat;
import dev.heartwood.storage.EditCodec;
import dev.heartwood.storage.IoErrors;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The newest commits with author, label and time, as lines of two files in the store's directory, for people and for
 * {@code History.ofJournal}. Written after the commits are durable, never synced, and needed by no recovery: commits
 * that a crash takes from it are missing in the history, and nowhere else. A failure leaves a gap, which ends as soon
 * as the files can be written again, and no commit hears of it.
 *
 * <p>A line is a whole tree, {@code {"version":7,"base":{…}}}, or a commit on the line before it,
 * {@code {"version":8,"after":7,"edits":[…]}} with edits as the journal has them. Each file begins with a tree. Each
 * opening writes one, too: the file may have been edited since, and a reader finds out whether it was.
 *
 * <p>For the thread that writes the files.
 */
public final class CommitLog {
    private static final int LOOK_EVERY = 1_000;
    /** Disks give room in blocks, and a commit makes more than one file. */
    private static final int BLOCK = 1 << 16;

    private final Disk disk;
    private final StoreLayout place;
    private final EditCodec codec;
    private final TreeFormat format;
    private final Reporter reporter;
    /** How many bytes one of the two files may have. */
    private final long half;

    /** The number of further groups of commits for which the tree counts as too large. */
    private int passed;
    /** The number of consecutive failures. */
    private int failures;
    /** The number of further groups of commits before the next attempt. */
    private int pause;

    private Disk.@Nullable Output out;
    private long end;
    /** Whether the last line leads to the state before the next commit. */
    private boolean continued;

    private boolean ended;

    public CommitLog(StoreContext context) {
        this.disk = context.disk();
        this.place = context.place();
        this.codec = new EditCodec(context.format());
        this.format = context.format();
        this.reporter = context.reporter();
        this.half = context.settings().keepCommits() / 2;
        this.ended = half == 0;
    }

    /**
     * Adds commits that are durable.
     *
     * @param before the state before the first of them
     * @param fileBytes an upper bound of the size of the file with that state, in bytes
     * @param written the size of the file when it was written last, in bytes
     * @param commits the commits, as the journal has them
     */
    public void add(Snapshot before, long fileBytes, long written, List<CommitEdits> commits) {
        if (ended || pause > 0) {
            pause--;
            return;
        }
        try {
            append(before, fileBytes, written, commits);
            failures = 0;
        } catch (IOException | RuntimeException e) {
            failed(e);
        }
    }

    private void failed(Exception e) {
        close(e);
        // The next line is a whole tree: the commit of this line is a gap.
        continued = false;
        ended = HolderLostException.in(e) != null;
        // Less and less often: on a broken device each attempt takes as long as writing a tree.
        pause = Math.min(LOOK_EVERY, 1 << Math.min(failures, 30));
        failures++;
        if (!ended && failures == 1) {
            reporter.tell(
                    Kind.TROUBLE,
                    "the history of " + place + " (keepCommits) cannot be written, and has a gap until it can: "
                            + IoErrors.inWords(e) + ". It is tried again. Commits are not affected",
                    null,
                    e);
        }
    }

    /**
     * Deletes both files, until the next opening, if a commit found no room: it needs the room more than the history does. Any
     * other failure leaves them as they are.
     *
     * @param failure why the commit could not be written
     * @param needed about how many bytes it needs
     * @return false where nothing was deleted, so that another try would be of no use
     */
    public boolean giveWay(IOException failure, long needed) {
        if (half == 0 || !isForLackOfRoom(failure, needed)) {
            return false;
        }
        close();
        ended = true;
        boolean made = false;
        for (Path file : List.of(place.commits(), place.olderCommits())) {
            try {
                Disk.Attributes found = disk.attributes(file);
                if (found != null && found.kind() == Disk.Kind.FILE) {
                    disk.delete(file);
                    made |= found.size() > 0;
                }
            } catch (IOException e) {
                // Then the commits fail with their own message.
            }
        }
        if (made) {
            reporter.tell(
                    Kind.TROUBLE,
                    "the history of " + place + " (keepCommits) was deleted, to make room for commits that could not be"
                            + " written; it begins again when the store is opened anew");
        }
        return made;
    }

    /** The message of the system may be in any language, so the free space is checked, too. */
    private boolean isForLackOfRoom(IOException failure, long needed) {
        try {
            return IoErrors.isForLackOfRoom(failure) || disk.room(place.directory()) < needed + BLOCK;
        } catch (IOException e) {
            failure.addSuppressed(e);
            return false;
        }
    }

    public void close() {
        close(null);
    }

    private void close(@Nullable Exception failure) {
        Disk.Output open = out;
        out = null;
        try {
            if (open != null) {
                open.close();
            }
        } catch (IOException e) {
            // The log is usable as far as it was written.
            if (failure != null) {
                failure.addSuppressed(e);
            }
        }
    }

    private void append(Snapshot before, long fileBytes, long written, List<CommitEdits> commits) throws IOException {
        byte[] lines = weight(commits) > half ? null : lines(before, commits);
        if (lines == null || lines.length > half) {
            continued = false; // more than there is room for at once: the next line is a tree, after a gap
            return;
        }
        if (out == null) {
            open();
        }
        if (continued && end + lines.length > half) {
            continued = false;
        }
        if (!continued && isTooLarge(fileBytes, written)) {
            return;
        }
        byte[] base = continued ? new byte[0] : base(before);
        if (base == null) {
            passed = LOOK_EVERY;
            return;
        }
        if (end > 0 && end + base.length + lines.length > half) {
            startNext();
        }
        write(base);
        write(lines);
        continued = true;
    }

    /**
     * Whether a tree would leave no room for commits. Nothing is counted: walking a large tree takes as long as
     * hundreds of commits.
     *
     * @param fileBytes how many bytes the file has with it, at most: it is above the size by more with each commit
     * @param written the size of the file when it was written last, in bytes
     */
    private boolean isTooLarge(long fileBytes, long written) {
        if (fileBytes <= half / 2) {
            return false;
        }
        if (written > half / 2) {
            return true;
        }
        return passed > 0 && passed-- > 0;
    }

    private static long weight(List<CommitEdits> commits) {
        long weight = 0;
        for (CommitEdits commit : commits) {
            weight += commit.weight();
        }
        return weight;
    }

    /** Null if the tree leaves no room for commits. */
    private byte @Nullable [] base(Snapshot state) throws IOException {
        SmallBuffer line = new SmallBuffer(half / 2);
        try {
            line.write(("{\"version\":" + state.version() + ",\"base\":").getBytes(StandardCharsets.US_ASCII));
            format.write(state.root(), line);
            line.write("}\n".getBytes(StandardCharsets.US_ASCII));
            return line.toByteArray();
        } catch (SmallBuffer.FullException e) {
            return null;
        }
    }

    private byte[] lines(Snapshot before, List<CommitEdits> commits) throws IOException {
        ByteArrayOutputStream lines = new ByteArrayOutputStream(256);
        long after = before.version();
        for (CommitEdits commit : commits) {
            ascii(lines, "{\"version\":" + commit.version() + ",\"after\":" + after + KeptCommits.EDITS);
            lines.writeBytes(commit.encoded(codec));
            ascii(lines, "}\n");
            after = commit.version();
        }
        return lines.toByteArray();
    }

    private static void ascii(ByteArrayOutputStream out, String text) {
        out.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** Goes on with the file of an earlier opening, or makes one. */
    private void open() throws IOException {
        Disk.Attributes found = disk.attributes(place.commits());
        if (found == null) {
            create();
            return;
        }
        StoreLayout.requireFile(disk, place.commits());
        out = disk.open(place.commits());
        end = found.size();
        if (end > 0) {
            write(new byte[] {'\n'}); // its last line may have been cut off
        }
    }

    /** Deletes the older of the two files, and renames the newer one in its place. */
    private void startNext() throws IOException {
        close();
        StoreLayout.requireFile(disk, place.olderCommits());
        disk.rename(place.commits(), place.olderCommits());
        create();
    }

    /** For the owner alone: it has values that the file has no more, and the file's readers need not know them. */
    private void create() throws IOException {
        out = disk.create(place.commits(), Disk.OWNER_ONLY);
        end = 0;
        StorePermissions.give(disk, place.commits(), place.file());
    }

    private void write(byte[] bytes) throws IOException {
        Disk.Output to = out;
        if (to != null && bytes.length > 0) {
            to.write(bytes, bytes.length, end);
            end += bytes.length;
        }
    }
}
