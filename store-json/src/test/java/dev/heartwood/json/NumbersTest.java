package dev.heartwood.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NumbersTest {
    /** So a program that reads decimals exactly, as the command line tool does, changes no number of a file that another has written. */
    @Test
    void exactDecimalsAreWrittenAsTheDoublesOfTheSameDigitsAre() {
        JsonOptions exact = Json.options().decimals(Decimals.EXACT);
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            double d = random.nextBoolean()
                    ? Double.longBitsToDouble(random.nextLong())
                    : (random.nextInt(2_000_000) - 1_000_000) * Math.pow(10, random.nextInt(40) - 20);
            if (Double.isFinite(d)) {
                String text = Json.write(d);
                assertThat(exact.write(exact.readValue(text)))
                        .as("seed %d", seed)
                        .isEqualTo(text);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "-0, 0",
        "7, 7",
        "9223372036854775807, 9223372036854775807",
        "-9223372036854775808, -9223372036854775808",
    })
    void aLiteralWithoutPointOrExponentIsALong(String literal, long value) {
        assertThat(Json.readValue(literal)).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"9223372036854775808", "-9223372036854775809", "123456789012345678901234567890"})
    void beyondLongItIsABigInteger(String literal) {
        assertThat(Json.readValue(literal)).isEqualTo(new BigInteger(literal));
        assertThat(Json.write(new BigInteger(literal))).isEqualTo(literal);
    }

    /** The literal, and the double, or nothing where the number is none. */
    @ParameterizedTest
    @CsvSource({
        "0.1, 0.1",
        "-0.0, -0.0",
        "0e5, 0.0",
        "-0E-99999999999, -0.0",
        "1.0, 1.0",
        "1e5, 100000.0",
        "100000E-5, 1.0",
        "0.1000000000000000000000000000000, 0.1",
        "1000000000000000000000000000000.0, 1.0E30",
        "0.30000000000000004, 0.30000000000000004",
        "-65.613616999999977, ",
        "-65.61361699999998, -65.61361699999998",
        "0.1000000000000000055511151231257827, ",
        "123456789012345678.5, ",
        "9007199254740993.0, ",
        "9007199254740992.0, 9.007199254740992E15",
        "1e23, 1.0E23",
        "2e22, 2.0E22",
        "1.7976931348623157e308, 1.7976931348623157E308",
        "1.7976931348623159e308, ",
        "1e400, ",
        "1e-400, ",
        "4.9e-324, 4.9E-324",
        "2.2250738585072014E-308, 2.2250738585072014E-308",
        "0.0000001, 1.0E-7",
        "123.456e-7, 1.23456E-5",
    })
    void aDecimalIsADoubleWhereItsShortestDecimalSaysIt(String literal, String expected) {
        Object value = Json.readValue(literal);
        assertThat(Json.readValue(literal.getBytes(UTF_8))).isEqualTo(value);
        if (expected == null) {
            assertThat(value).isEqualTo(new BigDecimal(literal));
        } else {
            assertThat(value).isEqualTo(Double.valueOf(expected));
            assertThat(Json.write(value)).isEqualTo(expected);
        }
    }

    @Test
    void exactDecimalsKeepTheirScale() {
        JsonOptions exact = Json.options().decimals(Decimals.EXACT);
        for (String literal : new String[] {"0.1", "1.10", "5E0", "1E+2", "0.0", "1.0E-7", "123.4500"}) {
            assertThat(exact.readValue(literal)).isEqualTo(new BigDecimal(literal));
            assertThat(exact.readValue(exact.write(new BigDecimal(literal)))).isEqualTo(new BigDecimal(literal));
        }
        assertThat(exact.readValue("5")).isEqualTo(5L);
    }

    /** A decimal has no sign of zero. */
    @ParameterizedTest
    @ValueSource(strings = {"-0.0", "-0.000", "-0e5", "-0E-3"})
    void minusZeroKeepsItsSignAmongExactDecimals(String literal) {
        JsonOptions exact = Json.options().decimals(Decimals.EXACT);
        assertThat(exact.readValue(literal)).isEqualTo(-0.0);
        assertThat(exact.readValue(literal.getBytes(UTF_8))).isEqualTo(-0.0);
        assertThat(exact.write(-0.0)).isEqualTo("-0.0");
        assertThat(exact.treeFormat().dialect().admit(-0.0)).isEqualTo(-0.0);
        assertThat(exact.treeFormat().dialect().admit(0.0)).isEqualTo(new BigDecimal("0.0"));
    }

    @Test
    void aDecimalIsNeverReadBackAsAWholeNumber() {
        assertThat(Json.write(new BigDecimal("5"))).isEqualTo("5E0");
        assertThat(Json.readValue(Json.write(new BigDecimal("5")))).isEqualTo(5.0);
        BigDecimal large = new BigDecimal("123456789012345678901234567890");
        assertThat(Json.readValue(Json.write(large))).isEqualTo(large);
    }

    /** The rule of the contract, computed the slow way. */
    private static Number byTheRule(String literal) {
        BigDecimal exact = new BigDecimal(literal);
        double nearest = exact.doubleValue();
        if (Double.isFinite(nearest) && new BigDecimal(Json.write(nearest)).compareTo(exact) == 0) {
            return literal.startsWith("-") && nearest == 0 ? -0.0 : nearest;
        }
        return exact;
    }

    @Test
    void decimalsAreReadByTheRuleWhateverTheyAre() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 100_000; i++) {
            StringBuilder literal = new StringBuilder(random.nextBoolean() ? "-" : "");
            literal.append(random.nextInt(3) == 0 ? "0" : Integer.toString(1 + random.nextInt(99_999)));
            literal.append('.').append("0".repeat(random.nextInt(4)));
            for (int digits = 1 + random.nextInt(18); digits > 0; digits--) {
                literal.append(random.nextInt(10));
            }
            if (random.nextInt(3) == 0) {
                literal.append('e').append(random.nextInt(700) - 350);
            }
            assertThat(Json.readValue(literal.toString()))
                    .as("seed %d: %s", seed, literal)
                    .isEqualTo(byTheRule(literal.toString()));
        }
    }

    @Test
    void everyDoubleComesBackFromItsShortestDecimal() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 100_000; i++) {
            double d = Double.longBitsToDouble(random.nextLong());
            if (Double.isFinite(d)) {
                assertThat(Json.readValue(Json.write(d))).as("seed %d", seed).isEqualTo(d);
            }
        }
    }

    /** {@code Double.toString} of JDK 17 writes a digit too many for some of these. */
    @ParameterizedTest
    @ValueSource(
            strings = {"0.002", "2.0E-322", "1.0E23", "2.0E23", "8.41E21", "9.007199254740992E15", "4.35E-5", "1.1E-5"})
    void decimalsAreTheShortestOnEveryJdk(String shortest) {
        assertThat(Json.write(Double.parseDouble(shortest))).isEqualTo(shortest);
    }
}
