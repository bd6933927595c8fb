package dev.heartwood.json;

import com.fasterxml.jackson.core.io.NumberInput;
import dev.heartwood.tree.Numbers;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/** Reads the numbers of one document from its bytes. */
final class NumberReader {
    /** So many digits are no more than a long holds. */
    private static final int SURELY_LONG = 18;
    /** Below this, a number of digits is a double without rounding. */
    private static final long SURELY_DOUBLE = 1_000_000_000_000_000L;

    private final byte[] bytes;
    private final Limits limits;
    private final Decimals decimals;
    private final DecimalLiteral literal = new DecimalLiteral();
    private char[] chars = new char[32];
    private int end;

    NumberReader(byte[] bytes, JsonOptions options) {
        this.bytes = bytes;
        this.limits = options.limits();
        this.decimals = options.decimals();
    }

    /** The index behind the number that was read last. */
    int end() {
        return end;
    }

    /** The number that starts at an index; null if none does, or it is past a limit. */
    @Nullable
    Number read(int from) {
        boolean negative = bytes[from] == '-';
        int first = negative ? from + 1 : from;
        long digits = 0;
        int at = first;
        for (; isDigit(at); at++) {
            digits = 10 * digits + (bytes[at] - '0');
        }
        if (at == first || (bytes[first] == '0' && at > first + 1)) {
            return null;
        }
        if (at < bytes.length && (bytes[at] == '.' || isExponent(at))) {
            return decimal(from, at, digits, negative);
        }
        end = at;
        return at - first <= SURELY_LONG ? (Number) (negative ? -digits : digits) : large(from);
    }

    private boolean isDigit(int at) {
        return at < bytes.length && bytes[at] >= '0' && bytes[at] <= '9';
    }

    private boolean isExponent(int at) {
        return at < bytes.length && (bytes[at] | 0x20) == 'e';
    }

    private @Nullable Number large(int from) {
        if (end - from > limits.number()) {
            return null;
        }
        BigInteger number = NumberInput.parseBigInteger(new String(copy(from), 0, end - from), true);
        return Numbers.whole(number);
    }

    /** A number of which the digits before an index were read. */
    private @Nullable Number decimal(int from, int point, long whole, boolean negative) {
        long digits = whole;
        int at = point;
        if (bytes[at] == '.') {
            at++;
            for (; isDigit(at); at++) {
                digits = 10 * digits + (bytes[at] - '0');
            }
            if (at == point + 1) {
                return null;
            }
        }
        boolean exponent = isExponent(at);
        end = exponent ? endOfExponent(at + 1) : at;
        if (end < 0 || end - from > limits.number()) {
            return null;
        }
        if (!exponent && decimals == Decimals.SHORTEST && at - from <= SURELY_LONG && digits < SURELY_DOUBLE) {
            double d = DecimalLiteral.quotient(digits, at - point - 1);
            return negative ? -d : d;
        }
        return literal.read(copy(from), 0, end - from, decimals);
    }

    /** Where the digits of an exponent end; -1 if there are none. */
    private int endOfExponent(int from) {
        int first = from < bytes.length && (bytes[from] == '-' || bytes[from] == '+') ? from + 1 : from;
        int at = first;
        while (isDigit(at)) {
            at++;
        }
        return at == first ? -1 : at;
    }

    private char[] copy(int from) {
        int length = end - from;
        if (chars.length < length) {
            chars = new char[2 * length];
        }
        for (int i = 0; i < length; i++) {
            chars[i] = (char) bytes[from + i];
        }
        return chars;
    }
}
