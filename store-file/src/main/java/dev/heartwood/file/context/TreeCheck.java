package dev.heartwood.file.context;

import io.vavr.collection.HashMap;
import org.jspecify.annotations.Nullable;

/** Says whether a store may start with the tree that its files hold, before any of them is written. */
@FunctionalInterface
public interface TreeCheck {
    /** Every tree will do. */
    TreeCheck NONE = tree -> {};

    /**
     * Refuses a tree by an exception, which is the answer of the opening.
     *
     * @throws dev.heartwood.StoreException if no store may start with it
     */
    void require(HashMap<String, @Nullable Object> tree);
}
