package dev.heartwood.file.text;

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
    private static final Pattern WRITTEN = Pattern.compile("((?:crc32c|sha256):[0-9a-f]+)/(\\d{1,18})");

    public static ContentFingerprint of(ContentDigest content) {
        // The bytes are at hand for small files, which are written at each commit: those have the cheaper checksum.
        String hash = content.bytes() != null ? "crc32c:" + content.crc32c() : "sha256:" + content.sha256();
        return new ContentFingerprint(hash, content.size());
    }

    /** Whether these bytes are the content. */
    public boolean is(byte[] found) {
        return found.length == bytes
                && hash.equals(
                        hash.startsWith("crc")
                                ? "crc32c:" + ContentDigest.crc32c(found)
                                : "sha256:" + ContentDigest.of(found).sha256());
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
