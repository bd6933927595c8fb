package dev.heartwood.sqlite;

import static java.util.Objects.requireNonNull;

import dev.heartwood.Edit;
import dev.heartwood.KeyPath;
import dev.heartwood.Snapshot;
import dev.heartwood.Timeline;
import dev.heartwood.UnsupportedValueException;
import dev.heartwood.json.Json;
import dev.heartwood.json.JsonException;
import dev.heartwood.json.TreeFormat;
import dev.heartwood.tree.MapDelta;
import dev.heartwood.tree.Nodes;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Refuses a commit that is too large, or that would make a row too large, before it is accepted: on the committing
 * thread, so that it does not affect others.
 *
 * <p>The cost follows the change: only the values that a commit puts into the tree are measured, and a container that
 * occurs in them many times is measured once. A row grows at most by the size of the new values. Only a row that may
 * have reached half of the limit is written out to find its exact length.
 *
 * <p>Thread-safe.
 */
final class RowSizes {
    /** In chars of JSON; shorter rows are not recorded. */
    private static final long SMALL = 1 << 20;

    /** A pretty document has no more bytes than this for each char of the compact one: a line is indented by 2,000 at most. */
    private static final long MOST_PRETTY = 1 << 12;

    private static final TreeFormat FORMAT = Json.options().treeFormat();

    private final long rowLimit;
    private final long commitLimit;
    /** Upper bounds of the lengths of long rows, as of their last write. */
    private final Map<String, Long> bounds = new ConcurrentHashMap<>();

    /**
     * With limits.
     *
     * @param rowLimit in chars of JSON
     * @param commitLimit in bytes of pretty JSON
     */
    RowSizes(long rowLimit, long commitLimit) {
        this.rowLimit = rowLimit;
        this.commitLimit = commitLimit;
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
     * @throws UnsupportedValueException if it is too large, or a row of it would be; with the path of the change
     */
    void admit(Snapshot before, Snapshot after, List<Edit> edits) {
        long written = 0;
        for (Edit edit : edits) {
            written += edit.path().size() > 0 ? admit(after, edit) : admitAll(before, after);
            if (written > commitLimit) {
                throw new UnsupportedValueException(
                        edit.path(),
                        "the commit would write more than " + commitLimit
                                + " bytes, the most that one commit may write."
                                + " It was not accepted, and nothing is changed. Split it into several commits, or allow"
                                + " more with maxCommitBytes");
            }
        }
    }

    private long admit(Snapshot after, Edit edit) {
        KeyPath path = edit.path();
        long added = 0;
        if (edit instanceof Edit.Put put) {
            added = size(put.value(), path.size());
        } else if (edit instanceof Edit.Append append) {
            for (Object element : append.elements()) {
                added += 1 + size(element, path.size() + 1);
            }
        }
        boolean wholeRow = path.size() == 1 && edit instanceof Edit.Put;
        String key = path.tokens().get(0);
        admitRow(after, path, key, wholeRow ? added : bounds.getOrDefault(key, SMALL) + added);
        return added;
    }

    /** The whole tree was replaced: only rows that differ are written. */
    private long admitAll(Snapshot before, Snapshot after) {
        long[] written = new long[1];
        MapDelta.forEach(Timeline.tree(before), Timeline.tree(after), (key, left, right) -> {
            if (right != Nodes.MISSING) {
                long added = size(right, 1);
                String row = requireNonNull((String) key);
                admitRow(after, KeyPath.of(row), row, added);
                written[0] += added;
            }
            return true;
        });
        return written[0];
    }

    /** The bytes of a value, indented; no fewer than the chars of its compact form. */
    private static long size(@Nullable Object value, int depth) {
        return FORMAT.childSize(null, value, depth, Long.MAX_VALUE);
    }

    private void admitRow(Snapshot after, KeyPath path, String key, long bound) {
        if (bound <= rowLimit / 2) {
            exactly(key, bound);
            return;
        }
        Object row = Nodes.child(Timeline.tree(after), key);
        if (row == Nodes.MISSING) {
            return;
        }
        long chars = exactLength(row);
        if (chars <= rowLimit) {
            exactly(key, chars);
            return;
        }
        throw new UnsupportedValueException(
                path,
                "as JSON, the value of the key " + KeyPath.of(key) + " would have more than " + rowLimit
                        + " characters, the limit of a row of the database; each top-level key is one row."
                        + " The commit was not accepted, and nothing is changed: split it among several keys of"
                        + " the top level");
    }

    /** The chars of a row; if they exceed the limit, any number that does. */
    private long exactLength(@Nullable Object row) {
        long pretty = size(row, 1);
        if (pretty <= rowLimit / 2 || pretty / MOST_PRETTY > rowLimit) {
            return pretty; // if parts are shared, writing it out could take practically for ever
        }
        try {
            return RowTable.toJson(row).length();
        } catch (JsonException e) {
            return Long.MAX_VALUE; // longer than a document may be
        }
    }
}
