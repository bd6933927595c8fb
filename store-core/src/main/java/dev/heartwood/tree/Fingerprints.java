package dev.heartwood.tree;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Hashes of 64 bits that equal trees share, and hardly any others.
 *
 * <p>The {@code hashCode} of the JDK's own leaves is no help where many are compared: all longs packed as
 * {@code i << 32 | i} have the hash 0, there are as many strings of one hash as you like, and the points {@code {x, y}}
 * of a grid have hardly more hashes than the grid has rows. So every bit of a leaf is stirred, and with a seed that
 * nobody outside this JVM knows. Opaque leaves have nothing but their own {@code hashCode}.
 */
final class Fingerprints extends TreeHash {
    private static final long SEED = new Random().nextLong();

    @Override
    long leaf(@Nullable Object leaf) {
        if (leaf instanceof String string) {
            return string(string);
        } else if (leaf instanceof Long number) {
            return stir(number + 1, 3);
        } else if (leaf instanceof Double number) {
            return stir(Double.doubleToLongBits(number), 5);
        } else if (leaf instanceof BigInteger number) {
            return bytes(number.toByteArray(), 7);
        } else if (leaf instanceof BigDecimal number) {
            return bytes(number.unscaledValue().toByteArray(), stir(number.scale(), 11));
        }
        return leaf == null ? stir(0, 13) : stir(leaf.hashCode(), 17);
    }

    @Override
    long start(boolean map) {
        return map ? 19 : 23;
    }

    @Override
    long withElement(long list, long element) {
        return stir(list, element);
    }

    @Override
    long withEntry(long map, String key, long value) {
        return map + stir(string(key), value);
    }

    private static long string(String string) {
        long hash = SEED;
        for (int i = 0; i < string.length(); i++) {
            hash = (hash ^ string.charAt(i)) * 0x9E3779B97F4A7C15L;
            hash ^= hash >>> 32;
        }
        return stir(hash, string.length());
    }

    private static long bytes(byte[] bytes, long start) {
        long hash = SEED ^ start;
        for (byte b : bytes) {
            hash = (hash ^ (b & 0xff)) * 0x9E3779B97F4A7C15L;
            hash ^= hash >>> 32;
        }
        return stir(hash, bytes.length);
    }

    /** Lets every bit bear on every other: the finalizer of SplitMix64 (G. Steele, D. Lea, C. Flood, 2014). */
    private static long stir(long a, long b) {
        long z = (a ^ SEED) * 0x9E3779B97F4A7C15L + b;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
