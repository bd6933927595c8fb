package dev.heartwood;

import dev.heartwood.tree.Nodes;
import dev.heartwood.tree.Numbers;
import io.vavr.collection.HashMap;
import io.vavr.collection.Vector;
import java.lang.invoke.MethodType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Nodes as the types that callers ask for, exactly or not at all. */
final class Conversions {
    private Conversions() {}

    /**
     * The node as a {@code type}: itself where it is one, a number in another number's type where that loses nothing, a
     * container as a {@code java.util} view.
     *
     * @throws TypeMismatchException where that is not possible; null is of no type
     */
    static <T> T exact(KeyPath path, @Nullable Object node, Class<T> type) {
        return exact(path, node, type, true);
    }

    /** The same; {@code isWhole} says whether the node is one of a tree that lacks no parts. */
    static <T> T exact(KeyPath path, @Nullable Object node, Class<T> type, boolean isWhole) {
        Class<T> wanted = boxed(Objects.requireNonNull(type, "type must not be null"));
        Object converted = wanted.isInstance(node) ? node : convert(node, wanted, isWhole);
        if (converted == null) {
            throw new TypeMismatchException(
                    path, path.forPeople() + " is " + Descriptions.of(node) + refusal(node, type));
        }
        return wanted.cast(converted);
    }

    /**
     * The same for the result of a function for a place.
     *
     * @throws TypeMismatchException if that is not possible, or the result is null: the place is not changed
     */
    static <T> T given(KeyPath path, @Nullable Object value, Class<T> type) {
        Class<T> wanted = boxed(type);
        // A container that comes from a function may be anybody's.
        Object converted = wanted.isInstance(value) ? value : convert(value, wanted, false);
        if (converted == null) {
            throw notGiven(path, value, type);
        }
        return wanted.cast(converted);
    }

    private static TypeMismatchException notGiven(KeyPath path, @Nullable Object value, Class<?> type) {
        String given = value == null || value instanceof Number || value instanceof String || Nodes.isContainer(value)
                ? Descriptions.of(value)
                : "a " + value.getClass().getName();
        return new TypeMismatchException(
                path,
                "the function gave " + given + " for " + path.forPeople() + ", expected " + article(nameOf(type))
                        + "; nothing is changed");
    }

    private static String refusal(@Nullable Object node, Class<?> type) {
        String name = nameOf(type);
        return node instanceof Number && Number.class.isAssignableFrom(boxed(type))
                ? ", which no " + name + " holds exactly"
                : ", not " + article(name);
    }

    private static String article(String name) {
        return ("AEIOUaeiou".indexOf(name.charAt(0)) < 0 ? "a " : "an ") + name;
    }

    private static String nameOf(Class<?> type) {
        return type == HashMap.class ? "map" : type == Vector.class ? "list" : type.getSimpleName();
    }

    @SuppressWarnings("unchecked")
    private static <T> Class<T> boxed(Class<T> type) {
        return type.isPrimitive()
                ? (Class<T>) MethodType.methodType(type).wrap().returnType()
                : type;
    }

    private static @Nullable Object convert(@Nullable Object node, Class<?> type, boolean isWhole) {
        if (node instanceof Number number && Number.class.isAssignableFrom(type)) {
            return number(number, type);
        }
        if (Nodes.isContainer(node)) {
            Object view = JavaViews.of(node, isWhole);
            return type.isInstance(view) ? view : null;
        }
        return type == Character.class && node instanceof String string && string.length() == 1
                ? string.charAt(0)
                : null;
    }

    private static @Nullable Object number(Number number, Class<?> type) {
        try {
            if (type == Double.class || type == Float.class) {
                return floating(number, type);
            } else if (number instanceof Double d && d == 0 && 1 / d < 0) {
                return null; // no other type has a negative zero
            } else if (type == BigDecimal.class) {
                return Numbers.decimal(number);
            }
            return whole(number, type);
        } catch (ArithmeticException inexact) {
            return null;
        }
    }

    private static @Nullable Object whole(Number number, Class<?> type) {
        if (number instanceof BigInteger) {
            return null; // a tree holds one only beyond the range of long, and counting its digits may take long
        }
        BigDecimal decimal = Numbers.decimal(number);
        if (decimal.signum() == 0) {
            decimal = BigDecimal.ZERO;
        }
        // An exponent is soon written, and the digits it stands for fill the memory.
        long digits = (long) decimal.precision() - decimal.scale();
        if (digits <= 0 || digits > Numbers.MOST_DIGITS) {
            return null;
        } else if (type == Integer.class) {
            return decimal.intValueExact();
        } else if (type == Long.class) {
            return decimal.longValueExact();
        } else if (type == Short.class) {
            return decimal.shortValueExact();
        } else if (type == Byte.class) {
            return decimal.byteValueExact();
        }
        return type == BigInteger.class ? decimal.toBigIntegerExact() : null;
    }

    private static @Nullable Object floating(Number number, Class<?> type) {
        BigDecimal decimal = Numbers.decimal(number);
        if (type == Double.class) {
            double d = number.doubleValue();
            return Double.isFinite(d) && says(decimal, new BigDecimal(d), Numbers.decimal(d)) ? d : null;
        }
        float f = number.floatValue();
        if (number instanceof Double d && (double) f == d) {
            return f;
        }
        return Float.isFinite(f) && says(decimal, new BigDecimal(f), Numbers.shortest(f)) ? f : null;
    }

    /** Whether a floating-point number says the decimal: in its exact value, or in the shortest that reads back as it. */
    private static boolean says(BigDecimal decimal, BigDecimal exact, BigDecimal shortest) {
        return decimal.compareTo(exact) == 0 || decimal.compareTo(shortest) == 0;
    }
}
