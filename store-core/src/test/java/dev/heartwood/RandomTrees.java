package dev.heartwood;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Seeded trees of plain collections with canonical leaves: nulls, colliding keys, keys that look like indices. */
final class RandomTrees {
    /** The first six have one hash; the rest are special cases for paths. */
    static final List<String> KEYS = List.of(
            "AaAa", "AaBB", "BBAa", "BBBB", "C#Aa", "C#BB", "a", "b", "user", "0", "1", "-", "", "/", "~1", "\u00e4 b");

    private final Random random;

    RandomTrees(long seed) {
        this.random = new Random(seed);
    }

    Random random() {
        return random;
    }

    String key() {
        return KEYS.get(random.nextInt(KEYS.size()));
    }

    Object leaf() {
        return switch (random.nextInt(12)) {
            case 0 -> null;
            case 1 -> true;
            case 2 -> "x";
            case 3 -> "y" + random.nextInt(3);
            case 4 -> 0.0;
            case 5 -> -0.0;
            case 6 -> 1.0;
            case 7 -> new BigDecimal("1.0");
            case 8 -> BigInteger.ONE.shiftLeft(64);
            default -> (long) random.nextInt(4);
        };
    }

    Object value(int depth) {
        int kind = depth <= 0 ? 9 : random.nextInt(10);
        return kind < 3 ? map(depth - 1) : kind < 6 ? list(depth - 1) : leaf();
    }

    Map<String, Object> map(int depth) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = random.nextInt(6); i > 0; i--) {
            map.put(key(), value(depth));
        }
        return map;
    }

    List<Object> list(int depth) {
        List<Object> list = new ArrayList<>();
        for (int i = random.nextInt(7); i > 0; i--) {
            list.add(value(depth));
        }
        return list;
    }

    /** A copy with some places changed, so that much is still equal. */
    Object mutated(Object plain, int depth) {
        if (random.nextInt(12) == 0) {
            return value(depth);
        }
        if (plain instanceof Map) {
            return mutatedMap(Plain.asMap(plain), depth);
        }
        return plain instanceof List ? mutatedList(Plain.asList(plain), depth) : plain;
    }

    Map<String, Object> mutatedMap(Map<String, Object> plain, int depth) {
        Map<String, Object> copy = new LinkedHashMap<>();
        plain.forEach((key, value) -> {
            if (random.nextInt(12) > 0) {
                copy.put(key, mutated(value, depth - 1));
            }
        });
        if (random.nextInt(3) == 0) {
            copy.put(key(), value(depth - 1));
        }
        return copy;
    }

    private List<Object> mutatedList(List<Object> plain, int depth) {
        List<Object> copy = new ArrayList<>();
        for (Object element : plain) {
            if (random.nextInt(10) == 0) {
                copy.add(value(depth - 1));
            }
            if (random.nextInt(10) > 0) {
                copy.add(mutated(element, depth - 1));
            }
        }
        return copy;
    }
}
