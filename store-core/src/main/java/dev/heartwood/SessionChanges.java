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
     * @param changed called for each session that is new or has another record
     * @param gone called with the number of each session that is no longer open
     * @param failures called for each new record that cannot be read
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
            // Not a session; reported when it appeared.
        }
    }
}
