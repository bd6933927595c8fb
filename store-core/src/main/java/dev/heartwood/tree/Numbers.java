package dev.heartwood.tree;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.DoubleAccumulator;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The four kinds of numbers that a tree holds, and their sums: {@code Long}, {@code BigInteger} only beyond it,
 * {@code Double} (finite), {@code BigDecimal}.
 */
public final class Numbers {
    /** No number of more digits than this is made by writing out an exponent. */
    public static final int MOST_DIGITS = 100_000;

    private static final BigInteger MIN = BigInteger.valueOf(Long.MIN_VALUE);

    private Numbers() {}

    /** The number as a tree holds it, or null when it can hold no such number: NaN, an infinity, a foreign class. */
    public static @Nullable Number canonical(Number number) {
        if (number instanceof Long || number instanceof Integer || number instanceof Short || number instanceof Byte) {
            return number instanceof Long ? number : Long.valueOf(number.longValue());
        } else if (number instanceof Double d) {
            return Double.isFinite(d) ? d : null;
        } else if (number instanceof Float f) {
            // By its shortest decimal: 0.1f is 0.1, not 0.10000000149011612. Decimals have no negative zero.
            return f == 0
                    ? (Number) (double) f
                    : Float.isFinite(f) ? (Number) shortest(f).doubleValue() : null;
        } else if (number.getClass() == BigInteger.class) {
            return whole((BigInteger) number);
        } else if (number.getClass() == BigDecimal.class) {
            return number;
        }
        return counter(number);
    }

    private static @Nullable Number counter(Number number) {
        if (number instanceof AtomicInteger
                || number instanceof AtomicLong
                || number instanceof LongAdder
                || number instanceof LongAccumulator) {
            return number.longValue();
        }
        if (number instanceof DoubleAdder || number instanceof DoubleAccumulator) {
            double value = number.doubleValue();
            return Double.isFinite(value) ? value : null;
        }
        return null;
    }

    /** A whole number in its one form: {@code Long} where it fits. */
    public static Number whole(BigInteger number) {
        return number.bitLength() < Long.SIZE ? (Number) number.longValue() : number;
    }

    /**
     * The sum of two canonical numbers; never wraps. A {@code BigDecimal} makes it decimal, else a {@code Double}
     * makes it floating; null when it would be infinite, or a decimal of more than {@link #MOST_DIGITS} digits.
     */
    public static @Nullable Number add(Number a, Number b) {
        if (a instanceof Long x && b instanceof Long y) {
            long sum = x + y;
            boolean overflow = ((x ^ sum) & (y ^ sum)) < 0;
            return overflow ? (Number) BigInteger.valueOf(x).add(BigInteger.valueOf(y)) : (Number) sum;
        }
        if (a instanceof BigDecimal || b instanceof BigDecimal) {
            BigDecimal x = decimal(a);
            BigDecimal y = decimal(b);
            int scale = Math.max(x.scale(), y.scale());
            return fits(x, scale) && fits(y, scale) ? x.add(y) : null;
        }
        if (a instanceof Double || b instanceof Double) {
            double sum = a.doubleValue() + b.doubleValue();
            return Double.isFinite(sum) ? sum : null;
        }
        return whole(integer(a).add(integer(b)));
    }

    /** Whether a decimal can be written with this number of places after the point. */
    private static boolean fits(BigDecimal decimal, int scale) {
        long more = (long) scale - decimal.scale();
        return more == 0 || decimal.signum() == 0 || decimal.precision() + more <= MOST_DIGITS;
    }

    /** The number with the other sign. */
    public static Number negate(Number number) {
        if (number instanceof Long x) {
            return x == Long.MIN_VALUE ? (Number) MIN.negate() : (Number) (-x);
        } else if (number instanceof Double d) {
            return -d;
        } else if (number instanceof BigDecimal decimal) {
            return decimal.negate();
        }
        return whole(integer(number).negate());
    }

    /** A canonical number as a decimal; a double by its shortest decimal. */
    public static BigDecimal decimal(Number number) {
        if (number instanceof BigDecimal decimal) {
            return decimal;
        } else if (number instanceof Double d) {
            return shortest(d);
        }
        return new BigDecimal(integer(number));
    }

    /** The shortest decimal that reads back as {@code d}. */
    static BigDecimal shortest(double d) {
        return shorten(new BigDecimal(Double.toString(d)), 16, d, decimal -> decimal.doubleValue() == d);
    }

    /** The shortest decimal that reads back as {@code f}. */
    public static BigDecimal shortest(float f) {
        return shorten(new BigDecimal(Float.toString(f)), 8, f, decimal -> decimal.floatValue() == f);
    }

    /** Before JDK 19 {@code toString} now and then writes a digit too many (JDK-4511638); takes it away. */
    private static BigDecimal shorten(
            BigDecimal printed, int suspicious, double value, Predicate<BigDecimal> readsBack) {
        BigDecimal shortest = printed;
        for (int digits = printed.precision() - 1; digits >= suspicious - 1; digits--) {
            BigDecimal shorter = new BigDecimal(value).round(new MathContext(digits));
            if (!readsBack.test(shorter)) {
                break;
            }
            shortest = shorter;
        }
        return shortest;
    }

    /** A canonical whole number as a big one. */
    static BigInteger integer(Number number) {
        return number instanceof BigInteger big ? big : BigInteger.valueOf(number.longValue());
    }
}
