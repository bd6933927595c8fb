package dev.heartwood.file.disk;

import dev.heartwood.StoreIOException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;

/** The rights on the copies of a file: at most the users that may read the file may read them. */
public final class StorePermissions {
    private static final AtomicLong COUNT = new AtomicLong();

    private StorePermissions() {}

    /** Gives a directory or a file of ours to the owner of another file, if there is one and the process may do so. */
    public static void give(Disk disk, Path made, Path like) throws IOException {
        Disk.Attributes model = disk.attributes(like);
        if (model == null || model.kind() != Disk.Kind.FILE) {
            return;
        }
        try {
            disk.give(made, model);
        } catch (Disk.NotOursException e) {
            // requireReplaceable reports it.
        }
    }

    /**
     * Refuses a file that this process could not replace by one of the same owner: its commits would fail.
     *
     * @throws StoreIOException if so; nothing was changed
     */
    public static void requireReplaceable(Disk disk, StoreLayout place) throws IOException {
        Disk.Attributes model = disk.attributes(place.file());
        if (model == null || model.kind() != Disk.Kind.FILE || model.mode() < 0) {
            return;
        }
        Path probe = place.next();
        try {
            disk.createAnew(probe, Disk.OWNER_ONLY).close();
            disk.give(probe, model);
        } catch (Disk.NotOursException e) {
            throw new StoreIOException("cannot open " + place + ": " + e.getMessage() + ". No file was changed", e);
        } finally {
            disk.delete(probe);
        }
    }

    /**
     * Creates a file that its owner alone may read until it was {@linkplain #share shared}; it has the access control
     * list of another, which says nothing until then.
     */
    public static Disk.Output create(Disk disk, StoreLayout place, Path made, Path like) throws IOException {
        Disk.Attributes model = disk.attributes(like);
        if (model == null || model.kind() != Disk.Kind.FILE || !model.mayHaveList()) {
            return disk.createAnew(made, Disk.OWNER_ONLY);
        }
        Path rights = place.rightsOfCopy(COUNT.incrementAndGet());
        try {
            disk.copyRights(like, rights);
            return disk.createLikeAnew(rights, made);
        } finally {
            disk.delete(rights);
        }
    }

    /**
     * Gives a file that its owner alone may read, as {@link #create} made it, the owner and the mode of another.
     * Where there is no other, or it is somebody else's, it stays as it is.
     */
    public static void share(Disk disk, Path made, Path like) throws IOException {
        share(disk, made, like, 0);
    }

    /**
     * As {@link #share}, for a file of the store's own: its owner may always read and write it. Otherwise a file that was
     * made read-only for a while would leave a journal that no later opening could go on with.
     */
    public static void shareInside(Disk disk, Path made, Path like) throws IOException {
        share(disk, made, like, Disk.OWNER_ONLY);
    }

    private static void share(Disk disk, Path made, Path like, int atLeast) throws IOException {
        Disk.Attributes model = disk.attributes(like);
        if (model == null || model.kind() != Disk.Kind.FILE) {
            return;
        }
        try {
            disk.resemble(made, model.withAtLeast(atLeast));
        } catch (Disk.NotOursException e) {
            // Only the superuser can give files away. The replacement of the file itself reports the error.
        }
    }
}
