package dev.heartwood.tree;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NumbersTest {
    @Test
    void wholeNumbersAreLongWhereTheyFit() {
        BigInteger max = BigInteger.valueOf(Long.MAX_VALUE);
        BigInteger min = BigInteger.valueOf(Long.MIN_VALUE);
        assertThat(Numbers.canonical(max)).isEqualTo(Long.MAX_VALUE);
        assertThat(Numbers.canonical(min)).isEqualTo(Long.MIN_VALUE);
        assertThat(Numbers.canonical(max.add(BigInteger.ONE))).isEqualTo(max.add(BigInteger.ONE));
        assertThat(Numbers.canonical(min.subtract(BigInteger.ONE))).isEqualTo(min.subtract(BigInteger.ONE));
        assertThat(Numbers.canonical(BigInteger.ZERO)).isEqualTo(0L);
    }

    @ParameterizedTest
    @CsvSource({
        "0.1,0.1",
        "1.1,1.1",
        "16777216,1.6777216E7",
        "3.4028235E38,3.4028235E38",
        "1.4E-45,1.4E-45",
        "1E10,1E10"
    })
    void aFloatIsItsShortestDecimal(float f, double d) {
        assertThat(Numbers.canonical(f)).isEqualTo(d);
        assertThat(Numbers.canonical(-f)).isEqualTo(-d);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void shortestDecimalsReadBack(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            double d = Double.longBitsToDouble(random.nextLong());
            float f = Float.intBitsToFloat(random.nextInt());
            if (Double.isFinite(d)) {
                BigDecimal shortest = Numbers.shortest(d);
                assertThat(shortest.doubleValue()).as("seed %d", seed).isEqualTo(d);
                assertThat(shortest.precision()).isLessThanOrEqualTo(17);
            }
            if (Float.isFinite(f)) {
                assertThat(Numbers.shortest(f).floatValue()).as("seed %d", seed).isEqualTo(f);
                assertThat(((Double) Numbers.canonical(f)).floatValue()).isEqualTo(f);
            }
        }
        assertThat(Numbers.shortest(Double.parseDouble("2e23"))).isEqualByComparingTo("2E+23");
        assertThat(Numbers.shortest(0.0)).isEqualByComparingTo("0");
    }

    private static BigInteger big(Number number) {
        return number instanceof BigInteger big ? big : BigInteger.valueOf(number.longValue());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void wholeSumsAreExactAndCanonical(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            Number a = Numbers.whole(new BigInteger(random.nextInt(70), random).subtract(BigInteger.ONE.shiftLeft(64)));
            Number b = random.nextBoolean() ? random.nextLong() : Numbers.whole(new BigInteger(66, random));
            Number sum = Numbers.add(a, b);
            assertThat(big(sum)).as("seed %d", seed).isEqualTo(big(a).add(big(b)));
            assertThat(sum).isEqualTo(Numbers.canonical(sum));
            assertThat(Numbers.add(sum, Numbers.negate(b))).isEqualTo(a);
            assertThat(Numbers.negate(Numbers.negate(a))).isEqualTo(a);
        }
    }

    @Test
    void negationNeverWraps() {
        assertThat(Numbers.negate(Long.MIN_VALUE)).isEqualTo(BigInteger.ONE.shiftLeft(63));
        assertThat(Numbers.negate(BigInteger.ONE.shiftLeft(63))).isEqualTo(Long.MIN_VALUE);
        assertThat(Numbers.negate(0.0)).isEqualTo(-0.0);
        assertThat(Numbers.negate(new BigDecimal("1.50"))).isEqualTo(new BigDecimal("-1.50"));
    }

    @Test
    void sumsThatNoTreeHoldsAreNone() {
        assertThat(Numbers.add(Double.MAX_VALUE, Double.MAX_VALUE)).isNull();
        assertThat(Numbers.add(BigInteger.TEN.pow(400), 1.0)).isNull();
        assertThat(Numbers.add(new BigDecimal("1E+100000"), 1L)).isNull();
        assertThat(Numbers.add(new BigDecimal("1E+99999"), 1L)).isNotNull();
        assertThat(Numbers.add(1L, new BigDecimal("1E-100000"))).isNull();
        assertThat(Numbers.add(0L, new BigDecimal("1E-100000"))).isEqualTo(new BigDecimal("1E-100000"));
        assertThat(Numbers.add(new BigDecimal("0E+1000000000"), 1L)).isEqualTo(BigDecimal.ONE);
    }
}
