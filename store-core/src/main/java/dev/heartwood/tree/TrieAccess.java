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
 * 1.0.1, through method handles that are found once.
 *
 * <p>Vavr offers no other way to its nodes. Nothing depends on this: where it cannot be had, because Vavr is a named
 * module that is not open to this one or looks different inside, maps are compared entry by entry. To open it on the
 * module path: {@code --add-opens io.vavr/io.vavr.collection=dev.heartwood.core}.
 *
 * <p>A record, since the JIT treats the fields of a constant record as constants, and so inlines the handles.
 */
record TrieAccess(
        Class<?> empty,
        Class<?> indexed,
        Class<?> array,
        Class<?> several,
        MethodHandle trie,
        MethodHandle bitmap,
        MethodHandle indexedNodes,
        MethodHandle arrayNodes,
        MethodHandle singleHash,
        MethodHandle singleKey,
        MethodHandle singleValue,
        MethodHandle severalHash,
        MethodHandle severalKey,
        MethodHandle severalValue,
        MethodHandle tailOfSeveral) {
    private static final Logger LOGGER = System.getLogger("dev.heartwood");

    /** The access, or null where there is none. */
    static final @Nullable TrieAccess OPEN = open();

    private static @Nullable TrieAccess open() {
        try {
            TrieAccess access = find();
            access.tryOut();
            return access;
        } catch (IllegalAccessException | RuntimeException e) {
            // Not opened, which is nobody's fault.
            LOGGER.log(Level.DEBUG, "io.vavr.collection is not open: maps are compared entry by entry ({0})", e);
        } catch (ReflectiveOperationException | LinkageError | AssertionError e) {
            LOGGER.log(
                    Level.INFO,
                    "this version of Vavr looks different inside than 1.0.1: maps are compared entry by entry, which is"
                            + " correct and slower ({0})",
                    e.toString());
        }
        return null;
    }

    private static TrieAccess find() throws ReflectiveOperationException {
        String module = "io.vavr.collection.HashArrayMappedTrieModule$";
        Class<?> indexed = Class.forName(module + "IndexedNode");
        Class<?> array = Class.forName(module + "ArrayNode");
        Class<?> single = Class.forName(module + "LeafSingleton");
        Class<?> several = Class.forName(module + "LeafList");
        return new TrieAccess(
                Class.forName(module + "EmptyNode"),
                indexed,
                array,
                several,
                getter(HashMap.class, "trie", Object.class),
                getter(indexed, "bitmap", int.class),
                getter(indexed, "subNodes", Object[].class),
                getter(array, "subNodes", Object[].class),
                getter(single, "hash", int.class),
                getter(single, "key", Object.class),
                getter(single, "value", Object.class),
                getter(several, "hash", int.class),
                getter(several, "key", Object.class),
                getter(several, "value", Object.class),
                getter(several, "tail", Object.class));
    }

    private static MethodHandle getter(Class<?> owner, String field, Class<?> type)
            throws ReflectiveOperationException {
        MethodHandles.Lookup lookup = MethodHandles.privateLookupIn(owner, MethodHandles.lookup());
        MethodHandle getter = lookup.unreflectGetter(owner.getDeclaredField(field));
        return getter.asType(MethodType.methodType(type, Object.class));
    }

    /** Finds known differences between known maps, so that a Vavr that only looks the same is not trusted. */
    private void tryOut() {
        HashMap<String, Object> before = HashMap.empty();
        for (int i = 0; i < 100; i++) {
            before = before.put("key" + i, i);
        }
        before = before.put("Aa", "one hash").put("BB", "two keys");
        HashMap<String, Object> after = before.put("key7", "other").remove("BB").put("new", true);
        Set<String> found = new TreeSet<>();
        SharedTries.forEach(this, before, after, (key, old, now) -> found.add(key + ": " + old + " -> " + now));
        Set<String> expected = Set.of("key7: 7 -> other", "BB: two keys -> missing", "new: missing -> true");
        if (!found.equals(expected)) {
            throw new AssertionError("the trie's differences are " + found + ", expected " + expected);
        }
    }

    Object trie(HashMap<?, ?> map) {
        try {
            return (Object) trie.invokeExact((Object) map);
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    /** Whether the node has children by fragments of the hash. */
    boolean branches(@Nullable Object node) {
        return node != null && (node.getClass() == indexed || node.getClass() == array);
    }

    boolean isEmpty(Object node) {
        return node.getClass() == empty;
    }

    /** The children of an array node, one for each fragment; null for other nodes. */
    Object @Nullable [] arrayNodes(@Nullable Object node) {
        try {
            return node != null && node.getClass() == array ? (Object[]) arrayNodes.invokeExact(node) : null;
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    /** The child of a branching node for a fragment of the hash. */
    @Nullable
    Object child(@Nullable Object node, int fragment) {
        try {
            if (node == null || node.getClass() == array) {
                return node == null ? null : ((Object[]) arrayNodes.invokeExact(node))[fragment];
            }
            int bits = (int) bitmap.invokeExact(node);
            int bit = 1 << fragment;
            return (bits & bit) == 0
                    ? null
                    : ((Object[]) indexedNodes.invokeExact(node))[Integer.bitCount(bits & (bit - 1))];
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    int hash(Object leaf) {
        try {
            return leaf.getClass() == several
                    ? (int) severalHash.invokeExact(leaf)
                    : (int) singleHash.invokeExact(leaf);
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    Object key(Object leaf) {
        try {
            return leaf.getClass() == several
                    ? (Object) severalKey.invokeExact(leaf)
                    : (Object) singleKey.invokeExact(leaf);
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    @Nullable
    Object value(Object leaf) {
        try {
            return leaf.getClass() == several
                    ? (Object) severalValue.invokeExact(leaf)
                    : (Object) singleValue.invokeExact(leaf);
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    /** The next leaf with the same hash, or null. */
    @Nullable
    Object tail(Object leaf) {
        try {
            return leaf.getClass() == several ? (Object) tailOfSeveral.invokeExact(leaf) : null;
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    private static AssertionError impossible(Throwable e) {
        return new AssertionError("a field that was found cannot be read", e);
    }
}
