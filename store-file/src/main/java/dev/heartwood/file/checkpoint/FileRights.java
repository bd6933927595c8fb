package dev.heartwood.file.checkpoint;

import dev.heartwood.file.disk.Disk;
import dev.heartwood.file.disk.StoreLayout;
import dev.heartwood.file.text.FileOutput;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Copies the rights on the file to each next version of it: owner, group, mode and access control list. From its first
 * byte on, the next version is readable only for users that may read the file.
 *
 * <p>An access control list cannot be seen, only copied, and copying it costs a copy of the file. So it is copied once,
 * to {@link StoreLayout#rights}, and again only after somebody else changed the file.
 */
final class FileRights {
    private final Disk disk;
    private final StoreLayout place;
    /** The model of the next file: the file as it was looked at last; null while there was none. */
    private Disk.@Nullable Attributes worn;
    /**
     * The attributes of a new file with {@link #plainMode} in this directory, before {@link #dress}; null until one was
     * made.
     */
    private Disk.@Nullable Attributes plain;
    /** The same of a new file that is made like {@link StoreLayout#rights}; null until one was made. */
    private Disk.@Nullable Attributes plainLike;

    private int plainMode;
    /**
     * {@link Disk.Attributes#lastChange} of the file when its access control list was known last, and nobody had changed
     * it: it was the list of {@link StoreLayout#rights} or, if {@link #likeNew}, that of any new file. Null if it is not
     * known.
     */
    private @Nullable Object rightsSince;
    /** Whether the last file was created plainly, without a copied access control list. */
    private boolean likeNew;

    /** The rights of a file like {@code model}; null if there was never one. */
    FileRights(Disk disk, StoreLayout place, Disk.@Nullable Attributes model) {
        this.disk = disk;
        this.place = place;
        this.worn = model;
    }

    /** Creates the next file, which must be {@linkplain #dress dressed} before it is forced. */
    Disk.Output create(Path next) throws IOException {
        return create(next, lookedAt());
    }

    /** Looks at the file, and notes its permissions; null if there is none. */
    private Disk.@Nullable Attributes lookedAt() throws IOException {
        Disk.Attributes found = disk.attributes(place.file());
        if (found == null || found.kind() != Disk.Kind.FILE) {
            return null;
        }
        worn = found;
        return found;
    }

    private Disk.Output create(Path next, Disk.@Nullable Attributes found) throws IOException {
        if (worn != null && worn.mayHaveList() && !(likeNew && isUnchanged(found)) && copyRights(found)) {
            likeNew = false;
            try {
                return disk.createLikeAnew(place.rights(), next);
            } catch (NoSuchFileException e) {
                // Another program has deleted the file.
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

    /** Makes {@link StoreLayout#rights} match the file; false if there is no file to copy from. */
    private boolean copyRights(Disk.@Nullable Attributes found) throws IOException {
        // Looked at before the copy: the next look detects a change after that.
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
        // With another owner or group, the same mode gives rights to other users.
        return plain != null && plain.owner() == worn.owner() && plain.group() == worn.group()
                ? worn.mode()
                : Disk.OWNER_ONLY;
    }

    /** Gives the next file the mode and the owner that the file had when it was looked at last. */
    void dress(Path next) throws IOException {
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

    /** Looks whether the file, as it was found just now, was given other rights since the next one was dressed: then that gets them. */
    void follow(Disk.Attributes found) throws IOException {
        boolean sameRights = rightsSince == null || rightsSince.equals(found.lastChange());
        if (worn != null && !(sameRights && found.resembles(worn))) {
            dressAgain(found);
        }
    }

    private void dressAgain(Disk.Attributes found) throws IOException {
        if (found.mayHaveList()) {
            worn = found;
            Path again = place.nextAgain();
            try (InputStream in = disk.read(place.next());
                    FileOutput out = new FileOutput(again, create(again, found))) {
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

    /** The next file has the name of the file now. */
    void installed() throws IOException {
        rightsSince = null;
        if (worn == null || worn.mayHaveList()) {
            // The rename changes the time of the last change, and the rights are the same. A foreign change between the
            // rename and this look would not be seen.
            Disk.Attributes found = disk.attributes(place.file());
            rightsSince = found == null ? null : found.lastChange();
        }
    }
}
