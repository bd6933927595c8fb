package dev.heartwood.storage;

import dev.heartwood.StoreIOException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The one path under which a store's file is opened. Lock, journal and log are beside the file: two paths to one file
 * would have two of each.
 */
public final class CanonicalPath {
    /** As many as Linux follows. */
    private static final int MOST_LINKS = 40;

    private CanonicalPath() {}

    /**
     * The path that {@code path} leads to: symbolic links followed, in a directory that exists, and in the spelling of
     * the file system, which matters if names ignore case. The file itself may be missing.
     *
     * @throws StoreIOException if the path is a directory, its directory is missing, or its links lead in a circle
     * @throws IOException if the file system cannot be asked
     */
    public static Path of(Path path) throws IOException {
        Path file = inRealDirectory(path, path.toAbsolutePath());
        for (int links = 0; Files.isSymbolicLink(file); links++) {
            if (links == MOST_LINKS) {
                throw new StoreIOException(
                        "cannot open " + path + ": its symbolic links lead in a circle, expected a file at their end",
                        null);
            }
            file = inRealDirectory(path, file.resolveSibling(Files.readSymbolicLink(file)));
        }
        return Files.exists(file) ? file.toRealPath() : file;
    }

    /** The directory comes first: where ".." leads to depends on where a link to a directory leads. */
    private static Path inRealDirectory(Path path, Path file) throws IOException {
        Path directory = file.getParent();
        if (directory == null || Files.isDirectory(file)) {
            throw new StoreIOException(
                    "cannot open " + path + ": " + named(path, file)
                            + " is a directory, expected a file, or nothing yet",
                    null);
        }
        if (!Files.isDirectory(directory)) {
            throw new StoreIOException(
                    "cannot open " + path + ": the directory " + directory
                            + (Files.exists(directory) ? " is no directory" : " does not exist") + "; make it first",
                    null);
        }
        return directory.toRealPath().resolve(file.getFileName());
    }

    private static String named(Path path, Path file) {
        return path.equals(file) ? "it" : file.toString();
    }
}
