package dev.heartwood.benchmarks;

import dev.heartwood.Store;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Opens JSON files with the build that is on the class path, this one or an earlier one: {@code JsonFile} was in another
 * package once. All else that the comparison of builds needs is the same in both.
 */
final class DurableStores {
    private static final String[] PACKAGES = {"dev.heartwood.file", "dev.heartwood.json"};

    private Object options;

    private DurableStores(Object options) {
        this.options = options;
    }

    /** The default options. */
    static DurableStores options() {
        return new DurableStores(invoked(method(jsonFile(), "options"), null));
    }

    private static Class<?> jsonFile() {
        for (String name : PACKAGES) {
            try {
                return Class.forName(name + ".JsonFile");
            } catch (ClassNotFoundException e) {
                // Then it is the next one.
            }
        }
        throw new IllegalStateException(
                "no JsonFile of this library is on the class path, in none of " + Arrays.toString(PACKAGES));
    }

    DurableStores journalAbove(long bytes) {
        return with("journalAbove", long.class, bytes);
    }

    DurableStores backlog(long bytes) {
        return with("backlog", long.class, bytes);
    }

    DurableStores interval(Duration interval) {
        return with("interval", Duration.class, interval);
    }

    DurableStores manual() {
        options = invoked(method(options.getClass(), "manual"), options);
        return this;
    }

    /** Opens a file. */
    Store open(Path file) {
        return (Store) invoked(method(options.getClass(), "open", Path.class), options, file);
    }

    private DurableStores with(String name, Class<?> type, Object value) {
        options = invoked(method(options.getClass(), name, type), options, value);
        return this;
    }

    private static Method method(Class<?> owner, String name, Class<?>... types) {
        try {
            return owner.getMethod(name, types);
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException("the build on the class path has no " + owner.getName() + "." + name, e);
        }
    }

    private static Object invoked(Method method, @Nullable Object owner, Object... arguments) {
        try {
            return method.invoke(owner, arguments);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        } catch (InvocationTargetException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
        }
    }
}
