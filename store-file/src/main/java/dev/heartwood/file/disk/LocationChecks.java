package dev.heartwood.file.disk;

import dev.heartwood.StoreIOException;
import dev.heartwood.storage.CanonicalPath;
import dev.heartwood.storage.FilePermissions;
import dev.heartwood.storage.IoErrors;
import dev.heartwood.storage.MountPoints;
import dev.heartwood.storage.NetworkFileSystems;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where a path really leads, and whether a store can live there. */
public final class LocationChecks {
    private LocationChecks() {}

    /**
     * The place that a path names, symbolic links followed.
     *
     * @throws StoreIOException if no store can live there; the message says why
     */
    public static StoreLayout find(Disk disk, Path path, boolean networkFileSystems) throws IOException {
        Path real = CanonicalPath.of(path);
        StoreLayout place = new StoreLayout(real);
        requireNothingElse(disk, place);
        requireNoPartOfAStore(place);
        requireWritable(place);
        requireLocal(disk, place, networkFileSystems);
        requireNoMountPoint(real);
        requireRoomForTheNext(disk, place);
        return place;
    }

    /** The place that a path names, for a reader: neither locks nor syncs are needed. */
    public static StoreLayout findToRead(Path path) throws IOException {
        return new StoreLayout(CanonicalPath.of(path));
    }

    /** Before anything is made beside it: a device or a pipe is no place to put a directory at. */
    private static void requireNothingElse(Disk disk, StoreLayout place) throws IOException {
        Disk.Attributes found = disk.attributes(place.file());
        if (found != null && found.kind() != Disk.Kind.FILE) {
            throw new StoreIOException(
                    "cannot open " + place + ": it is no regular file, expected a JSON file, or nothing yet", null);
        }
    }

    /** Refuses a copy that another store keeps for its recovery: writing into it would take it from that store. */
    private static void requireNoPartOfAStore(StoreLayout place) {
        Path parent = place.parent();
        if (parent.toString().endsWith(StoreLayout.DIRECTORY) && Files.exists(parent.resolve(StoreLayout.HOLDER))) {
            String store = parent.toString();
            throw new StoreIOException(
                    "cannot open " + place + ": " + parent + " belongs to the store "
                            + store.substring(0, store.length() - StoreLayout.DIRECTORY.length())
                            + ", which needs the files in it. No file was changed. Copy the file to another directory,"
                            + " and open the copy; or look at it with readOnly()",
                    null);
        }
    }

    private static void requireWritable(StoreLayout place) {
        Path file = place.file();
        Path directory = place.parent();
        if (!Files.isWritable(directory)) {
            throw new StoreIOException(
                    "cannot open " + file + ": the directory " + directory + " is read-only for this process. A new"
                            + " version of the file is made beside it, so the directory must be writable, not the file"
                            + " alone" + whose(directory),
                    null);
        }
        if (Files.exists(file) && !Files.isWritable(file)) {
            throw new StoreIOException(
                    "cannot open " + file + ": this process may not write to it" + whose(file)
                            + ". No file was changed. Run the program as a user who may write to it, or have its owner"
                            + " allow that (chmod u+w); or look at it with readOnly()",
                    null);
        }
    }

    private static String whose(Path file) {
        String words = FilePermissions.inWords(file);
        return words.isEmpty() ? "" : " (" + words + ")";
    }

    private static void requireLocal(Disk disk, StoreLayout place, boolean networkFileSystems) throws IOException {
        String type = disk.fileSystem(place.parent());
        if (NetworkFileSystems.include(type) && !networkFileSystems) {
            throw new StoreIOException(
                    "cannot open " + place + ": it is on a network file system (" + type
                            + "), whose locks and syncs may not"
                            + " hold what they promise. If you know that they do, open it with allowNetworkFileSystem()",
                    null);
        }
    }

    /**
     * Its name is longer than that of the file: a file whose name is almost too long would open, and take no commit.
     */
    private static void requireRoomForTheNext(Disk disk, StoreLayout place) throws IOException {
        try {
            disk.attributes(place.next());
        } catch (FileSystemException e) {
            throw new StoreIOException(
                    "cannot open " + place + ": a new version of it is made beside it, as "
                            + place.next().getFileName()
                            + ", and there is no place for that (" + IoErrors.inWords(e)
                            + "). If the name is too long, give the file a shorter name",
                    e);
        }
    }

    /** A mounted file cannot be replaced, only the directory that it is in. */
    private static void requireNoMountPoint(Path file) throws IOException {
        if (MountPoints.include(file)) {
            throw new StoreIOException(
                    "cannot open " + file
                            + ": the file itself is a mount point, so that it cannot be replaced. Mount the"
                            + " directory that it is in",
                    null);
        }
    }
}
