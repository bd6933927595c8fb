package dev.heartwood.file.text;

import dev.heartwood.file.disk.Disk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The content of a file as a {@code durable} mark names it.
 *
 * @param hash with its name before it: CRC32C of a short file, SHA-256 of any other
 * @param bytes the size
 */
public record ContentFingerprint(String hash, long bytes) {
    private static final String CRC = "crc32c:";
    private static final String SHA = "sha256:";
    private static final Pattern WRITTEN = Pattern.compile("((?:crc32c|sha256):[0-9a-f]+)/(\\d{1,18})");

    public static ContentFingerprint of(ContentDigest content) {
        // The bytes are at hand for small files, which are written at each commit: those have the cheaper checksum.
        String hash = content.bytes() != null ? CRC + content.crc32c() : SHA + content.sha256();
        return new ContentFingerprint(hash, content.size());
    }

    /** Whether these bytes are the content. */
    public boolean is(byte[] found) {
        return found.length == bytes
                && hash.equals(
                        isShort()
                                ? CRC + ContentDigest.crc32c(found)
                                : SHA + ContentDigest.of(found).sha256());
    }

    /** The same for a content; one that is short needs its bytes at hand. */
    public boolean is(ContentDigest found) {
        byte[] all = found.bytes();
        return found.size() == bytes && (all != null ? is(all) : hash.equals(SHA + found.sha256()));
    }

    /** Whether this, and nothing else, stands in the file, which is there and has this size. */
    public boolean standsIn(Disk disk, Path file) throws IOException {
        return isShort()
                ? is(disk.bytes(file))
                : hash.equals(SHA + ContentDigest.in(disk, file).sha256());
    }

    /** Whether there is a regular file of this name with this content. */
    public boolean isContentOf(Disk disk, Path file) throws IOException {
        Disk.Attributes found = disk.attributes(file);
        return found != null && found.kind() == Disk.Kind.FILE && found.size() == bytes && standsIn(disk, file);
    }

    private boolean isShort() {
        return hash.startsWith(CRC);
    }

    /** Several of them as one text: each hash, a slash, and the size, with a space in between. */
    public static String text(List<ContentFingerprint> several) {
        return several.stream().map(each -> each.hash + "/" + each.bytes).collect(Collectors.joining(" "));
    }

    /** What {@link #text} has written. Passes over what it does not know. */
    public static List<ContentFingerprint> parse(String text) {
        return WRITTEN.matcher(text)
                .results()
                .map(each -> new ContentFingerprint(each.group(1), Long.parseLong(each.group(2))))
                .toList();
    }
}
