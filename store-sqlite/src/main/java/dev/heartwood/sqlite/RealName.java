package dev.heartwood.sqlite;

import dev.heartwood.StoreIOException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/**
 * The one name under which a database is opened. SQLite keeps its log and its locks beside the name that it is given: two
 * names of one file would have a log each, and two processes that write through them would destroy it.
 */
final class RealName {
    private static final Path MOUNTS = Path.of("/proc/self/mountinfo");
    private static final int MOUNT_POINT = 4;
    private static final int MOST_LINKS = 40;

    private RealName() {}

    /**
     * The name that {@code file} leads to, symbolic links followed, in a directory that exists.
     *
     * @throws StoreIOException if it has a second name, or is a mount point
     */
    static Path of(Path file) {
        try {
            Path name = follow(file);
            requireOnlyName(name);
            requireNoMountPoint(name);
            return name;
        } catch (IOException e) {
            throw new StoreIOException("cannot look where " + file + " is: " + Trouble.inWords(e), e);
        }
    }

    private static Path follow(Path file) throws IOException {
        Path name = inRealDirectory(file.toAbsolutePath());
        for (int links = 0; Files.isSymbolicLink(name); links++) {
            if (links == MOST_LINKS) {
                throw new StoreIOException(
                        file + ": its symbolic links lead in a circle, expected a file at their end", null);
            }
            name = inRealDirectory(name.resolveSibling(Files.readSymbolicLink(name)));
        }
        return name;
    }

    private static Path inRealDirectory(Path file) throws IOException {
        Path directory = file.getParent();
        if (directory == null || Files.isDirectory(file)) {
            throw new StoreIOException(file + " is a directory, expected a database file or nothing", null);
        }
        if (!Files.isDirectory(directory)) {
            throw new StoreIOException("the directory " + directory + " does not exist: make it first", null);
        }
        return directory.toRealPath().resolve(file.getFileName());
    }

    private static void requireOnlyName(Path file) throws IOException {
        if (!Files.exists(file)
                || !file.getFileSystem().supportedFileAttributeViews().contains("unix")) {
            return;
        }
        int names = (Integer) Files.getAttribute(file, "unix:nlink");
        if (names > 1) {
            throw new StoreIOException(
                    file + " has " + names + " names (hard links), and two processes that open it under different ones"
                            + " would destroy it: remove the others, or make them copies",
                    null);
        }
    }

    /** A file that is mounted alone into several containers has a log in each of them. */
    private static void requireNoMountPoint(Path file) throws IOException {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) || !Files.isReadable(MOUNTS)) {
            return;
        }
        // The kernel writes some characters as octal escapes.
        String escaped = file.toString()
                .replace("\\", "\\134")
                .replace(" ", "\\040")
                .replace("\t", "\\011")
                .replace("\n", "\\012");
        // Byte by byte on both sides, so that no name fails to decode.
        String wanted = new String(escaped.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        for (String line : Files.readAllLines(MOUNTS, StandardCharsets.ISO_8859_1)) {
            String[] fields = line.split(" ", MOUNT_POINT + 2);
            if (fields.length > MOUNT_POINT && fields[MOUNT_POINT].equals(wanted)) {
                throw new StoreIOException(
                        file + " is a mount point: its log would stand outside of what is mounted, where others do not"
                                + " see it. Mount the directory that it is in",
                        null);
            }
        }
    }
}
