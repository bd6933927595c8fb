package dev.heartwood.sqlite;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Who may read and write a file, on POSIX file systems. */
final class Modes {
    private static final Map<PosixFilePermission, PosixFilePermission> OTHERS_OF_GROUP = Map.of(
            PosixFilePermission.GROUP_READ, PosixFilePermission.OTHERS_READ,
            PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE,
            PosixFilePermission.GROUP_EXECUTE, PosixFilePermission.OTHERS_EXECUTE);

    private Modes() {}

    /** Whether there is such a thing where the file is. */
    static boolean areIn(Path file) {
        return file.getFileSystem().supportedFileAttributeViews().contains("posix");
    }

    /** Lets the owner read and write a file, and nobody else. */
    static void makeOwnerOnly(Path file) throws IOException {
        if (areIn(file)) {
            Files.setPosixFilePermissions(
                    file, EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE));
        }
    }

    /** Gives {@code copy} the group and the mode of {@code model}; to another group no more than to everybody. */
    static void copy(Path model, Path copy) throws IOException {
        PosixFileAttributes wanted = Files.readAttributes(model, PosixFileAttributes.class);
        PosixFileAttributeView ours = Files.getFileAttributeView(copy, PosixFileAttributeView.class);
        Set<PosixFilePermission> permissions = new HashSet<>(wanted.permissions());
        if (!ours.readAttributes().group().equals(wanted.group())) {
            try {
                ours.setGroup(wanted.group());
            } catch (FileSystemException e) {
                // We are not in that group, and those who are in ours were not meant.
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
