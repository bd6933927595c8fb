package dev.heartwood;

import static dev.heartwood.Zoo.COUNT;
import static dev.heartwood.Zoo.VALUE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heartwood.Zoo.Place;
import dev.heartwood.Zoo.Shape;
import io.vavr.collection.HashMap;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.BinaryOperator;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every public operation is called at and beside every shape of value, in two sizes, and takes as many steps with the
 * large one as with the small one. The test finds the operations by reflection, so it also calls new ones. An operation
 * that takes an argument of a new type fails until {@link #argument} knows a value for it.
 */
class EveryOperationTest {
    private static final List<Class<?>> TYPES =
            List.of(Store.class, Snapshot.class, Transaction.class, Diff.class, Ref.class, Update.class, Commit.class);

    /**
     * Operations that look at each distinct node of the value, or go down to its first leaf. {@link ShapeZooTest} has more
     * of the kind.
     */
    private static final Set<String> LOOK_AT_ALL =
            Set.of("Diff.hashCode()", "Diff.equals(Object)", "leaves(KeyPath)", "leaves(String)");

    /** Operations that name every path, and so never end where parts are shared sixty levels deep. */
    private static final Set<String> NAME_EVERY_PATH = Set.of("toMap()");

    /** Operations that end only with the commit of another thread. */
    private static final Set<String> WAIT = Set.of("Transaction.retry()", "Store.atLeast(Token, Duration)");

    private record Operation(Class<?> type, Method method, boolean at) {
        String name() {
            return Arrays.stream(method.getParameterTypes())
                    .map(Class::getSimpleName)
                    .collect(Collectors.joining(", ", method.getName() + "(", ")"));
        }

        boolean isIn(Set<String> names) {
            return names.contains(name()) || names.contains(type.getSimpleName() + "." + name());
        }

        @Override
        public String toString() {
            return type.getSimpleName() + "." + name() + (at ? " at" : " beside");
        }
    }

    private static List<Operation> operations() {
        List<Operation> operations = new ArrayList<>();
        for (Class<?> type : TYPES) {
            for (Method method : type.getMethods()) {
                boolean ours = method.getDeclaringClass().getName().startsWith("dev.heartwood.");
                if (ours && !method.isBridge() && !method.isSynthetic()) {
                    operations.add(new Operation(type, method, true));
                    operations.add(new Operation(type, method, false));
                }
            }
        }
        return operations;
    }

    static Stream<Arguments> every() {
        return operations().stream()
                .filter(operation -> !operation.isIn(WAIT))
                .flatMap(operation -> Zoo.SHAPES.stream()
                        .filter(shape -> !operation.isIn(NAME_EVERY_PATH)
                                || !shape.name().equals("shared parts"))
                        .map(shape -> Arguments.of(operation, shape)));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource
    void every(Operation operation, Shape shape) {
        long small = shape.steps(shape.small(), place -> run(operation, place));
        long large = shape.steps(shape.large(), place -> run(operation, place));
        boolean all = operation.isIn(LOOK_AT_ALL) || operation.isIn(NAME_EVERY_PATH);
        assertThat(large)
                .as("steps; %d with the small one", small)
                .isLessThanOrEqualTo(all ? 20 * small + 10_000 : 2 * small + 700);
    }

    private static void run(Operation operation, Place place) {
        if (operation.type == Transaction.class) {
            place.store.batch(tx -> call(operation, tx, place));
        } else {
            call(operation, receiver(operation.type, place), place);
        }
    }

    private static Object receiver(Class<?> type, Place place) {
        if (type == Store.class) {
            return place.store;
        } else if (type == Snapshot.class) {
            return place.store.snapshot();
        } else if (type == Diff.class) {
            return place.before.diff(place.before.edit(tx -> tx.put(VALUE, 1)));
        } else if (type == Ref.class) {
            return place.store.at(VALUE);
        } else if (type == Commit.class) {
            return place.store.batch(tx -> tx.put(VALUE, 1));
        } else if (type == Update.class) {
            List<Update> updates = new ArrayList<>();
            place.store.watch(VALUE, Delivery.every(Runnable::run), updates::add);
            place.store.put(VALUE, 1);
            return updates.get(0);
        }
        throw new AssertionError("no receiver of " + type);
    }

    /** Calls the operation. An exception of the library counts as an answer, and its message is short. */
    private static void call(Operation operation, Object receiver, Place place) {
        Method method = operation.method;
        Object[] arguments = Arrays.stream(method.getParameterTypes())
                .map(type -> argument(type, operation, place))
                .toArray();
        try {
            begin(method.invoke(Modifier.isStatic(method.getModifiers()) ? null : receiver, arguments));
        } catch (InvocationTargetException e) {
            assertThat(e.getCause())
                    .isInstanceOfAny(
                            StoreException.class,
                            IllegalArgumentException.class,
                            IllegalStateException.class,
                            IndexOutOfBoundsException.class);
            assertThat(e.getCause().getMessage()).isNotEmpty().hasSizeLessThan(3_000);
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        }
    }

    /** Takes the first element of a lazy result. */
    private static void begin(@Nullable Object result) {
        Iterator<?> elements = result instanceof Stream<?> stream
                ? stream.iterator()
                : result instanceof Iterator<?> iterator ? iterator : List.of().iterator();
        if (elements.hasNext()) {
            elements.next();
        }
    }

    private static @Nullable Object argument(Class<?> type, Operation operation, Place place) {
        KeyPath path = operation.at ? VALUE : COUNT;
        Object value = operation.at ? place.raw : Long.valueOf(7);
        if (type == KeyPath.class) {
            return path;
        } else if (type == String.class) {
            return path.last();
        } else if (type == Object.class) {
            return operation.method.getName().equals("equals") ? receiver(operation.type, place) : value;
        } else if (type == Object[].class) {
            return new Object[] {path.last()};
        } else if (type == boolean.class) {
            return true;
        } else if (type == Number.class) {
            return 3;
        } else if (type == Class.class) {
            return operation.at ? Object.class : Long.class;
        } else if (type == Map.class) {
            return java.util.Collections.singletonMap("v", value);
        } else if (type == io.vavr.collection.Map.class) {
            return HashMap.of("v", value);
        } else if (type == UnaryOperator.class) {
            return UnaryOperator.identity();
        } else if (type == BinaryOperator.class) {
            return (BinaryOperator<Object>) (old, given) -> given;
        } else if (type == Consumer.class) {
            return (Consumer<Object>) given -> {};
        } else if (type == Function.class) {
            return (Function<Object, Object>) given -> value;
        } else if (type == Predicate.class) {
            return (Predicate<Object>) given -> true;
        } else if (type == Runnable.class) {
            return (Runnable) () -> {};
        } else if (type == TransactionBody.class) {
            return (TransactionBody<RuntimeException>) tx -> tx.put(path, value);
        } else if (type == TransactionFunction.class) {
            return (TransactionFunction<Object, RuntimeException>) tx -> tx.get(path);
        } else if (type == Snapshot.class) {
            return place.before;
        } else if (type == Diff.class) {
            return place.before.diff(place.before.edit(tx -> tx.put(path, 5)));
        } else if (type == Delivery.class) {
            return Delivery.latest(Runnable::run);
        } else if (type == IndeterminateCommitException.class) {
            return new IndeterminateCommitException("planted", new java.io.IOException());
        } else if (type == Executor.class) {
            return (Executor) Runnable::run;
        } else if (type == Duration.class) {
            return Duration.ofSeconds(10);
        } else if (type == Session.class) {
            return new Session(place.store, place.store.sessions(), "ended", 1, Duration.ofSeconds(10));
        } else if (type == Root.class) {
            return new MemoryRoot(new Timeline(0, place.before.root(), Dialect.ANYTHING));
        }
        return type.isInterface() ? silent(type) : madeOf(path, type, operation);
    }

    /** An interface that a program implements, of which each method does nothing. */
    private static Object silent(Class<?> type) {
        return Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> method.getReturnType() == boolean.class ? Boolean.FALSE : null);
    }

    /** A value of the library that is made of a path. */
    private static Object madeOf(KeyPath path, Class<?> type, Operation operation) {
        try {
            return type.getMethod("of", KeyPath.class).invoke(null, path);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(operation + " takes a " + type + ", of which this test has no value", e);
        }
    }
}
