package dev.heartwood;

import static org.assertj.core.api.Assertions.assertThat;

import io.vavr.collection.HashMap;
import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.LinkedHashSet;
import io.vavr.collection.Vector;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.Instant;
import java.util.AbstractMap.SimpleEntry;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Hashtable;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Properties;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.DoubleAccumulator;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The freezing of each kind of value. */
class FreezeKindsTest {
    private final Store store = Store.create();

    private Object frozen(Object value) {
        store.put("value", value);
        return store.get("value");
    }

    @SuppressWarnings({"JdkObsolete", "IdentityHashMapUsage"}) // they may come
    static Stream<Map<String, ?>> javaMaps() {
        Map<String, Object> identity = new IdentityHashMap<>();
        identity.put("a", 1);
        return Stream.of(
                Map.of("a", 1),
                new java.util.HashMap<>(Map.of("a", 1)),
                new java.util.LinkedHashMap<>(Map.of("a", 1)),
                new TreeMap<>(Map.of("a", 1)),
                new Hashtable<>(Map.of("a", 1)),
                new ConcurrentHashMap<>(Map.of("a", 1)),
                new ConcurrentSkipListMap<>(Map.of("a", 1)),
                Collections.singletonMap("a", 1),
                Collections.unmodifiableMap(new TreeMap<>(Map.of("a", 1))),
                identity,
                HashMap.of("a", 1).toJavaMap());
    }

