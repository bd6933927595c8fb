package dev.heartwood;

import static dev.heartwood.tree.Nodes.MISSING;

import dev.heartwood.tree.MapDelta;
import io.vavr.collection.HashMap;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The open sessions of a tree, as the last look found them. A look takes the time of the records that have changed since the
 * one before, not of all: processes look often, and at sessions by the thousand.
 *
 * <p>For one thread at a time.
 */
final class SessionChanges {
    private HashMap<String, @Nullable Object> seen = HashMap.empty();

    /**
     * Looks at a tree.
     *
     * @param changed is told of each session that has come, or whose record is another
     * @param gone is told of the number of each session that is no longer open
     * @param failures is told of each record that has come and cannot be read
     */
    void look(
            TreeView tree,
            Consumer<? super SessionRecord> changed,
            LongConsumer gone,
            Consumer<? super StoreException> failures) {
        HashMap<String, @Nullable Object> open = SessionRecords.open(tree);
        MapDelta.forEach(seen, open, (key, before, after) -> {
            String number = (String) key;
            SessionRecord record =
                    number == null || after == MISSING ? null : SessionRecords.read(tree, number, failures);
            if (record != null) {
                changed.accept(record);
            } else {
                forget(number, gone);
            }
            return true;
        });
        seen = open;
    }

    private static void forget(@Nullable String number, LongConsumer gone) {
        try {
            gone.accept(Long.parseLong(number));
        } catch (NumberFormatException e) {
            // Of no session, and told of when it came.
        }
    }
}
