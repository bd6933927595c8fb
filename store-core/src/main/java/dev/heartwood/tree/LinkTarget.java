package dev.heartwood.tree;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The file that a path names by symbolic links; it may be missing. */
public final class LinkTarget {
    /** As many as Linux follows. */
    private static final int MOST_LINKS = 40;

    private LinkTarget() {}

    /**
     * The path at the end of the links, absolute.
     *
     * @throws FileSystemLoopException if the links name each other
     */
    public static Path of(Path file) throws IOException {
        Path target = file.toAbsolutePath();
        for (int links = 0; Files.isSymbolicLink(target); links++) {
            if (links == MOST_LINKS) {
                throw new FileSystemLoopException(file.toString());
            }
            target = target.resolveSibling(Files.readSymbolicLink(target));
        }
        return target;
    }

    /**
     * The regular file to replace, or to make.
     *
     * @throws FileSystemException if something else is there, or the links name each other
     */
    public static Path toReplace(Path file) throws IOException {
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new FileSystemException(
                    file.toString(), null, "it is no regular file, and nothing else is replaced; choose another name");
        }
        try {
            return of(file);
        } catch (FileSystemLoopException e) {
            throw new FileSystemException(file.toString(), null, "its symbolic links name each other");
        }
    }
}
