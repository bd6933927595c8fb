package dev.heartwood;

import dev.heartwood.tree.Marker;
import java.nio.Buffer;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.Calendar;
import java.util.Date;
import java.util.Enumeration;
import java.util.Iterator;
import java.util.Spliterator;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicMarkableReference;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.AtomicStampedReference;
import java.util.stream.BaseStream;
import org.jspecify.annotations.Nullable;

/**
 * Leaves that are no JSON scalars: objects that the caller guarantees to be immutable, and types that are known to be
 * mutable.
 */
final class OpaqueLeaf {
    private OpaqueLeaf() {}

    /** Why a value, no container and no JSON scalar, cannot be a leaf; null when it can. */
    static @Nullable String whyNot(Object value) {
        String type = value.getClass().getName();
        if (value instanceof Marker) {
            return "this object is an internal marker of the library (" + value + "), not a value";
        } else if (value instanceof CharSequence) {
            return "a " + type + " can change: call toString()";
        } else if (value instanceof Date || value instanceof Calendar) {
            return "a " + type + " can change: expected an Instant, a String or a number";
        } else if (isPassing(value)) {
            return "a " + type + " can be read only once: collect it into a List";
        } else if (isMutable(value)) {
            return "a " + type + " can change: expected an immutable value";
        } else if (value instanceof TreeView || value instanceof Ref) {
            return "a " + type + " changes with its store: put a snapshot() or a value of it";
        } else if (value instanceof Iterable
                && !(value instanceof Path || value.getClass().isRecord())) {
            return "a " + type + " is neither a Map, a Collection nor a plain leaf: copy it into one of them";
        }
        return null;
    }

    /** The leaf itself, or the scalar that says the same. */
    static Object of(Object value) {
        if (value instanceof Character) {
            return value.toString();
        }
        return value instanceof AtomicBoolean flag ? (Object) flag.get() : value;
    }

    private static boolean isPassing(Object value) {
        return value instanceof Iterator
                || value instanceof Enumeration
                || value instanceof Spliterator
                || value instanceof BaseStream
                || value instanceof io.vavr.collection.Stream;
    }

    private static boolean isMutable(Object value) {
        return value instanceof AtomicReference
                || value instanceof AtomicMarkableReference
                || value instanceof AtomicStampedReference
                || value instanceof AtomicIntegerArray
                || value instanceof AtomicLongArray
                || value instanceof AtomicReferenceArray
                || value instanceof BitSet
                || value instanceof Buffer
                || value instanceof Future
                || value instanceof AutoCloseable;
    }
}
