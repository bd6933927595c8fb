package dev.heartwood.junit;

import dev.heartwood.TreeView;

/** Assertions on stores, snapshots and transactions, with diffs as messages. They need AssertJ on the class path. */
public final class StoreAssertions {
    private StoreAssertions() {}

    /** Begins an assertion on a store, a snapshot or a transaction. */
    public static StoreAssert assertThat(TreeView actual) {
        return new StoreAssert(actual);
    }
}
