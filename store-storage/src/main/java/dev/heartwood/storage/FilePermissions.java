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

/** The rights to read and write a file, on POSIX file systems. Elsewhere what a directory gives to its files holds. */
public final class FilePermissions {
    private static final String ALL = "rwxrwxrwx";
    private static final Map<PosixFilePermission, PosixFilePermission> OTHERS_OF_GROUP = Map.of(
            PosixFilePermission.GROUP_READ, PosixFilePermission.OTHERS_READ,
            PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE,
            PosixFilePermission.GROUP_EXECUTE, PosixFilePermission.OTHERS_EXECUTE);

    private FilePermissions() {}

    /** Whether there is such a thing where the path is. */
    public static boolean areIn(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }

    /**
     * To create a file or a directory with: it has these permission bits from its first moment on, or fewer.
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
     * To whom a file belongs, and as whom this process runs: the end of a sentence, for a message about a file that may
     * not be used. Where the file itself cannot be looked at, it is the nearest directory above it that can. Empty where
     * there are no permissions.
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
                // It is not there, or may not be looked at: the directory that it is in says why.
            }
        }
        return "";
    }

    /** Lets the owner read and write a file, and nobody else; does nothing where there are no permissions. */
    public static void makeOwnerOnly(Path file) throws IOException {
        if (areIn(file)) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        }
    }

    /**
     * Gives {@code copy} the group and the permissions of {@code model}. Where the process may not give it to that
     * group, the group that it has may do no more than everybody.
     */
    public static void copy(Path model, Path copy) throws IOException {
        PosixFileAttributes wanted = Files.readAttributes(model, PosixFileAttributes.class);
        PosixFileAttributeView ours = Files.getFileAttributeView(copy, PosixFileAttributeView.class);
        Set<PosixFilePermission> permissions = new HashSet<>(wanted.permissions());
        if (!ours.readAttributes().group().equals(wanted.group())) {
            try {
                ours.setGroup(wanted.group());
            } catch (FileSystemException e) {
                // This process is not in that group, and the members of its own were not meant.
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
            // FAT keeps none. Wherever that is, the copy stays as it was made, and nobody can read more than before.
        }
    }
}
