package dev.heartwood.file.text;

import dev.heartwood.file.disk.Disk;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** The content of a file: its size and its SHA-256, or the bytes themselves while they are few. Immutable. */
public final class ContentDigest {
    private static final int CRC_DIGITS = 8;

    private final long size;
    private final byte @Nullable [] bytes;
    private @Nullable String sha256;
    private @Nullable String crc32c;

    private ContentDigest(long size, byte @Nullable [] bytes, @Nullable String sha256) {
        this.size = size;
        this.bytes = bytes;
        this.sha256 = sha256;
    }

    /** A content whose bytes are at hand; they are not copied. */
    public static ContentDigest of(byte[] bytes) {
        return new ContentDigest(bytes.length, bytes, null);
    }

    /** A content that is known by its hash. */
    public static ContentDigest of(long size, String sha256) {
        return new ContentDigest(size, null, sha256);
    }

    /** Reads the content of a file. */
    public static ContentDigest in(Disk disk, Path file) throws IOException {
        MessageDigest digest = sha256Digest();
        long size = 0;
        try (InputStream in = disk.read(file)) {
            byte[] buffer = new byte[1 << 16];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                digest.update(buffer, 0, n);
                size += n;
            }
        }
        return of(size, hex(digest));
    }

    public long size() {
        return size;
    }

    /** The bytes, where they are at hand. */
    public byte @Nullable [] bytes() {
        return bytes;
    }

    public String sha256() {
        String known = sha256;
        if (known == null) {
            if (bytes == null) {
                throw new AssertionError("a content has its bytes or its hash");
            }
            MessageDigest digest = sha256Digest();
            digest.update(bytes);
            known = hex(digest);
            sha256 = known;
        }
        return known;
    }

    /** The checksum of a content whose bytes are at hand, as 8 digits. */
    String crc32c() {
        String known = crc32c;
        if (known == null) {
            if (bytes == null) {
                throw new AssertionError("only a content that has its bytes has a checksum");
            }
            known = crc32c(bytes);
            crc32c = known;
        }
        return known;
    }

    static String crc32c(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return HexFormat.of().toHexDigits(crc.getValue(), CRC_DIGITS);
    }

    public boolean same(ContentDigest other) {
        return size == other.size && sameBytes(other);
    }

    private boolean sameBytes(ContentDigest other) {
        if (bytes == null || other.bytes == null) {
            return sha256().equals(other.sha256());
        }
        return Arrays.equals(bytes, other.bytes);
    }

    /** Whether this, and nothing else, stands in the file, which is there. */
    public boolean standsIn(Disk disk, Path file) throws IOException {
        if (bytes == null) {
            return same(in(disk, file));
        }
        return disk.holds(file, bytes);
    }

    static MessageDigest sha256Digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-256", e);
        }
    }

    static String hex(MessageDigest digest) {
        return HexFormat.of().formatHex(digest.digest());
    }

    @Override
    public String toString() {
        return size + " bytes, sha256:" + sha256();
    }
}
