package dev.heartwood.log;

import dev.heartwood.log.SharedLog.Position;
import dev.heartwood.tree.Nodes;
import io.vavr.collection.HashMap;
import io.vavr.collection.Vector;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The last entry of each writer. Each checkpoint contains this table: so if a writer waits for an answer, and the place
 * of its entry was trimmed, it learns from a newer checkpoint whether the entry was in the log.
 *
 * <p>Rows of old entries are dropped, and the table records how far back it is complete: another replica may have
 * dropped more rows than this one would.
 *
 * <p>One thread at a time may change it. Others may ask {@link #canFollow} meanwhile; they learn what was true at some
 * time, and of a row that is dropped perhaps that its writer never had one.
 */
final class WriterTable {
    private final Map<String, Row> rows = new ConcurrentHashMap<>();
    /** Every writer whose last entry has this number or a larger one has a row. */
    private volatile long completeFrom;

    private record Row(long count, long number) {
        boolean isOf(Position at) {
            return number == at.number() && count == countOf(at);
        }
    }

    /** Records an entry of the log. */
    void note(Position at) {
        rows.put(writer(at), new Row(countOf(at), at.number()));
    }

    /**
     * Whether the log holds an entry.
     *
     * @param entry an entry whose place in the log this table has recorded
     * @return null if the table cannot tell
     */
    @Nullable
    Boolean holds(Position entry) {
        Row row = rows.get(writer(entry));
        if (row != null && row.number > entry.number()) {
            return null;
        } else if (row != null && row.isOf(entry)) {
            return Boolean.TRUE;
        }
        // Had the entry been there, it would be the last of its writer, and have a row.
        return entry.number() >= completeFrom ? Boolean.FALSE : null;
    }

    /**
     * Whether the log can be one that held this entry: if it was the last of its writer, or later ones followed. The position before the
     * first entry has no writer, and any log can follow it.
     */
    boolean canFollow(Position entry) {
        if (entry.number() == 0) {
            return true;
        }
        Row row = rows.get(writer(entry));
        return (row != null && row.number > entry.number()) || !Boolean.FALSE.equals(holds(entry));
    }

    /** Drops the rows of entries below this number. */
    void dropBelow(long number) {
        rows.values().removeIf(row -> row.number < number);
        completeFrom = Math.max(completeFrom, number);
    }

    /** The rows as JSON: for each writer the count and the number of its last entry. */
    Map<String, List<Long>> rows() {
        Map<String, List<Long>> json = new TreeMap<>();
        rows.forEach((writer, row) -> json.put(writer, List.of(row.count, row.number)));
        return json;
    }

    long completeFrom() {
        return completeFrom;
    }

    /** A copy, which later entries do not change. */
    static WriterTable copyOf(WriterTable table) {
        WriterTable copy = new WriterTable();
        copy.rows.putAll(table.rows);
        copy.completeFrom = table.completeFrom;
        return copy;
    }

    /** The table of these rows. */
    static WriterTable of(HashMap<String, @Nullable Object> rows, long completeFrom) {
        WriterTable table = new WriterTable();
        table.completeFrom = completeFrom;
        for (String writer : rows.keySet()) {
            Vector<@Nullable Object> row = Nodes.list(rows.getOrElse(writer, null));
            if (row.get(0) instanceof Long count && row.get(1) instanceof Long number) {
                table.rows.put(writer, new Row(count, number));
            }
        }
        return table;
    }

    private static String writer(Position at) {
        return at.id().substring(0, Math.max(0, at.id().lastIndexOf(':')));
    }

    private static long countOf(Position at) {
        try {
            return Long.parseLong(at.id().substring(at.id().lastIndexOf(':') + 1));
        } catch (NumberFormatException e) {
            // No writer of this library makes such an id.
            return -1;
        }
    }
}
