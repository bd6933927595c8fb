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
 * Read access to a tree: the newest tree of a {@link Store}, the fixed tree of a {@link Snapshot}, or the private tree
 * of a {@link Transaction}.
 *
 * <p>Missing is not null: a JSON null is a value. If the path of a read leads through a scalar or a bad index, the
 * value is missing. Maps and lists are returned as the persistent Vavr collections of the tree itself, or as immutable
 * {@code java.util} views of them. Both cost O(1), are not affected by later writes, and go back in without a copy.
 * Each method reads one state.
 *
 * <p>Each method that takes a {@link KeyPath} has an overload that takes a {@code String}, one top-level key.
 */
public abstract sealed class TreeView permits TreeEditor, Snapshot, ScopedView, TrackedView {
    TreeView() {}

    /** The tree to read; records that {@code path} is read in this way. */
    abstract HashMap<String, @Nullable Object> tree(KeyPath path, ReadSet.Kind how);

    /** The values that the tree can hold. */
    abstract Dialect dialect();

    /** The state that this view shows; for a transaction, with its writes. */
    abstract Snapshot state();

    /** Records a read of a place on behalf of a derived value; {@code bits} are {@link ReadSet.Kind#bit}s. */
    void noteRead(KeyPath path, int bits) {}

    /** Converts a path relative to this view into a path from the root of the tree. */
    KeyPath absolute(KeyPath path) {
        return Objects.requireNonNull(path, "path must not be null");
    }

    /**
     * The place at which the paths of this view begin, from the root of the tree: the root, unless the view comes from
     * {@link #under}.
     */
    public KeyPath place() {
        return KeyPath.root();
    }

    /**
     * The same tree with paths relative to a place. The place is resolved at each call; while it has no value, reads
     * find nothing. Exceptions name paths from the root of the tree.
     *
     * @param steps the steps of {@link KeyPath#of(Object...)}
     */
    public TreeView under(Object... steps) {
        return under(KeyPath.of(steps));
    }

    /** {@link #under(Object...)} of a path. */
    public abstract TreeView under(KeyPath place);

    /** The node at a path from the root of the tree, or {@link Nodes#MISSING}; records the read. */
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

    /** {@link #get(KeyPath)} of a top-level key. */
    public @Nullable Object get(String key) {
        return get(KeyPath.ofTokens(key));
    }

    /**
     * The value at the path as a {@code type}, exactly: 5 as {@code Integer.class} is 5, 5.5 is refused;
     * {@code int.class} means {@code Integer}. The type decides whether a container is returned as a Vavr collection or
     * as a {@code java.util} view.
     *
     * @throws NoSuchPathException if nothing is there
     * @throws TypeMismatchException if it is null, of another type, or cannot be converted without loss
     */
    public <T> T get(KeyPath path, Class<T> type) {
        return exact(absolute(path), get(path), type);
    }

