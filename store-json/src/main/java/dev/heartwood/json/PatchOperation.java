package dev.heartwood.json;

import dev.heartwood.Change;
import dev.heartwood.ConflictException;
import dev.heartwood.KeyPath;
import dev.heartwood.NoSuchPathException;
import dev.heartwood.StoreException;
import dev.heartwood.TreeEditor;
import dev.heartwood.TypeMismatchException;
import dev.heartwood.UnsupportedValueException;
import dev.heartwood.tree.Nodes;
import io.vavr.collection.HashMap;
import io.vavr.collection.Vector;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One operation of a patch (RFC 6902, section 4).
 *
 * @param path the place that it changes or tests
 * @param from the source of its value, in {@code move} and {@code copy}
 * @param value the value to add, put or expect
 * @param container the required kind of parent container, if the patch was made from a diff; null for any kind
 */
record PatchOperation(
        Kind kind,
        KeyPath path,
        @Nullable KeyPath from,
        @Nullable Object value,
        Change.@Nullable Container container) {
    enum Kind {
        ADD,
        REMOVE,
        REPLACE,
        MOVE,
        COPY,
        TEST;

        /** The word in the patch. */
        String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        boolean hasFrom() {
            return this == MOVE || this == COPY;
        }

        boolean hasValue() {
            return this == ADD || this == REPLACE || this == TEST;
        }
    }

    /** The operation in the format of the patch. */
    HashMap<String, @Nullable Object> toTree() {
        HashMap<String, @Nullable Object> tree = HashMap.of("op", kind.word(), "path", path.toString());
        if (from != null) {
            tree = tree.put("from", from.toString());
        }
        return kind.hasValue() ? tree.put("value", value) : tree;
    }

    /**
     * Carries out the operation, or throws and leaves the tree unchanged.
     *
     * @param index its place in the patch, for messages
     * @param limit counts the size of the copies that the patch creates
     * @throws ConflictException if the tree is not as it expects
     */
    void applyTo(TreeEditor tx, int index, PatchLimit limit) {
        try {
            requireContainer(tx);
            switch (kind) {
                case ADD -> add(tx, value);
                case REMOVE -> remove(tx, path);
                case REPLACE -> replace(tx);
                case MOVE -> move(tx);
                case COPY -> copy(tx, limit);
                case TEST -> test(tx);
            }
        } catch (NoSuchPathException | TypeMismatchException | UnsupportedValueException | Mismatch e) {
            throw refusal(tx.place(), index, e);
        }
    }

    /** A token of digits means another place in a map than in a list; any other token is unambiguous. */
    private void requireContainer(TreeEditor tx) {
        KeyPath parent = path.parent();
        if (container == null || parent == null || !mayBeIndex()) {
            return;
        }
        Object node = tx.get(parent);
        boolean list = container == Change.Container.LIST;
        if (!(list ? node instanceof Vector : node instanceof HashMap)) {
            throw new Mismatch("expected " + (list ? "a list" : "a map") + " at "
                    + place(tx.place().resolve(parent)) + ", but there is "
                    + Nodes.kind(node));
        }
    }

    private void add(TreeEditor tx, @Nullable Object added) {
        KeyPath parent = path.parent();
        if (parent == null) {
            putRoot(tx, added);
        } else if (mayBeIndex() && tx.get(parent) instanceof Vector) {
            tx.insert(path, added);
        } else if (!tx.contains(parent)) {
            tx.get(parent); // its message names the value that is there instead
        } else {
            tx.put(path, added);
        }
    }

    /** Whether the last token of the path could be a place in a list. */
    boolean mayBeIndex() {
        String last = Objects.requireNonNull(path.last());
        return last.equals(Nodes.DASH) || Nodes.index(last) >= 0;
    }

    private static void remove(TreeEditor tx, KeyPath place) {
        if (place.size() == 0) {
            throw new Mismatch("the root cannot be removed: expected a path below it, or replace with {}");
        }
        tx.remove(place);
    }

    private void replace(TreeEditor tx) {
        if (path.size() == 0) {
            tx.get(path); // refuses a place of a larger tree where nothing is
            putRoot(tx, value);
        } else {
            tx.update(path, old -> value);
        }
    }

    private static void putRoot(TreeEditor tx, @Nullable Object value) {
        if (!(value instanceof HashMap)) {
            throw new Mismatch("the root of a store is an object, and cannot become " + Nodes.kind(value));
        }
        tx.put(KeyPath.root(), value);
    }

    private void copy(TreeEditor tx, PatchLimit limit) {
        Object copied = tx.get(source());
        if (!limit.takes(copied)) {
            throw new Mismatch("with its copies up to this one, the patch " + limit.refusal("JsonPatch"));
        }
        add(tx, copied);
    }

    private void move(TreeEditor tx) {
        KeyPath source = source();
        Object moved = tx.get(source);
        if (path.equals(source)) {
            return;
        }
        if (path.startsWith(source)) {
            throw new Mismatch("a value cannot be moved into itself");
        }
        remove(tx, source);
        add(tx, moved);
    }

    private void test(TreeEditor tx) {
        Object found = tx.get(path);
        if (!ValueEquality.trees(found, value)) {
            throw new Mismatch("expected " + JsonErrors.brief(value) + ", but there is " + JsonErrors.brief(found));
        }
    }

    private KeyPath source() {
        return Objects.requireNonNull(from);
    }

    private ConflictException refusal(KeyPath place, int index, StoreException cause) {
        String patch = place.size() == 0 ? "the patch" : "the patch below " + place;
        ConflictException refusal = new ConflictException(
                place.resolve(path), "operation " + index + " (" + this + ") of " + patch + ": " + cause.getMessage());
        refusal.initCause(cause);
        return refusal;
    }

    /** For people: {@code move /a to /b}. */
    @Override
    public String toString() {
        return kind.word() + " " + (from == null ? place(path) : place(from) + " to " + place(path));
    }

    private static String place(KeyPath path) {
        return path.size() == 0 ? "the root" : path.toString();
    }

    /** The tree is not as the operation expects it. */
    private static final class Mismatch extends StoreException {
        private static final long serialVersionUID = 1L;

        Mismatch(String message) {
            super(message);
        }
    }
}
