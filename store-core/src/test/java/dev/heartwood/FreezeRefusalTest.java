package dev.heartwood;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.vavr.Lazy;
import io.vavr.collection.CharSeq;
import io.vavr.collection.HashMap;
import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Vector;
import io.vavr.control.Option;
import java.io.StringReader;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.Date;
import java.util.GregorianCalendar;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Scanner;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicMarkableReference;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.AtomicStampedReference;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Values that no tree can hold. The message names the place of the value. */
class FreezeRefusalTest {
    private static final KeyPath AT = KeyPath.of("at");

    private final Store store = Store.of(Map.of("at", Map.of("old", 1)));

    private void refused(Object value, Object... path) {
        Snapshot before = store.snapshot();
        UnsupportedValueException e = catchThrowableOfType(UnsupportedValueException.class, () -> store.put(AT, value));
        assertThat(e).isNotNull();
        assertThat(e.path()).isEqualTo(KeyPath.of(path));
        assertThat(e).hasMessageContaining(KeyPath.of(path).toString());
        assertThat(store.snapshot()).isSameAs(before);
    }

    @SuppressWarnings({"JavaUtilDate", "JdkObsolete", "UnnecessaryStringBuilder"}) // they may come
    static Stream<Object> mutable() {
        return Stream.of(
                new StringBuilder("a"),
                new StringBuffer("a"),
                CharBuffer.wrap("a"),
                CharSeq.of("a"),
                new Date(0),
                new GregorianCalendar(),
                List.of(1).iterator(),
                io.vavr.collection.Iterator.of(1),
                io.vavr.collection.Stream.of(1),
                Stream.of(1),
                IntStream.of(1),
                Collections.enumeration(List.of(1)),
                List.of(1).spliterator(),
                new Scanner("a"),
                new StringReader("a"),
                new AtomicReference<>("a"),
                new AtomicIntegerArray(1),
                new AtomicLongArray(1),
                new AtomicReferenceArray<>(1),
                new AtomicMarkableReference<>("a", true),
                new AtomicStampedReference<>("a", 1),
                new BitSet(),
                ByteBuffer.allocate(1),
                CompletableFuture.completedFuture("a"),
                Option.of(1),
                Lazy.of(() -> 1),
                io.vavr.collection.PriorityQueue.of(1),
                io.vavr.collection.HashMultimap.withSeq().of("a", 1),
                (Iterable<Object>) Collections::emptyIterator);
    }

    @ParameterizedTest
    @MethodSource("mutable")
    void whatCanChangeIsRefusedWithItsPath(Object value) {
        refused(value, "at");
        refused(Arrays.asList(1, value), "at", 1);
        refused(Map.of("k/~", new Object[] {HashMap.of("x", value)}), "at", "k/~", 0, "x");
    }