    /** {@link #get(KeyPath, Class)} of a top-level key. */
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
        return value == null ? Optional.empty() : Optional.of(exact(absolute(path), value, type));
    }

    /** {@link #find(KeyPath, Class)} of a top-level key. */
    public <T> Optional<T> find(String key, Class<T> type) {
        return find(KeyPath.ofTokens(key), type);
    }

    /** The value at the path, which may be null; {@code fallback} if the path has no value. */
    public @Nullable Object getOrDefault(KeyPath path, @Nullable Object fallback) {
        KeyPath at = absolute(path);
        Object node = look(at, ReadSet.Kind.VALUE);
        return node == MISSING ? fallback : handOut(at, node);
    }

    /** {@link #getOrDefault(KeyPath, Object)} of a top-level key. */
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

    /** {@link #getOrDefault(KeyPath, Class, Object)} of a top-level key. */
    public <T> T getOrDefault(String key, Class<T> type, T fallback) {
        return getOrDefault(KeyPath.ofTokens(key), type, fallback);
    }

    /** Whether the path has a value, which may be null. */
    public boolean contains(KeyPath path) {
        return look(absolute(path), ReadSet.Kind.PRESENCE) != MISSING;
    }

    /** {@link #contains(KeyPath)} of a top-level key. */
    public boolean contains(String key) {
        return contains(KeyPath.ofTokens(key));
    }

    /**
     * The map at the path, as a Vavr map.
     *
     * @throws NoSuchPathException if nothing is there
     * @throws TypeMismatchException if it is no map
     */
    public HashMap<String, @Nullable Object> mapAt(KeyPath path) {
        return Nodes.map(Conversions.exact(absolute(path), get(path), HashMap.class));
    }

    /** {@link #mapAt(KeyPath)} of a top-level key. */
    public HashMap<String, @Nullable Object> mapAt(String key) {
        return mapAt(KeyPath.ofTokens(key));
    }

    /**
     * The list at the path, as a Vavr vector.
     *
     * @throws NoSuchPathException if nothing is there
     * @throws TypeMismatchException if it is no list
     */
    public Vector<@Nullable Object> vectorAt(KeyPath path) {
        return Nodes.list(Conversions.exact(absolute(path), get(path), Vector.class));
    }

    /** {@link #vectorAt(KeyPath)} of a top-level key. */
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
        return JavaViews.map(mapAt(path), isWhole());
    }

    /** {@link #getMap(KeyPath)} of a top-level key. */
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
        return JavaViews.list(vectorAt(path), isWhole());
    }

    /** {@link #getList(KeyPath)} of a top-level key. */
    public List<@Nullable Object> getList(String key) {
        return getList(KeyPath.ofTokens(key));
    }

    /**
     * The map at the path as an immutable {@code java.util} view whose values are of one type, made in O(1). Each value
     * is converted exactly when it is read, as in {@link #get(KeyPath, Class)}: reading a value that is null, of
     * another type or inexact throws a {@link TypeMismatchException} with its path.
     *
     * @throws NoSuchPathException if nothing is there
     * @throws TypeMismatchException if it is no map
     */
    public <T> Map<String, T> getMap(KeyPath path, Class<T> value) {
        Objects.requireNonNull(value, "value must not be null");
        return TypedViews.map(absolute(path), mapAt(path), value, isWhole());
    }

    /** {@link #getMap(KeyPath, Class)} of a top-level key. */
    public <T> Map<String, T> getMap(String key, Class<T> value) {
        return getMap(KeyPath.ofTokens(key), value);
    }

    /**
     * The list at the path as an immutable {@code java.util} view whose elements are of one type, made in O(1). Each
     * element is converted exactly when it is read, as in {@link #get(KeyPath, Class)}: reading an element that is
     * null, of another type or inexact throws a {@link TypeMismatchException} with its path.
     *
     * @throws NoSuchPathException if nothing is there
     * @throws TypeMismatchException if it is no list
     */
    public <T> List<T> getList(KeyPath path, Class<T> element) {
        Objects.requireNonNull(element, "element must not be null");
        return TypedViews.list(absolute(path), vectorAt(path), element, isWhole());
    }

    /** {@link #getList(KeyPath, Class)} of a top-level key. */
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

    /** The number of top-level keys. */
    public int size() {
        return size(KeyPath.root());
    }

    /** The top-level keys. */
    public Set<String> keys() {
        return keys(KeyPath.root());
    }

    /**
     * The number of keys or elements of the map or list at the path.
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

    /** {@link #size(KeyPath)} of a top-level key. */
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

    /** {@link #keys(KeyPath)} of a top-level key. */
    public Set<String> keys(String key) {
        return keys(KeyPath.ofTokens(key));
    }

    /**
     * Every leaf at or below the path with its own path, sorted by key and index; empty containers are leaves. The
     * stream is lazy. If a part of the tree occurs at many paths, its leaves come once for each path, so the stream may
     * be far longer than the tree is large: limit it if the tree comes from an untrusted source.
     *
     * @throws NoSuchPathException if nothing is there
     */
    public Stream<Map.Entry<KeyPath, @Nullable Object>> leaves(KeyPath path) {
        KeyPath at = absolute(path);
        HashMap<String, @Nullable Object> tree = tree(at, ReadSet.Kind.VALUE);
        return StreamSupport.stream(new Leaves(path, require(at, tree, PathCopy.look(tree, at))), false);
    }

    /** {@link #leaves(KeyPath)} of a top-level key. */
    public Stream<Map.Entry<KeyPath, @Nullable Object>> leaves(String key) {
        return leaves(KeyPath.ofTokens(key));
    }

    final @Nullable Object handOut(KeyPath path, @Nullable Object node) {
        return Freeze.handOut(node, path.size(), dialect());
    }

    /** A node of this tree as a {@code type}. */
    final <T> T exact(KeyPath path, @Nullable Object node, Class<T> type) {
        return Conversions.exact(path, node, type, isWhole());
    }

    /** Whether the tree lacks no parts, so that stores take back what is handed out of it. */
    private boolean isWhole() {
        return dialect() != StoreIdentity.PARTS;
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

    /** The leaves below one node, as a lazy stream. */
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
