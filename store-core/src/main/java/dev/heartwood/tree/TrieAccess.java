package dev.heartwood.tree;

import io.vavr.collection.HashMap;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The private fields of Vavr's hash trie, the classes in {@code io.vavr.collection.HashArrayMappedTrieModule} as of
 * 1.0.1, through method handles that are found once. Ask {@link #isOpen} before anything else.
 *
 * <p>Vavr offers no other way to its nodes. Nothing depends on this: where it cannot be had, because Vavr is a named
 * module that is not open to this one or looks different inside, maps are compared entry by entry. To open it on the
 * module path: {@code --add-opens io.vavr/io.vavr.collection=dev.heartwood.core}. To leave it closed everywhere:
 * {@code -Ddev.heartwood.keepVavrClosed=true}.
 */
@SuppressWarnings("NullAway") // a missing class or method is null, and then isOpen() is false and nothing is read
final class TrieAccess {
    private static final Logger LOGGER = System.getLogger("dev.heartwood");

    // Static and final, so that the JIT knows them and inlines the reads.
    private static final Class<?> EMPTY = node("EmptyNode");
    private static final Class<?> INDEXED = node("IndexedNode");
    private static final Class<?> ARRAY = node("ArrayNode");
    private static final Class<?> SINGLE = node("LeafSingleton");
    private static final Class<?> SEVERAL = node("LeafList");
    private static final MethodHandle TRIE = getter(HashMap.class, "trie", Object.class);
    private static final MethodHandle BITMAP = getter(INDEXED, "bitmap", int.class);
    private static final MethodHandle INDEXED_NODES = getter(INDEXED, "subNodes", Object[].class);
    private static final MethodHandle INDEXED_SIZE = getter(INDEXED, "size", int.class);
    private static final MethodHandle ARRAY_NODES = getter(ARRAY, "subNodes", Object[].class);
    private static final MethodHandle ARRAY_COUNT = getter(ARRAY, "count", int.class);
    private static final MethodHandle ARRAY_SIZE = getter(ARRAY, "size", int.class);
    private static final MethodHandle SINGLE_HASH = getter(SINGLE, "hash", int.class);
    private static final MethodHandle SINGLE_KEY = getter(SINGLE, "key", Object.class);
    private static final MethodHandle SINGLE_VALUE = getter(SINGLE, "value", Object.class);
    private static final MethodHandle SEVERAL_HASH = getter(SEVERAL, "hash", int.class);
    private static final MethodHandle SEVERAL_KEY = getter(SEVERAL, "key", Object.class);
    private static final MethodHandle SEVERAL_VALUE = getter(SEVERAL, "value", Object.class);
    private static final MethodHandle TAIL = getter(SEVERAL, "tail", Object.class);

    private static final boolean OPEN = !Boolean.getBoolean("dev.heartwood.keepVavrClosed") && tryOut();

    private TrieAccess() {}

    /** Whether the fields can be read. */
    static boolean isOpen() {
        return OPEN;
    }

    private static @Nullable Class<?> node(String name) {
        try {
            return Class.forName("io.vavr.collection.HashArrayMappedTrieModule$" + name);
        } catch (ClassNotFoundException | LinkageError e) {
            return null;
        }
    }

    static @Nullable MethodHandle getter(@Nullable Class<?> owner, String field, Class<?> type) {
        try {
            MethodHandles.Lookup lookup = MethodHandles.privateLookupIn(owner, MethodHandles.lookup());
            MethodHandle getter = lookup.unreflectGetter(owner.getDeclaredField(field));
            return getter.asType(MethodType.methodType(type, Object.class));
        } catch (ReflectiveOperationException | RuntimeException e) {
            return null;
        }
    }

    /** Finds known differences between known maps, so that a Vavr that only looks the same is not trusted. */
    private static boolean tryOut() {
        Module vavr = HashMap.class.getModule();
        if (!vavr.isOpen(HashMap.class.getPackageName(), TrieAccess.class.getModule())) {
            LOGGER.log(Level.DEBUG, "io.vavr.collection is not open to {0}: maps are compared entry by entry", vavr);
            return false;
        }
        HashMap<String, Object> before = HashMap.empty();
        for (int i = 0; i < 100; i++) {
            before = before.put("key" + i, i);
        }
        before = before.put("Aa", "one hash").put("BB", "two keys");
        HashMap<String, Object> after = before.put("key7", "other").remove("BB").put("new", true);
        Set<String> found = new TreeSet<>();
        try {
            SharedTries.forEach(before, after, (key, old, now) -> found.add(key + ": " + old + " -> " + now));
        } catch (RuntimeException | LinkageError | AssertionError e) {
            found.add(e.toString());
        }
        boolean right = found.equals(Set.of("key7: 7 -> other", "BB: two keys -> missing", "new: missing -> true"));
        if (!right) {
            LOGGER.log(
                    Level.INFO,
                    "this Vavr looks different inside than 1.0.1: maps are compared entry by entry, which is correct and"
                            + " slower (found {0})",
                    found);
        }
        return right;
    }

    static Object trie(HashMap<?, ?> map) {
        try {
            return (Object) TRIE.invokeExact((Object) map);
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    /** Whether the node has children by fragments of the hash. */
    static boolean branches(@Nullable Object node) {
        return node != null && (node.getClass() == INDEXED || node.getClass() == ARRAY);
    }

    static boolean isEmpty(Object node) {
        return node.getClass() == EMPTY;
    }

    /** The children of an array node, one for each fragment; null for other nodes. */
    static Object @Nullable [] arrayNodes(@Nullable Object node) {
        try {
            return node != null && node.getClass() == ARRAY ? (Object[]) ARRAY_NODES.invokeExact(node) : null;
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    /** The children of a node that branches; null for other nodes. */
    static Object @Nullable [] children(Object node) {
        try {
            return node.getClass() == INDEXED
                    ? (Object[]) INDEXED_NODES.invokeExact(node)
                    : node.getClass() == ARRAY ? (Object[]) ARRAY_NODES.invokeExact(node) : null;
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    /** Whether the node is a leaf alone: no other key of its map has the same hash. */
    static boolean isSingle(Object node) {
        return node.getClass() == SINGLE;
    }

    /** How many entries there are below an indexed or an array node. */
    static int size(Object node) {
        try {
            return node.getClass() == INDEXED
                    ? (int) INDEXED_SIZE.invokeExact(node)
                    : (int) ARRAY_SIZE.invokeExact(node);
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    /** How many children an array node has. */
    static int count(Object node) {
        try {
            return (int) ARRAY_COUNT.invokeExact(node);
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    /** The bits of the fragments for which an indexed node has children; 0 for other nodes. */
    static int bitmap(@Nullable Object node) {
        try {
            return node != null && node.getClass() == INDEXED ? (int) BITMAP.invokeExact(node) : 0;
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    /** The children of an indexed node, one for each bit of its bitmap. */
    static Object[] indexedNodes(Object node) {
        try {
            return (Object[]) INDEXED_NODES.invokeExact(node);
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    static int hash(Object leaf) {
        try {
            return leaf.getClass() == SEVERAL
                    ? (int) SEVERAL_HASH.invokeExact(leaf)
                    : (int) SINGLE_HASH.invokeExact(leaf);
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    static @Nullable Object key(Object leaf) {
        try {
            return leaf.getClass() == SEVERAL
                    ? (Object) SEVERAL_KEY.invokeExact(leaf)
                    : (Object) SINGLE_KEY.invokeExact(leaf);
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    static @Nullable Object value(Object leaf) {
        try {
            return leaf.getClass() == SEVERAL
                    ? (Object) SEVERAL_VALUE.invokeExact(leaf)
                    : (Object) SINGLE_VALUE.invokeExact(leaf);
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    /** The next leaf with the same hash, or null. */
    static @Nullable Object tail(Object leaf) {
        try {
            return leaf.getClass() == SEVERAL ? (Object) TAIL.invokeExact(leaf) : null;
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    private static AssertionError impossible(Throwable e) {
        return new AssertionError("a field that was found cannot be read", e);
    }
}
