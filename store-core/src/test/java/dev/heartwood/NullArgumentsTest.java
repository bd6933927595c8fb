package dev.heartwood;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.AnnotatedType;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.TypeVariable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.BinaryOperator;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

/**
 * Every public method of the types that users call, with null for each parameter that may not be null: the exception names
 * the parameter, and not a private field of the library.
 */
@Timeout(60)
class NullArgumentsTest {
    /** The annotation of a parameter, which the compiler keeps, tells whether null is allowed. */
    private static final Map<Class<?>, Object> SAMPLES = Map.ofEntries(
            Map.entry(KeyPath.class, KeyPath.of("n")),
            Map.entry(String.class, "n"),
            Map.entry(Object.class, 1L),
            Map.entry(Object[].class, new Object[] {"n"}),
            Map.entry(Number.class, 1L),
            Map.entry(Class.class, Long.class),
            Map.entry(Duration.class, Duration.ofSeconds(1)),
            Map.entry(Map.class, Map.of()),
            Map.entry(io.vavr.collection.Map.class, io.vavr.collection.HashMap.empty()),
            Map.entry(List.class, List.of()),
            Map.entry(PathPattern.class, PathPattern.parse("/*")),
            Map.entry(Delivery.class, Delivery.latest(Runnable::run)),
            Map.entry(Executor.class, (Executor) Runnable::run),
            Map.entry(Origins.class, Origins.WHO),
            Map.entry(Token.class, new Token("", 0, "")),
            Map.entry(Consumer.class, (Consumer<Object>) value -> {}),
            Map.entry(BiConsumer.class, (BiConsumer<Object, Object>) (one, other) -> {}),
            Map.entry(Function.class, Function.identity()),
            Map.entry(BiFunction.class, (BiFunction<Object, Object, Object>) (one, other) -> one),
            Map.entry(UnaryOperator.class, UnaryOperator.identity()),
            Map.entry(BinaryOperator.class, (BinaryOperator<Object>) (one, other) -> one),
            Map.entry(Predicate.class, (Predicate<Object>) value -> true),
            Map.entry(Supplier.class, (Supplier<Object>) () -> 1L),
            Map.entry(Runnable.class, (Runnable) () -> {}),
            Map.entry(TransactionBody.class, (TransactionBody<Exception>) tx -> {}),
            Map.entry(TransactionFunction.class, (TransactionFunction<Object, Exception>) tx -> 1L));

    /** For authors of roots, whose mistakes are not those of users. */
    private static final Set<String> FOR_ROOTS = Set.of("requireGuardsHold", "over", "equals");

    private final Store store = Store.of(Map.of("n", 1, "map", Map.of("n", 1)));

    private void everySubject(BiConsumer<Class<?>, @Nullable Object> visitor) {
        Snapshot state = store.snapshot();
        for (Class<?> statics : List.of(KeyPath.class, PathPattern.class, Store.class, Delivery.class, Token.class)) {
            visitor.accept(statics, null);
        }
        List<Object> subjects = List.of(
                store,
                store.under("map"),
                store.at("n"),
                store.asMap(),
                state,
                state.under("map"),
                state.diff(state),
                KeyPath.of("n"),
                PathPattern.parse("/*"),
                Store.options(),
                Delivery.latest(Runnable::run),
                store.derive(view -> 1),
                store.publisher(KeyPath.of("n")));
        subjects.forEach(subject -> visitor.accept(subject.getClass(), subject));
        Session session = store.session("s", Duration.ofSeconds(1));
        visitor.accept(Session.class, session);
        store.batch(tx -> visitor.accept(Transaction.class, tx));
        store.batch(tx -> visitor.accept(Transaction.class, tx.under("map")));
    }

    @TestFactory
    Stream<DynamicTest> theExceptionNamesTheParameter() {
        List<DynamicTest> tests = new ArrayList<>();
        everySubject((type, subject) -> {
            List<String> wrong = new ArrayList<>();
            Methods.of(type, subject == null).forEach(method -> tryNulls(method, subject, wrong));
            String name = type.getSimpleName() + (subject == null ? ", static" : "");
            tests.add(DynamicTest.dynamicTest(name, () -> assertThat(wrong).isEmpty()));
        });
        assertThat(tests).hasSizeGreaterThan(20);
        return tests.stream();
    }

    private void tryNulls(Method method, @Nullable Object subject, List<String> wrong) {
        for (int i = 0; i < method.getParameterCount(); i++) {
            if (!mayBeNull(method, i)) {
                Object[] arguments = Arrays.stream(method.getParameterTypes())
                        .map(this::sample)
                        .toArray();
                arguments[i] = null;
                String said = said(method, subject, arguments);
                if (!said.matches("java.lang.NullPointerException: [a-z]+ must not be null")
                        && !said.endsWith("(a list index), but is null")) {
                    wrong.add(method.toGenericString() + ", parameter " + i + ": " + said);
                }
            }
        }
    }

    private @Nullable Object sample(Class<?> type) {
        if (type == boolean.class) {
            return false;
        } else if (type == int.class) {
            return 1;
        } else if (type == long.class) {
            return 1L;
        } else if (type == Snapshot.class || type == TreeView.class) {
            return store.snapshot();
        }
        return SAMPLES.get(type);
    }

    private static String said(Method method, @Nullable Object subject, @Nullable Object[] arguments) {
        try {
            method.invoke(subject, arguments);
            return "no exception";
        } catch (InvocationTargetException e) {
            return String.valueOf(e.getCause());
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        }
    }

    private static boolean mayBeNull(Method method, int parameter) {
        Class<?> type = method.getParameterTypes()[parameter];
        AnnotatedType annotated = method.getAnnotatedParameterTypes()[parameter];
        boolean open = annotated.getType() instanceof TypeVariable<?> variable
                && Arrays.stream(variable.getAnnotatedBounds())
                        .anyMatch(bound -> bound.isAnnotationPresent(Nullable.class));
        return type.isPrimitive() || open || annotated.isAnnotationPresent(Nullable.class);
    }

    private static final class Methods {
        static Stream<Method> of(Class<?> type, boolean statics) {
            return Arrays.stream(type.getMethods())
                    .filter(method ->
                            method.getDeclaringClass().getPackageName().equals("dev.heartwood"))
                    .filter(method -> !method.isBridge() && Modifier.isStatic(method.getModifiers()) == statics)
                    .filter(method -> type != LiveMap.class || !method.getName().equals("getOrDefault"))
                    .filter(method -> !FOR_ROOTS.contains(method.getName()))
                    .peek(method -> method.setAccessible(true));
        }
    }
}
