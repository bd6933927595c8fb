package dev.heartwood.json;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Trees of JSON values, each by its seed. */
final class RandomTrees {
    private static final String[] PIECES = {
        "a", "b", "key", "/", "~", "~1", "-", "0", "1", "01", " ", "\"", "\\", "\n", "\u0000", "\u001f", "é", "ß", "漢",
        "😀", "\u2028", "\uFEFF", "\uFFFF", "\uE000"
    };

    private final Random random;
    private final boolean forOthers;

    RandomTrees(long seed) {
        this(seed, false);
    }

    /** Trees that zjsonpatch can patch, too: without lone surrogates, and without keys that look like an escape. */
    RandomTrees(long seed, boolean forOthers) {
        this.random = new Random(seed);
        this.forOthers = forOthers;
    }

    Map<String, Object> map(int depth) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = random.nextInt(6); i > 0; i--) {
            map.put(string(), value(depth - 1));
        }
        return map;
    }

    Object value(int depth) {
        int kind = depth <= 0 ? random.nextInt(8) : random.nextInt(14);
        return switch (kind) {
            case 0 -> null;
            case 1 -> random.nextBoolean();
            case 2 -> (long) random.nextInt(5);
            case 3 -> random.nextLong();
            case 4 -> number();
            case 5, 6, 7 -> string();
            case 8, 9, 10 -> list(depth);
            default -> map(depth);
        };
    }

    Number number() {
        return switch (random.nextInt(8)) {
            case 0 -> new BigInteger(65 + random.nextInt(200), random).negate();
            case 1 -> new BigDecimal(new BigInteger(random.nextInt(120), random), random.nextInt(60) - 30);
            case 2 -> random.nextInt(1000) / 100.0;
            case 3 -> random.nextDouble();
            case 4 -> finite(Double.longBitsToDouble(random.nextLong()));
            case 5 -> random.nextBoolean() ? 0.0 : -0.0;
            case 6 -> Double.longBitsToDouble(random.nextLong() >>> 12 >>> random.nextInt(52)); // subnormal
            default -> (double) random.nextLong();
        };
    }

    private double finite(double d) {
        return Double.isFinite(d) ? d : 1.5;
    }

    List<Object> list(int depth) {
        List<Object> list = new ArrayList<>();
        for (int i = random.nextInt(6); i > 0; i--) {
            list.add(value(depth - 1));
        }
        return list;
    }

    String string() {
        StringBuilder string = new StringBuilder();
        for (int i = random.nextInt(4); i > 0; i--) {
            string.append(PIECES[random.nextInt(PIECES.length)]);
        }
        if (forOthers) {
            return string.toString().replaceAll("~[01]+", "~");
        }
        if (random.nextInt(20) == 0) {
            string.append((char) (0xD800 + random.nextInt(0x800)));
        }
        return string.toString();
    }

    /** The tree with one to three places changed, now and then nothing. */
    Object changed(Object value, int depth) {
        if (value instanceof Map<?, ?> map && random.nextInt(8) > 0) {
            Map<String, Object> next = new LinkedHashMap<>();
            map.forEach((key, child) -> {
                if (random.nextInt(6) > 0) {
                    next.put((String) key, random.nextInt(3) == 0 ? changed(child, depth - 1) : child);
                }
            });
            if (random.nextInt(3) == 0) {
                next.put(string(), value(depth - 1));
            }
            return next;
        }
        if (value instanceof List<?> list && random.nextInt(8) > 0) {
            List<Object> next = new ArrayList<>();
            for (Object child : list) {
                if (random.nextInt(5) == 0) {
                    next.add(value(depth - 1));
                }
                if (random.nextInt(5) > 0) {
                    next.add(random.nextInt(3) == 0 ? changed(child, depth - 1) : child);
                }
            }
            return next;
        }
        return random.nextInt(3) == 0 ? value(depth) : value;
    }
}
