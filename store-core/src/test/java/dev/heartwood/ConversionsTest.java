package dev.heartwood;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.vavr.collection.HashMap;
import io.vavr.collection.Seq;
import io.vavr.collection.Vector;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DayOfWeek;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Reading as a type: exactly, or not at all. */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ConversionsTest {
    private static final BigInteger TWO_64 = BigInteger.ONE.shiftLeft(64);
    private static final String EXACT_TENTH = "0.1000000000000000055511151231257827021181583404541015625";
    private static final long BEYOND_DOUBLE = (1L << 53) + 1;

    private static Store holding(Object value) {
        return Store.of(Collections.singletonMap("v", value));
    }

    static Stream<Arguments> exact() {
        return Stream.of(
                Arguments.of(5L, int.class, 5),
                Arguments.of(5L, Integer.class, 5),
                Arguments.of(5L, long.class, 5L),
                Arguments.of(5L, short.class, (short) 5),
                Arguments.of(5L, Byte.class, (byte) 5),
                Arguments.of(-128L, byte.class, (byte) -128),
                Arguments.of(5L, double.class, 5.0),
                Arguments.of(5L, float.class, 5f),
                Arguments.of(5L, BigInteger.class, BigInteger.valueOf(5)),
                Arguments.of(5L, BigDecimal.class, BigDecimal.valueOf(5)),
                Arguments.of(5L, Number.class, 5L),
                Arguments.of(5L, Object.class, 5L),
                Arguments.of(5L, Comparable.class, 5L),
                Arguments.of(5.0, int.class, 5),
                Arguments.of(5.0, BigInteger.class, BigInteger.valueOf(5)),
                Arguments.of(1e18, long.class, 1_000_000_000_000_000_000L),
                Arguments.of(0.1, BigDecimal.class, new BigDecimal("0.1")),
                Arguments.of(0.1, float.class, 0.1f),
                Arguments.of(0.5, float.class, 0.5f),
                Arguments.of(-0.0, double.class, -0.0),
                Arguments.of(-0.0, float.class, -0.0f),
                Arguments.of((double) Float.MIN_VALUE, float.class, Float.MIN_VALUE),
                Arguments.of((double) Float.MAX_VALUE, float.class, Float.MAX_VALUE),
                Arguments.of((double) (1L << 53), long.class, 1L << 53),
                Arguments.of(1L << 53, double.class, 0x1p53),
                Arguments.of(Long.MIN_VALUE, double.class, -0x1p63),
                Arguments.of(new BigDecimal("5.00"), int.class, 5),
                Arguments.of(new BigDecimal("0.1"), double.class, 0.1),
                Arguments.of(new BigDecimal("0.1"), float.class, 0.1f),
                Arguments.of(new BigDecimal(EXACT_TENTH), double.class, 0.1),
                Arguments.of((double) 0.1f, float.class, 0.1f),
                Arguments.of(new BigDecimal("1E+3"), short.class, (short) 1000),
                Arguments.of(new BigDecimal("1E+30"), BigInteger.class, BigInteger.TEN.pow(30)),
                Arguments.of(new BigDecimal("1E+300"), double.class, 1e300),
                Arguments.of(TWO_64, double.class, 0x1p64),
                Arguments.of(TWO_64, float.class, 0x1p64f),
                Arguments.of(TWO_64, BigInteger.class, TWO_64),
                Arguments.of(TWO_64, BigDecimal.class, new BigDecimal(TWO_64)),
                Arguments.of("c", char.class, 'c'),
                Arguments.of("c", Character.class, 'c'),
                Arguments.of("text", String.class, "text"),
                Arguments.of("text", CharSequence.class, "text"),
                Arguments.of(true, boolean.class, true),
                Arguments.of(DayOfWeek.MONDAY, DayOfWeek.class, DayOfWeek.MONDAY),
                Arguments.of(DayOfWeek.MONDAY, Enum.class, DayOfWeek.MONDAY));
    }

    @ParameterizedTest
    @MethodSource("exact")
    void whatLosesNothingIsConverted(Object value, Class<?> type, Object expected) {
        try (Store store = holding(value)) {
            assertThat((Object) store.get("v", type)).isEqualTo(expected);
            assertThat((Object) store.find("v", type).orElseThrow()).isEqualTo(expected);
            assertThat((Object) store.snapshot().get(KeyPath.of("v"), type)).isEqualTo(expected);
        }
    }

    static Stream<Arguments> inexact() {
        return Stream.of(
                Arguments.of(5.5, Integer.class),
                Arguments.of(5.5, BigInteger.class),
                Arguments.of(128L, byte.class),
                Arguments.of(-129L, byte.class),
                Arguments.of(32_768L, short.class),
                Arguments.of(1L << 31, int.class),
                Arguments.of(TWO_64, long.class),
                Arguments.of(0x1p63, long.class),
                Arguments.of(BEYOND_DOUBLE, double.class),
                Arguments.of(Long.MAX_VALUE, double.class),
                Arguments.of((1L << 24) + 1, float.class),
                Arguments.of(TWO_64.add(BigInteger.ONE), double.class),
                Arguments.of(BigInteger.TEN.pow(400), double.class),
                Arguments.of(0.1 + 0.2, float.class),
                Arguments.of(1e300, float.class),
                Arguments.of(1e-300, float.class),
                Arguments.of(-0.0, int.class),
                Arguments.of(-0.0, long.class),
                Arguments.of(-0.0, BigInteger.class),
                Arguments.of(-0.0, BigDecimal.class),
                Arguments.of(new BigDecimal("0.10000000000000001"), double.class),
                Arguments.of(new BigDecimal("5.01"), int.class),
                Arguments.of(new BigDecimal("1E+400"), double.class),
                Arguments.of(new BigDecimal("1E-400"), double.class),
                Arguments.of(5L, String.class),
                Arguments.of(5L, Boolean.class),
                Arguments.of(5L, AtomicLong.class),
                Arguments.of(5L, char.class),
                Arguments.of("5", int.class),
                Arguments.of("", char.class),
                Arguments.of("cc", char.class),
                Arguments.of(true, int.class),
                Arguments.of(true, String.class),
                Arguments.of(Map.of(), List.class),
                Arguments.of(List.of(), Map.class),
                Arguments.of(List.of(), Set.class),
                Arguments.of(List.of(), java.util.ArrayList.class),
                Arguments.of(List.of(), Object[].class),
                Arguments.of(DayOfWeek.MONDAY, String.class),
                Arguments.of(5L, void.class));
    }

    @ParameterizedTest
    @MethodSource("inexact")
    void whatWouldLoseSomethingIsRefused(Object value, Class<?> type) {
        try (Store store = holding(value)) {
            assertThatExceptionOfType(TypeMismatchException.class)
                    .isThrownBy(() -> store.get("v", type))
                    .withMessageContaining("/v is ")
                    .withMessageContaining(type.getSimpleName())
                    .satisfies(e -> assertThat(e.path()).isEqualTo(KeyPath.of("v")));
            assertThatExceptionOfType(TypeMismatchException.class).isThrownBy(() -> store.find("v", type));
        }
    }

    @Test
    void nullIsOfNoType() {
        try (Store store = holding(null)) {
            for (Class<?> type : List.of(Object.class, Integer.class, int.class, String.class, Map.class)) {
                assertThatExceptionOfType(TypeMismatchException.class)
                        .isThrownBy(() -> store.get("v", type))
                        .withMessageStartingWith("/v is null, not a");
                assertThat(store.find("v", type)).isEmpty();
            }
            assertThat(store.getOrDefault("v", Integer.class, 7)).isEqualTo(7);
        }
    }

    @Test
    @SuppressWarnings({"unchecked", "rawtypes"})
    void containersComeAsVavrHasThemOrAsViews() {
        try (Store store = Store.of(Map.of("m", Map.of("a", 1), "l", List.of(1)))) {
            assertThat(store.get("m", HashMap.class)).isSameAs(store.get("m"));
            assertThat(store.get("m", io.vavr.collection.Map.class)).isSameAs(store.get("m"));
            assertThat(store.get("m", Map.class)).isEqualTo(Map.of("a", 1L));
            assertThat(store.get("m", Object.class)).isSameAs(store.get("m"));
            assertThat(store.get("l", Vector.class)).isSameAs(store.get("l"));
            assertThat(store.get("l", Seq.class)).isSameAs(store.get("l"));
            assertThat(store.get("l", List.class)).isEqualTo(List.of(1L));
            assertThat(store.get("l", Collection.class)).isEqualTo(List.of(1L));
            assertThat(store.get(KeyPath.root(), Map.class)).hasSize(2);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1E+1000000000",
                "1E+300000000",
                "1E-300000000",
                "1E-1000000000",
                "-1E+2147483647",
                "1E-2147483647",
                "12345E+999999999",
                "0.1E-999999999"
            })
    void hugeExponentsAreAnsweredAtOnce(String number) {
        try (Store store = holding(new BigDecimal(number))) {
            for (Class<?> type : List.of(
                    int.class, long.class, short.class, byte.class, double.class, float.class, BigInteger.class)) {
                assertThatExceptionOfType(TypeMismatchException.class).isThrownBy(() -> store.get("v", type));
            }
            assertThat(store.get("v", BigDecimal.class)).isEqualTo(new BigDecimal(number));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0E+1000000000", "0E-1000000000", "0E-300000000", "0E+300000000", "0E+2147483647", "0.00"})
    void zeroIsZeroWhateverItsExponent(String number) {
        try (Store store = holding(new BigDecimal(number))) {
            assertThat(store.get("v", int.class)).isZero();
            assertThat(store.get("v", long.class)).isZero();
            assertThat(store.get("v", BigInteger.class)).isZero();
            assertThat(store.get("v", double.class)).isEqualTo(0.0);
            assertThat(store.get("v", float.class)).isEqualTo(0f);
        }
    }

    @Test
    void typedUpdatesAndMergesConvertBothWays() {
        try (Store store = Store.of(Map.of("n", 1, "c", 'a', "l", List.of(1)))) {
            assertThat(store.update("n", Integer.class, n -> n + 1)).isEqualTo(2);
            assertThat(store.update("n", int.class, n -> n + 1)).isEqualTo(3);
            assertThat(store.get("n")).isEqualTo(3L);
            assertThat(store.update("n", BigDecimal.class, n -> n.add(BigDecimal.ONE)))
                    .isEqualTo(BigDecimal.valueOf(4));
            assertThat(store.update("c", Character.class, c -> (char) (c + 1))).isEqualTo('b');
            assertThat(store.get("c")).isEqualTo("b");
            assertThat(store.merge("hits", Integer.class, 1, Integer::sum)).isEqualTo(1);
            assertThat(store.merge("hits", Integer.class, 1, Integer::sum)).isEqualTo(2);
            assertThat(store.get("hits")).isEqualTo(2L);
            assertThat(store.merge("hits", Integer.class, 1, (a, b) -> null)).isNull();
            assertThat(store.contains("hits")).isFalse();
        }
    }

    @Test
    void aTypedUpdateThatFailsChangesNothing() {
        try (Store store = Store.of(Map.of("n", 1.5, "l", List.of(1)))) {
            Snapshot before = store.snapshot();
            assertThatExceptionOfType(TypeMismatchException.class)
                    .isThrownBy(() -> store.update("n", Integer.class, n -> n + 1));
            assertThatExceptionOfType(TypeMismatchException.class)
                    .isThrownBy(() -> store.update("n", Double.class, n -> null))
                    .withMessageContaining("/n");
            assertThatExceptionOfType(TypeMismatchException.class)
                    .isThrownBy(() -> store.at("n").typed(Double.class).update(n -> null))
                    .withMessageContaining("/n");
            assertThatExceptionOfType(TypeMismatchException.class)
                    .isThrownBy(() -> store.merge("n", Integer.class, 1, Integer::sum));
            assertThatExceptionOfType(TypeMismatchException.class)
                    .isThrownBy(() -> store.merge("new", AtomicLong.class, new AtomicLong(1), (a, b) -> b));
            assertThatExceptionOfType(TypeMismatchException.class)
                    .isThrownBy(() -> store.merge("new", Set.class, Set.of(1), (a, b) -> b));
            assertThat(store.snapshot()).isSameAs(before);
        }
    }
}
