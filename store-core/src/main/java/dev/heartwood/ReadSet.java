package dev.heartwood;

import io.vavr.collection.HashMap;
import org.jspecify.annotations.Nullable;

/** The parts of its tree that an attempt has read: immutable once the run that read it is over. */
@FunctionalInterface
interface ReadSet {
    /** Whether all that was read is the same in both trees. */
    boolean same(HashMap<String, @Nullable Object> before, HashMap<String, @Nullable Object> after);
}
