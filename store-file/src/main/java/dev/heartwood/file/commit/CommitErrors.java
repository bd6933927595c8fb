package dev.heartwood.file.commit;

import dev.heartwood.IndeterminateCommitException;
import dev.heartwood.StoreIOException;
import dev.heartwood.file.disk.HolderLostException;
import dev.heartwood.storage.IoErrors;

/** The messages for commits that are refused or not durable: each names the reason and the remedy. */
final class CommitErrors {
    private static final String OPEN_ANEW = ". Reads go on; to write again, close the store and open it anew";

    private final CommitChain chain;
    private final DurabilityTracker progress;

    CommitErrors(CommitChain chain, DurabilityTracker progress) {
        this.chain = chain;
        this.progress = progress;
    }

    /** A crash may bring the commit back. */
    IndeterminateCommitException indeterminate(Throwable cause) {
        return new IndeterminateCommitException(
                "the commit may or may not be in the file: " + IoErrors.inWords(cause) + OPEN_ANEW, cause);
    }

    /** The commit was rolled back. */
    StoreIOException notWritten(Throwable cause) {
        return new StoreIOException(
                "the commit was not written, and nothing of it will be there: " + IoErrors.inWords(cause)
                        + (HolderLostException.in(cause) == null
                                ? ". The store goes on with the state before it; try again when the cause is gone"
                                : OPEN_ANEW),
                cause);
    }

    /** Writing has failed for good. */
    StoreIOException noMoreCommits(Throwable cause) {
        return new StoreIOException(
                "the store takes no more commits since writing failed: " + IoErrors.inWords(cause) + undurable()
                        + OPEN_ANEW,
                cause);
    }

    /** Commits wait in memory, and more would be too many. */
    StoreIOException noRoom(Throwable trouble) {
        return new StoreIOException(
                "too much is waiting to be written, and writing fails: " + IoErrors.inWords(trouble)
                        + ". The commit was not accepted; reads go on",
                trouble);
    }

    /** A flush did not finish. */
    StoreIOException notFlushed(Throwable trouble) {
        return new StoreIOException(
                "not written yet: " + IoErrors.inWords(trouble)
                        + (progress.failure() == null
                                ? ". What was committed is in memory, and is written again and again until it is"
                                        + " durable"
                                : undurable() + "; close the store and open it anew"),
                trouble);
    }

    /** The next opening might not find the durable commits. */
    StoreIOException notInPlace(Throwable lost) {
        return new StoreIOException(
                "it cannot be said that all is durable: " + IoErrors.inWords(lost) + undurable()
                        + ". Reads go on; save what you need from memory, close the store and open it anew",
                lost);
    }

    /** The store is closed, and not all is durable, or that is not known. */
    StoreIOException closedTooEarly(Throwable trouble) {
        String undurable = undurable();
        return new StoreIOException(
                (undurable.isEmpty()
                                ? "closed, and every commit was written, but it cannot be said that the next opening finds all: "
                                : "closed, but the last commits could not be written: ")
                        + IoErrors.inWords(trouble)
                        + undurable,
                trouble);
    }

    /**
     * The versions that were accepted and are not durable, as the end of a sentence; only for commits without a waiting
     * call.
     */
    private String undurable() {
        long durable = progress.durable();
        long newest = Math.max(durable, chain.last().version);
        return newest == durable
                ? ""
                : ". Versions " + (durable + 1) + " to " + newest
                        + " were accepted, are in memory alone and are not durable";
    }
}
