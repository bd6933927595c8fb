package dev.heartwood.storage;

import dev.heartwood.Edit;
import dev.heartwood.KeyPath;
import dev.heartwood.StoreException;
import dev.heartwood.json.TreeFormat;
import dev.heartwood.tree.Nodes;
import io.vavr.collection.HashMap;
import io.vavr.collection.Vector;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The edits of a commit as one line of JSON, for the journal of a file and for a shared log:
 * {@code [{"put":"/a","value":1},{"remove":"/b"}, {"append":"/log","size":2,"values":["x"]}]}. Paths are JSON Pointers.
 */
public final class EditCodec {
    private final TreeFormat format;

    /** The codec of a root that spells its values in this format. */
    public EditCodec(TreeFormat format) {
        this.format = format;
    }

    /** The edits on one line, without a line feed. */
    public byte[] write(List<Edit> edits) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream(128);
        char separator = '[';
        for (Edit edit : edits) {
            out.write(separator);
            separator = ',';
            if (edit instanceof Edit.Put put) {
                head(out, "put", put.path());
                ascii(out, ",\"value\":");
                format.write(put.value(), out);
            } else if (edit instanceof Edit.Append append) {
                head(out, "append", append.path());
                ascii(out, ",\"size\":" + append.expectedSize() + ",\"values\":");
                format.write(append.elements(), out);
            } else {
                head(out, "remove", edit.path());
            }
            out.write('}');
        }
        ascii(out, edits.isEmpty() ? "[]" : "]");
        return out.toByteArray();
    }

    private void head(ByteArrayOutputStream out, String name, KeyPath path) throws IOException {
        ascii(out, "{\"" + name + "\":");
        format.write(path.toString(), out);
    }

    private static void ascii(ByteArrayOutputStream out, String text) {
        out.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
    }

    /**
     * The tree with the edits of a line applied.
     *
     * @throws StoreException if the line is no list of edits, or one does not apply
     */
    public HashMap<String, @Nullable Object> apply(String json, HashMap<String, @Nullable Object> tree) {
        HashMap<String, @Nullable Object> next = tree;
        if (!(format.readValue(json) instanceof Vector<?> edits)) {
            throw new StoreException("expected a list of edits, not " + json);
        }
        for (Object edit : edits) {
            next = edit(edit).applyTo(next);
            if (next == null) {
                throw new StoreException("this edit does not fit the tree: " + json);
            }
        }
        return next;
    }

    private static Edit edit(@Nullable Object json) {
        if (json instanceof HashMap) {
            HashMap<String, @Nullable Object> edit = Nodes.map(json);
            Object put = edit.getOrElse("put", null);
            Object remove = edit.getOrElse("remove", null);
            Object append = edit.getOrElse("append", null);
            if (put instanceof String path && edit.containsKey("value")) {
                return new Edit.Put(KeyPath.parse(path), edit.getOrElse("value", null));
            } else if (remove instanceof String path) {
                return new Edit.Remove(KeyPath.parse(path));
            } else if (append instanceof String path
                    && edit.getOrElse("size", null) instanceof Long size
                    && edit.getOrElse("values", null) instanceof Vector<?> values) {
                return new Edit.Append(KeyPath.parse(path), size.intValue(), Nodes.list(values));
            }
        }
        throw new StoreException("no edit: " + json);
    }
}
