package dev.heartwood.junit;

import dev.heartwood.StoreException;
import dev.heartwood.json.Json;
import io.vavr.collection.HashMap;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;

/** The document that the store of a test starts with. */
final class Document {
    private Document() {}

    static Map<String, @Nullable Object> of(ParameterContext parameter, ExtensionContext context) {
        StoreFrom from = find(parameter, context);
        return from == null ? Map.of() : read(from.value(), context.getRequiredTestClass());
    }

    /** The nearest annotation. */
    private static @Nullable StoreFrom find(ParameterContext parameter, ExtensionContext context) {
        StoreFrom found = parameter.findAnnotation(StoreFrom.class).orElse(null);
        if (found == null) {
            found = context.getRequiredTestMethod().getAnnotation(StoreFrom.class);
        }
        for (Class<?> type = context.getRequiredTestClass(); found == null && type != null; ) {
            found = type.getAnnotation(StoreFrom.class);
            type = type.getEnclosingClass();
        }
        return found;
    }

    private static Map<String, @Nullable Object> read(String name, Class<?> test) {
        try (InputStream in = open(name, test)) {
            HashMap<String, @Nullable Object> tree = Json.read(in);
            return tree.toJavaMap();
        } catch (IOException | StoreException e) {
            throw new ParameterResolutionException(
                    "the document " + name + " of " + test.getName() + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static InputStream open(String name, Class<?> test) throws IOException {
        InputStream resource = test.getResourceAsStream(name);
        if (resource == null && !Files.isRegularFile(Path.of(name))) {
            throw new IOException(
                    "there is no such resource beside the class or, if it begins with a slash, at the root"
                            + " of the class path, and no such file. In a named module resources beside a class are hidden"
                            + " unless the package is open: put it at the root");
        }
        return resource == null ? Files.newInputStream(Path.of(name)) : resource;
    }
}
