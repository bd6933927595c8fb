package dev.heartwood.stress.schedule;

import static java.util.Comparator.comparing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.annotation.Annotation;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;

/** A jcstress suite, as the scheduler runs it: its actors, its arbiter, and its verdict on each outcome. */
final class Suite {
    private final Class<?> type;
    private final List<Method> actors;
    private final List<Method> arbiters;

    private Suite(Class<?> type) {
        this.type = type;
        this.actors = methods(type, Actor.class);
        this.arbiters = methods(type, Arbiter.class);
    }

    /** All suites among the classes that were compiled beside {@code neighbour}. */
    static List<Suite> beside(Class<?> neighbour) {
        try {
            Path classes = Path.of(neighbour
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            try (Stream<Path> files = Files.walk(classes)) {
                return files.map(file -> classes.relativize(file).toString())
                        .filter(file -> file.endsWith(".class"))
                        .map(file -> load(file.substring(0, file.length() - ".class".length())
                                .replace('/', '.')))
                        .filter(found -> found.isAnnotationPresent(State.class))
                        .sorted(comparing(Class::getName))
                        .map(Suite::new)
                        .toList();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    String name() {
        return type.getSimpleName().equals(type.getName())
                ? type.getName()
                : type.getName().substring(type.getPackageName().length() + 1).replace('$', '.');
    }

    int actors() {
        return actors.size();
    }

    boolean isControl() {
        return type.getSimpleName().endsWith("Control");
    }

    <A extends Annotation> @Nullable A annotation(Class<A> annotation) {
        return type.getAnnotation(annotation);
    }

    /** Runs it once under the schedule; gives its outcome. */
    String run(Schedule schedule) {
        Object state = newInstance(type);
        Object result = newInstance(resultType());
        List<Callable<Object>> bodies = new ArrayList<>();
        for (Method actor : actors) {
            bodies.add(() -> invoke(actor, state, result));
        }
        Actors done = Actors.run(schedule, bodies);
        for (int i = 0; i < bodies.size(); i++) {
            Throwable thrown = done.thrown(i);
            if (thrown != null) {
                throw new AssertionError(actors.get(i).getName() + " threw", thrown);
            }
        }
        arbiters.forEach(arbiter -> invoke(arbiter, state, result));
        return result.toString();
    }

    /** The suite's verdict on an outcome. */
    Expect expect(String outcome) {
        Expect otherwise = Expect.FORBIDDEN;
        for (Outcome said : type.getAnnotationsByType(Outcome.class)) {
            if (Arrays.asList(said.id()).contains(outcome)) {
                return said.expect();
            }
            if (Arrays.equals(said.id(), new String[] {""}) || said.id().length == 0) {
                otherwise = said.expect();
            }
        }
        return otherwise;
    }

    private Class<?> resultType() {
        return Stream.concat(actors.stream(), arbiters.stream())
                .flatMap(method -> Arrays.stream(method.getParameterTypes()))
                .filter(parameter -> parameter.getSimpleName().endsWith("_Result"))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(name() + " has no result"));
    }

    private static List<Method> methods(Class<?> type, Class<? extends Annotation> annotation) {
        return Arrays.stream(type.getMethods())
                .filter(method -> method.isAnnotationPresent(annotation))
                .sorted(comparing(Method::getName))
                .toList();
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name, false, Suite.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Object newInstance(Class<?> type) {
        try {
            return type.getConstructor().newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot make a " + type.getName(), e);
        }
    }

    private static Object invoke(Method method, Object state, Object result) {
        try {
            Object[] arguments = method.getParameterCount() == 0 ? new Object[0] : new Object[] {result};
            return String.valueOf(method.invoke(state, arguments));
        } catch (InvocationTargetException e) {
            throw new AssertionError(method.getName() + " threw", e.getCause());
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }
}
