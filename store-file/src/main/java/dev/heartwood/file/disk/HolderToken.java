package dev.heartwood.file.disk;

import dev.heartwood.file.disk.Disk.Kind;
import dev.heartwood.storage.FileStamp;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The proof that the files of a store are still those that this opening holds. The lock alone proves nothing: a program
 * that reads and closes {@code lock} in the holder's process releases it, and a directory can be moved away or replaced
 * under an open store.
 *
 * <p>Each opening puts a file of its own, its token, in the place of {@code state.json.d/holder}, durably. Every sync
 * of the store is followed by one stat of that name. The order makes it safe:
 *
 * <pre>
 * the opener:  its token has the name   →  temporary files of others are deleted  →  it reads file and journal
 * the holder:  writes and syncs         →  looks at the token                     →  acknowledges
 * </pre>
 *
 * <p>So either the holder sees the other token and acknowledges nothing, or the opener reads the commit. And a holder
 * that looked too early destroys nothing of the opener's: it renames into place only a temporary file with a name of
 * its own, and it looked at the token after that file had its name; so either the rename comes before the opener reads,
 * or the file is gone.
 *
 * <p>The token is kept open, so its inode is given to no other file. A copy of the directory has other inodes; a copy
 * made of hard links has the same, so when the token has more than one name, the directory's own inode decides, which
 * the token names. A token that was written over in place is told by its text.
 */
public final class HolderToken implements Closeable {
    private static final SecureRandom RANDOM = new SecureRandom();

    private static final Pattern TEXT =
            Pattern.compile("process (\\d{1,18}), since .*, opening [0-9a-f]+, started (\\d+), directory (.*)\n");

    private final Disk disk;
    private final StoreLayout place;
    private final Disk held;
    private final String text;
    private final @Nullable FileStamp directory;
    private final Disk.Output open;
    private volatile FileStamp expected;
    private volatile @Nullable HolderLostException lost;
    private boolean kept;

    private HolderToken(
            Disk disk,
            StoreLayout place,
            String text,
            @Nullable FileStamp directory,
            Disk.Output open,
            FileStamp expected) {
        this.disk = disk;
        this.place = place;
        this.text = text;
        this.directory = directory;
        this.open = open;
        this.expected = expected;
        this.held = new HeldDisk(disk, place, this);
    }

    /**
     * Becomes the holder, durably, before anything of the store is read. Temporary files of
     * earlier openings are deleted.
     */
    public static HolderToken take(Disk disk, StoreLayout shared) throws IOException {
        StoreLayout.requireFile(disk, shared.holder());
        String opening = String.format("%016x", RANDOM.nextLong());
        StoreLayout place = shared.of(opening.substring(0, 8));
        FileStamp directory = disk.stamp(place.directory());
        String text = "process " + ProcessHandle.current().pid() + ", since "
                + Instant.now().truncatedTo(ChronoUnit.SECONDS) + ", opening " + opening + ", started "
                + ProcessStart.of(ProcessHandle.current().pid()) + ", directory "
                + (directory == null ? "unknown" : directory.key()) + "\n";
        Disk.Output open = disk.create(place.nextInside(), Disk.OWNER_ONLY);
        try {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            open.write(bytes, bytes.length, 0);
            StorePermissions.give(disk, place.nextInside(), place.file());
            open.force();
            FileStamp stamp = disk.stamp(place.nextInside());
            if (stamp == null) {
                throw new IOException(place.nextInside() + " was deleted while the store was being opened");
            }
            disk.rename(place.nextInside(), place.holder());
            disk.forceDirectory(place.directory());
            HolderToken token = new HolderToken(disk, place, text, directory, open, stamp);
            token.deleteTemporaryFiles();
            // A holder that was killed, or has lost the store, may have renamed files without syncing the directory.
            // This opening builds on the names that it reads, so they must not go back at a power cut.
            disk.forceDirectory(place.parent());
            disk.forceDirectory(place.directory());
            return token;
        } catch (IOException | RuntimeException | Error e) {
            open.close();
            disk.discard(place.nextInside(), e);
            throw e;
        }
    }

    /** After the token has its name, and before anything is read: a rename of an earlier holder finds nothing now. */
    private void deleteTemporaryFiles() throws IOException {
        for (String name : disk.list(place.parent())) {
            // Only of such a name a path is made: one with letters that this process's locale lacks has none.
            String spelled = place.spelledAsNext(name);
            if (place.isNext(spelled)) {
                Path path = place.parent().resolve(spelled);
                if (disk.attributes(path) != null) {
                    disk.delete(path);
                }
            }
        }
        for (String name : disk.list(place.directory())) {
            if (StoreLayout.isNextInside(name)) {
                disk.delete(place.directory().resolve(name));
            }
        }
    }

