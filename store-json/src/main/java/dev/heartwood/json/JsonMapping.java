package dev.heartwood.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import dev.heartwood.KeyPath;
import dev.heartwood.TreeEditor;
import dev.heartwood.TreeView;
import dev.heartwood.UnsupportedValueException;
import dev.heartwood.tree.TreeEquality;
import java.io.IOException;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes records and other classes at paths of a tree with an {@link ObjectMapper}. In the tree they are
 * plain maps and lists: readable by any code, part of snapshots and diffs, and storable.
 *
 * <p>Numbers keep their values; with {@link #decimals}, decimals also keep their scale. Where the type says nothing about
 * a decimal ({@code Object}, {@code Number}, {@code JsonNode}), it is the {@code Double} or {@code BigDecimal} of the tree.
 *
 * <p>A value is written as its class says. Of a list or a generic record, Java keeps no type of the elements, so Jackson
 * writes no type ids for them ({@code @JsonTypeInfo}), and they cannot be read back: write such a value with a
 * {@link TypeReference}.
 *
 * <p>Immutable, and as thread-safe as the mapper.
 */
public final class JsonMapping {
    private final ObjectMapper mapper;
    private final JsonOptions options;

    private JsonMapping(ObjectMapper mapper, JsonOptions options) {
        this.mapper = mapper;
        this.options = options;
    }

    /** A mapping that uses {@code mapper}. */
    public static JsonMapping of(ObjectMapper mapper) {
        return new JsonMapping(
                Objects.requireNonNull(mapper, "mapper"), Json.options().mapper(mapper));
    }

    /**
     * Sets the form of decimals in the tree. Default: {@link Decimals#SHORTEST}, by value: a {@code BigDecimal} of 2.50
     * is read back as 2.5, which is equal by {@code compareTo} but not by {@code equals}. {@link Decimals#EXACT} keeps
     * trailing zeros, in memory and in a store that is opened with it; a {@code double} is then a {@code BigDecimal} in
     * the tree.
     */
    public JsonMapping decimals(Decimals choice) {
        return new JsonMapping(mapper, options.decimals(choice));
    }

    /**
     * The value at the path as a {@code type}.
     *
     * @throws dev.heartwood.NoSuchPathException if nothing is there
     * @throws MappingException if it is null, or the mapper cannot make a {@code type} of it
     */
    public <T> T get(TreeView view, KeyPath path, Class<T> type) {
        return read(view, path, view.get(path), type);
    }

    /** {@link #get(TreeView, KeyPath, Class)} for a generic type: {@code new TypeReference<List<User>>() {}}. */
    public <T> T get(TreeView view, KeyPath path, TypeReference<T> type) {
        return read(view, path, view.get(path), type);
    }

    /** {@link #get(TreeView, KeyPath, Class)} at a top-level key. */
    public <T> T get(TreeView view, String key, Class<T> type) {
        return get(view, KeyPath.of(key), type);
    }

    /** {@link #get(TreeView, KeyPath, TypeReference)} at a top-level key. */
    public <T> T get(TreeView view, String key, TypeReference<T> type) {
        return get(view, KeyPath.of(key), type);
    }

    /**
     * The value at the path as a {@code type}; empty when it is missing or null.
     *
     * @throws MappingException if the mapper cannot make a {@code type} of it
     */
    public <T> Optional<T> find(TreeView view, KeyPath path, Class<T> type) {
        Object node = view.getOrDefault(path, null);
        return node == null ? Optional.empty() : Optional.of(read(view, path, node, type));
    }

    /** {@link #find(TreeView, KeyPath, Class)} at a top-level key. */
    public <T> Optional<T> find(TreeView view, String key, Class<T> type) {
        return find(view, KeyPath.of(key), type);
    }

    /**
     * Puts the mapped value at the path, as its class is written; creates missing parent maps. The elements of a list or map
     * have no type then, and are written without their type ids: if their class has {@code @JsonTypeInfo}, use
     * {@link #put(TreeEditor, KeyPath, TypeReference, Object)}.
     *
     * @throws MappingException if the mapper cannot write it
     */
    public void put(TreeEditor editor, KeyPath path, @Nullable Object value) {
        editor.put(path, tree(editor, path, null, value));
    }

    /** {@link #put(TreeEditor, KeyPath, Object)} at a top-level key. */
    public void put(TreeEditor editor, String key, @Nullable Object value) {
        put(editor, KeyPath.of(key), value);
    }

    /**
     * {@link #put(TreeEditor, KeyPath, Object)} of a generic type: {@code new TypeReference<List<Shape>>() {}}. The value,
     * which may be null, is written as one of that type, so {@link #get(TreeView, KeyPath, TypeReference)} reads it back:
     * with the type ids of its elements, and without what only subclasses of a type without type ids have.
     *
     * @throws MappingException if the mapper cannot write it as a {@code type}
     */
    public <T> void put(TreeEditor editor, KeyPath path, TypeReference<T> type, @Nullable T value) {
        editor.put(path, tree(editor, path, Objects.requireNonNull(type, "type"), value));
    }

    /** {@link #put(TreeEditor, KeyPath, TypeReference, Object)} at a top-level key. */
    public <T> void put(TreeEditor editor, String key, TypeReference<T> type, @Nullable T value) {
        put(editor, KeyPath.of(key), type, value);
    }

    /**
     * Puts the mapped value only if the path has no value (null is a value); creates missing parent maps.
     *
     * @return whether the value was put
     * @throws MappingException if the mapper cannot write it
     */
    public boolean init(TreeEditor editor, KeyPath path, @Nullable Object value) {
        return editor.init(path, tree(editor, path, null, value));
    }

    /** {@link #init(TreeEditor, KeyPath, Object)} at a top-level key. */
    public boolean init(TreeEditor editor, String key, @Nullable Object value) {
        return init(editor, KeyPath.of(key), value);
    }

    /**
     * {@link #init(TreeEditor, KeyPath, Object)} of a generic type, written as
     * {@link #put(TreeEditor, KeyPath, TypeReference, Object)} does.
     */
    public <T> boolean init(TreeEditor editor, KeyPath path, TypeReference<T> type, @Nullable T value) {
        return editor.init(path, tree(editor, path, Objects.requireNonNull(type, "type"), value));
    }

    /** {@link #init(TreeEditor, KeyPath, TypeReference, Object)} at a top-level key. */
    public <T> boolean init(TreeEditor editor, String key, TypeReference<T> type, @Nullable T value) {
        return init(editor, KeyPath.of(key), type, value);
    }

    /**
     * Appends the mapped value to the list at the path, which must exist.
     *
     * @throws MappingException if the mapper cannot write it
     */
    public void append(TreeEditor editor, KeyPath path, @Nullable Object value) {
        editor.append(path, tree(editor, path, null, value));
    }

    /** {@link #append(TreeEditor, KeyPath, Object)} at a top-level key. */
    public void append(TreeEditor editor, String key, @Nullable Object value) {
        append(editor, KeyPath.of(key), value);
    }

    /**
     * {@link #append(TreeEditor, KeyPath, Object)} of a generic type, written as
     * {@link #put(TreeEditor, KeyPath, TypeReference, Object)} does.
     */
    public <T> void append(TreeEditor editor, KeyPath path, TypeReference<T> type, @Nullable T value) {
        editor.append(path, tree(editor, path, Objects.requireNonNull(type, "type"), value));
    }

    /** {@link #append(TreeEditor, KeyPath, TypeReference, Object)} at a top-level key. */
    public <T> void append(TreeEditor editor, String key, TypeReference<T> type, @Nullable T value) {
        append(editor, KeyPath.of(key), type, value);
    }

    /**
     * Like {@link java.util.Map#merge}, atomically: if the path has no value or null, puts {@code value}; otherwise
     * puts the result of {@code fn} for the present value and {@code value}. A null result removes the value.
     * {@code fn} must be free of side effects, since it may be applied again when another thread commits first.
     *
     * @return the new value, or null if there is none
     * @throws MappingException if the mapper cannot make a {@code type} of the present value, or write the result of
     *     {@code fn}
     */
    public <T> @Nullable T merge(
            TreeEditor editor, KeyPath path, Class<T> type, T value, BinaryOperator<@Nullable T> fn) {
        AtomicReference<@Nullable T> result = new AtomicReference<>();
        editor.compute(path, node -> {
            T next = node == null ? value : fn.apply(read(editor, path, node, type), value);
            result.setPlain(next);
            return next == null ? null : unlessSame(node, tree(editor, path, null, next));
        });
        return result.getPlain();
    }

    /** {@link #merge(TreeEditor, KeyPath, Class, Object, BinaryOperator)} at a top-level key. */
    public <T> @Nullable T merge(
            TreeEditor editor, String key, Class<T> type, T value, BinaryOperator<@Nullable T> fn) {
        return merge(editor, KeyPath.of(key), type, value, fn);
    }

    /**
     * The list at the path, each element as a {@code type}; an immutable copy.
     *
     * @throws dev.heartwood.NoSuchPathException if nothing is there
     * @throws dev.heartwood.TypeMismatchException if it is no list
     * @throws MappingException if an element is null, or the mapper cannot make a {@code type} of it; names its path
     */
    public <T> List<T> getList(TreeView view, KeyPath path, Class<T> type) {
        List<T> list = new ArrayList<>();
        for (Object element : view.vectorAt(path)) {
            list.add(read(view, path.child(list.size()), element, type));
        }
        return Collections.unmodifiableList(list);
    }

    /** {@link #getList(TreeView, KeyPath, Class)} at a top-level key. */
    public <T> List<T> getList(TreeView view, String key, Class<T> type) {
        return getList(view, KeyPath.of(key), type);
    }

    /**
     * The map at the path, each value as a {@code type}; an immutable copy, keys in their natural order.
     *
     * @throws dev.heartwood.NoSuchPathException if nothing is there
     * @throws dev.heartwood.TypeMismatchException if it is no map
     * @throws MappingException if a value is null, or the mapper cannot make a {@code type} of it; names its path
     */
    public <T> Map<String, T> getMap(TreeView view, KeyPath path, Class<T> type) {
        Map<String, T> map = new TreeMap<>();
        view.mapAt(path).forEach((key, node) -> map.put(key, read(view, path.child(key), node, type)));
        return Collections.unmodifiableMap(map);
    }

    /** {@link #getMap(TreeView, KeyPath, Class)} at a top-level key. */
    public <T> Map<String, T> getMap(TreeView view, String key, Class<T> type) {
        return getMap(view, KeyPath.of(key), type);
    }

    /**
     * Replaces the value at the path, which must exist, with {@code fn} of it, atomically. {@code fn} must be free of
     * side effects, since it may be applied again when another thread commits first.
     *
     * @return the new value
     * @throws MappingException if the mapper cannot make a {@code type} of the value, or write the result of {@code fn}
     */
    public <T> T update(TreeEditor editor, KeyPath path, Class<T> type, UnaryOperator<T> fn) {
        return update(editor, path, node -> read(editor, path, node, type), fn, next -> tree(editor, path, null, next));
    }

    /** {@link #update(TreeEditor, KeyPath, Class, UnaryOperator)} at a top-level key. */
    public <T> T update(TreeEditor editor, String key, Class<T> type, UnaryOperator<T> fn) {
        return update(editor, KeyPath.of(key), type, fn);
    }

    /**
     * {@link #update(TreeEditor, KeyPath, Class, UnaryOperator)} of a generic type, written as
     * {@link #put(TreeEditor, KeyPath, TypeReference, Object)} does.
     */
    public <T> T update(TreeEditor editor, KeyPath path, TypeReference<T> type, UnaryOperator<T> fn) {
        return update(editor, path, node -> read(editor, path, node, type), fn, next -> tree(editor, path, type, next));
    }

    /** {@link #update(TreeEditor, KeyPath, TypeReference, UnaryOperator)} at a top-level key. */
    public <T> T update(TreeEditor editor, String key, TypeReference<T> type, UnaryOperator<T> fn) {
        return update(editor, KeyPath.of(key), type, fn);
    }

    private static <T> T update(
            TreeEditor editor,
            KeyPath path,
            Function<@Nullable Object, T> read,
            UnaryOperator<T> fn,
            Function<T, @Nullable Object> write) {
        AtomicReference<@Nullable T> result = new AtomicReference<>();
        editor.update(path, node -> {
            // Within the function: so nothing is committed.
            T next = Objects.requireNonNull(fn.apply(read.apply(node)), "fn returned null");
            result.setPlain(next);
            return unlessSame(node, write.apply(next));
        });
        return Objects.requireNonNull(result.getPlain());
    }

    /** The present value if the new one is equal: so a function that changes nothing commits nothing. */
    private static @Nullable Object unlessSame(@Nullable Object node, @Nullable Object tree) {
        return TreeEquality.trees(node, tree) ? node : tree;
    }

    private interface How<T> {
        @Nullable
        T read(JsonParser parser) throws IOException;
    }

    private <T> T read(TreeView view, KeyPath path, @Nullable Object node, Class<T> type) {
        return read(
                view, path, node, type, parser -> exact(mapper.readerFor(type)).readValue(parser));
    }

    private <T> T read(TreeView view, KeyPath path, @Nullable Object node, TypeReference<T> type) {
        return read(
                view,
                path,
                node,
                type.getType(),
                parser -> exact(mapper.readerFor(type)).readValue(parser));
    }

    /** A decimal in a {@code JsonNode} keeps its trailing zeros: Jackson would strip them. */
    private static ObjectReader exact(ObjectReader reader) {
        return reader.without(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES);
    }

    private <T> T read(TreeView view, KeyPath path, @Nullable Object node, Type type, How<T> how) {
        KeyPath place = view.place().resolve(path);
        byte[] json = options.writeBytes(place, node);
        try (JsonParser parser =
                new UnroundedParser(options.parsers().factory().createParser(json), options.decimals())) {
            T value = how.read(parser);
            if (value == null) {
                throw new MappingException(place, at(place) + " is null, expected " + type.getTypeName(), null);
            }
            return value;
        } catch (IOException e) {
            throw new MappingException(
                    place, at(place) + " is no " + type.getTypeName() + ": " + JsonErrors.ofMapper(e), e);
        }
    }

    private @Nullable Object tree(
            TreeEditor editor, KeyPath path, @Nullable TypeReference<?> type, @Nullable Object value) {
        KeyPath place = editor.place().resolve(path);
        try {
            return JsonSource.of(options, OpaqueLeaves.write(mapper, type, value, options))
                    .value(options);
        } catch (JsonException | UnsupportedValueException e) {
            throw new MappingException(place, "the mapper writes a value that no tree can hold: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new MappingException(
                    place, "the mapper cannot write the value for " + name(place) + ": " + JsonErrors.ofMapper(e), e);
        }
    }

    private static String at(KeyPath path) {
        return path.size() == 0 ? "the root" : "the value at " + path;
    }

    private static String name(KeyPath path) {
        return path.size() == 0 ? "the root" : path.toString();
    }
}
