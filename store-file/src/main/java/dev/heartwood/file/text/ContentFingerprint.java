package dev.heartwood.file.text;

/**
 * The content of a file as a {@code durable} mark names it.
 *
 * @param hash with its name before it: CRC32C of a short file, SHA-256 of any other
 * @param bytes the size
 */
public record ContentFingerprint(String hash, long bytes) {
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
}
