package dev.heartwood.storage;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;

/**
 * Single files that are mounted, as in containers. Such a file cannot be replaced, and files beside it are outside of
 * the mount.
 *
 * <p>Linux lists its mounts in {@code /proc/self/mountinfo}; see {@code proc(5)}. On other systems no file counts as
 * one.
 */
public final class MountPoints {
    private static final Path MOUNTS = Path.of("/proc/self/mountinfo");
    private static final int MOUNT_POINT = 4;
    private static final int OCTAL_DIGITS = 3;

    private MountPoints() {}

    /** Whether a file, given by its canonical path, is a mount point of its own. */
    public static boolean include(Path file) throws IOException {
        return file.getFileSystem().equals(FileSystems.getDefault())
                && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                && Files.isReadable(MOUNTS)
                && include(Files.readAllLines(MOUNTS, StandardCharsets.ISO_8859_1), file);
    }

    /** Compares bytes, a char each: the name may be in any encoding, also in another one than that of the process. */
    static boolean include(List<String> mounts, Path file) {
        String wanted = bytesOf(file);
        for (String line : mounts) {
            String[] fields = line.split(" ", MOUNT_POINT + 2);
            if (fields.length > MOUNT_POINT && unescaped(fields[MOUNT_POINT]).equals(wanted)) {
                return true;
            }
        }
        return false;
    }

    /** The kernel writes white space, backslashes and, since Linux 5.17, hash signs as a backslash and three octal digits. */
    static String unescaped(String field) {
        StringBuilder bytes = new StringBuilder(field.length());
        for (int i = 0; i < field.length(); i++) {
            char next = field.charAt(i);
            int end = i + 1 + OCTAL_DIGITS;
            if (next == '\\' && end <= field.length() && isOctal(field.substring(i + 1, end))) {
                next = (char) Integer.parseInt(field.substring(i + 1, end), 8);
                i = end - 1;
            }
            bytes.append(next);
        }
        return bytes.toString();
    }

    private static boolean isOctal(String digits) {
        return digits.chars().allMatch(digit -> digit >= '0' && digit <= '7');
    }

    /** A URI has the bytes of the kernel's path; {@link Path#toString} may have lost some of them. */
    private static String bytesOf(Path file) {
        String uri = file.toUri().getRawPath();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(uri.length());
        for (int i = 0; i < uri.length(); i++) {
            if (uri.charAt(i) == '%') {
                bytes.write(Integer.parseInt(uri.substring(i + 1, i + 3), 16));
                i += 2;
            } else {
                bytes.write(uri.charAt(i));
            }
        }
        return bytes.toString(StandardCharsets.ISO_8859_1);
    }
}
