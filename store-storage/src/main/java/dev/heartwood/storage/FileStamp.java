package dev.heartwood.storage;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The result of one stat: it identifies the file with a name, and shows whether the file was written since an earlier
 * stamp. No file is opened, so no lock of this process is released.
 *
 * @param key device and inode; null if the file system does not provide them
 * @param size in bytes
 * @param modified when its bytes were written last, in nanoseconds since 1970, as exact as the file system keeps it
 * @param links the number of its names; 1 if the file system does not provide it, or was not asked
 */
public record FileStamp(@Nullable Object key, long size, long modified, int links) {
    /**
     * The stamp of the file with this name, or of the symbolic link itself; null if there is none.
     *
     * @throws IOException if it cannot be read
     */
    public static @Nullable FileStamp of(Path path) throws IOException {
        try {
            return Unix.SUPPORTED ? Unix.of(path) : basic(path);
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    /**
     * As {@link #of}, without the number of names: 1 stands for it. Java asks for that by a name, which takes a third of the time more.
     *
     * @throws IOException if the machine does not tell
     */
    public static @Nullable FileStamp withoutLinks(Path path) throws IOException {
        try {
            return basic(path);
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    private static FileStamp basic(Path path) throws IOException {
        BasicFileAttributes all = Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        return new FileStamp(all.fileKey(), all.size(), nanos(all.lastModifiedTime()), 1);
    }

    private static long nanos(FileTime time) {
        return time.to(TimeUnit.NANOSECONDS);
    }

    /** Whether this is a stamp of the same file, written to or not; as far as the file system can tell. */
    public boolean sameFile(@Nullable FileStamp other) {
        return other != null && Objects.equals(key, other.key);
    }

    private static final class Unix {
        static final boolean SUPPORTED =
                FileSystems.getDefault().supportedFileAttributeViews().contains("unix");

        private Unix() {}

        static FileStamp of(Path path) throws IOException {
            Map<String, Object> all =
                    Files.readAttributes(path, "unix:fileKey,nlink,size,lastModifiedTime", LinkOption.NOFOLLOW_LINKS);
            return new FileStamp(
                    all.get("fileKey"),
                    (Long) Objects.requireNonNull(all.get("size")),
                    nanos((FileTime) Objects.requireNonNull(all.get("lastModifiedTime"))),
                    ((Number) Objects.requireNonNull(all.get("nlink"))).intValue());
        }
    }
}
