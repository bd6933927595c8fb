package dev.heartwood.file;

import dev.heartwood.Snapshot;
import dev.heartwood.file.Reporter.Kind;
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
 * {@code History.ofJournal}. Written after the commits are durable, never synced, and never read by a recovery: what a crash
 * takes from it is missing in the history, and nowhere else. A failure ends it until the next opening, and no commit hears
 * of it.
 *
 * <p>A line is a whole tree, {@code {"version":7,"base":{…}}}, or a commit on the line before it,
 * {@code {"version":8,"after":7,"edits":[…]}} with edits as the journal has them. Each file begins with a tree. Each opening
 * writes one, too: the file may have been edited since, and a reader finds out whether it was.
 *
 * <p>For the thread that writes the files.
 */
final class CommitLog {
    private static final int LOOK_EVERY = 1_000;

    private final Disk disk;
    private final StoreLayout place;
    private final EditCodec codec;
    private final TreeFormat format;
    private final Reporter reporter;
    /** How many bytes one of the two files may have. */
    private final long half;

    /** How many times the tree was taken for too large since it was looked at. */
    private int passed;

    private Disk.@Nullable Output out;
    private long end;
    /** Whether the last line leads to the state before the next commit. */
    private boolean continued;

    private boolean ended;

    CommitLog(Disk disk, StoreLayout place, TreeFormat format, Settings settings, Reporter reporter) {
        this.disk = disk;
        this.place = place;
        this.codec = new EditCodec(format);
        this.format = format;
        this.reporter = reporter;
        this.half = settings.keepCommits() / 2;
        this.ended = half == 0;
    }

    /**
     * Adds commits that are durable.
     *
     * @param before the state before the first of them
     * @param fileBytes how many bytes the file has with that state, at most
     */
    void add(Snapshot before, long fileBytes, List<ChainLink> commits) {
        if (ended) {
            return;
        }
        try {
            append(before, fileBytes, commits);
        } catch (IOException | RuntimeException e) {
            ended = true;
            close(e);
            if (HolderLostException.in(e) == null) {
                reporter.tell(
                        Kind.TROUBLE,
                        "the history of " + place + " (keepCommits) is written no more until the store is opened anew: "
                                + IoErrors.inWords(e) + ". Commits are not affected",
                        null,
                        e);
            }
        }
    }

    /**
     * Deletes both files, until the next opening: the commits need the room more than their history does.
     *
     * @return false where there was nothing to delete, so that another try would be of no use
     */
    boolean giveWay() {
        if (half == 0) {
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
                // Then the commits fail, and say why.
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

    void close() {
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
            // It is of use as far as it was written.
            if (failure != null) {
                failure.addSuppressed(e);
            }
        }
    }

    private void append(Snapshot before, long fileBytes, List<ChainLink> commits) throws IOException {
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
        if (!continued && isTooLarge(before, fileBytes)) {
            return;
        }
        byte[] base = continued ? new byte[0] : base(before);
        if (end > 0 && end + base.length + lines.length > half) {
            startNext();
        }
        write(base);
        write(lines);
        continued = true;
    }

    /** Whether trees of this size would leave no room for commits. */
    private boolean isTooLarge(Snapshot state, long fileBytes) {
        if (fileBytes <= half / 2) {
            return false;
        }
        // The bound is above the size by more with each commit. The size takes the time of the tree, so it is not asked
        // for
        // at each of them.
        if (passed++ % LOOK_EVERY != 0) {
            return true;
        }
        boolean large = format.size(state.root()) > half / 2;
        passed = large ? passed : 0;
        return large;
    }

    private static long weight(List<ChainLink> commits) {
        long weight = 0;
        for (ChainLink commit : commits) {
            weight += CommitWeight.of(commit.edits);
        }
        return weight;
    }

    private byte[] base(Snapshot state) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        ascii(line, "{\"version\":" + state.version() + ",\"base\":");
        format.write(state.root(), line);
        ascii(line, "}\n");
        return line.toByteArray();
    }

    private byte[] lines(Snapshot before, List<ChainLink> commits) throws IOException {
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        long after = before.version();
        for (ChainLink commit : commits) {
            ascii(lines, "{\"version\":" + commit.version + ",\"after\":" + after + KeptCommits.EDITS);
            lines.writeBytes(codec.write(commit.edits, commit.origin));
            ascii(lines, "}\n");
            after = commit.version;
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

    /** The older of the two files is let go of, and the newer one takes its place. */
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
