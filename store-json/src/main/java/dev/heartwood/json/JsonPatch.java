package dev.heartwood.json;

import dev.heartwood.Change;
import dev.heartwood.Diff;
import dev.heartwood.KeyPath;
import dev.heartwood.Store;
import dev.heartwood.TreeEditor;
import dev.heartwood.TreeView;
import dev.heartwood.Values;
import dev.heartwood.json.PatchOperation.Kind;
import dev.heartwood.tree.TreeEquality;
import io.vavr.collection.HashMap;
import io.vavr.collection.Vector;
import org.jspecify.annotations.Nullable;

/**
 * A JSON Patch (RFC 6902): operations that lead from one tree to another. Either all of them apply, or none.
 *
 * <p>A token of a path is a key in a map, and an index in a list. {@code -} is the place after the last element, as a
 * target of add, move and copy; an index has no sign, no leading zeros and no exponent. {@code test} compares numbers
 * by value, everything else as the library does. The root can be tested, copied, added and replaced, the latter two by
 * an object; it cannot be removed or moved.
 *
 * <p>Immutable and thread-safe.
 */
public final class JsonPatch {
    private static final JsonOptions JSON = JsonOptions.DEFAULT.ofPatches();

    private final Vector<PatchOperation> operations;
    private final long maxCreated;

    private JsonPatch(Vector<PatchOperation> operations) {
        this(operations, PatchLimit.DEFAULT);
    }

    private JsonPatch(Vector<PatchOperation> operations, long maxCreated) {
        this.operations = operations;
        this.maxCreated = maxCreated;
    }

    /**
     * The patch with the same changes as the diff, in the same order. It remembers which places are in lists and which
     * in maps, and does not apply to a container of the other kind; the text of a patch cannot express that.
     */
    public static JsonPatch of(Diff diff) {
        return new JsonPatch(diff.stream().map(JsonPatch::operation).collect(Vector.collector()));
    }

    /**
     * The patch in a JSON text.
     *
     * @throws JsonException if it is no JSON
     * @throws JsonPatchException if it is no patch
     */
    public static JsonPatch parse(String text) {
        return new JsonPatch(PatchParser.operations(JSON.readValue(text)));
    }

    /**
     * The patch in a tree, a list of operations: from {@link Json#readValue}, or from a place in a store.
     *
     * @throws JsonPatchException if it is no patch
     */
    public static JsonPatch ofTree(@Nullable Object tree) {
        return new JsonPatch(PatchParser.operations(Values.freeze(tree)));
    }

    /**
     * The same patch with a limit on the total size of the values that its {@code copy} operations create, in
     * (approximate) characters of JSON. Otherwise a patch of a few hundred bytes that copies a value into itself could
     * fill any disk. Default: 16,777,216. Values in the patch itself do not count, and neither do moved values.
     *
     * @param characters {@code Long.MAX_VALUE} for no limit, for a patch from a source that you trust
     * @throws IllegalArgumentException if it is negative
     */
    public JsonPatch maxCreated(long characters) {
        return new JsonPatch(operations, PatchLimit.requireLimit(characters));
    }

    /**
     * Applies all operations, atomically: one commit on a store, a part of the batch on a transaction.
     *
     * @throws dev.heartwood.ConflictException if an operation does not apply, or copies more than {@link #maxCreated}
     *     allows; the message names the operation and the reason, and nothing is changed
     */
    public void applyTo(TreeEditor editor) {
        editor.atomically(tx -> {
            PatchLimit limit = new PatchLimit(maxCreated);
            PatchRun runs = new PatchRun(operations);
            int next = 0;
            while (next < operations.size()) {
                int after = runs.apply(next, tx);
                if (after == next) {
                    operations.get(next).applyTo(tx, next, limit);
                    after++;
                }
                next = after;
            }
        });
    }

    /**
     * The patch that undoes this patch when it is applied to {@code before}: computed from the difference, so it is as
     * small as a patch from a diff.
     *
     * @throws dev.heartwood.ConflictException if this patch does not apply to {@code before}
     * @throws dev.heartwood.NoSuchPathException if {@code before} is a view of a place where nothing is: no patch removes a root
     */
    public JsonPatch inverse(TreeView before) {
        KeyPath place = before.place();
        HashMap<String, @Nullable Object> state = before.mapAt(KeyPath.root());
        Store whole = Store.create();
        whole.put(place, state);
        HashMap<String, @Nullable Object> after =
                whole.snapshot().edit(tx -> applyTo(tx.under(place))).mapAt(place);
        return of(Store.of(after).snapshot().diff(Store.of(state).snapshot()));
    }

    /** The number of operations. */
    public int size() {
        return operations.size();
    }

    /** Whether there is nothing to do. */
    public boolean isEmpty() {
        return operations.isEmpty();
    }

    /** The patch as a tree, a list of operations, to be written or stored. */
    public Vector<@Nullable Object> toTree() {
        return operations.map(PatchOperation::toTree);
    }

    /**
     * The patch as JSON on one line.
     *
     * @throws dev.heartwood.UnsupportedValueException if JSON cannot represent a value
     */
    public String toJson() {
        return JSON.writeTree(toTree());
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof JsonPatch patch && TreeEquality.trees(toTree(), patch.toTree());
    }

    @Override
    public int hashCode() {
        return operations.map(PatchOperation::path).hashCode();
    }

    /** The patch as JSON on one line; a value that JSON cannot represent is shown by its {@code toString}. */
    @Override
    public String toString() {
        return OpaqueLeaves.AS_TEXT.write(toTree(), JSON.limits());
    }

    private static PatchOperation operation(Change change) {
        KeyPath path = change.path();
        if (change instanceof Change.Added added) {
            return new PatchOperation(Kind.ADD, path, null, added.value(), change.container());
        } else if (change instanceof Change.Removed) {
            return new PatchOperation(Kind.REMOVE, path, null, null, change.container());
        }
        return new PatchOperation(Kind.REPLACE, path, null, ((Change.Replaced) change).after(), change.container());
    }
}
