package dev.heartwood;

import static dev.heartwood.tree.Nodes.MISSING;

import dev.heartwood.tree.Nodes;
import dev.heartwood.tree.TreeCursor;
import io.vavr.collection.HashMap;
import io.vavr.collection.Vector;
import java.util.AbstractMap.SimpleImmutableEntry;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.Spliterator;
import java.util.Spliterators.AbstractSpliterator;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Reading a tree: a {@link Store} as it is now, a {@link Snapshot} as it was, a {@link Transaction} as its batch has
 * it.
 *
 * <p>Missing is not null: a JSON null is a value. On the way of a read, a scalar or a bad index means missing. Maps and
 * lists come out as the persistent Vavr collections of the tree itself, or as immutable {@code java.util} views of
 * them; both cost O(1), stay as they are whatever is written later, and go back in without a copy. A method that reads
 * several things reads one state.
 *
 * <p>Each method that takes a {@link KeyPath} has a twin that takes a {@code String}, one key of the top level.
 */
public abstract sealed class TreeView permits TreeEditor, Snapshot, ScopedView, TrackedView {
    TreeView() {}

    /** The tree to look at, having noted that {@code path} is looked at in this way. */
    abstract HashMap<String, @Nullable Object> tree(KeyPath path, ReadSet.Kind how);

    /** The values that the tree can hold. */
    abstract Dialect dialect();

    /** The state that this shows: for a transaction, with what it has written. */
    abstract Snapshot state();

    /** Notes that a place was read, on behalf of a derived value; {@code bits} are {@link ReadSet.Kind#bit}s. */
    void noteRead(KeyPath path, int bits) {}

    /** The path from the root of the tree of a path that begins where this view begins. */
    KeyPath absolute(KeyPath path) {
        return Objects.requireNonNull(path, "path must not be null");
    }

    /**
     * The same tree, seen from a place in it: all paths begin there. The place is resolved at each call; while nothing
     * is there, nothing is found. Exceptions name paths from the root of the tree.
     *
     * @param steps as {@link KeyPath#of(Object...)} takes them
     */
    public TreeView under(Object... steps) {
        return under(KeyPath.of(steps));
    }

    /** {@link #under(Object...)} of a path. */
    public abstract TreeView under(KeyPath place);

    /** The node at a path from the root of the tree, or {@link Nodes#MISSING}, having noted that it is looked at. */
    final @Nullable Object look(KeyPath path, ReadSet.Kind how) {
        return PathCopy.look(tree(path, how), path);
    }

    /**
     * The value at the path.
     *
     * @throws NoSuchPathException if nothing is there
     */
    public @Nullable Object get(KeyPath path) {
        KeyPath at = absolute(path);
        HashMap<String, @Nullable Object> tree = tree(at, ReadSet.Kind.VALUE);
        return handOut(at, require(at, tree, PathCopy.look(tree, at)));
    }

    /** {@link #get(KeyPath)} of a key of the top level. */
    public @Nullable Object get(String key) {
        return get(KeyPath.ofTokens(key));
    }

    /**
     * The value at the path as a {@code type}, exactly: 5 as {@code Integer.class} is 5, 5.5 is refused;
     * {@code int.class} means {@code Integer}. A container is a Vavr collection or a {@code java.util} view, by the
     * type that is asked for.
     *
     * @throws NoSuchPathException if nothing is there
     * @throws TypeMismatchException if it is null, of another type, or cannot be converted without loss
     */
    public <T> T get(KeyPath path, Class<T> type) {
        return Conversions.exact(absolute(path), get(path), type);
    }

    /** {@link #get(KeyPath, Class)} of a key of the top level. */
    public <T> T get(String key, Class<T> type) {
        return get(KeyPath.ofTokens(key), type);
    }

    /**
     * The value at the path as a {@code type}, exactly; empty when it is missing or null.
     *
     * @throws TypeMismatchException if it is of another type, or cannot be converted without loss
     */
    public <T> Optional<T> find(KeyPath path, Class<T> type) {
        Objects.requireNonNull(type, "type must not be null");
        Object value = getOrDefault(path, null);
        return value == null ? Optional.empty() : Optional.of(Conversions.exact(absolute(path), value, type));
    }

    /** {@link #find(KeyPath, Class)} of a key of the top level. */
    public <T> Optional<T> find(String key, Class<T> type) {
        return find(KeyPath.ofTokens(key), type);
    }

    /** The value at the path, or {@code fallback} where nothing is; a null that is there is null. */
    public @Nullable Object getOrDefault(KeyPath path, @Nullable Object fallback) {
        KeyPath at = absolute(path);
        Object node = look(at, ReadSet.Kind.VALUE);
        return node == MISSING ? fallback : handOut(at, node);
    }

