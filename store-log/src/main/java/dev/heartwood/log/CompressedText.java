package dev.heartwood.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.heartwood.json.ArrivingText;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.util.Arrays;
import java.util.Base64;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.Inflater;

/**
 * A text in fewer bytes that are text themselves: compressed as <a href="https://www.rfc-editor.org/rfc/rfc1950">zlib</a> does, in
 * <a href="https://www.rfc-editor.org/rfc/rfc4648#section-4">Base64</a> without line breaks. An instance decompresses one such text, piece
 * by piece, and holds memory outside the heap until it is closed.
 */
final class CompressedText implements AutoCloseable {
    /** The name of this compression in the list of features that a header requires. */
    static final String FEATURE = "zlib";

    /** No text gets smaller by a larger factor: https://zlib.net/zlib_tech.html, "Maximum Compression Factor". */
    static final int LARGEST_FACTOR = 1032;

    private static final int BUFFER = 1 << 16;
    private static final int GROUP = 4;

    private final Inflater inflater = new Inflater();
    private final byte[] buffer = new byte[BUFFER];
    /** The first characters of a Base64 group whose others are in the next piece. */
    private byte[] begun = {};

    /** Compresses a text, at zlib's usual level: it is written once, and read by each replica that opens. */
    static String compress(String text) {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        Deflater deflater = new Deflater();
        try (Writer out = new OutputStreamWriter(
                new DeflaterOutputStream(Base64.getEncoder().wrap(compressed), deflater, BUFFER), UTF_8)) {
            out.write(text);
        } catch (IOException e) {
            throw new AssertionError("a stream into memory does not fail", e);
        } finally {
            deflater.end();
        }
        return compressed.toString(UTF_8);
    }

    /**
     * Decompresses the next piece of the compressed text, which may begin and end anywhere.
     *
     * @return false if the uncompressed text is longer than {@code to} can be
     * @throws DataFormatException if it is no compressed text
     */
    boolean decompress(byte[] piece, ArrivingText to) throws DataFormatException {
        byte[] base64 = Arrays.copyOf(begun, begun.length + piece.length);
        System.arraycopy(piece, 0, base64, begun.length, piece.length);
        int whole = base64.length - base64.length % GROUP;
        begun = Arrays.copyOfRange(base64, whole, base64.length);
        try {
            inflater.setInput(Base64.getDecoder().decode(Arrays.copyOf(base64, whole)));
        } catch (IllegalArgumentException e) {
            throw new DataFormatException(e.getMessage());
        }
        for (int bytes = inflater.inflate(buffer); bytes > 0; bytes = inflater.inflate(buffer)) {
            if (!to.add(buffer, bytes)) {
                return false;
            }
        }
        return true;
    }

    /** Whether the compressed text is complete, has been decompressed to so many bytes, and nothing was behind it. */
    boolean isComplete(long uncompressed) {
        return inflater.finished()
                && inflater.getBytesWritten() == uncompressed
                && inflater.getRemaining() == 0
                && begun.length == 0;
    }

    @Override
    public void close() {
        inflater.end();
    }
}
