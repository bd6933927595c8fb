package dev.heartwood.sqlite;

import java.sql.SQLException;
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
    /**
     * The header in a text: version, floor, length of the list of recent commits, the newest of these, and the identity of
     * the store, with a space between them. The newest is empty where there is none.
     *
     * @throws SQLException if it is none: another program wrote into the table
     */
    static StoreHeader parse(@Nullable String text) throws SQLException {
        String[] parts = text == null ? new String[0] : text.split(" ", 5);
        try {
            if (parts.length == 5) {
                // A version of the library that writes no identities leaves the one of an earlier commit.
                String commit = parts[3].startsWith(parts[0] + ":") ? parts[3] : null;
                return new StoreHeader(
                        Long.parseLong(parts[0]),
                        Long.parseLong(parts[1]),
                        parts[4],
                        commit,
                        Integer.parseInt(parts[2]));
            }
        } catch (NumberFormatException e) {
            throw new SQLException("the row of the table meta is no header: " + text, e);
        }
        throw new SQLException("the row of the table meta is no header: " + text);
    }

    /** The same store after a commit. */
    StoreHeader after(long newVersion, String newCommit) {
        return new StoreHeader(newVersion, floor, storeUuid, newCommit, recentLength + newCommit.length() + 1);
    }
}