    /** {@link #getOrDefault(KeyPath, Object)} of a key of the top level. */
    public @Nullable Object getOrDefault(String key, @Nullable Object fallback) {
        return getOrDefault(KeyPath.ofTokens(key), fallback);
    }

    /**
     * The value at the path as a {@code type}, exactly; {@code fallback} when it is missing or null.
     *
     * @throws TypeMismatchException if it is of another type, or cannot be converted without loss
     */
    public <T> T getOrDefault(KeyPath path, Class<T> type, T fallback) {
        return find(path, type).orElse(Objects.requireNonNull(fallback, "fallback must not be null"));
    }

    /** {@link #getOrDefault(KeyPath, Class, Object)} of a key of the top level. */
    public <T> T getOrDefault(String key, Class<T> type, T fallback) {
        return getOrDefault(KeyPath.ofTokens(key), type, fallback);
    }

    /** Whether something is at the path, be it null. */
    public boolean contains(KeyPath path) {
        return look(absolute(path), ReadSet.Kind.PRESENCE) != MISSING;
    }

    /** {@link #contains(KeyPath)} of a key of the top level. */
    public boolean contains(String key) {
        return contains(KeyPath.ofTokens(key));
    }

    /**
     * The map at the path, as Vavr has it.
     *
     * @throws NoSuchPathException if nothing is there
     * @throws TypeMismatchException if it is no map
     */
    public HashMap<String, @Nullable Object> mapAt(KeyPath path) {
        return Nodes.map(Conversions.exact(absolute(path), get(path), HashMap.class));
    }

    /** {@link #mapAt(KeyPath)} of a key of the top level. */
    public HashMap<String, @Nullable Object> mapAt(String key) {
        return mapAt(KeyPath.ofTokens(key));
    }

    /**
     * The list at the path, as Vavr has it.
     *
     * @throws NoSuchPathException if nothing is there
     * @throws TypeMismatchException if it is no list
     */
    public Vector<@Nullable Object> vectorAt(KeyPath path) {
        return Nodes.list(Conversions.exact(absolute(path), get(path), Vector.class));
    }

    /** {@link #vectorAt(KeyPath)} of a key of the top level. */
    public Vector<@Nullable Object> vectorAt(String key) {
        return vectorAt(KeyPath.ofTokens(key));
    }

    /**
     * The map at the path as an immutable {@code java.util} view, nested containers too.
     *
     * @throws NoSuchPathException if nothing is there
     * @throws TypeMismatchException if it is no map
     */
    public Map<String, @Nullable Object> getMap(KeyPath path) {
        return new JavaViews.MapView(mapAt(path));
    }

    /** {@link #getMap(KeyPath)} of a key of the top level. */
    public Map<String, @Nullable Object> getMap(String key) {
        return getMap(KeyPath.ofTokens(key));
    }

    /**
     * The list at the path as an immutable {@code java.util} view, nested containers too.
     *
     * @throws NoSuchPathException if nothing is there
     * @throws TypeMismatchException if it is no list
     */
    public List<@Nullable Object> getList(KeyPath path) {
        return new JavaViews.ListView(vectorAt(path));
    }

    /** {@link #getList(KeyPath)} of a key of the top level. */
    public List<@Nullable Object> getList(String key) {
        return getList(KeyPath.ofTokens(key));
    }

    /**
     * The map at the path as an immutable {@code java.util} view whose values are of one type, made in O(1). A value is
     * converted when it is asked for, exactly, as {@link #get(KeyPath, Class)} does it: one that is null, of another
     * type or inexact is a {@link TypeMismatchException} then, which names its path.
     *
     * @throws NoSuchPathException if nothing is there
     * @throws TypeMismatchException if it is no map
     */
    public <T> Map<String, T> getMap(KeyPath path, Class<T> value) {
        Objects.requireNonNull(value, "value must not be null");
        return new TypedViews.MapView<>(absolute(path), mapAt(path), value);
    }

    /** {@link #getMap(KeyPath, Class)} of a key of the top level. */
    public <T> Map<String, T> getMap(String key, Class<T> value) {
        return getMap(KeyPath.ofTokens(key), value);
    }

    /**
     * The list at the path as an immutable {@code java.util} view whose elements are of one type, made in O(1). An
     * element is converted when it is asked for, exactly, as {@link #get(KeyPath, Class)} does it: one that is null, of
     * another type or inexact is a {@link TypeMismatchException} then, which names its path.
     *
     * @throws NoSuchPathException if nothing is there
     * @throws TypeMismatchException if it is no list
     */
    public <T> List<T> getList(KeyPath path, Class<T> element) {
        Objects.requireNonNull(element, "element must not be null");
        return new TypedViews.ListView<>(absolute(path), vectorAt(path), element);
    }

