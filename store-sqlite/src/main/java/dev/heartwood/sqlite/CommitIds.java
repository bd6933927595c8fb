package dev.heartwood.sqlite;

import java.util.UUID;

/**
 * Identities for the commits of one opening. A version number can be reached twice, when the database is restored to an
 * older state and goes on from there; an identity cannot.
 */
final class CommitIds {
    private final String opening = UUID.randomUUID().toString().substring(24);
    private long count;

    /** An identity that no other commit has, for a commit that makes {@code version}. Used by one thread at a time. */
    String next(long version) {
        count++;
        return version + ":" + opening + "-" + Long.toHexString(count);
    }
}
