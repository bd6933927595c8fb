package dev.heartwood.junit;

import dev.heartwood.Diff;
import dev.heartwood.KeyPath;
import dev.heartwood.PathPattern;
import dev.heartwood.Snapshot;
import dev.heartwood.Store;
import dev.heartwood.TreeView;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.api.AbstractAssert;
import org.jspecify.annotations.Nullable;

/**
 * Assertions on a tree. Paths are JSON Pointers, patterns as {@link PathPattern} has them; they begin where the view does
 * ({@link TreeView#under(KeyPath)}). Each looks at the newest state.
 */
public final class StoreAssert extends AbstractAssert<StoreAssert, TreeView> {
    private static final Object NOTHING = new Object();

    private @Nullable Snapshot base;

    StoreAssert(TreeView actual) {
        super(actual, StoreAssert.class);
    }

    /**
     * The state that {@link #changedOnly} compares with, of the whole tree. The stores of a test's parameters, and their
     * handles, know the one they began with.
     */
    public StoreAssert since(Snapshot before) {
        this.base = before;
        return this;
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
        Object value = actual.getOrDefault(path, NOTHING);
        if (value == NOTHING) {
            throw failure("expected %s at %s, but nothing is there, in %s", expected, path, state(actual));
        }
        Snapshot found = wrapped(value);
        Snapshot wanted = wrapped(expected);
        if (!found.sameTree(wanted)) {
            throw failureWithActualExpected(
                    value,
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
        KeyPath path = KeyPath.parse(pointer);
        Object value = actual.getOrDefault(path, NOTHING);
        if (value != NOTHING) {
            throw failure("expected nothing at %s, but found %s", path, value);
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
        Snapshot before = base != null ? base : FirstStates.of(actual);
        if (before == null) {
            throw new IllegalStateException("changed since when? Only the store of a test's parameter knows with which"
                    + " state it began: say assertThat(store).since(before).changedOnly(...)");
        }
        String above = PathPattern.of(actual.place()).toString();
        List<PathPattern> places = Stream.of(patterns)
                .map(pattern -> PathPattern.parse(above + PathPattern.parse(pattern)))
                .toList();
        Diff diff = state(before.under(actual.place())).diff(state(actual));
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
            wanted = view.place().equals(actual.place())
                    ? state(view)
                    : at(actual.place(), view.getOrDefault(KeyPath.root(), NOTHING));
        } else if (expected instanceof Map || expected instanceof io.vavr.collection.Map) {
            wanted = at(actual.place(), expected);
        } else {
            throw failure("expected %s, which is no tree, but there is %s", expected, state);
        }
        if (!state.sameTree(wanted)) {
            throw failure("expected another tree. From what was expected to what is there:%n%s", wanted.diff(state));
        }
        return this;
    }

    /** The state of a view; of a view of a place, a tree with nothing beside that place. */
    private static Snapshot state(TreeView view) {
        if (view instanceof Store store) {
            return store.snapshot();
        }
        return view instanceof Snapshot snapshot
                ? snapshot
                : at(view.place(), view.getOrDefault(KeyPath.root(), NOTHING));
    }

    /** A tree with one value at a place; empty, if that is {@link #NOTHING}. */
    private static Snapshot at(KeyPath place, @Nullable Object value) {
        Store store = Store.create();
        if (value != NOTHING) {
            store.put(place, value);
        }
        return store.snapshot();
    }

    /** A tree with one value in it: only trees can be compared. */
    private static Snapshot wrapped(@Nullable Object value) {
        return at(KeyPath.of("value"), value);
    }
}