    /** {@link #getList(KeyPath, Class)} of a key of the top level. */
    public <T> List<T> getList(String key, Class<T> element) {
        return getList(KeyPath.ofTokens(key), element);
    }

    /**
     * A deep copy of the whole tree in mutable {@code java.util} collections, keys in their natural order. A part that
     * occurs at many paths is copied for each of them: a tree of a few hundred bytes whose parts are shared may have
     * more paths than memory can hold. {@link #getMap(KeyPath)} copies nothing.
     */
    public Map<String, @Nullable Object> toMap() {
        return JavaViews.copy(mapAt(KeyPath.root()));
    }

    /** How many keys the top level has. */
    public int size() {
        return size(KeyPath.root());
    }

    /** The keys of the top level. */
    public Set<String> keys() {
        return keys(KeyPath.root());
    }

    /**
     * How many keys or elements the map or list at the path has.
     *
     * @throws NoSuchPathException if nothing is there
     * @throws TypeMismatchException if it is neither
     */
    public int size(KeyPath path) {
        KeyPath at = absolute(path);
        HashMap<String, @Nullable Object> tree = tree(at, ReadSet.Kind.SIZE);
        Object node = require(at, tree, PathCopy.look(tree, at));
        if (node == null || !Nodes.isContainer(node)) {
            throw expected("a map or a list", at, node);
        }
        return Nodes.size(node);
    }

    /** {@link #size(KeyPath)} of a key of the top level. */
    public int size(String key) {
        return size(KeyPath.ofTokens(key));
    }

    /**
     * The keys of the map at the path, as an immutable view.
     *
     * @throws NoSuchPathException if nothing is there
     * @throws TypeMismatchException if it is no map
     */
    public Set<String> keys(KeyPath path) {
        KeyPath at = absolute(path);
        HashMap<String, @Nullable Object> tree = tree(at, ReadSet.Kind.KEYS);
        Object node = require(at, tree, PathCopy.look(tree, at));
        if (!(node instanceof HashMap)) {
            throw expected("a map", at, node);
        }
        return new JavaViews.MapView(Nodes.map(node)).keySet();
    }

    /** {@link #keys(KeyPath)} of a key of the top level. */
    public Set<String> keys(String key) {
        return keys(KeyPath.ofTokens(key));
    }

    /**
     * Every leaf at or below the path with its own path, sorted by key and index; empty containers are leaves. They are
     * found as they are asked for. A leaf in a part that occurs at many paths comes once for each, so the stream may be
     * far longer than the tree is large: limit it where the tree comes from outside.
     *
     * @throws NoSuchPathException if nothing is there
     */
    public Stream<Map.Entry<KeyPath, @Nullable Object>> leaves(KeyPath path) {
        KeyPath at = absolute(path);
        HashMap<String, @Nullable Object> tree = tree(at, ReadSet.Kind.VALUE);
        return StreamSupport.stream(new Leaves(path, require(at, tree, PathCopy.look(tree, at))), false);
    }

    /** {@link #leaves(KeyPath)} of a key of the top level. */
    public Stream<Map.Entry<KeyPath, @Nullable Object>> leaves(String key) {
        return leaves(KeyPath.ofTokens(key));
    }

    final @Nullable Object handOut(KeyPath path, @Nullable Object node) {
        return Freeze.handOut(node, path.size(), dialect());
    }

    private static @Nullable Object require(KeyPath path, Object tree, @Nullable Object node) {
        if (node == MISSING) {
            throw NoSuchPathException.at(path, tree);
        }
        return node;
    }

    private static TypeMismatchException expected(String what, KeyPath path, @Nullable Object node) {
        return new TypeMismatchException(path, path.forPeople() + " is " + Descriptions.of(node) + ", not " + what);
    }

    /** The leaves below one node, found as they are asked for. */
    private static final class Leaves extends AbstractSpliterator<Map.Entry<KeyPath, @Nullable Object>> {
        private final KeyPath base;
        private final TreeCursor walk;

        Leaves(KeyPath base, @Nullable Object node) {
            super(Long.MAX_VALUE, Spliterator.ORDERED | Spliterator.DISTINCT | Spliterator.IMMUTABLE);
            this.base = base;
            this.walk = new TreeCursor(node, true);
        }

        @Override
        public boolean tryAdvance(Consumer<? super Map.Entry<KeyPath, @Nullable Object>> action) {
            while (walk.next()) {
                Object node = walk.node();
                boolean empty = walk.step() == TreeCursor.Step.ENTER && node != null && Nodes.size(node) == 0;
                if (walk.step() == TreeCursor.Step.LEAF || empty) {
                    action.accept(new SimpleImmutableEntry<>(base.resolve(KeyPath.of(walk.tokens())), node));
                    return true;
                }
            }
            return false;
        }
    }
}
