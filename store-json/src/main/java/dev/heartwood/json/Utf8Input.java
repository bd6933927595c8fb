package dev.heartwood.json;

import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Bytes that are UTF-8, and no more of them than a document may have: ends before the first byte that is not, with a
 * {@link #problem}. So the parser stops at the place itself and knows its line and column.
 *
 * <p>Jackson takes overlong forms and surrogates for characters; table 3-7 of the Unicode standard does not.
 */
final class Utf8Input extends InputStream implements CheckedInput {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final long HIGH_BITS = 0x8080808080808080L;

    private final InputStream source;
    private final long limit;
    private long delivered;
    private @Nullable String problem;

    /** How many continuation bytes are to come, and between which bounds the next one is. */
    private int needed;

    private int least = 0x80;
    private int most = 0xBF;

    Utf8Input(InputStream source, long limit) {
        this.source = source;
        this.limit = limit;
    }

    /** Whether the bytes are whole UTF-8. */
    static boolean isUtf8(byte[] bytes) {
        Utf8Input check = new Utf8Input(InputStream.nullInputStream(), Long.MAX_VALUE);
        return check.firstBad(bytes, 0, bytes.length) == bytes.length && check.needed == 0;
    }

    @Override
    public @Nullable String problem() {
        return problem;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        if (problem != null) {
            return -1;
        }
        int count = source.read(buffer, offset, length);
        if (count < 0) {
            problem = needed > 0 ? "the document ends within a UTF-8 character" : null;
            return -1;
        }
        int good = firstBad(buffer, offset, offset + count) - offset;
        if (good < count) {
            problem = String.format("byte 0x%02X is no UTF-8 here: expected UTF-8 text", buffer[offset + good]);
        }
        if (good > limit - delivered) {
            good = (int) (limit - delivered);
            problem = Problems.documentTooLong(limit, "bytes");
        }
        delivered += good;
        return good == 0 && problem != null ? -1 : good;
    }

    /** The index of the first byte that cannot stand where it stands, or {@code end}. */
    private int firstBad(byte[] bytes, int from, int end) {
        int i = from;
        while (i < end) {
            if (needed == 0) {
                while (i + Long.BYTES <= end && ((long) LONGS.get(bytes, i) & HIGH_BITS) == 0) {
                    i += Long.BYTES;
                }
                if (i == end) {
                    break;
                }
                if (bytes[i] < 0 && !lead(bytes[i] & 0xFF)) {
                    return i;
                }
            } else {
                int b = bytes[i] & 0xFF;
                if (b < least || b > most) {
                    return i;
                }
                needed--;
                least = 0x80;
                most = 0xBF;
            }
            i++;
        }
        return end;
    }

    private boolean lead(int b) {
        least = b == 0xE0 ? 0xA0 : b == 0xF0 ? 0x90 : 0x80;
        most = b == 0xED ? 0x9F : b == 0xF4 ? 0x8F : 0xBF;
        needed = b < 0xE0 ? 1 : b < 0xF0 ? 2 : 3;
        return b >= 0xC2 && b <= 0xF4;
    }
}
