package dev.heartwood.json;

import dev.heartwood.ConflictException;
import dev.heartwood.KeyPath;
import dev.heartwood.Snapshot;
import dev.heartwood.Store;
import dev.heartwood.Transaction;
import dev.heartwood.TreeEditor;
import dev.heartwood.TreeView;
import dev.heartwood.UnsupportedValueException;
import dev.heartwood.Values;
import dev.heartwood.tree.Nodes;
import dev.heartwood.tree.TreeEquality;
import io.vavr.Tuple2;
import io.vavr.collection.HashMap;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * A JSON Merge Patch (RFC 7396): an object that looks like the part of the tree that it changes. A member that is null
 * is removed, an object is merged, anything else is put; so it can neither put a null nor change a list in part.
 *
 * <p>Immutable and thread-safe.
 */
public final class JsonMergePatch {
    private final @Nullable Object patch;
    private final long maxCreated;

    private JsonMergePatch(@Nullable Object patch) {
        this(patch, PatchLimit.DEFAULT);
    }

    private JsonMergePatch(@Nullable Object patch, long maxCreated) {
        this.patch = patch;
        this.maxCreated = maxCreated;
    }

    /**
     * The patch in a JSON text.
     *
     * @throws JsonException if it is no JSON
     */
    public static JsonMergePatch parse(String text) {
        return new JsonMergePatch(Json.readValue(text));
    }

    /** The patch that looks like the tree: from {@link Json#readValue}, or from a place in a store. */
    public static JsonMergePatch ofTree(@Nullable Object tree) {
        return new JsonMergePatch(Values.freeze(tree));
    }

    /**
     * The smallest patch that leads from one state to another.
     *
     * @throws UnsupportedValueException if the patch would have to put a null, which a merge patch cannot; a
     *     {@link JsonPatch} can
     */
    public static JsonMergePatch between(Snapshot before, Snapshot after) {
        return new JsonMergePatch(MergeDiff.between(before.root(), after.root()));
    }

    /**
     * The same patch with a limit on the size of its repeated parts, in (approximate) characters of JSON. In a patch
     * from a text every part occurs once; a patch from a tree ({@link #ofTree}) may share a part between so many places
     * that its text would fill any disk. Default: 16,777,216.
     *
     * @param characters {@code Long.MAX_VALUE} for no limit, for a patch from a source that you trust
     * @throws IllegalArgumentException if it is negative
     */
    public JsonMergePatch maxCreated(long characters) {
        return new JsonMergePatch(patch, PatchLimit.requireLimit(characters));
    }

    /**
     * Applies the patch, atomically: one commit on a store, a part of the batch on a transaction.
     *
     * @throws ConflictException if it is no object, since that would replace the root, or if it creates more than
     *     {@link #maxCreated} allows; nothing is changed
     */
    public void applyTo(TreeEditor editor) {
        if (!(patch instanceof HashMap)) {
            throw new ConflictException(
                    editor.place(),
                    "a merge patch must be an object to be applied, and this one would replace " + place(editor)
                            + " with " + Nodes.kind(patch));
        }
        if (!PatchLimit.allows(maxCreated, patch)) {
            throw new ConflictException(
                    editor.place(),
                    "this merge patch, at " + place(editor) + ", " + PatchLimit.refusal(maxCreated, "JsonMergePatch"));
        }
        editor.atomically(tx -> merge(tx, Nodes.map(patch)));
    }

    private static String place(TreeEditor editor) {
        return editor.place().size() == 0 ? "the root" : editor.place().toString();
    }

    /**
     * The patch that undoes this patch when it is applied to {@code before}.
     *
     * @throws UnsupportedValueException if it would have to put a null
     * @throws dev.heartwood.NoSuchPathException if {@code before} is a view of a place where nothing is: no patch removes a root
     */
    public JsonMergePatch inverse(TreeView before) {
        KeyPath place = before.place();
        Store whole = Store.create();
        whole.put(place, before.mapAt(KeyPath.root()));
        Snapshot state = whole.snapshot();
        Snapshot after = state.edit(tx -> applyTo(tx.under(place)));
        Object inverse = MergeDiff.between(after.root(), state.root());
        for (String token : place.tokens()) {
            inverse = Nodes.map(inverse).getOrElse(token, HashMap.empty());
        }
        return new JsonMergePatch(inverse);
    }

    /** The patch as a tree, to be written or stored. */
    public @Nullable Object toTree() {
        return patch;
    }

    /**
     * The patch as JSON on one line.
     *
     * @throws UnsupportedValueException if JSON cannot represent a value
     */
    public String toJson() {
        return Json.write(patch);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof JsonMergePatch merge && TreeEquality.trees(patch, merge.patch);
    }

    @Override
    public int hashCode() {
        return TreeEquality.hash(patch);
    }

    /** The patch as JSON on one line; a value that JSON cannot represent is shown by its {@code toString}. */
    @Override
    public String toString() {
        return OpaqueLeaves.AS_TEXT.write(patch);
    }

    private record Part(KeyPath path, HashMap<String, @Nullable Object> patch) {}

    private static void merge(Transaction tx, HashMap<String, @Nullable Object> root) {
        // The root of a whole store is an object. That of a view may be anything; it is read there alone, since whoever
        // reads the root
        // runs again after each commit.
        if (tx.getClass() != Transaction.class && !(tx.getOrDefault(KeyPath.root(), null) instanceof HashMap)) {
            tx.put(KeyPath.root(), HashMap.empty());
        }
        Deque<Part> open = new ArrayDeque<>();
        open.push(new Part(KeyPath.root(), root));
        while (!open.isEmpty()) {
            Part part = open.pop();
            for (Tuple2<String, @Nullable Object> member : part.patch) {
                KeyPath path = part.path.child(member._1);
                Object value = member._2;
                if (value == null) {
                    tx.discard(path);
                } else if (!(value instanceof HashMap)) {
                    tx.put(path, value);
                } else {
                    // A value that is no object becomes an empty one, into which the patch is merged.
                    if (!(tx.getOrDefault(path, null) instanceof HashMap)) {
                        tx.put(path, HashMap.empty());
                    }
                    open.push(new Part(path, Nodes.map(value)));
                }
            }
        }
    }
}
