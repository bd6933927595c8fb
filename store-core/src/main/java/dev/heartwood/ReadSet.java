package dev.heartwood;

import io.vavr.collection.HashMap;
import org.jspecify.annotations.Nullable;

/** What an attempt has read of its tree: immutable once the run that read it is over. */
@FunctionalInterface
interface ReadSet {
    /** Whether all that was read is the same in both trees. */
    boolean same(HashMap<String, @Nullable Object> before, HashMap<String, @Nullable Object> after);
}
