package dev.heartwood.file.disk;

import dev.heartwood.file.disk.Disk.Attributes;
import dev.heartwood.file.disk.Disk.Kind;
import dev.heartwood.file.disk.Disk.NotOursException;
import dev.heartwood.storage.IoErrors;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Owner, group, mode and links of files, where the machine has them. A symbolic link is not followed. */
final class UnixAttributes {
    private static final int PERMISSIONS = 07777;

    private UnixAttributes() {}

    static Attributes of(Path path) throws IOException {
        Map<String, Object> all =
                Files.readAttributes(path, "unix:mode,nlink,size,uid,gid,ctime,ino", LinkOption.NOFOLLOW_LINKS);
        int mode = number(all, "mode").intValue();
        int type = mode & 0170000;
        Kind kind = type == 0100000 ? Kind.FILE : type == 0040000 ? Kind.DIRECTORY : Kind.OTHER;
        return new Attributes(
                kind,
                number(all, "size").longValue(),
                number(all, "nlink").intValue(),
                mode & PERMISSIONS,
                number(all, "uid").intValue(),
                number(all, "gid").intValue(),
                List.of(Objects.requireNonNull(all.get("ctime"), "ctime"), number(all, "ino")));
    }

    private static Number number(Map<String, Object> all, String name) {
        return (Number) Objects.requireNonNull(all.get(name), name);
    }

    /**
     * Gives a file to the owner and the group of another; its mode may lose bits by that.
     *
     * @throws NotOursException if the process may not do so
     */
    static void own(Path file, Attributes model) throws IOException {
        try {
            Files.setAttribute(file, "unix:gid", model.group(), LinkOption.NOFOLLOW_LINKS);
            Files.setAttribute(file, "unix:uid", model.owner(), LinkOption.NOFOLLOW_LINKS);
        } catch (FileSystemException e) {
            throw new NotOursException(
                    "the file belongs to user " + model.owner() + " and group " + model.group()
                            + ", and this process may not make another file theirs (" + IoErrors.inWords(e)
                            + "): run it as that user, or give the file to the user that runs it",
                    e);
        }
    }
}
