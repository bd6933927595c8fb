package dev.heartwood.file;

import dev.heartwood.StoreIOException;
import dev.heartwood.storage.NetworkFileSystems;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Objects;

/** Where a path really leads, and whether a store can live there. */
final class Surroundings {
    private static final Path MOUNTS = Path.of("/proc/self/mountinfo");
    private static final int MOUNT_POINT = 4;
    private static final int MOST_LINKS = 40;

    private Surroundings() {}

    /**
     * The place that a path names, symbolic links followed.
     *
     * @throws StoreIOException if no store can live there; the message says why
     */
    static Place find(Disk disk, Path path, boolean networkFileSystems) throws IOException {
        Path real = real(path);
        requireWritable(real);
        requireLocal(disk, Objects.requireNonNull(real.getParent()), real, networkFileSystems);
        requireNoMountPoint(real);
        Place place = new Place(real);
        requireRoomForTheNext(disk, place);
        return place;
    }

    /** The place that a path names, for one who only reads: neither locks nor syncs are needed. */
    static Place findToRead(Path path) throws IOException {
        return new Place(real(path));
    }

    private static Path real(Path path) throws IOException {
        Path file = follow(path.toAbsolutePath());
        Path directory = file.getParent();
        if (directory == null || !Files.isDirectory(directory)) {
            throw new StoreIOException(
                    "cannot open " + path + ": " + directory + " is no directory; make it first", null);
        }
        return directory.toRealPath().resolve(file.getFileName());
    }

    private static Path follow(Path path) throws IOException {
        Path file = path;
        for (int links = 0; Files.isSymbolicLink(file); links++) {
            if (links == MOST_LINKS) {
                throw new StoreIOException("cannot open " + path + ": its symbolic links lead in a circle", null);
            }
            // The directory first: where ".." leads to depends on where a link to a directory leads.
            Path directory = Objects.requireNonNull(file.getParent()).toRealPath();
            file = directory.resolve(Files.readSymbolicLink(file));
        }
        return file;
    }

    private static void requireWritable(Path file) {
        Path directory = file.getParent();
        if (!Files.isWritable(directory)) {
            throw new StoreIOException(
                    "cannot open " + file + ": the directory " + directory + " is read-only for this process. A new"
                            + " version of the file is made beside it, so the directory must be writable, not the file"
                            + " alone",
                    null);
        }
    }

    private static void requireLocal(Disk disk, Path directory, Path file, boolean networkFileSystems)
            throws IOException {
        String type = disk.fileSystem(directory);
        if (NetworkFileSystems.include(type) && !networkFileSystems) {
            throw new StoreIOException(
                    "cannot open " + file + ": it is on a network file system (" + type
                            + "), whose locks and syncs may not"
                            + " hold what they promise. If you know that they do, open it with networkFileSystems()",
                    null);
        }
    }

    /** Its name is longer than that of the file: one that is almost too long would open, and take no commit. */
    private static void requireRoomForTheNext(Disk disk, Place place) throws IOException {
        try {
            disk.attributes(place.next());
        } catch (FileSystemException e) {
            throw new StoreIOException(
                    "cannot open " + place + ": a new version of it is made beside it, as "
                            + place.next().getFileName()
                            + ", and there is no place for that (" + Reasons.of(e)
                            + "). If the name is too long, give the file a shorter name",
                    e);
        }
    }

    /** A mounted file cannot be replaced, only the directory that it is in. */
    private static void requireNoMountPoint(Path file) throws IOException {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) || !Files.isReadable(MOUNTS)) {
            return;
        }
        String escaped =
                file.toString().replace("\\", "\\134").replace(" ", "\\040").replace("\t", "\\011");
        for (String line : Files.readAllLines(MOUNTS, StandardCharsets.ISO_8859_1)) {
            String[] fields = line.split(" ", MOUNT_POINT + 2);
            if (fields.length > MOUNT_POINT && fields[MOUNT_POINT].equals(escaped)) {
                throw new StoreIOException(
                        "cannot open " + file
                                + ": the file itself is a mount point, so that it cannot be replaced. Mount the"
                                + " directory that it is in",
                        null);
            }
        }
    }
}
