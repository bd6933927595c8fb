package dev.heartwood.storage;

import dev.heartwood.Edit;
import dev.heartwood.KeyPath;
import dev.heartwood.Origin;
import dev.heartwood.StoreException;
import dev.heartwood.json.TreeFormat;
import dev.heartwood.tree.Nodes;
import io.vavr.collection.HashMap;
import io.vavr.collection.Vector;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The edits of a commit as one line of JSON, for the journal of a file and for a shared log:
 * {@code [{"put":"/a","value":1},{"remove":"/b"}, {"append":"/log","size":2,"values":["x"]}]}. Paths are JSON Pointers.
 *
 * <p>The first edit may have a member {@code meta} with author, label and time: {@code
 * "meta":{"author":"planner","label":"pay rent","time":"2026-01-31T08:15:00Z"}}. It is there, and not around the list,
 * so that a reader that does not know it can read the edits. Members that this reader does not know are ignored.
 */
public final class EditCodec {
    private static final Origin UNKNOWN = Origin.of(null, null, null);

    /** A longer text is cut: author and label must not make a line too long to be read. */
    private static final int LONGEST_TEXT = 1_000;

    private final TreeFormat format;
    /** The last that was printed; any thread may replace it. */
    private volatile @Nullable Second printed;

    /** The codec of a root that writes its values in this format. */
    public EditCodec(TreeFormat format) {
        this.format = format;
    }

    /** The edits on one line, without a line feed. */
    public byte[] write(List<Edit> edits) throws IOException {
        return write(edits, UNKNOWN);
    }

    /**
     * The edits on one line, without a line feed, with their origin: author, label and time, up to 1,000 chars each.
     */
    public byte[] write(List<Edit> edits, Origin origin) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream(128);
        char separator = '[';
        for (Edit edit : edits) {
            boolean first = separator == '[';
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
            if (first) {
                meta(out, origin);
            }
            out.write('}');
        }
        ascii(out, edits.isEmpty() ? "[]" : "]");
        return out.toByteArray();
    }

    private void meta(ByteArrayOutputStream out, Origin origin) throws IOException {
        Instant time = origin.time();
        String start = ",\"meta\":{";
        start = member(out, start, "author", origin.author());
        start = member(out, start, "label", origin.label());
        start = member(out, start, "time", time == null ? null : print(time));
        if (start.equals(",")) {
            out.write('}');
        }
    }

    /**
     * A second in ISO-8601 format, without a zone. Many commits share one, and printing it takes as long as the rest of
     * a line.
     */
    private record Second(long epoch, String text) {}

    /** In the format of {@link Instant#toString}. */
    private String print(Instant time) {
        Second second = printed;
        if (second == null || second.epoch != time.getEpochSecond()) {
            String text = Instant.ofEpochSecond(time.getEpochSecond()).toString();
            second = new Second(time.getEpochSecond(), text.substring(0, text.length() - 1));
            printed = second;
        }
        return second.text + fraction(time.getNano()) + "Z";
    }

    /** None, or three, six or nine digits. */
    private static String fraction(int nanos) {
        if (nanos == 0) {
            return "";
        }
        int digits = nanos % 1_000_000 == 0 ? 3 : nanos % 1_000 == 0 ? 6 : 9;
        String all = Integer.toString(1_000_000_000 + nanos);
        return "." + all.substring(1, 1 + digits);
    }

    /** Writes a member if there is one; returns the separator before the next. */
    private String member(ByteArrayOutputStream out, String start, String name, @Nullable String text)
            throws IOException {
        if (text == null) {
            return start;
        }
        ascii(out, start + "\"" + name + "\":");
        text(out, text.length() > LONGEST_TEXT ? text.substring(0, LONGEST_TEXT) : text);
        return ",";
    }

    /** The origin of the edits of a line, as far as the line has it. */
    public Origin origin(String json) {
        return format.readValue(json) instanceof Vector<?> edits ? origin(edits) : UNKNOWN;
    }

    private static Origin origin(Vector<?> edits) {
        if (edits.isEmpty()
                || !(edits.head() instanceof HashMap)
                || !(Nodes.map(edits.head()).getOrElse("meta", null) instanceof HashMap<?, ?> found)) {
            return UNKNOWN;
        }
        HashMap<String, @Nullable Object> meta = Nodes.map(found);
        return Origin.of(text(meta, "author"), text(meta, "label"), time(text(meta, "time")));
    }

    private static @Nullable String text(HashMap<String, @Nullable Object> meta, String name) {
        return meta.getOrElse(name, null) instanceof String text ? text : null;
    }

    /** Null for a text that is no time: author and time are for people, and never a reason to refuse a commit. */
    private static @Nullable Instant time(@Nullable String text) {
        try {
            return text == null ? null : Instant.parse(text);
        } catch (DateTimeException e) {
            return null;
        }
    }

    private void head(ByteArrayOutputStream out, String name, KeyPath path) throws IOException {
        ascii(out, "{\"" + name + "\":");
        text(out, path.toString());
    }

    /**
     * In the text format. Most texts here need no escape, so they avoid the buffers that the format allocates for each
     * value.
     */
    private void text(ByteArrayOutputStream out, String text) throws IOException {
        if (isPlain(text)) {
            ascii(out, "\"" + text + "\"");
        } else {
            format.write(text, out);
        }
    }

    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c > '~' || c == '"' || c == '\\') {
                return false;
            }
        }
        return true;
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
        return read(json).applyTo(tree);
    }

    /**
     * The commit that a line holds.
     *
     * @throws StoreException if the line is no list of edits
     */
    public Line read(String json) {
        if (!(format.readValue(json) instanceof Vector<?> edits)) {
            throw new StoreException("expected a list of edits, not " + json);
        }
        List<Edit> all = new ArrayList<>();
        for (Object edit : edits) {
            all.add(edit(edit));
        }
        return new Line(all, origin(edits));
    }

    /**
     * A commit from a line.
     *
     * @param edits its changes
     * @param origin author, label and time, as far as the line has them
     */
    public record Line(List<Edit> edits, Origin origin) {
        /** A line of these parts; the list is copied. */
        public Line {
            edits = List.copyOf(edits);
        }

        /**
         * The tree with the edits applied.
         *
         * @throws StoreException if one does not apply
         */
        public HashMap<String, @Nullable Object> applyTo(HashMap<String, @Nullable Object> tree) {
            HashMap<String, @Nullable Object> next = tree;
            for (Edit edit : edits) {
                next = edit.applyTo(next);
                if (next == null) {
                    throw new StoreException("this edit does not apply to the tree: " + edit);
                }
            }
            return next;
        }
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
