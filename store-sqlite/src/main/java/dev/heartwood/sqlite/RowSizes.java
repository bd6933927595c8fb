package dev.heartwood.sqlite;

import dev.heartwood.Edit;
import dev.heartwood.KeyPath;
import dev.heartwood.Snapshot;
import dev.heartwood.UnsupportedValueException;
import dev.heartwood.json.JsonException;
import dev.heartwood.tree.Nodes;
import io.vavr.Tuple2;
import io.vavr.collection.HashMap;
import io.vavr.collection.Vector;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * How long the rows are, so that a commit is refused before it is accepted if one of its rows would be longer than a row may
 * be. The cost follows the change: a row grows by no more than what a commit puts into it. Only a row that may have come
 * half of the way to the limit is written out to find its exact length.
 *
 * <p>Thread-safe.
 */
final class RowSizes {
    /** In chars of JSON; shorter rows are not noted. */
    private static final long SMALL = 1 << 20;

    /** A char that JSON escapes, and an element's comma. */
    private static final int CHARS_A_CHAR = 6;

    private static final int CHARS_A_LEAF = 32;

    private final long limit;
    /** At least as long as the rows are, or were when they were written last; of long rows only. */
    private final Map<String, Long> bounds = new ConcurrentHashMap<>();

    /** With a limit in chars of JSON. */
    RowSizes(long limit) {
        this.limit = limit;
    }

    /** A row was read or written. */
    void exactly(String key, long chars) {
        if (chars > SMALL) {
            bounds.put(key, chars);
        } else if (!bounds.isEmpty()) {
            bounds.remove(key);
        }
    }

    /**
     * Refuses a commit that cannot be written.
     *
     * @throws UnsupportedValueException if a row of it would be too long
     */
    void admit(Snapshot after, List<Edit> edits) {
        for (Edit edit : edits) {
            if (edit.path().size() > 0) {
                String key = edit.path().tokens().get(0);
                long more = edit instanceof Edit.Put put
                        ? chars(put.value(), 0)
                        : edit instanceof Edit.Append append ? chars(append.elements(), 0) : 0;
                admit(after, key, edit.path().size() == 1 && edit instanceof Edit.Put ? more : bound(key) + more);
            } else if (edit instanceof Edit.Put put && put.value() instanceof HashMap<?, ?>) {
                for (Tuple2<String, @Nullable Object> entry : Nodes.map(put.value())) {
                    admit(after, entry._1, chars(entry._2, 0));
                }
            }
        }
    }

    private long bound(String key) {
        return bounds.getOrDefault(key, SMALL);
    }

    private void admit(Snapshot after, String key, long bound) {
        if (bound <= limit / 2) {
            exactly(key, bound);
            return;
        }
        Object value = Nodes.child(after.root(), key);
        if (value == Nodes.MISSING) {
            return;
        }
        try {
            long chars = RowTable.toJson(value).length();
            if (chars <= limit) {
                exactly(key, chars);
                return;
            }
        } catch (JsonException e) {
            // Longer than a document may be; below, that is said with the whole path.
        }
        throw new UnsupportedValueException(
                KeyPath.of(key),
                "as JSON it would have more than " + limit
                        + " characters, the most that a row of the database holds, and"
                        + " each key of the top level is one row: split it among several keys of the top level");
    }

    /** No fewer than the chars that a value has as JSON, up to somewhat beyond the limit. */
    private long chars(@Nullable Object value, long before) {
        long chars = before;
        if (value instanceof String string) {
            chars += CHARS_A_LEAF + (long) CHARS_A_CHAR * string.length();
        } else if (value instanceof HashMap<?, ?>) {
            for (Tuple2<String, @Nullable Object> entry : Nodes.map(value)) {
                chars = chars(entry._2, chars + CHARS_A_LEAF + (long) CHARS_A_CHAR * entry._1.length());
                if (chars > limit) {
                    break; // a tree that shares its parts may have more leaves than there is time for
                }
            }
        } else if (value instanceof Vector<?>) {
            for (Object element : Nodes.list(value)) {
                chars = chars(element, chars + 1);
                if (chars > limit) {
                    break;
                }
            }
        } else if (value instanceof BigInteger || value instanceof BigDecimal) {
            chars += value.toString().length();
        }
        return chars + CHARS_A_LEAF;
    }
}
