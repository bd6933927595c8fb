package dev.heartwood.storage;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The rights to read and write a file, on POSIX file systems. Elsewhere files have the permissions that their directory
 * gives them.
 */
public final class FilePermissions {
    private static final String ALL = "rwxrwxrwx";
    private static final Map<PosixFilePermission, PosixFilePermission> OTHERS_OF_GROUP = Map.of(
            PosixFilePermission.GROUP_READ, PosixFilePermission.OTHERS_READ,
            PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE,
            PosixFilePermission.GROUP_EXECUTE, PosixFilePermission.OTHERS_EXECUTE);

    private FilePermissions() {}

    /** Whether the file system of the path has such permissions. */
    public static boolean areIn(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }

    /**
     * The attribute for creating a file or a directory that has at most these permission bits from its first moment on.
     *
     * @param mode such as {@code 0600}
     */
    public static FileAttribute<?>[] atCreation(Path path, int mode) {
        if (!areIn(path)) {
            return new FileAttribute<?>[0];
        }
        StringBuilder letters = new StringBuilder(ALL);
        for (int i = 0; i < letters.length(); i++) {
            if ((mode & (0400 >> i)) == 0) {
                letters.setCharAt(i, '-');
            }
        }
        return new FileAttribute<?>[] {
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(letters.toString()))
        };
    }

    /**
     * Names the owner of a file and the user of this process: the end of a sentence, for a message about a file that
     * may not be used. If the file itself cannot be examined, it names the nearest directory above it that can. Empty
     * if there are no permissions.
     */
    public static String inWords(Path path) {
        for (Path place = path.toAbsolutePath(); place != null && areIn(place); place = place.getParent()) {
            try {
                PosixFileAttributes found =
                        Files.readAttributes(place, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
                return place + " belongs to " + found.owner().getName() + " (group "
                        + found.group().getName() + ", " + PosixFilePermissions.toString(found.permissions())
                        + "), and this process runs as " + System.getProperty("user.name");
            } catch (IOException e) {
                // It is missing, or may not be examined: the reason is in its directory.
            }
        }
        return "";
    }

    /** Lets only the owner read and write a file; does nothing if there are no permissions. */
    public static void makeOwnerOnly(Path file) throws IOException {
        if (areIn(file)) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        }
    }

    /**
     * Gives {@code copy} the group and the permissions of {@code model}. If the process may not set that group, the
     * present group of the copy gets no more rights than everybody has.
     */
    public static void copy(Path model, Path copy) throws IOException {
        PosixFileAttributes wanted = Files.readAttributes(model, PosixFileAttributes.class);
        PosixFileAttributeView ours = Files.getFileAttributeView(copy, PosixFileAttributeView.class);
        Set<PosixFilePermission> permissions = new HashSet<>(wanted.permissions());
        if (!ours.readAttributes().group().equals(wanted.group())) {
            try {
                ours.setGroup(wanted.group());
            } catch (FileSystemException e) {
                // This process is not in that group, and the members of its own group must not get the rights.
                OTHERS_OF_GROUP.forEach((group, others) -> {
                    if (!permissions.contains(others)) {
                        permissions.remove(group);
                    }
                });
            }
        }
        try {
            ours.setPermissions(permissions);
        } catch (FileSystemException e) {
            // FAT has no permissions. There the copy stays as it was made, and no user can read more than before.
        }
    }
}