    @ParameterizedTest
    @MethodSource("javaMaps")
    void everyJavaMapBecomesAHashMap(Map<String, ?> map) {
        assertThat(frozen(map)).isEqualTo(HashMap.of("a", 1L));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 8, 9, 16, 17, 64, 65, 300})
    void aMapOfAnySizeBecomesTheMapOfItsEntries(int size) {
        Map<String, Object> java = new java.util.HashMap<>();
        HashMap<String, Object> vavr = HashMap.empty();
        for (int i = 0; i < size; i++) {
            // Pairs of keys that share a hash code, as "Aa" and "BB" do.
            String key = (i % 2 == 0 ? "Aa" : "BB") + i / 2;
            java.put(key, i % 5 == 0 ? Map.of("n", i) : i);
            vavr = vavr.put(key, i % 5 == 0 ? HashMap.of("n", (long) i) : Long.valueOf(i));
        }
        assertThat(frozen(java)).isEqualTo(vavr);
        assertThat(frozen(new java.util.LinkedHashMap<>(java))).isEqualTo(vavr);
        assertThat(frozen(List.of(java, java))).isEqualTo(Vector.of(vavr, vavr));
    }

    @Test
    @SuppressWarnings("IdentityHashMapUsage") // they may come
    void aMapThatHoldsAKeyTwiceGivesItOneOfItsValues() {
        for (int size : new int[] {1, 8, 9, 100}) {
            Map<String, Object> twice = new IdentityHashMap<>();
            for (int i = 0; i < size; i++) {
                twice.put("key" + i, "first");
                twice.put("key" + i, "second"); // another String
            }
            assertThat(twice).hasSize(2 * size);
            HashMap<?, ?> node = (HashMap<?, ?>) frozen(twice);
            assertThat(node.size()).isEqualTo(size);
            assertThat(node.values().forAll(value -> "first".equals(value) || "second".equals(value)))
                    .isTrue();
        }
    }

    @Test
    void propertiesBecomeAHashMap() {
        Properties properties = new Properties();
        properties.setProperty("a", "1");
        assertThat(frozen(properties)).isEqualTo(HashMap.of("a", "1"));
    }

    @Test
    void everyVavrMapBecomesAHashMap() {
        for (Object map :
                new Object[] {HashMap.of("a", 1), LinkedHashMap.of("a", 1), io.vavr.collection.TreeMap.of("a", 1)}) {
            assertThat(frozen(map)).isInstanceOf(HashMap.class).isEqualTo(HashMap.of("a", 1L));
        }
    }

    @SuppressWarnings("JdkObsolete") // they may come
    static Stream<Object> lists() {
        return Stream.of(
                List.of(1, "a"),
                Arrays.asList(1, "a"),
                new LinkedList<>(List.of(1, "a")),
                new java.util.ArrayList<>(List.of(1, "a")),
                new CopyOnWriteArrayList<>(List.of(1, "a")),
                new java.util.Vector<>(List.of(1, "a")),
                new ArrayDeque<>(List.of(1, "a")),
                new java.util.LinkedHashSet<>(List.of(1, "a")),
                Collections.unmodifiableCollection(List.of(1, "a")),
                Arguments.of((Object) new Object[] {1, "a"}),
                Vector.of(1, "a"),
                io.vavr.collection.List.of(1, "a"),
                io.vavr.collection.Queue.of(1, "a"),
                io.vavr.collection.Array.of(1, "a"),
                LinkedHashSet.of(1, "a"),
                List.of(0, 1, "a", 2).subList(1, 3));
    }

    @ParameterizedTest
    @MethodSource("lists")
    void everySequenceBecomesAVector(Object list) {
        assertThat(frozen(list)).isInstanceOf(Vector.class).isEqualTo(Vector.of(1L, "a"));
    }

    @Test
    void setsAndQueuesBecomeVectorsInTheirOrder() {
        assertThat(frozen(new TreeSet<>(List.of(2, 1)))).isEqualTo(Vector.of(1L, 2L));
        assertThat(frozen(new PriorityQueue<>(List.of(1)))).isEqualTo(Vector.of(1L));
        assertThat(frozen(new HashSet<>(List.of("a")))).isEqualTo(Vector.of("a"));
        assertThat(frozen(io.vavr.collection.TreeSet.of(2, 1))).isEqualTo(Vector.of(1L, 2L));
        assertThat(frozen(io.vavr.collection.HashSet.of(1))).isEqualTo(Vector.of(1L));
        assertThat(frozen(Map.of("a", 1).values())).isEqualTo(Vector.of(1L));
        assertThat(frozen(io.vavr.collection.List.range(0, 3))).isEqualTo(Vector.of(0L, 1L, 2L));
    }

    static Stream<Arguments> arrays() {
        return Stream.of(
                Arguments.of(new int[] {1, 2}, Vector.of(1L, 2L)),
                Arguments.of(new long[] {1, Long.MIN_VALUE}, Vector.of(1L, Long.MIN_VALUE)),
                Arguments.of(new short[] {1}, Vector.of(1L)),
                Arguments.of(new byte[] {-1}, Vector.of(-1L)),
                Arguments.of(new char[] {'a', 'b'}, Vector.of("a", "b")),
                Arguments.of(new boolean[] {true, false}, Vector.of(true, false)),
                Arguments.of(new double[] {0.5, -0.0}, Vector.of(0.5, -0.0)),
                Arguments.of(new float[] {0.1f}, Vector.of(0.1)),
                Arguments.of(new String[] {"a", null}, Vector.of("a", null)),
                Arguments.of(new int[][] {{1}, {}}, Vector.of(Vector.of(1L), Vector.empty())),
                Arguments.of(
                        new Object[] {new long[] {1}, Map.of("a", new char[0])},
                        Vector.of(Vector.of(1L), HashMap.of("a", Vector.empty()))),
                Arguments.of(new Object[0], Vector.empty()));
    }

    @ParameterizedTest
    @MethodSource("arrays")
    void everyArrayBecomesAVector(Object array, Object expected) {
        assertThat(frozen(array)).isEqualTo(expected);
    }

    static Stream<Arguments> scalars() {
        LongAdder adder = new LongAdder();
        adder.add(7);
        LongAccumulator most = new LongAccumulator(Math::max, 3);
        DoubleAdder doubles = new DoubleAdder();
        doubles.add(0.5);
        return Stream.of(
                Arguments.of(null, null),
                Arguments.of("text", "text"),
                Arguments.of("", ""),
                Arguments.of(true, true),
                Arguments.of('c', "c"),
                Arguments.of(1, 1L),
                Arguments.of((short) 1, 1L),
                Arguments.of((byte) -1, -1L),
                Arguments.of(1L, 1L),
                Arguments.of(1.5, 1.5),
                Arguments.of(0.1f, 0.1),
                Arguments.of(0.0f, 0.0),
                Arguments.of(-0.0f, -0.0),
                Arguments.of(Float.MIN_VALUE, 1.4E-45),
                Arguments.of(16777216f, 1.6777216E7),
                Arguments.of(BigInteger.TEN, 10L),
                Arguments.of(BigInteger.ONE.shiftLeft(63), BigInteger.ONE.shiftLeft(63)),
                Arguments.of(new BigDecimal("1.50"), new BigDecimal("1.50")),
                Arguments.of(new BigDecimal("5"), new BigDecimal("5")),
                Arguments.of(new AtomicInteger(5), 5L),
                Arguments.of(new AtomicLong(5), 5L),
                Arguments.of(adder, 7L),
                Arguments.of(most, 3L),
                Arguments.of(doubles, 0.5),
                Arguments.of(new DoubleAccumulator(Math::max, 0.25), 0.25),
                Arguments.of(new AtomicBoolean(true), true));
    }

    @ParameterizedTest
    @MethodSource("scalars")
    void everyScalarHasOneForm(Object value, Object expected) {
        assertThat(frozen(value)).isEqualTo(expected);
        assertThat(Plain.of(frozen(Arrays.asList(value, value)))).isEqualTo(Arrays.asList(expected, expected));
    }

    @Test
    void aCounterIsTakenAtItsValue() {
        AtomicLong counter = new AtomicLong(1);
        store.put("n", counter);
        counter.set(2);
        assertThat(store.get("n")).isEqualTo(1L);
    }

    record Point(int x, int y) {}

    record Pair(int left, int right) implements Iterable<Integer> {
        @Override
        public Iterator<Integer> iterator() {
            return List.of(left, right).iterator();
        }
    }

    static Stream<Object> opaque() {
        return Stream.of(
                DayOfWeek.MONDAY,
                Instant.EPOCH,
                new UUID(1, 2),
                new Point(1, 2),
                new Pair(1, 2),
                Path.of("a", "b"),
                java.net.URI.create("x:y"),
                Optional.of("a"),
                java.util.Locale.ROOT,
                KeyPath.of("a"),
                FreezeKindsTest.class);
    }

    @ParameterizedTest
    @MethodSource("opaque")
    void whatTheCallerVouchesForIsALeafAsItIs(Object value) {
        assertThat(frozen(value)).isSameAs(value);
        assertThat(store.leaves("value").map(Map.Entry::getValue)).containsExactly(value);
        assertThat(store.get("value", value.getClass())).isSameAs(value);
    }

    @Test
    void opaqueLeavesCompareByTheirOwnEquals() {
        store.put("p", new Point(1, 2));
        long version = store.version();
        store.put("p", new Point(1, 2));
        assertThat(store.version()).isEqualTo(version);
        assertThat(store.replace("p", new Point(1, 2), new Point(2, 2))).isTrue();
    }

    @Test
    void enumKeysAreNoStrings() {
        Map<DayOfWeek, Object> map = new EnumMap<>(DayOfWeek.class);
        assertThat(frozen(map)).isEqualTo(HashMap.empty());
        assertThat(frozen(new SimpleEntry<>("a", 1))).isInstanceOf(SimpleEntry.class);
    }

    @Test
    void emptyContainersStayEmptyContainers() {
        assertThat(frozen(Map.of())).isEqualTo(HashMap.empty());
        assertThat(frozen(List.of())).isEqualTo(Vector.empty());
        assertThat(frozen(HashMap.empty())).isEqualTo(HashMap.empty());
        assertThat(frozen(io.vavr.collection.List.empty())).isEqualTo(Vector.empty());
    }

    @Test
    void aSnapshotStandsForItsTree() {
        store.put("a", Map.of("b", List.of(1)));
        Snapshot snapshot = store.snapshot();
        store.put("old", snapshot);
        assertThat(store.get("old")).isSameAs(snapshot.root());
    }
}
