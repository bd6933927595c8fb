package dev.heartwood.tree;

import io.vavr.collection.Vector;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/**
 * The private fields of Vavr's vector, the class {@code io.vavr.collection.BitMappedTrie} as of 1.0.1, where
 * {@link TrieAccess} may look. Ask {@link #isOpen} before anything else: nothing depends on this either.
 */
@SuppressWarnings("NullAway") // a missing class or method is null, and then isOpen() is false and nothing is read
final class VectorAccess {
    static final int BITS = 5;
    static final int WIDTH = 1 << BITS;

    private static final Logger LOGGER = System.getLogger("dev.heartwood");
    private static final Class<?> TRIE_CLASS = trieClass();
    private static final MethodHandle TRIE = TrieAccess.getter(Vector.class, "trie", Object.class);
    private static final MethodHandle ARRAY = TrieAccess.getter(TRIE_CLASS, "array", Object.class);
    private static final MethodHandle OFFSET = TrieAccess.getter(TRIE_CLASS, "offset", int.class);
    private static final MethodHandle SHIFT = TrieAccess.getter(TRIE_CLASS, "depthShift", int.class);

    private static final boolean OPEN = TrieAccess.isOpen() && tryOut();

    private VectorAccess() {}

    /** Whether the fields can be read. */
    static boolean isOpen() {
        return OPEN;
    }

    private static @Nullable Class<?> trieClass() {
        try {
            return Vector.class.getDeclaredField("trie").getType();
        } catch (NoSuchFieldException e) {
            return null;
        }
    }

    /** Looks where known lists must share their nodes, so that a Vavr that only looks the same is not trusted. */
    private static boolean tryOut() {
        Vector<Integer> list = Vector.tabulate(2_100, i -> i);
        Vector<Integer> longer = list.prepend(-1).append(2_100).update(1_100, 0);
        boolean right;
        try {
            int shifted = offset(longer) + 1;
            right = offset(list) == 0
                    && shift(list) == 2 * BITS
                    && node(list, 0, BITS) == node(longer, shifted, BITS)
                    && node(list, 1_120, 0) == node(longer, shifted + 1_120, 0)
                    && node(list, 1_099, 0) != node(longer, shifted + 1_099, 0)
                    && ((Object[]) node(list, 1_120, 0))[31].equals(1_151);
        } catch (RuntimeException | LinkageError | AssertionError e) {
            LOGGER.log(Level.DEBUG, "a vector could not be read", e);
            right = false;
        }
        if (!right) {
            LOGGER.log(
                    Level.INFO,
                    "this Vavr's vectors look different inside than 1.0.1's: lists are compared element by element, which"
                            + " is correct and slower");
        }
        return right;
    }

    /** The place of the first element in the trie. */
    static int offset(Vector<?> list) {
        try {
            return (int) OFFSET.invokeExact((Object) TRIE.invokeExact((Object) list));
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    /** The number of index bits below those that choose among the children of the root: 0 if it has none. */
    static int shift(Vector<?> list) {
        try {
            return (int) SHIFT.invokeExact((Object) TRIE.invokeExact((Object) list));
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    /** The array around a place whose own children have {@code shift} bits; at 0, the elements, maybe primitive. */
    static Object node(Vector<?> list, int place, int shift) {
        try {
            Object node = (Object) ARRAY.invokeExact((Object) TRIE.invokeExact((Object) list));
            for (int level = shift(list); level > shift; level -= BITS) {
                node = ((Object[]) node)[(place >> level) & (WIDTH - 1)];
            }
            return node;
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    private static AssertionError impossible(Throwable e) {
        return new AssertionError("a field that was found cannot be read", e);
    }
}
