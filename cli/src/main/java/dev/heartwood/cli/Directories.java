package dev.heartwood.cli;

import dev.heartwood.StoreIOException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The files and directories that the tool makes for itself. */
final class Directories {
    private Directories() {}

    /** Gives a file its final name, which must be free, and puts that on the disk. */
    static void move(Path file, Path target) throws IOException {
        if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            throw new StoreIOException(target + " exists already, and nothing is overwritten", null);
        }
        Files.move(file, target, StandardCopyOption.ATOMIC_MOVE);
        if (target.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            try (FileChannel directory =
                    FileChannel.open(target.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
                directory.force(true);
            }
        }
    }

    /** Deletes a directory that the tool has made, with its contents. */
    static void delete(Path directory) throws IOException {
        List<Path> all;
        try (Stream<Path> paths = Files.walk(directory)) {
            all = paths.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : all) {
            Files.deleteIfExists(path);
        }
    }
}
