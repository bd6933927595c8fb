package dev.heartwood.json;

import java.io.IOException;
import java.io.Reader;
import org.jspecify.annotations.Nullable;

/**
 * Chars that are UTF-16, and no more of them than a document may have: ends before the first surrogate without its
 * partner, with a {@link #problem}. (A lone surrogate can be written, but only as {@code \}{@code uXXXX}.)
 */
final class CharInput extends Reader implements CheckedInput {
    private final Reader source;
    private final long limit;
    private long delivered;
    private boolean afterHigh;
    private @Nullable String problem;

    CharInput(Reader source, long limit) {
        this.source = source;
        this.limit = limit;
    }

    @Override
    public @Nullable String problem() {
        return problem;
    }

    @Override
    public int read(char[] buffer, int offset, int length) throws IOException {
        if (problem != null) {
            return -1;
        }
        int count = source.read(buffer, offset, length);
        if (count < 0) {
            problem = afterHigh ? "the document ends within a surrogate pair" : null;
            return -1;
        }
        int good = firstBad(buffer, offset, offset + count) - offset;
        if (good < count) {
            problem = String.format(
                    "the surrogate U+%04X stands alone: expected UTF-16 text, or the escape \\u%<04X",
                    (int) buffer[offset + good]);
        }
        if (good > limit - delivered) {
            good = (int) (limit - delivered);
            problem = Problems.documentTooLong(limit, "chars");
        }
        delivered += good;
        return good == 0 && problem != null ? -1 : good;
    }

    /** The index of the first char that cannot stand where it stands, or {@code end}. */
    private int firstBad(char[] chars, int from, int end) {
        for (int i = from; i < end; i++) {
            char c = chars[i];
            if (afterHigh || Character.isSurrogate(c)) {
                if (afterHigh != Character.isLowSurrogate(c)) {
                    return i;
                }
                afterHigh = !afterHigh;
            }
        }
        return end;
    }

    @Override
    public void close() {
        // The source is its owner's to close.
    }
}
