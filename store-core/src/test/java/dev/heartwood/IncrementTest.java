package dev.heartwood;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Arithmetic never wraps, and is never infinite. */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class IncrementTest {
    private static final BigInteger TWO_63 = BigInteger.ONE.shiftLeft(63);
    private static final KeyPath N = KeyPath.of("n");

    private static Store holding(Object value) {
        return Store.of(Collections.singletonMap("n", value));
    }

    static Stream<Arguments> sums() {
        return Stream.of(
                Arguments.of(1, 1, 2L),
                Arguments.of(1L, (byte) -2, -1L),
                Arguments.of(Long.MAX_VALUE, 1, TWO_63),
                Arguments.of(Long.MIN_VALUE, -1, TWO_63.negate().subtract(BigInteger.ONE)),
                Arguments.of(TWO_63, -1, Long.MAX_VALUE),
                Arguments.of(TWO_63.negate().subtract(BigInteger.ONE), 1, Long.MIN_VALUE),
                Arguments.of(TWO_63, TWO_63.negate(), 0L),
                Arguments.of(1L, 0.5, 1.5),
                Arguments.of(0.5, 1, 1.5),
                Arguments.of(0.5, 0.1f, 0.6),
                Arguments.of(TWO_63, 0.5, 0x1p63),
                Arguments.of(0.1, 0.2, 0.1 + 0.2),
                Arguments.of(new BigDecimal("0.10"), 1, new BigDecimal("1.10")),
                Arguments.of(1, new BigDecimal("0.10"), new BigDecimal("1.10")),
                Arguments.of(0.1, new BigDecimal("0.2"), new BigDecimal("0.3")),
                Arguments.of(TWO_63, new BigDecimal("0.5"), new BigDecimal(TWO_63).add(new BigDecimal("0.5"))),
                Arguments.of(new BigDecimal("1"), new BigDecimal("-1"), new BigDecimal("0")),
                Arguments.of(1, new AtomicInteger(2), 3L),
                Arguments.of(1, BigInteger.TEN, 11L));
    }

    @ParameterizedTest
    @MethodSource("sums")
    void theSumIsExactAndOfTheWiderKind(Object value, Number by, Number sum) {
        try (Store store = holding(value)) {
            assertThat(store.increment(N, by)).isEqualTo(sum);
            assertThat(store.get(N)).isEqualTo(sum);
        }
    }

    @Test
    void countersCountUpAndDown() {
        try (Store store = holding(0)) {
            assertThat(store.increment("n")).isEqualTo(1L);
            assertThat(store.increment(N)).isEqualTo(2L);
            assertThat(store.decrement("n")).isEqualTo(1L);
            assertThat(store.decrement(N)).isEqualTo(0L);
            assertThat(store.decrement(N, Long.MIN_VALUE)).isEqualTo(TWO_63);
            assertThat(store.increment("n", Long.MIN_VALUE)).isEqualTo(0L);
            assertThat(store.decrement("n", 0.25)).isEqualTo(-0.25);
            assertThat(store.decrement("n", new BigDecimal("0.25"))).isEqualTo(new BigDecimal("-0.50"));
        }
    }

    @Test
    void nothingAddedIsNoCommit() {
        try (Store store = holding(5)) {
            long version = store.version();
            store.increment(N, 0);
            store.decrement(N, 0);
            assertThat(store.version()).isEqualTo(version);
            store.increment(N, 0.0);
            assertThat(store.get(N)).isEqualTo(5.0);
            assertThat(store.version()).isGreaterThan(version);
        }
    }

    @Test
    void whatWouldBeInfiniteIsRefused() {
        for (Object value : List.of(Double.MAX_VALUE, BigInteger.TEN.pow(400))) {
            try (Store store = holding(value)) {
                Snapshot before = store.snapshot();
                assertThatExceptionOfType(UnsupportedValueException.class)
                        .isThrownBy(() -> store.increment(N, Double.MAX_VALUE))
                        .withMessageContaining("/n")
                        .withMessageContaining("not finite");
                assertThat(store.snapshot()).isSameAs(before);
            }
        }
        try (Store store = holding(1)) {
            for (Number by : Arrays.<Number>asList(Double.NaN, Float.NEGATIVE_INFINITY)) {
                assertThatExceptionOfType(UnsupportedValueException.class)
                        .isThrownBy(() -> store.increment(N, by))
                        .withMessageContaining(by.toString());
                assertThatExceptionOfType(UnsupportedValueException.class).isThrownBy(() -> store.decrement(N, by));
            }
        }
    }

    @Test
    void aSumOfTooManyDigitsIsRefusedAtOnce() {
        for (String huge :
                List.of("1E+300000000", "1E-300000000", "1E+1000000000", "-1E+2147483647", "7E-2147483647")) {
            try (Store store = Store.of(Map.of("n", new BigDecimal(huge), "one", 1))) {
                Snapshot before = store.snapshot();
                assertThatExceptionOfType(UnsupportedValueException.class)
                        .isThrownBy(() -> store.increment(N, 1))
                        .withMessageContaining("digits");
                assertThatExceptionOfType(UnsupportedValueException.class)
                        .isThrownBy(() -> store.increment("one", new BigDecimal(huge)));
                assertThatExceptionOfType(UnsupportedValueException.class).isThrownBy(() -> store.decrement(N, 0.1));
                assertThat(store.snapshot()).isSameAs(before);
            }
        }
    }

    @Test
    void hugeDecimalsOfOneSizeAdd() {
        try (Store store = holding(new BigDecimal("1E+1000000000"))) {
            assertThat(store.increment(N, new BigDecimal("2E+1000000000"))).isEqualTo(new BigDecimal("3E+1000000000"));
            assertThat(store.increment(N, new BigDecimal("1E+999999999"))).isEqualTo(new BigDecimal("31E+999999999"));
        }
        try (Store store = holding(new BigDecimal("1E-300"))) {
            assertThat(store.increment(N, new BigDecimal("1E+300")))
                    .isEqualTo(new BigDecimal("1E+300").add(new BigDecimal("1E-300")));
        }
    }

    @Test
    void onlyNumbersAreCounted() {
        for (Object value : Arrays.asList("1", null, true, Map.of(), List.of(1))) {
            try (Store store = holding(value)) {
                assertThatExceptionOfType(TypeMismatchException.class)
                        .isThrownBy(() -> store.increment(N))
                        .withMessageContaining("/n is ")
                        .withMessageContaining("not a number");
            }
        }
        try (Store store = Store.create()) {
            assertThatExceptionOfType(NoSuchPathException.class).isThrownBy(() -> store.increment(N));
            assertThatExceptionOfType(NoSuchPathException.class).isThrownBy(() -> store.decrement("n"));
            assertThatExceptionOfType(TypeMismatchException.class).isThrownBy(() -> store.increment(KeyPath.root()));
        }
    }
}
