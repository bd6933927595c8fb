package dev.heartwood.json;

import com.fasterxml.jackson.core.io.NumberInput;
import com.fasterxml.jackson.core.io.NumberOutput;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * A decimal as digits and a power of ten, and the number that it becomes.
 *
 * <p>A decimal is a {@code Double} if the shortest decimal of the nearest double has its value. Up to 15 digits that is
 * so within the normal range, since no two such decimals share a double; beyond 17 never, since a shortest decimal has
 * no more; between them the digits are compared.
 */
final class DecimalLiteral {
    private static final int SURELY_DOUBLE = 15;
    private static final int MOST_DIGITS = 17;
    private static final int NORMAL_MIN = -306;
    private static final int NORMAL_MAX = 307;
    /** Between these exponents a double is written without one. */
    private static final int PLAIN_MIN = -3;

    private static final int PLAIN_MAX = 6;
    private static final int EXPONENT_CAP = 1_000_000_000;
    /** A decimal cannot hold it. */
    private static final Double MINUS_ZERO = -0.0;

    /** The powers of ten that a double holds exactly. */
    private static final double[] POWERS = {
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20, 1e21, 1e22
    };

    private boolean negative;
    /** The digits without zeros on either side, as a number; only the first {@link #MOST_DIGITS} and one. */
    private long digits;

    private int count;
    /** The power of ten of the last digit. */
    private int power;

    /** Reads a number as JSON writes it; of any other text the result is undefined. */
    void parse(char[] text, int offset, int length) {
        int end = offset + length;
        int i = offset;
        negative = i < end && text[i] == '-';
        if (negative) {
            i++;
        }
        digits = 0;
        count = 0;
        int zeros = 0;
        int fraction = 0;
        boolean point = false;
        for (; i < end; i++) {
            char c = text[i];
            if (c == '.') {
                point = true;
                continue;
            }
            int digit = c - '0';
            if (digit < 0 || digit > 9) {
                break;
            }
            if (point) {
                fraction++;
            }
            if (digit != 0) {
                append(digit, count == 0 ? 0 : zeros);
                zeros = 0;
            } else if (count > 0) {
                zeros++;
            }
        }
        power = zeros - fraction + exponent(text, i, end);
    }

    private void append(int digit, int zerosBefore) {
        count += zerosBefore + 1;
        if (count <= MOST_DIGITS) {
            for (int i = 0; i < zerosBefore; i++) {
                digits *= 10;
            }
            digits = digits * 10 + digit;
        }
    }

    private static int exponent(char[] text, int from, int end) {
        int i = from + 1;
        if (i >= end) {
            return 0;
        }
        boolean minus = text[i] == '-';
        if (minus || text[i] == '+') {
            i++;
        }
        long exponent = 0;
        for (; i < end; i++) {
            exponent = Math.min(exponent * 10 + (text[i] - '0'), EXPONENT_CAP);
        }
        return (int) (minus ? -exponent : exponent);
    }

    /** Digits, of which a double holds so many, divided by a power of ten up to 22: rounded once, and so rightly. */
    static double quotient(long digits, int power) {
        return digits / POWERS[power];
    }

    /** The double whose shortest decimal equals the parsed number, or null if there is none. */
    @Nullable
    Double asDouble(char[] text, int offset, int length) {
        if (count == 0) {
            return negative ? -0.0 : 0.0;
        }
        if (count > MOST_DIGITS) {
            return null;
        }
        if (count <= SURELY_DOUBLE && power >= -22 && power <= 22) {
            // Both are exact doubles, so the one rounding of the operation is the right one (Clinger 1990).
            double d = power < 0 ? digits / POWERS[-power] : digits * POWERS[power];
            return negative ? -d : d;
        }
        double d = NumberInput.parseDouble(text, offset, length, true);
        if (count <= SURELY_DOUBLE && power >= NORMAL_MIN && power + count <= NORMAL_MAX) {
            return d;
        }
        return !Double.isInfinite(d) && d != 0 && isShortestOf(d) ? d : null;
    }

    private boolean isShortestOf(double d) {
        char[] shortest = NumberOutput.toString(d, true).toCharArray();
        DecimalLiteral other = new DecimalLiteral();
        other.parse(shortest, 0, shortest.length);
        return digits == other.digits && count == other.count && power == other.power;
    }

    /** The number for a literal with a point or an exponent; null if its exponent is past {@link Limits#SCALE}. */
    @Nullable
    Number read(char[] text, int offset, int length, Decimals decimals) {
        if (decimals == Decimals.SHORTEST) {
            parse(text, offset, length);
            Double d = asDouble(text, offset, length);
            if (d != null) {
                return d;
            }
        }
        BigDecimal decimal = exact(text, offset, length);
        return decimal != null && decimal.signum() == 0 && text[offset] == '-' ? (Number) MINUS_ZERO : decimal;
    }

    private static @Nullable BigDecimal exact(char[] text, int offset, int length) {
        try {
            BigDecimal decimal = new BigDecimal(text, offset, length);
            return Math.abs((long) decimal.scale()) <= Limits.SCALE ? decimal : null;
        } catch (NumberFormatException exponentBeyondInt) {
            return null;
        }
    }

    /** The shortest decimal of a double; minus zero itself, which has none. */
    static Number exact(double d) {
        return MINUS_ZERO.equals(d) ? (Number) MINUS_ZERO : new BigDecimal(NumberOutput.toString(d, true));
    }

    /** A decimal in the form of {@link Decimals#SHORTEST}: a double if one represents it. */
    static Number canonical(BigDecimal decimal) {
        char[] text = decimal.toString().toCharArray();
        DecimalLiteral literal = new DecimalLiteral();
        literal.parse(text, 0, text.length);
        Double d = literal.asDouble(text, 0, text.length);
        return d != null ? (Number) d : decimal;
    }

    /**
     * A decimal as it is written: with a point or an exponent always, so that it is not read as a whole number, and with
     * its scale. If a double is written with the same digits and scale, it is spelled as that: so a text that was written without
     * exact decimals stays as it is.
     */
    static String write(BigDecimal decimal) {
        int digits = decimal.precision();
        long exponent = digits - 1L - decimal.scale();
        if (digits <= MOST_DIGITS && (exponent < PLAIN_MIN || exponent > PLAIN_MAX)) {
            double d = decimal.doubleValue();
            String spelled = NumberOutput.toString(d, true);
            if (Double.isFinite(d) && isSame(decimal, new BigDecimal(spelled))) {
                return spelled;
            }
        }
        return decimal.scale() == 0 ? decimal + "E0" : decimal.toString();
    }

    private static boolean isSame(BigDecimal one, BigDecimal other) {
        return one.scale() == other.scale() && one.compareTo(other) == 0;
    }
}
