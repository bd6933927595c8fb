package dev.heartwood.sqlite;

import dev.heartwood.StoreIOException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Where the database file stands. Looks at the file's attributes only: opening it here would drop SQLite's locks. */
final class Place {
    private static final Set<String> NETWORK = Set.of(
            "nfs", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "afs", "afpfs", "9p", "ncpfs", "webdav", "davfs");

    private final Path file;
    private final @Nullable Object identity;

    private Place(Path file, @Nullable Object identity) {
        this.file = file;
        this.identity = identity;
    }

    /** The file's place, before it is opened: refuses where no database can be, or should not be. */
    static Path require(Path file, SqliteOptions options) {
        Path absolute = file.toAbsolutePath();
        Path directory = Objects.requireNonNullElse(absolute.getParent(), absolute);
        if (Files.isDirectory(absolute)) {
            throw new StoreIOException(file + " is a directory, expected a database file or nothing", null);
        }
        if (!Files.isDirectory(directory)) {
            throw new StoreIOException("the directory " + directory + " does not exist: make it first", null);
        }
        if (options.isReadOnly() && !Files.exists(absolute)) {
            throw new StoreIOException(file + " does not exist, and a read-only store makes none", null);
        }
        if (!options.isNetworkAllowed()) {
            requireLocal(file, directory);
        }
        return absolute;
    }

    /** The file as it stands now, once it is open. */
    static Place of(Path file) {
        return new Place(file, identity(file));
    }

    Path file() {
        return file;
    }

    /** Refuses to go on when another file stands here: what is written to the old one is lost to all others. */
    void requireSame() {
        if (identity != null && !identity.equals(identity(file))) {
            throw new StoreIOException(
                    file
                            + " was moved or replaced while open, so commits would be lost: close the store, open it again",
                    null);
        }
    }

    static boolean isNetwork(String fileSystemType) {
        String type = fileSystemType.toLowerCase(Locale.ROOT);
        return NETWORK.contains(type) || type.startsWith("fuse.sshfs") || type.startsWith("fuse.rclone");
    }

    private static void requireLocal(Path file, Path directory) {
        String type;
        try {
            type = Files.getFileStore(directory).type();
        } catch (IOException e) {
            throw new StoreIOException("cannot look at the file system of " + file + ": " + e.getMessage(), e);
        }
        if (isNetwork(type)) {
            throw new StoreIOException(
                    file + " is on a network file system (" + type + "), where SQLite's locks do not hold: choose a"
                            + " local place, or say allowNetworkFileSystem() if one machine alone uses it",
                    null);
        }
    }

    /** What tells files apart; null where the system has no such thing, or the file is gone for the moment. */
    private static @Nullable Object identity(Path file) {
        try {
            return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
        } catch (IOException e) {
            return null;
        }
    }
}
