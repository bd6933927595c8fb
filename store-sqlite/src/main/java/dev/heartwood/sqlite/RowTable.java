package dev.heartwood.sqlite;

import dev.heartwood.StoreIOException;
import dev.heartwood.json.Json;
import dev.heartwood.json.JsonOptions;
import dev.heartwood.storage.Reconciler;
import dev.heartwood.tree.Nodes;
import io.vavr.collection.HashMap;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The tree as rows, one for each top-level key. A row that other processes did not change stays the same instance, so
 * that answers derived from it stay valid.
 */
final class RowTable {
    /** One container less than a tree may have: the root is around each value. */
    private static final JsonOptions JSON = Json.options().maxDepth(Nodes.DEPTH_LIMIT - 1);

    /**
     * The maximum number of rows that are held as JSON and written by one statement; there is a statement for each
     * number of rows.
     */
    private static final int AT_ONCE = 16;
    /** The number of chars beyond which fewer rows are written at once. */
    private static final int LARGE = 1 << 20;

    /** The maximum number of chars of a row: the limit of a JSON document. */
    static final long LONGEST = 256L << 20;

    private final Path file;
    private final RowSizes sizes;
    private HashMap<String, @Nullable Object> tree;

    private RowTable(Path file, RowSizes sizes, HashMap<String, @Nullable Object> tree) {
        this.file = file;
        this.sizes = sizes;
        this.tree = tree;
    }

    /** The present tree of the database, given the tree {@code known} of {@code version}. */
    static HashMap<String, @Nullable Object> readAfter(
            SqliteConnection session, Path file, RowSizes sizes, HashMap<String, @Nullable Object> known, long version)
            throws SQLException {
        RowTable rows = new RowTable(file, sizes, known);
        session.rowsAfter(version, rows::change);
        return rows.tree;
    }

    /** The whole tree; values that are equal to those of {@code known} are the same instances. */
    static HashMap<String, @Nullable Object> readAll(
            SqliteConnection session, Path file, RowSizes sizes, HashMap<String, @Nullable Object> known)
            throws SQLException {
        RowTable rows = new RowTable(file, sizes, HashMap.empty());
        session.allRows((text, json, present) -> {
            String key = rows.key(text);
            rows.tree = rows.tree.put(key, Reconciler.onto(Nodes.child(known, key), rows.value(key, json)));
        });
        return rows.tree;
    }

    /** Writes the values of some top-level keys. */
    static void write(
            SqliteConnection session,
            RowSizes sizes,
            Set<String> keys,
            HashMap<String, @Nullable Object> tree,
            long version)
            throws SQLException {
        List<SqliteConnection.Row> rows = new ArrayList<>();
        int chars = 0;
        for (String key : keys) {
            Object node = Nodes.child(tree, key);
            if (node == Nodes.MISSING) {
                session.remove(RowKey.toText(key), version);
                continue;
            }
            String json = toJson(node);
            sizes.exactly(key, json.length());
            rows.add(new SqliteConnection.Row(RowKey.toText(key), json));
            chars += json.length();
            if (rows.size() == AT_ONCE || chars >= LARGE) {
                session.put(rows, version);
                rows.clear();
                chars = 0;
            }
        }
        if (!rows.isEmpty()) {
            session.put(rows, version);
        }
    }

    /** The text of a value in a row. */
    static String toJson(@Nullable Object value) {
        return JSON.write(value);
    }

    private void change(@Nullable Object text, @Nullable Object json, boolean present) {
        String key = key(text);
        if (!present) {
            tree = tree.remove(key);
            return;
        }
        Object before = Nodes.child(tree, key);
        Object after = Reconciler.onto(before, value(key, json));
        if (after != before) {
            tree = tree.put(key, after);
        }
    }

    private String key(@Nullable Object text) {
        if (!(text instanceof String string)) {
            throw refuse("a row has the key " + kind(text) + ", expected text", null);
        }
        String key;
        try {
            key = RowKey.fromText(string);
        } catch (RuntimeException e) {
            throw refuse("the key " + string + " begins with a quotation mark and is no JSON string", e);
        }
        if (!RowKey.toText(key).equals(string)) {
            // It would be a second row for one key.
            throw refuse("the key " + key + " is written as " + string + ", expected " + RowKey.toText(key), null);
        }
        return key;
    }

    private @Nullable Object value(String key, @Nullable Object json) {
        if (!(json instanceof String text)) {
            throw refuse("the row of the key " + key + " holds " + kind(json) + ", expected JSON as text", null);
        }
        try {
            sizes.exactly(key, text.length());
            return JSON.readValue(text);
        } catch (RuntimeException e) {
            throw refuse("the row of the key " + key + " holds no JSON: " + e.getMessage(), e);
        }
    }

    private static String kind(@Nullable Object value) {
        return value == null ? "NULL" : value instanceof Number ? "the number " + value : "binary data";
    }

    private StoreIOException refuse(String what, @Nullable RuntimeException cause) {
        return new StoreIOException(
                file + ": " + what + ". Another program wrote it: put it right with a SQLite tool, or restore a backup",
                cause);
    }
}
