package dev.heartwood;

import org.jspecify.annotations.Nullable;

/**
 * The result or the exception of a {@link Derived}'s function for one state, and its reads of that state.
 *
 * @param <T> the result type
 */
final class Computed<T extends @Nullable Object> {
    final ReadWriteSet reads;
    /** The version of the state that it was computed from. */
    final long version;

    private final StoreIdentity identity;
    private final ReadImage image;
    private final @Nullable T value;
    private final @Nullable Throwable failure;

    /** The newest version that is known to have the same value, so that the reads need not be compared again. */
    private volatile long validAt;

    Computed(Snapshot state, ReadWriteSet reads, @Nullable T value, @Nullable Throwable failure) {
        this.reads = reads;
        this.version = state.version();
        this.identity = state.identity();
        this.image = ReadImage.of(reads, state.tree());
        this.value = value;
        this.failure = failure;
        this.validAt = state.version();
    }

    /** Whether the function would read the same in {@code state}, and so give the same. */
    boolean holdsIn(Snapshot state) {
        // A draft has the version of its base and another tree.
        boolean committed = state.identity() == identity;
        if (committed && state.version() == validAt) {
            return true;
        }
        boolean holds = image.holdsIn(state.tree());
        if (holds && committed && state.version() > validAt) {
            validAt = state.version(); // a race leaves one of several valid versions
        }
        return holds;
    }

    /** The value; throws the exception of the function. */
    @SuppressWarnings("NullAway") // null only where T allows it
    T value() {
        if (failure != null) {
            throw Exceptions.rethrow(failure);
        }
        return value;
    }

    /** Why there is no value; null if there is one. */
    @Nullable
    Throwable failure() {
        return failure;
    }

    @Override
    public String toString() {
        return failure != null ? "failed: " + failure : String.valueOf(value);
    }
}