    /** The place of the store, with temporary files of this opening's own. */
    public StoreLayout place() {
        return place;
    }

    /** The disk on which every sync is followed by {@link #requireHeld}. */
    public Disk disk() {
        return held;
    }

    /** Why the store is no longer held; null if no look has found that. */
    public @Nullable HolderLostException lost() {
        return lost;
    }

    /**
     * Looks whether this opening still holds the store. Once lost, it stays so.
     *
     * @throws HolderLostException if not; the message names the evidence
     * @throws IOException if the machine does not tell
     */
    public void requireHeld() throws IOException {
        HolderLostException before = lost;
        if (before != null) {
            throw before;
        }
        FileStamp found = stampOfHolder();
        if (!expected.equals(found)) {
            lookCloser(found);
        }
    }

    private @Nullable FileStamp stampOfHolder() throws IOException {
        try {
            return disk.stamp(place.holder());
        } catch (FileSystemException e) {
            if (isFile(place.parent()) || isFile(place.directory())) {
                return null;
            }
            throw e;
        }
    }

    private boolean isFile(Path directoryOnce) throws IOException {
        Disk.Attributes found = disk.attributes(directoryOnce);
        return found != null && found.kind() == Kind.FILE;
    }

    /** The name has no token, or not the one as this opening left it. */
    private void lookCloser(@Nullable FileStamp found) throws IOException {
        if (found == null) {
            throw lose(place.holder() + ", which names the holder, is gone: it was deleted, or " + place.directory()
                    + " was moved away, deleted or replaced, while the store was open here");
        } else if (!expected.sameFile(found)) {
            throw lose(whoReplacedIt());
        } else if (found.links() > 1 && !isSameDirectory()) {
            throw lose(anotherDirectory());
        }
        FileStamp alone = new FileStamp(found.key(), found.size(), found.modified(), 1);
        if (!expected.equals(alone)) {
            if (!text.equals(read())) {
                throw lose("files were copied over those of the store while the store was open here: " + place.holder()
                        + ", which names the holder, was overwritten");
            }
            // Only touched.
            expected = alone;
        }
    }

    private boolean isSameDirectory() throws IOException {
        return directory == null || directory.sameFile(disk.stamp(place.directory()));
    }

    private String whoReplacedIt() throws IOException {
        if (!isSameDirectory()) {
            return anotherDirectory();
        }
        String other = read();
        return text.equals(other)
                ? "files were copied over those of the store while the store was open here: " + place.holder()
                        + ", which names the holder, was replaced by a copy"
                : "a second program opened the files while the store was open here, or files were copied over them: "
                        + place.holder() + " now names " + holderIn(other)
                        + ". A second opening is possible after a program in this process has read and closed "
                        + place.lock() + ", which releases the lock; a backup that copies the open directory does that";
    }

    private String anotherDirectory() {
        return place.directory() + " is another directory than the one that this store opened: it was moved away or"
                + " replaced by a copy while the store was open here";
    }

    private HolderLostException lose(String what) {
        HolderLostException now = new HolderLostException(what);
        lost = now;
        return now;
    }

    private String read() throws IOException {
        Disk.Attributes found = disk.attributes(place.holder());
        if (found == null || found.kind() != Kind.FILE) {
            // To open a pipe would wait for its other end.
            return "";
        }
        try (InputStream in = disk.read(place.holder())) {
            return new String(in.readNBytes(1_000), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }

    private static String holderIn(String text) {
        int end = text.indexOf(", opening");
        return end > 0 ? text.substring(0, end) : "another holder";
    }

    /**
     * Whether the process that the token names runs on this machine, as far as this process can see: it does not see those of another
     * container. The files of another directory, copied from there, are held by nobody.
     */
    public static boolean isHeldByRunningProcess(Disk disk, StoreLayout place) throws IOException {
        FileStamp directory = disk.stamp(place.directory());
        Disk.Attributes token = disk.attributes(place.holder());
        if (directory == null || token == null || token.kind() != Kind.FILE) {
            return false;
        }
        Matcher text = TEXT.matcher(new String(disk.bytes(place.holder()), StandardCharsets.UTF_8));
        if (!text.matches() || !text.group(3).equals(String.valueOf(directory.key()))) {
            return false;
        }
        // Another process may have the number by now, or in another container.
        return text.group(2).equals(ProcessStart.of(Long.parseLong(text.group(1))));
    }

    /** From now on the token stays, also when the store is closed. */
    public void keep() {
        kept = true;
    }

    /** Lets the token go. If the store was not opened, its file goes, too. */
    @Override
    public void close() throws IOException {
        try {
            if (!kept && lost == null && expected.equals(disk.stamp(place.holder()))) {
                disk.delete(place.holder());
            }
        } finally {
            open.close();
        }
    }
}
