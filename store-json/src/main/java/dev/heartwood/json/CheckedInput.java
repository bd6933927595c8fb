package dev.heartwood.json;

import org.jspecify.annotations.Nullable;

/** Input that ends early where it is not what it should be. */
interface CheckedInput {
    /** Why it ended early, or null if it did not. */
    @Nullable
    String problem();
}
