package dev.heartwood.json;

import dev.heartwood.tree.RecordBuilder;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The keys of documents and the shapes of their records, kept for the next document: a short one has no time to learn
 * them. One reader has them at a time; a reader that finds none makes its own.
 */
final class ReaderTables {
    private static final int SLOTS = 8;
    /** Tables that have learned more than so much are not kept: they may never be used again. */
    private static final int MOST_KEYS = 1 << 11;

    private static final int MOST_LEARNED = 1 << 13;

    private static final AtomicReferenceArray<@Nullable ReaderTables> KEPT = new AtomicReferenceArray<>(SLOTS);

    final KeyTable keys = new KeyTable();
    final RecordBuilder records = new RecordBuilder(KeyCollisions.MOST);
    /** Stands before the first key of all. */
    final DocumentKey root = DocumentKey.notKept("");

    private ReaderTables() {}

    /** Tables for one reader alone, which gives them back. */
    static ReaderTables take() {
        // The exchange hands the tables to one thread only, and after all that the last one has written to them
        // (acquire of what give() released); otherwise two readers would grow one table at once.
        ReaderTables kept = KEPT.getAndSet(slot(), null);
        return kept != null ? kept : new ReaderTables();
    }

    /** Keeps the tables, unless they are large. */
    void give() {
        if (keys.size() <= MOST_KEYS && records.learned() <= MOST_LEARNED) {
            KEPT.setRelease(slot(), this);
        }
    }

    private static int slot() {
        return (int) Thread.currentThread().getId() & (SLOTS - 1);
    }
}
