package dev.heartwood.sqlite;

import org.jspecify.annotations.Nullable;

/**
 * The header of the database after its newest commit.
 *
 * @param version the version of its newest state
 * @param floor the tombstones of removed keys, and the identities of commits, are kept only for later versions: a store
 *     that is behind it must read all rows
 * @param storeUuid the identity of the store; another one means that another database was restored into the file
 * @param commit the identity of the newest commit, unique among all commits ever made; null if a version of the library
 *     that writes none made it
 * @param recentLength the length of the list of recent commits, in chars
 */
record StoreHeader(
        long version,
        long floor,
        String storeUuid,
        @Nullable String commit,
        int recentLength) {
    /** The same store after a commit. */
    StoreHeader after(long newVersion, String newCommit) {
        return new StoreHeader(newVersion, floor, storeUuid, newCommit, recentLength + newCommit.length() + 1);
    }
}