    @Test
    void aStoreATransactionAndAHandleAreNoValues() {
        refused(store, "at");
        refused(List.of(store.at("at")), "at", 0);
        assertThatExceptionOfType(UnsupportedValueException.class)
                .isThrownBy(() -> store.batch(tx -> tx.put("tx", tx)))
                .withMessageContaining("/tx");
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void numbersThatAreNotFiniteAreRefused(double number) {
        refused(number, "at");
        refused((float) number, "at");
        refused(new double[] {1, number}, "at", 1);
        refused(Vector.of(HashMap.of("n", number)), "at", 0, "n");
        DoubleAdder adder = new DoubleAdder();
        adder.add(number);
        refused(adder, "at");
    }

    @Test
    void foreignNumbersAreRefused() {
        refused(
                new Number() {
                    private static final long serialVersionUID = 1L;

                    @Override
                    public int intValue() {
                        return 0;
                    }

                    @Override
                    public long longValue() {
                        return 0;
                    }

                    @Override
                    public float floatValue() {
                        return 0;
                    }

                    @Override
                    public double doubleValue() {
                        return 0;
                    }
                },
                "at");
        refused(
                List.of(new BigInteger("1") {
                    private static final long serialVersionUID = 1L;
                }),
                "at",
                0);
        refused(
                List.of(new BigDecimal("1") {
                    private static final long serialVersionUID = 1L;
                }),
                "at",
                0);
    }

    @Test
    void aKeyThatIsNoStringIsRefusedInEveryMap() {
        refused(Map.of(1, "a"), "at");
        refused(Map.of("m", Map.of('c', 1)), "at", "m");
        refused(HashMap.of("m", HashMap.of(1, 1)), "at", "m");
        refused(LinkedHashMap.of(List.of(), 1), "at");
        refused(List.of(0, io.vavr.collection.TreeMap.of(1L, 1)), "at", 1);
    }

    @Test
    void aNullKeyIsRefusedInEveryMap() {
        refused(Collections.singletonMap(null, 1), "at");
        refused(HashMap.of("m", HashMap.of(null, 1)), "at", "m");
        refused(LinkedHashMap.of(null, 1), "at");
        assertThatExceptionOfType(UnsupportedValueException.class)
                .isThrownBy(() -> Store.of(Collections.singletonMap(null, 1)))
                .withMessage("unsupported value at the root: a null key, expected a String");
    }

    @Test
    void aCycleIsRefusedWhereItCloses() {
        List<Object> list = new ArrayList<>();
        list.add(list);
        refused(list, "at", 0);

        Map<String, Object> map = new java.util.HashMap<>();
        map.put("a", List.of(1, Map.of("b", map)));
        refused(Map.of("x", map), "at", "x", "a", 1, "b");

        Object[] array = {1, null};
        array[1] = Vector.of(HashMap.of("up", array));
        refused(array, "at", 1, 0, "up");
    }

    @Test
    void theSameContainerTwiceIsNoCycle() {
        List<Integer> shared = List.of(1);
        store.put(AT, List.of(shared, Map.of("a", shared), shared));
        assertThat(store.getList(AT)).hasToString("[[1], {a=[1]}, [1]]");
    }

    @Test
    void aRefusalSaysWhatWasThereAndWhatToDo() {
        assertThatExceptionOfType(UnsupportedValueException.class)
                .isThrownBy(() -> store.put("at", CharBuffer.allocate(1)))
                .withMessage("unsupported value at /at: a java.nio.HeapCharBuffer can change: call toString()");
        assertThatExceptionOfType(UnsupportedValueException.class)
                .isThrownBy(() -> store.put("at", Double.NaN))
                .withMessageContaining("NaN is not finite");
        assertThatExceptionOfType(UnsupportedValueException.class)
                .isThrownBy(() -> store.put("at", Map.of(7, "a")))
                .withMessageContaining("the key 7 is a java.lang.Integer, expected a String");
    }

    @Test
    void everyWriteRefuses() {
        Object bad = new BitSet();
        Snapshot before = store.snapshot();
        List<Runnable> writes = List.of(
                () -> store.put("at", bad),
                () -> store.set("at", bad),
                () -> store.init("new", bad),
                () -> store.update("at", old -> bad),
                () -> store.update("at", Object.class, old -> bad),
                () -> store.updateMap("at", old -> old.put("x", bad)),
                () -> store.merge("at", bad, (a, b) -> b),
                () -> store.merge("at", 1, (a, b) -> bad),
                () -> store.append("at", bad),
                () -> store.insert(KeyPath.of("at", 0), bad),
                () -> store.concat("at", bad),
                () -> store.replace("at", bad, 1),
                () -> store.replace("at", Map.of("old", 1), bad),
                () -> store.put(KeyPath.root(), Map.of("x", bad)),
                () -> store.batch(tx -> tx.put("at", bad)),
                () -> Store.of(Map.of("x", bad)),
                () -> Store.of(HashMap.of("x", bad)));
        for (Runnable write : writes) {
            assertThatExceptionOfType(UnsupportedValueException.class).isThrownBy(write::run);
            assertThat(store.snapshot()).isSameAs(before);
        }
    }

    @Test
    void anIteratorIsNotReadBeforeItIsRefused() {
        Iterator<Integer> iterator = List.of(1).iterator();
        refused(List.of(iterator), "at", 0);
        assertThat(iterator.hasNext()).isTrue();
    }
}
