package dev.heartwood.sqlite;

import dev.heartwood.StoreIOException;
import dev.heartwood.json.Json;
import dev.heartwood.json.JsonOptions;
import dev.heartwood.tree.Nodes;
import io.vavr.collection.HashMap;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The tree as rows, one for each key of the top level. What other processes did not change stays the same instance, so
 * that what was derived from it stays valid.
 */
final class Rows {
    /** One container less than a tree may have: the root stands around each value. */
    private static final JsonOptions JSON = Json.options().maxDepth(Nodes.DEPTH_LIMIT - 1);

    /** So many rows are held as JSON, and written by one statement, of which there is one for each number. */
    private static final int AT_ONCE = 16;
    /** Fewer, where they have so many chars. */
    private static final int LARGE = 1 << 20;

    private final Path file;
    private HashMap<String, @Nullable Object> tree;

    private Rows(Path file, HashMap<String, @Nullable Object> tree) {
        this.file = file;
        this.tree = tree;
    }

    /** The tree as the database holds it at {@code mark}, given {@code known}, as it was at {@code version}. */
    static HashMap<String, @Nullable Object> read(
            Session session, Path file, Mark mark, HashMap<String, @Nullable Object> known, long version)
            throws SQLException {
        if (version >= mark.floor()) {
            Rows rows = new Rows(file, known);
            session.rowsAfter(version, rows::change);
            return rows.tree;
        }
        Rows rows = new Rows(file, HashMap.empty());
        session.allRows(version, (key, json) -> rows.keep(known, key, json));
        return rows.tree;
    }

    /** All of the tree. */
    static HashMap<String, @Nullable Object> readAll(Session session, Path file) throws SQLException {
        Rows rows = new Rows(file, HashMap.empty());
        session.allRows(-1, (key, json) -> rows.keep(HashMap.empty(), key, json));
        return rows.tree;
    }

    /** Writes what stands under some keys of the top level. */
    static void write(Session session, Set<String> keys, HashMap<String, @Nullable Object> tree, long version)
            throws SQLException {
        List<Session.Row> rows = new ArrayList<>();
        int chars = 0;
        for (String key : keys) {
            Object node = Nodes.child(tree, key);
            if (node == Nodes.MISSING) {
                session.remove(RowKey.toText(key), version);
                continue;
            }
            String json = JSON.write(node);
            rows.add(new Session.Row(RowKey.toText(key), json));
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

    private void change(String text, @Nullable String json) {
        String key = key(text);
        if (json == null) {
            tree = tree.remove(key);
            return;
        }
        Object before = Nodes.child(tree, key);
        Object after = Graft.onto(before, value(text, json));
        if (after != before) {
            tree = tree.put(key, after);
        }
    }

    private void keep(HashMap<String, @Nullable Object> known, String text, @Nullable String json) {
        String key = key(text);
        Object before = Nodes.child(known, key);
        tree = tree.put(key, json == null ? before : Graft.onto(before, value(text, json)));
    }

    private String key(String text) {
        try {
            return RowKey.fromText(text);
        } catch (RuntimeException e) {
            throw refuse("the key " + text + " begins with a quotation mark and is no JSON string", e);
        }
    }

    private @Nullable Object value(String key, String json) {
        try {
            return JSON.readValue(json);
        } catch (RuntimeException e) {
            throw refuse("the row of the key " + key + " holds no JSON: " + e.getMessage(), e);
        }
    }

    private StoreIOException refuse(String what, RuntimeException cause) {
        return new StoreIOException(
                file + ": " + what + ". Another program wrote it: put it right with a SQLite tool, or restore a backup",
                cause);
    }
}
