package dev.heartwood.testkit;

import dev.heartwood.Root;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Creates the roots that the suite tests, and controls their storage. Only {@link #create} is required. A test is
 * skipped if the root cannot do something that the test needs.
 */
public interface RootFixture {
    /**
     * A new root over a storage of its own, which holds {@code tree}: maps, lists, strings, whole numbers. The suite
     * closes it.
     */
    Root create(Map<String, ? extends @Nullable Object> tree) throws Exception;

    /** Another root over the storage of {@code root}, while that one is open: for storages that are shared. */
    default Optional<Root> join(Root root) throws Exception {
        return Optional.empty();
    }

    /** A new root over the storage of {@code root}, which has been closed: for storages that outlive their root. */
    default Optional<Root> reopen(Root root) throws Exception {
        return Optional.empty();
    }

    /** Holds the storage up: commits that are accepted from now on are not durable until the hold is released. */
    default Optional<Hold> hold(Root root) {
        return Optional.empty();
    }

    /** Whether reads outside of batches see each commit that was answered before, also by another root on the storage. */
    default boolean plainReadsAreFresh() {
        return true;
    }

    /**
     * Whether {@link Hold#takeBack} may be called at any moment. Each commit that it rolls back then runs again,
     * unnoticed by its caller.
     */
    default boolean rollsBackUnnoticed() {
        return false;
    }

    /**
     * Makes the next commit end as indeterminate, whether it is applied or not.
     *
     * @return whether it can
     */
    default boolean doubtNextCommit(Root root) {
        return false;
    }
}
