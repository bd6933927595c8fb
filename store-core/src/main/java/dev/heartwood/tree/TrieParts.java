package dev.heartwood.tree;

import io.vavr.collection.HashMap;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import org.jspecify.annotations.Nullable;

/**
 * The constructors of Vavr's hash trie, as of 1.0.1, where {@link TrieAccess} may read it: so that a map can be built
 * from its leaves upwards, instead of copying a path for each entry. Ask {@link #isOpen} before anything else.
 */
@SuppressWarnings("NullAway") // a missing class or method is null, and then isOpen() is false and nothing is made
final class TrieParts {
    private static final String MODULE = "io.vavr.collection.HashArrayMappedTrieModule$";
    private static final MethodHandle MAP = maker(HashMap.class.getName(), Object.class);
    private static final MethodHandle SINGLE = maker(MODULE + "LeafSingleton", int.class, Object.class, Object.class);
    private static final MethodHandle SEVERAL =
            maker(MODULE + "LeafList", int.class, Object.class, Object.class, Object.class);
    private static final MethodHandle INDEXED = maker(MODULE + "IndexedNode", int.class, int.class, Object[].class);
    private static final MethodHandle ARRAY = maker(MODULE + "ArrayNode", int.class, int.class, Object[].class);

    private static final boolean FOUND =
            TrieAccess.isOpen() && MAP != null && SINGLE != null && SEVERAL != null && INDEXED != null && ARRAY != null;
    private static final Object EMPTY = FOUND ? TrieAccess.trie(HashMap.empty()) : null;

    private TrieParts() {}

    /** Whether the parts can be made. */
    static boolean isOpen() {
        return FOUND;
    }

    private static @Nullable MethodHandle maker(String type, Class<?>... parameters) {
        try {
            Class<?> owner = Class.forName(type);
            MethodHandles.Lookup lookup = MethodHandles.privateLookupIn(owner, MethodHandles.lookup());
            for (Constructor<?> constructor : owner.getDeclaredConstructors()) {
                if (constructor.getParameterCount() == parameters.length) {
                    return lookup.unreflectConstructor(constructor)
                            .asType(MethodType.methodType(Object.class, parameters));
                }
            }
            return null;
        } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
            return null;
        }
    }

    static Object empty() {
        return EMPTY;
    }

    static HashMap<String, @Nullable Object> map(Object trie) {
        try {
            return Nodes.map((Object) MAP.invokeExact(trie));
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    static Object leaf(int hash, @Nullable Object key, @Nullable Object value) {
        try {
            return (Object) SINGLE.invokeExact(hash, key, value);
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    /** A leaf before others of the same hash. */
    static Object leaf(int hash, Object key, @Nullable Object value, Object tail) {
        try {
            return (Object) SEVERAL.invokeExact(hash, key, value, tail);
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    /** A node with a child for each bit. */
    static Object indexed(int bitmap, int size, Object[] children) {
        try {
            return (Object) INDEXED.invokeExact(bitmap, size, children);
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    /** A node with a child, be it {@link #empty}, for each fragment. */
    static Object array(int count, int size, Object[] children) {
        try {
            return (Object) ARRAY.invokeExact(count, size, children);
        } catch (Throwable e) {
            throw impossible(e);
        }
    }

    private static AssertionError impossible(Throwable e) {
        return new AssertionError("a constructor that was found cannot be called", e);
    }
}
