package dev.heartwood.json;

import dev.heartwood.tree.RecordBuilder;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The keys of documents and the shapes of their records, kept for the next document: a short one has no time to learn
 * them. One reader has them at a time; a reader that finds none makes its own. Documents that come as text have tables
 * of their own: there a byte beyond ASCII does not say which char it is.
 */
final class ReaderTables {
    private static final int SLOTS = 8;
    /** Tables that have learned more than so much are not kept: they may never be used again. */
    private static final int MOST_KEYS = 1 << 11;

    private static final int MOST_LEARNED = 1 << 13;

    private static final AtomicReferenceArray<@Nullable ReaderTables> KEPT = new AtomicReferenceArray<>(2 * SLOTS);

    final KeyTable keys = new KeyTable();
    final RecordBuilder records = new RecordBuilder(KeyCollisions.MOST);
    /** Stands before the first key of all. */
    final DocumentKey root = DocumentKey.notKept("");

    private final boolean isText;

    private ReaderTables(boolean isText) {
        this.isText = isText;
    }

    /** Tables for one reader alone, of documents in UTF-8 or of text, which gives them back. */
    static ReaderTables take(boolean isText) {
        // The exchange hands the tables to one thread only, and after all that the last one has written to them
        // (acquire of what give() released); otherwise two readers would grow one table at once.
        ReaderTables kept = KEPT.getAndSet(slot(isText), null);
        return kept != null ? kept : new ReaderTables(isText);
    }

    /** Keeps the tables, unless they are large. */
    void give() {
        records.forget();
        if (keys.size() <= MOST_KEYS && records.learned() <= MOST_LEARNED) {
            KEPT.setRelease(slot(isText), this);
        }
    }

    private static int slot(boolean isText) {
        return ((int) Thread.currentThread().getId() & (SLOTS - 1)) + (isText ? SLOTS : 0);
    }
}
