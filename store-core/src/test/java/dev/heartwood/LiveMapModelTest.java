package dev.heartwood;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.AbstractMap.SimpleEntry;
import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random operations on the live map have the same results and effects as on a ConcurrentHashMap. */
class LiveMapModelTest {
    private static final int KINDS = 37;
    private final ConcurrentMap<String, Object> model = new ConcurrentHashMap<>();
    private final Store store = Store.create();
    private final ConcurrentMap<String, Object> live = store.asMap();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void everyOperationIsThatOfAConcurrentHashMap(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 4_000; round++) {
            int kind = random.nextInt(KINDS);
            long arguments = random.nextLong();
            String label = "seed %d, round %d, operation %d".formatted(seed, round, kind);
            Object expected = apply(model, kind, new Random(arguments));
            assertThat(apply(live, kind, new Random(arguments))).as(label).isEqualTo(expected);
            assertThat(live).as(label).isEqualTo(model);
            assertThat(model).as(label).isEqualTo(live);
            // A JSON null is absent to all of them.
            store.init("null " + random.nextInt(2), null);
        }
    }

    private static String key(Random random) {
        return random.nextInt(6) == 0 ? "null " + random.nextInt(2) : "k" + random.nextInt(6);
    }

    /** Containers as a tree returns them, so that the model holds the same values as the store. */
    private static Object value(Random random) {
        return switch (random.nextInt(6)) {
            case 0 -> io.vavr.collection.Vector.<Object>of("x", (long) random.nextInt(2));
            case 1 -> io.vavr.collection.HashMap.<String, Object>of("k", (long) random.nextInt(2));
            case 2 -> random.nextBoolean();
            default -> (long) random.nextInt(3);
        };
    }

    private static BiFunction<Object, Object, Object> function(Random random) {
        Object result = random.nextInt(3) == 0 ? null : value(random);
        return random.nextInt(4) == 0 ? (one, two) -> two : (one, two) -> result;
    }

    private static Object apply(ConcurrentMap<String, Object> map, int kind, Random random) {
        String key = key(random);
        Object value = value(random);
        Object other = value(random);
        BiFunction<Object, Object, Object> function = function(random);
        List<Object> values = Arrays.asList(value, other);
        List<String> keys = List.of(key, key(random), key(random));
        Map.Entry<String, Object> entry = new SimpleEntry<>(key, value);
        List<Map.Entry<String, Object>> entries =
                List.of(entry, new SimpleEntry<>(key, other), new SimpleEntry<>(keys.get(1), other));
        return switch (kind) {
            case 0, 1, 2 -> map.put(key, value);
            case 3 -> map.get(key);
            case 4 -> map.getOrDefault(key, value);
            case 5 -> map.containsKey(key);
            case 6 -> map.containsValue(value);
            case 7 -> map.putIfAbsent(key, value);
            case 8 -> map.remove(key);
            case 9 -> map.remove(key, value);
            case 10 -> map.replace(key, value);
            case 11 -> map.replace(key, value, other);
            case 12 -> map.compute(key, (same, old) -> function.apply(same, old));
            case 13 -> map.computeIfAbsent(key, same -> function.apply(same, value));
            case 14 -> map.computeIfPresent(key, (same, old) -> function.apply(same, old));
            case 15 -> map.merge(key, value, function);
            case 16 -> done(() -> map.replaceAll((same, old) -> old.equals(value) ? other : old));
            case 17 -> done(() -> map.putAll(Map.of(key, value)));
            case 18 -> random.nextInt(20) == 0 && done(map::clear);
            case 19 -> map.isEmpty();
            case 20 -> map.size();
            case 21 -> sum(map);
            case 22 -> map.keySet().stream().sorted().toList();
            case 23 -> counts(map.values());
            case 24 ->
                map.entrySet().parallelStream().collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
            case 25 -> map.keySet().removeIf(each -> each.compareTo(key) < 0);
            case 26 -> map.values().removeIf(value::equals);
            case 27 -> map.entrySet().removeIf(each -> each.equals(entry));
            case 28 -> List.of(map.keySet().remove(key), map.keySet().removeAll(keys));
            case 29 -> map.values().removeAll(values);
            case 30 -> List.of(map.entrySet().remove(entry), map.entrySet().removeAll(entries));
            case 31 -> random.nextInt(5) == 0 && map.keySet().retainAll(keys);
            case 32 -> random.nextInt(5) == 0 && map.values().retainAll(values);
            case 33 -> random.nextInt(5) == 0 && map.entrySet().retainAll(entries);
            case 34 ->
                List.of(
                        map.keySet().containsAll(keys),
                        map.values().containsAll(values),
                        map.entrySet().containsAll(entries),
                        map.entrySet().contains(entry));
            case 35 ->
                List.of(map.hashCode(), map.keySet().hashCode(), map.entrySet().hashCode());
            default -> throughIterator(map, key, value);
        };
    }

    private static boolean done(Runnable action) {
        action.run();
        return true;
    }

    private static int sum(ConcurrentMap<String, Object> map) {
        int[] sum = new int[1];
        map.forEach((key, value) -> sum[0] += key.hashCode() ^ value.hashCode());
        return sum[0];
    }

    private static Map<Object, Long> counts(Collection<Object> values) {
        assertThat(values.toArray()).hasSameSizeAs(values.toArray(new Object[0]));
        return values.stream().collect(Collectors.groupingBy(value -> value, Collectors.counting()));
    }

    private static Object throughIterator(ConcurrentMap<String, Object> map, String key, Object value) {
        Object before = null;
        for (Iterator<Map.Entry<String, Object>> entries = map.entrySet().iterator(); entries.hasNext(); ) {
            Map.Entry<String, Object> entry = entries.next();
            if (entry.getKey().equals(key)) {
                before = entry.setValue(value);
                assertThat(entry.getValue()).isEqualTo(value);
            } else if (value.equals(entry.getValue())) {
                entries.remove();
            }
        }
        return Arrays.asList(before, map.get(key));
    }
}
