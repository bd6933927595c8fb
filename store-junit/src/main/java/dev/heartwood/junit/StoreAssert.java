package dev.heartwood.junit;

import dev.heartwood.Diff;
import dev.heartwood.KeyPath;
import dev.heartwood.PathPattern;
import dev.heartwood.Snapshot;
import dev.heartwood.Store;
import dev.heartwood.TreeView;
import dev.heartwood.Values;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.api.AbstractAssert;
import org.jspecify.annotations.Nullable;

/** Assertions on a tree. Paths are JSON Pointers, patterns as {@link PathPattern} has them. Each looks at the newest state. */
public final class StoreAssert extends AbstractAssert<StoreAssert, TreeView> {
    private final @Nullable Snapshot base;

    StoreAssert(TreeView actual) {
        this(actual, FirstStates.of(actual));
    }

    private StoreAssert(TreeView actual, @Nullable Snapshot base) {
        super(actual, StoreAssert.class);
        this.base = base;
    }

    /** The state that {@link #changedOnly} compares with. The stores of a test's parameters know the one they began with. */
    public StoreAssert since(Snapshot before) {
        return new StoreAssert(actual, before);
    }

    /**
     * Asserts that the value at a path is equal to the given value as a store would hold it: 1 is a {@code Long}, and
     * lists are compared by elements.
     */
    public StoreAssert hasValueAt(String pointer, @Nullable Object expected) {
        return hasValueAt(KeyPath.parse(pointer), expected);
    }

    /** {@link #hasValueAt(String, Object)} at a path. */
    public StoreAssert hasValueAt(KeyPath path, @Nullable Object expected) {
        isNotNull();
        Snapshot state = state(actual);
        if (!state.contains(path)) {
            String found = state.toString();
            throw failure("expected %s at %s, but nothing is there, in %s", expected, path, found);
        }
        Snapshot found = wrapped(state.get(path));
        Snapshot wanted = wrapped(expected);
        if (!found.sameTree(wanted)) {
            throw failureWithActualExpected(
                    state.get(path),
                    expected,
                    "expected another value at %s. From what was expected to what is there:%n%s",
                    path,
                    wanted.diff(found).under(KeyPath.of("value")));
        }
        return this;
    }

    /** Asserts that there is no value at a path; a JSON null is one. */
    public StoreAssert hasNothingAt(String pointer) {
        isNotNull();
        Snapshot state = state(actual);
        KeyPath path = KeyPath.parse(pointer);
        if (state.contains(path)) {
            throw failure("expected nothing at %s, but found %s", path, state.get(path));
        }
        return this;
    }

    /**
     * Asserts that everything that changed since {@link #since}, or since the test began, is at or below one of the places.
     *
     * @param patterns {@code "/a"} covers all below {@code /a}; {@code *} is one step, {@code **} any number
     */
    public StoreAssert changedOnly(String... patterns) {
        isNotNull();
        if (base == null) {
            throw new IllegalStateException("changed since when? Only the store of a test's parameter knows with which"
                    + " state it began: say assertThat(store).since(before).changedOnly(...)");
        }
        List<PathPattern> places = Stream.of(patterns).map(PathPattern::parse).toList();
        Diff diff = base.diff(state(actual));
        List<String> others = new ChangedPlaces(places).outside(diff);
        if (!others.isEmpty()) {
            throw failure(
                    "expected changes at %s only, but these are elsewhere:%n%s",
                    List.of(patterns), String.join("\n", others));
        }
        return this;
    }

    /** Asserts that the tree is equal to another, element by element; the message has the difference. */
    @Override
    public StoreAssert isSameAs(@Nullable Object expected) {
        isNotNull();
        Snapshot state = state(actual);
        Snapshot wanted;
        if (expected instanceof TreeView view) {
            wanted = state(view);
        } else if (expected instanceof Map || expected instanceof io.vavr.collection.Map) {
            wanted = tree(expected);
        } else {
            throw failure("expected %s, which is no tree, but there is %s", expected, state);
        }
        if (!state.sameTree(wanted)) {
            throw failure("expected another tree. From what was expected to what is there:%n%s", wanted.diff(state));
        }
        return this;
    }

    private static Snapshot state(TreeView view) {
        if (view instanceof Store store) {
            return store.snapshot();
        }
        return view instanceof Snapshot snapshot ? snapshot : tree(view.mapAt(KeyPath.root()));
    }

    private static Snapshot tree(Object map) {
        Object frozen = Values.freeze(map);
        if (frozen instanceof io.vavr.collection.Map<?, ?> tree) {
            @SuppressWarnings("unchecked")
            io.vavr.collection.Map<String, @Nullable Object> keys =
                    (io.vavr.collection.Map<String, @Nullable Object>) tree;
            return Store.of(keys).snapshot();
        }
        throw new IllegalArgumentException("expected a map, not " + map);
    }

    /** A tree with one value in it: only trees can be compared. */
    private static Snapshot wrapped(@Nullable Object value) {
        Store store = Store.create();
        store.put("value", value);
        return store.snapshot();
    }
}
