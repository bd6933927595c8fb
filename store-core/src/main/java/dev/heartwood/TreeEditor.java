package dev.heartwood;

import static dev.heartwood.tree.Nodes.MISSING;

import dev.heartwood.tree.Nodes;
import dev.heartwood.tree.Numbers;
import dev.heartwood.tree.TreeEquality;
import io.vavr.collection.HashMap;
import io.vavr.collection.Vector;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Objects;
import java.util.function.BinaryOperator;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Writing a tree. On a {@link Store} each call is one atomic commit; on a {@link Transaction} it joins the batch.
 *
 * <p><b>Values.</b> Map-like is {@code java.util.Map} and Vavr's {@code Map} with {@code String} keys; list-like is any
 * {@code Collection}, Vavr {@code Seq} and {@code Set}, and arrays of any kind. Leaves are {@code String},
 * {@code Boolean}, numbers, null, {@code Character} (as a string), and any other object that the caller guarantees to
 * be immutable. Every value is frozen when it is written, so no object that a caller still holds can change the tree. A
 * value that no tree can hold throws an {@link UnsupportedValueException} with its path.
 *
 * <p><b>Places.</b> If the path of a write leads through a scalar, or a token is not an index of its list, the write
 * throws a {@link TypeMismatchException}. If a place must exist but does not, it throws a {@link NoSuchPathException}.
 * Missing parent maps are created where a method says so; missing lists never are.
 *
 * <p><b>No-ops.</b> A write that puts the same instance or an equal scalar where it already is commits nothing.
 *
 * <p><b>Functions</b> must be free of side effects, since they may be applied again when another thread commits first.
 * If a function throws, the caller gets that exception, and nothing is changed.
 *
 * <p><b>Errors.</b> Besides those that a method names, each write of a {@link Store} and each of its batches may end with one
 * of these; none is thrown by a single write within a {@link Transaction}, whose commit comes later:
 *
 * <ul>
 *   <li>{@link GuardException}: the commit would break a {@linkplain StoreOptions#guard guard}. Nothing is changed.
 *   <li>{@link StoreClosedException}: the store is closed, or was before it could commit. Nothing is changed.
 *   <li>{@link StoreIOException}: the storage cannot be read, or has not accepted the commit. Nothing is changed; the
 *       message names the remedy. A store in memory throws none.
 *   <li>{@link IndeterminateCommitException}: the storage has failed during the commit, which may or may not have been
 *       made: {@link Store#outcomeOf} returns the outcome, if the storage can determine it. A store in memory throws
 *       none.
 *   <li>{@link ReentrantUseException}: a function or batch of the store uses the store itself.
 * </ul>
 *
 * <p>If a parameter may not be null but is, a {@link NullPointerException} names it; nothing is changed.
 */
public abstract sealed class TreeEditor extends TreeView permits Store, Transaction, ScopedStore {
    TreeEditor() {}

    /** The editor of the whole tree: this one, unless it is relative to a place. */
    TreeEditor whole() {
        return this;
    }

    /** Whether functions must run twice with equal results; false within a body, which itself runs twice. */
    boolean isStrict() {
        return false;
    }

    /** Carries out the operation, and returns it with the value that it found and the value that it made. */
    abstract Rewrite rewrite(Rewrite rewrite);

    /**
     * Puts a node at a place whose parents are maps: the most common write of a transaction. It needs no
     * {@link Rewrite}, which keeps all that a repetition on another tree needs.
     *
     * @return the node before, null if there was none; {@link Nodes#MISSING} if this is no such place, or no transaction:
     *     nothing was read or written then
     */
    @Nullable
    Object replaceInMaps(KeyPath path, @Nullable Object node) {
        return MISSING;
    }

    /** The same for an addition to the value at the place, if there is one; returns the sum. */
    @Nullable
    Object addInMaps(KeyPath path, Number amount) {
        return MISSING;
    }

    /** The newest tree that a write would meet, as far as this is known without asking a storage. */
    abstract HashMap<String, @Nullable Object> newestTree();

    /** The rewrite has reached its place, and will run its step on the value there. */
    abstract void arrived(Rewrite rewrite);

    /**
     * Runs {@code body} as a whole: a batch of its own on a {@link Store}; on a {@link Transaction} a part of its
     * batch. If the body throws, nothing of that part stays, even if the batch goes on.
     */
    public abstract void atomically(Consumer<? super Transaction> body);

    /**
     * The same tree, for reading and writing with paths relative to a place; this includes the paths of
     * {@link #atomically}, patches and diffs. The place is resolved at each call. While the place has no value, reads
     * find nothing, and writes create it like any missing parent. The place may have any value, and can be put; only an
     * editor of a parent can remove it. Exceptions name paths from the root of the tree.
     *
     * @param steps the steps of {@link KeyPath#of(Object...)}
     */
    @Override
    public TreeEditor under(Object... steps) {
        return under(KeyPath.of(steps));
    }

    /** {@link #under(Object...)} of a path. */
    @Override
    public abstract TreeEditor under(KeyPath place);

    /**
     * Puts the value at the path; creates missing parent maps. In a list, replaces the element at an index, or appends
     * at {@code -}.
     *
     * @return the value that was there, or null if none was
     */
    public @Nullable Object put(KeyPath path, @Nullable Object value) {
        KeyPath at = absolute(path);
        Object node = freeze(at, value);
        Object before = replaceInMaps(at, node);
        return before != MISSING
                ? handOut(at, before)
                : previous(rewrite(new Rewrite(this, at, Rewrite.Mode.PUT, found -> node)));
    }

    /** {@link #put(KeyPath, Object)}, unless {@code check} throws for the present value: then nothing is changed. */
    final @Nullable Object put(KeyPath path, @Nullable Object value, Consumer<? super @Nullable Object> check) {
        KeyPath at = absolute(path);
        Object node = freeze(at, value);
        return previous(rewrite(new Rewrite(this, at, Rewrite.Mode.PUT, checked(check, found -> node))));
    }

    /** {@link #put(KeyPath, Object)} at a top-level key. */
    public @Nullable Object put(String key, @Nullable Object value) {
        return put(KeyPath.ofTokens(key), value);
    }

    /**
     * The blind write: like {@link #put(KeyPath, Object)}, but it reads nothing, so in a batch no other commit at the
     * same path can invalidate it.
     */
    public void set(KeyPath path, @Nullable Object value) {
        rewrite(constant(path, Rewrite.Mode.SET, value));
    }

    /** {@link #set(KeyPath, Object)} at a top-level key. */
    public void set(String key, @Nullable Object value) {
        set(KeyPath.ofTokens(key), value);
    }

    /**
     * Puts the value only if the path has none (null is a value); creates missing parent maps.
     *
     * @return whether the value was put
     */
    public boolean init(KeyPath path, @Nullable Object value) {
        KeyPath at = absolute(path);
        Object node = freeze(at, value);
        return rewrite(new Rewrite(this, at, Rewrite.Mode.INIT, found -> found == MISSING ? node : found))
                        .found()
                == MISSING;
    }

    /** {@link #init(KeyPath, Object)} at a top-level key. */
    public boolean init(String key, @Nullable Object value) {
        return init(KeyPath.ofTokens(key), value);
    }

    /**
     * Replaces the value at the path, which must exist, with {@code fn} of it; null stores null.
     *
     * @return the new value
     */
    public @Nullable Object update(KeyPath path, UnaryOperator<@Nullable Object> fn) {
        Objects.requireNonNull(fn, "fn must not be null");
        return current(rewrite(new Rewrite(this, absolute(path), Rewrite.Mode.UPDATE, fn)));
    }

    /** {@link #update(KeyPath, UnaryOperator)} at a top-level key. */
    public @Nullable Object update(String key, UnaryOperator<@Nullable Object> fn) {
        return update(KeyPath.ofTokens(key), fn);
    }

    /**
     * Replaces the value at the path, which must exist, with {@code fn} of it as a {@code type}.
     *
     * @return the new value
     * @throws TypeMismatchException if the value, old or new, is no exact {@code type}
     */
    public <T> T update(KeyPath path, Class<T> type, UnaryOperator<T> fn) {
        KeyPath at = absolute(path);
        requireTyped(type, fn);
        // The function's result is checked inside, before it is committed.
        Object updated = update(path, value -> Conversions.given(at, fn.apply(exact(at, value, type)), type));
        return exact(at, updated, type);
    }

    /** {@link #update(KeyPath, Class, UnaryOperator)} at a top-level key. */
    public <T> T update(String key, Class<T> type, UnaryOperator<T> fn) {
        return update(KeyPath.ofTokens(key), type, fn);
    }

    /**
     * Replaces the map at the path, which must exist, with {@code fn} of it.
     *
     * @throws TypeMismatchException if it is no map
     */
    public void updateMap(KeyPath path, UnaryOperator<HashMap<String, @Nullable Object>> fn) {
        Objects.requireNonNull(fn, "fn must not be null");
        update(path, value -> fn.apply(Nodes.map(Conversions.exact(absolute(path), value, HashMap.class))));
    }

    /** {@link #updateMap(KeyPath, UnaryOperator)} at a top-level key. */
    public void updateMap(String key, UnaryOperator<HashMap<String, @Nullable Object>> fn) {
        updateMap(KeyPath.ofTokens(key), fn);
    }

    /**
     * Replaces the list at the path, which must exist, with {@code fn} of it.
     *
     * @throws TypeMismatchException if it is no list
     */
    public void updateList(KeyPath path, UnaryOperator<Vector<@Nullable Object>> fn) {
        Objects.requireNonNull(fn, "fn must not be null");
        update(path, value -> fn.apply(Nodes.list(Conversions.exact(absolute(path), value, Vector.class))));
    }

    /** {@link #updateList(KeyPath, UnaryOperator)} at a top-level key. */
    public void updateList(String key, UnaryOperator<Vector<@Nullable Object>> fn) {
        updateList(KeyPath.ofTokens(key), fn);
    }

    /**
     * Like {@link java.util.Map#merge}: if the path has no value or null, puts {@code value}; otherwise puts the result
     * of {@code fn} for the present value and {@code value}. A null result removes the value. Creates missing parent
     * maps.
     *
     * @return the new value, or null if there is none
     */
    public @Nullable Object merge(KeyPath path, Object value, BinaryOperator<@Nullable Object> fn) {
        Objects.requireNonNull(value, "value must not be null");
        Objects.requireNonNull(fn, "fn must not be null");
        Object node = Objects.requireNonNull(freeze(absolute(path), value));
        return compute(path, old -> old == null ? node : fn.apply(old, node));
    }

    /** {@link #merge(KeyPath, Object, BinaryOperator)} at a top-level key. */
    public @Nullable Object merge(String key, Object value, BinaryOperator<@Nullable Object> fn) {
        return merge(KeyPath.ofTokens(key), value, fn);
    }

    /**
     * {@link #merge(KeyPath, Object, BinaryOperator)} with values of one type:
     * {@code merge(path, Long.class, 1L, Long::sum)} counts.
     *
     * @return the new value, or null if there is none
     * @throws TypeMismatchException if the present value, or {@code value}, is no exact {@code type}
     */
    public <T> @Nullable T merge(KeyPath path, Class<T> type, T value, BinaryOperator<T> fn) {
        KeyPath at = absolute(path);
        requireTyped(type, fn);
        Objects.requireNonNull(value, "value must not be null");
        // A value that cannot be read back as that type must not be written, so it is read before.
        Object first = freeze(at, value);
        exact(at, first, type);
        Object merged =
                merge(path, Objects.requireNonNull(first), (old, added) -> fn.apply(exact(at, old, type), value));
        return merged == null ? null : exact(at, merged, type);
    }

    /** {@link #merge(KeyPath, Class, Object, BinaryOperator)} at a top-level key. */
    public <T> @Nullable T merge(String key, Class<T> type, T value, BinaryOperator<T> fn) {
        return merge(KeyPath.ofTokens(key), type, value, fn);
    }

    /**
     * Like {@link java.util.Map#compute}: puts the result of {@code fn} for the present value. {@code fn} gets null if
     * the path has no value or a JSON null. A null result removes the value, if there is one. Creates missing parent
     * maps. When an element of a list is removed, the elements after it move up.
     *
     * @param path not the root, which cannot be removed
     * @return the new value, or null if there is none
     */
    public @Nullable Object compute(KeyPath path, UnaryOperator<@Nullable Object> fn) {
        return compute(path, Rewrite.Mode.COMPUTE, fn);
    }

    /** {@link #compute(KeyPath, UnaryOperator)} at a top-level key. */
    public @Nullable Object compute(String key, UnaryOperator<@Nullable Object> fn) {
        return compute(KeyPath.ofTokens(key), fn);
    }

    /**
     * Adds 1 to the number at the path, which must exist.
     *
     * @return the sum
     */
    public Number increment(KeyPath path) {
        return increment(path, 1L);
    }

    /** {@link #increment(KeyPath)} at a top-level key. */
    public Number increment(String key) {
        return increment(KeyPath.ofTokens(key));
    }

    /**
     * Adds to the number at the path, which must exist. The sum never overflows: beyond {@code long} it is a
     * {@code BigInteger}, and within its range a {@code Long} again. With a {@code Double} the sum is a {@code Double},
     * with a {@code BigDecimal} a {@code BigDecimal}.
     *
     * @return the sum
     * @throws TypeMismatchException if it is no number
     * @throws UnsupportedValueException if the sum is not finite, or a decimal of more than 100,000 digits because the
     *     exponents lie too far apart
     */
    public Number increment(KeyPath path, Number by) {
        KeyPath at = absolute(path);
        Object sum = addInMaps(at, amount(at, by));
        return sum != MISSING ? (Number) Objects.requireNonNull(sum) : increment(path, by, any -> {});
    }

    /** {@link #increment(KeyPath, Number)}, unless {@code check} throws for the sum: then nothing is changed. */
    final Number increment(KeyPath path, Number by, Consumer<? super Number> check) {
        KeyPath at = absolute(path);
        Number amount = amount(at, by);
        Rewrite done = rewrite(new Rewrite(this, at, Rewrite.Mode.ADD, found -> {
            Number sum = add(at, found, amount);
            check.accept(sum);
            return sum;
        }));
        return (Number) Objects.requireNonNull(done.result());
    }

    /** {@link #increment(KeyPath, Number)} at a top-level key. */
    public Number increment(String key, Number by) {
        return increment(KeyPath.ofTokens(key), by);
    }

    /** Subtracts 1 from the number at the path; see {@link #increment(KeyPath, Number)}. */
    public Number decrement(KeyPath path) {
        return increment(path, -1L);
    }

    /** {@link #decrement(KeyPath)} at a top-level key. */
    public Number decrement(String key) {
        return decrement(KeyPath.ofTokens(key));
    }

    /** Subtracts from the number at the path; see {@link #increment(KeyPath, Number)}. */
    public Number decrement(KeyPath path, Number by) {
        return increment(path, Numbers.negate(amount(absolute(path), by)));
    }

    /** {@link #decrement(KeyPath, Number)}, unless {@code check} throws for the difference: then nothing is changed. */
    final Number decrement(KeyPath path, Number by, Consumer<? super Number> check) {
        return increment(path, Numbers.negate(amount(absolute(path), by)), check);
    }

    /** {@link #decrement(KeyPath, Number)} at a top-level key. */
    public Number decrement(String key, Number by) {
        return decrement(KeyPath.ofTokens(key), by);
    }

    /**
     * Appends an element to the list at the path, which must exist.
     *
     * @throws TypeMismatchException if it is no list
     */
    public void append(KeyPath path, @Nullable Object element) {
        insert(Objects.requireNonNull(path, "path must not be null").child(Nodes.DASH), element);
    }

    /** {@link #append(KeyPath, Object)} at a top-level key. */
    public void append(String key, @Nullable Object element) {
        append(KeyPath.ofTokens(key), element);
    }

    /**
     * Inserts an element into a list, before the index that the path ends with; the list's size or {@code -} appends.
     *
     * @throws NoSuchPathException if the list is missing or shorter than that
     * @throws TypeMismatchException if the parent is no list, or the last token no index
     */
    public void insert(KeyPath index, @Nullable Object element) {
        if (Objects.requireNonNull(index, "index must not be null").isRoot()) {
            throw new IllegalArgumentException("the root is no place in a list");
        }
        rewrite(constant(index, Rewrite.Mode.INSERT, element));
    }

    /**
     * Joins a string to the string, or the elements of a list to the list, at the path, which must exist.
     *
     * @throws TypeMismatchException if they are not two strings or two lists
     */
    public void concat(KeyPath path, Object more) {
        KeyPath at = absolute(path);
        Object node = freeze(at, Objects.requireNonNull(more, "more must not be null"));
        rewrite(new Rewrite(this, at, Rewrite.Mode.EXTEND, found -> {
            if (found instanceof String string && node instanceof String tail) {
                // The root may accept each part, but not the joined string.
                return tail.isEmpty() ? string : freeze(at, string + tail);
            }
            if (found instanceof Vector && node instanceof Vector<?> tail) {
                return tail.isEmpty() ? found : Nodes.list(found).appendAll(tail);
            }
            throw new TypeMismatchException(
                    at,
                    at.forPeople() + " is " + Descriptions.of(found) + ", and " + Nodes.kind(node)
                            + " cannot be joined to it: expected two strings or two lists");
        }));
    }

    /** {@link #concat(KeyPath, Object)} at a top-level key. */
    public void concat(String key, Object more) {
        concat(KeyPath.ofTokens(key), more);
    }

    /**
     * Removes the value at the path, which must exist; in a list the elements after it move up.
     *
     * @return the removed value
     */
    public @Nullable Object remove(KeyPath path) {
        return previous(rewrite(removal(path, Rewrite.Mode.CHANGE)));
    }

    /** {@link #remove(KeyPath)}, unless {@code check} throws for the present value: then nothing is changed. */
    final @Nullable Object remove(KeyPath path, Consumer<? super @Nullable Object> check) {
        requireBelowRoot(path);
        return previous(
                rewrite(new Rewrite(this, absolute(path), Rewrite.Mode.CHANGE, checked(check, found -> MISSING))));
    }

    /** {@link #remove(KeyPath)} of a top-level key. */
    public @Nullable Object remove(String key) {
        return remove(KeyPath.ofTokens(key));
    }

    /**
     * Removes the value at the path, if there is one.
     *
     * @return whether there was a value
     */
    public boolean discard(KeyPath path) {
        return rewrite(removal(path, Rewrite.Mode.DISCARD)).found() != MISSING;
    }

    /** {@link #discard(KeyPath)} of a top-level key. */
    public boolean discard(String key) {
        return discard(KeyPath.ofTokens(key));
    }

    /**
     * Puts {@code next} at the path if {@code expected} is there: of the same kind and equal, containers element by
     * element. Nothing equals a missing value.
     *
     * @return whether {@code expected} was there
     */
    public boolean replace(KeyPath path, @Nullable Object expected, @Nullable Object next) {
        KeyPath at = absolute(path);
        Object wanted = freeze(at, expected);
        Object node = freeze(at, next);
        boolean[] won = new boolean[1];
        rewrite(new Rewrite(this, at, Rewrite.Mode.ANY, found -> {
            won[0] = TreeEquality.trees(found, wanted);
            return won[0] ? node : found;
        }));
        return won[0];
    }

    /** {@link #replace(KeyPath, Object, Object)} at a top-level key. */
    public boolean replace(String key, @Nullable Object expected, @Nullable Object next) {
        return replace(KeyPath.ofTokens(key), expected, next);
    }

    /**
     * Puts all entries of a map at the path, atomically: each like {@link #set(KeyPath, Object)} of its key, so in a
     * batch no other commit at the same keys can invalidate it. Other keys of the map at the path stay. Creates missing
     * parent maps; with empty {@code entries}, does nothing.
     *
     * @throws TypeMismatchException if a scalar is at the path
     */
    public void putAll(KeyPath path, Map<String, ? extends @Nullable Object> entries) {
        KeyPath at = absolute(path);
        HashMap<String, @Nullable Object> nodes =
                freezeMap(at, Objects.requireNonNull(entries, "entries must not be null"));
        whole().atomically(tx -> BulkEdits.putAll(tx, at, nodes));
    }

    /** {@link #putAll(KeyPath, Map)} at a top-level key. */
    public void putAll(String key, Map<String, ? extends @Nullable Object> entries) {
        putAll(KeyPath.ofTokens(key), entries);
    }

    /**
     * Merges a tree into the one at the path, atomically: where both have a map, the maps are merged key by key, at all
     * levels; any other value of {@code tree}, lists and null included, replaces the present value. Other keys stay.
     * Creates missing parent maps. In a batch, the only read is whether there is a map at each place where {@code tree}
     * has a map.
     */
    public void mergeTree(KeyPath path, Map<String, ? extends @Nullable Object> tree) {
        KeyPath at = absolute(path);
        HashMap<String, @Nullable Object> nodes = freezeMap(at, Objects.requireNonNull(tree, "tree must not be null"));
        whole().atomically(tx -> BulkEdits.mergeTree(tx, at, nodes));
    }

    /** {@link #mergeTree(KeyPath, Map)} at a top-level key. */
    public void mergeTree(String key, Map<String, ? extends @Nullable Object> tree) {
        mergeTree(KeyPath.ofTokens(key), tree);
    }

    /**
     * Moves the value at one path, which must exist, to another, atomically: removes it, and then puts it. If the
     * target is in a list, the value is inserted before the index that the path ends with, like {@link #insert},
     * counted after the removal. Elsewhere it replaces the present value, and missing parent maps are created. Moving a
     * value onto its own place changes nothing.
     *
     * @throws NoSuchPathException if nothing is at {@code from}
     * @throws IllegalArgumentException if {@code to} is below {@code from}
     */
    public void move(KeyPath from, KeyPath to) {
        KeyPath source = absolute(Objects.requireNonNull(from, "from must not be null"));
        KeyPath target = absolute(Objects.requireNonNull(to, "to must not be null"));
        requireBelowRoot(from);
        whole().atomically(tx -> BulkEdits.move(tx, source, target));
    }

    /** {@link #move(KeyPath, KeyPath)} between keys of the top level. */
    public void move(String from, String to) {
        move(KeyPath.ofTokens(from), KeyPath.ofTokens(to));
    }

    /**
     * Copies the value at one path, which must exist, to another, atomically and in O(1): both share their structure.
     * If the target is in a list, the value is inserted before the index that the path ends with, like {@link #insert};
     * elsewhere it replaces the present value, and missing parent maps are created. A value may be copied to a place
     * below itself.
     *
     * @throws NoSuchPathException if nothing is at {@code from}
     */
    public void copy(KeyPath from, KeyPath to) {
        KeyPath source = absolute(Objects.requireNonNull(from, "from must not be null"));
        KeyPath target = absolute(Objects.requireNonNull(to, "to must not be null"));
        whole().atomically(tx -> BulkEdits.copy(tx, source, target));
    }

    /** {@link #copy(KeyPath, KeyPath)} between keys of the top level. */
    public void copy(String from, String to) {
        copy(KeyPath.ofTokens(from), KeyPath.ofTokens(to));
    }

    /**
     * Applies all changes of {@code diff}, atomically. A change of a map applies to a map and a change of a list to a
     * list, also where the key is made of digits.
     *
     * @throws ConflictException if the tree is not as the diff expects; then nothing is changed
     */
    public void apply(Diff diff) {
        Objects.requireNonNull(diff, "diff must not be null");
        atomically(diff::applyTo);
    }

    /** Removes everything: all keys of the tree, or of the map or list to which this editor is relative. */
    public void clear() {
        rewrite(new Rewrite(
                this,
                KeyPath.root(),
                Rewrite.Mode.SET,
                found -> Nodes.size(Objects.requireNonNull(found)) == 0 ? found : HashMap.empty()));
    }

    /** {@link #compute(KeyPath, UnaryOperator)}, where the mode defines the meaning of a null from {@code fn}. */
    final @Nullable Object compute(KeyPath path, Rewrite.Mode mode, UnaryOperator<@Nullable Object> fn) {
        Objects.requireNonNull(fn, "fn must not be null");
        if (Objects.requireNonNull(path, "path must not be null").isRoot()) {
            throw new IllegalArgumentException(
                    "merge removes where its function gives null, as compute does, and the root cannot be removed:"
                            + " expected a path below it (update changes the root)");
        }
        Rewrite done = rewrite(new Rewrite(this, absolute(path), mode, fn));
        return done.result() == MISSING ? null : current(done);
    }

    /** The node for a value that will be written at a path from the root of the tree. */
    final @Nullable Object freeze(KeyPath path, @Nullable Object value) {
        return Freeze.mayStand(value)
                ? Freeze.beside(path, value, PathCopy.look(newestTree(), path), dialect())
                : Freeze.value(path, value, dialect());
    }

    private HashMap<String, @Nullable Object> freezeMap(KeyPath path, Map<String, ? extends @Nullable Object> map) {
        return Nodes.map(Objects.requireNonNull(freeze(path, map)));
    }

    private Rewrite constant(KeyPath path, Rewrite.Mode mode, @Nullable Object value) {
        KeyPath at = absolute(path);
        Object node = freeze(at, value);
        return new Rewrite(this, at, mode, found -> node);
    }

    private static UnaryOperator<@Nullable Object> checked(
            Consumer<? super @Nullable Object> check, UnaryOperator<@Nullable Object> step) {
        return found -> {
            if (found != MISSING) {
                check.accept(found);
            }
            return step.apply(found);
        };
    }

    private Rewrite removal(KeyPath path, Rewrite.Mode mode) {
        requireBelowRoot(path);
        return new Rewrite(this, absolute(path), mode, found -> MISSING);
    }

    private static void requireTyped(Class<?> type, Object fn) {
        Objects.requireNonNull(type, "type must not be null");
        Objects.requireNonNull(fn, "fn must not be null");
    }

    private static void requireBelowRoot(KeyPath path) {
        if (Objects.requireNonNull(path, "path must not be null").isRoot()) {
            throw new IllegalArgumentException("the root cannot be removed: clear() empties it");
        }
    }

    private @Nullable Object previous(Rewrite done) {
        Object found = done.found();
        return found == MISSING ? null : handOut(done.path(), found);
    }

    private @Nullable Object current(Rewrite done) {
        return handOut(done.path(), done.result());
    }

    private static Number amount(KeyPath path, Number by) {
        Number amount = Numbers.canonical(Objects.requireNonNull(by, "by must not be null"));
        if (amount == null) {
            throw new UnsupportedValueException(
                    path, "cannot add " + TreePrinter.cut(by) + ": expected a finite number");
        }
        return amount;
    }

    final Number add(KeyPath path, @Nullable Object found, Number amount) {
        if (!(found instanceof Number number)) {
            throw new TypeMismatchException(
                    path, path.forPeople() + " is " + Descriptions.of(found) + ", not a number");
        }
        Number sum = Numbers.add(number, amount);
        if (sum == null) {
            boolean decimal = number instanceof BigDecimal || amount instanceof BigDecimal;
            throw new UnsupportedValueException(
                    path,
                    TreePrinter.cut(number) + " + " + TreePrinter.cut(amount)
                            + (decimal ? " has too many digits" : " is not finite"));
        }
        return (Number) Objects.requireNonNull(freeze(path, sum));
    }
}
