package dev.heartwood.log;

import dev.heartwood.IndeterminateCommitException;
import dev.heartwood.StoreException;
import dev.heartwood.StoreIOException;
import dev.heartwood.log.LogException.InDoubt;
import dev.heartwood.log.LogException.Refused;
import dev.heartwood.log.LogException.Unavailable;
import dev.heartwood.log.Replica.OwnEntry;
import dev.heartwood.log.SharedLog.Appended;
import dev.heartwood.log.SharedLog.Entry;
import dev.heartwood.log.SharedLog.Lost;
import dev.heartwood.log.SharedLog.Outcome;
import dev.heartwood.log.SharedLog.Position;
import dev.heartwood.log.SharedLog.Tail;
import dev.heartwood.storage.CommitQueue;
import dev.heartwood.storage.NanoClock;
import dev.heartwood.storage.PendingCommit;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Decides the waiting commits: appends them as one entry, and finds out its outcome. Called by the leader of the
 * {@link CommitQueue}.
 *
 * <p><b>Nothing is applied twice.</b> An entry has an id: the random id of this opening, and a count. A retry sends the
 * same entry under the same id and on the same position, so the log takes it once. While an answer is in doubt, the
 * request may still be on its way; an absent entry proves nothing. The doubt ends only when the entry's number is
 * filled: by this entry, or by another.
 *
 * <p><b>Giving up.</b> After the deadline the commits are answered as indeterminate, and the next entry takes the same number
 * under a new id. It fills the number, so the abandoned request can do nothing after it.
 */
final class CommitAppender {
    private final SharedLog log;
    private final LogRequests requests;
    private final NanoClock clock;
    private final CommitQueue<String> queue;
    private final Replica replica;
    private final ReentrantLock deciding;
    private final ClaimGate claims;
    private final String writer;
    private long count;
    /** The number that an append under way aims at; 0 while there is none. */
    private volatile long underWay;

    CommitAppender(
            SharedLog log,
            LogRequests requests,
            Wiring wiring,
            CommitQueue<String> queue,
            Replica replica,
            ReentrantLock deciding,
            ClaimGate claims) {
        this.log = log;
        this.requests = requests;
        this.clock = wiring.clock();
        this.writer = wiring.writer();
        this.queue = queue;
        this.replica = replica;
        this.deciding = deciding;
        this.claims = claims;
    }

    /** Decides some of the waiting commits: all of them if nothing goes wrong. */
    void decide() {
        claims.giveWay();
        deciding.lock();
        try {
            List<PendingCommit<String>> group = group(queue.waitingAfter(null));
            if (!group.isEmpty()) {
                underWay = replica.position().number() + 1;
                append(group);
            }
        } finally {
            underWay = 0;
            deciding.unlock();
        }
    }

    /** The number that an append under way aims at, and will have filled or given up when it ends; 0 while there is none. */
    long underWay() {
        return underWay;
    }

    /** As many of the oldest commits as fit into one value of the log, and at least one. */
    private List<PendingCommit<String>> group(List<PendingCommit<String>> waiting) {
        long room = log.largestValue() / 2;
        int size = 0;
        while (size < waiting.size()) {
            room -= StagedText.bytes(waiting.get(size).change());
            if (room < 0 && size > 0) {
                break;
            }
            size++;
        }
        return waiting.subList(0, size);
    }

    private void append(List<PendingCommit<String>> group) {
        Position on = replica.position();
        OwnEntry own = new OwnEntry(nextPosition(on), group);
        boolean inDoubt = false;
        try {
            replica.requireSound();
            String text = EntryText.of(on, group);
            Entry entry = new Entry(own.at(), text);
            LogRequests.Retries retries = requests.retries();
            for (; ; ) {
                long began = clock.nanoTime();
                try {
                    if (entry.body() == text && StagedText.bytes(text) > log.largestValue()) {
                        entry = staged(on, own.at(), text);
                    }
                    Outcome outcome;
                    try {
                        outcome = log.append(
                                on, entry, claims.claim(count, own.at().number()));
                    } catch (Unavailable | Refused e) {
                        throw e; // definitely not applied, this time
                    } catch (Throwable e) {
                        // Permanently: even if a later try is definitely not applied, this one may be. That holds for
                        // an
                        // exhausted heap, too: only the log can say that the entry is not there.
                        inDoubt = true;
                        throw e;
                    }
                    // The entry may be in the log. The winning entry may be this one, too, sent twice: until the new
                    // entries
                    // are read, which may fail, the outcome is unknown. So a failure from here on must not report that
                    // the
                    // commit was not made.
                    inDoubt = true;
                    if (outcome instanceof Appended appended) {
                        replica.decided(own);
                        claims.won(appended.rival());
                        return;
                    }
                    Tail since = ((Lost) outcome).since();
                    Boolean found = replica.join(since, own);
                    if (found == null) {
                        rollBack(group, indeterminate(own, "its place in the log was trimmed meanwhile", null));
                        replica.join(since, null);
                        return;
                    } else if (found) {
                        // The race is lost, but the winner is this entry: an earlier try, or a request that a client
                        // library has sent twice.
                        claims.won(null);
                        return;
                    } else if (replica.position() != on) {
                        // The number is filled by another entry. The queue has rolled all waiting commits back.
                        claims.lost(clock.nanoTime() - began);
                        return;
                    }
                    throw new Unavailable(
                            "the log has another end than expected, and does not return its new entries", null);
                } catch (InDoubt | Unavailable e) {
                    if (!retries.pause()) {
                        giveUp(group, failure(own, inDoubt, e.getMessage(), e));
                        return;
                    }
                } catch (Refused e) {
                    rollBack(group, failure(own, inDoubt, e.getMessage(), e));
                    return;
                }
            }
        } catch (Throwable e) {
            // No commit may wait for a leader that has gone.
            giveUp(
                    group,
                    e instanceof StoreException known && !inDoubt ? () -> known : failure(own, inDoubt, message(e), e));
        }
    }

    /** Fills the next number of the log with an entry without commits, if it is this one. */
    void fill(long number) {
        deciding.lock();
        try {
            LogRequests.Retries retries = requests.retries();
            while (replica.position().number() < number) {
                Position on = replica.position();
                Position at = nextPosition(on);
                try {
                    Outcome outcome = log.append(on, new Entry(at, EntryText.of(on, List.of())), null);
                    if (outcome instanceof Lost lost) {
                        replica.join(lost.since(), null);
                    } else {
                        replica.filled(at);
                    }
                } catch (InDoubt | Unavailable e) {
                    if (!retries.pause()) {
                        throw new StoreIOException("the log has not answered: " + e.getMessage(), e);
                    }
                    replica.catchUp(requests.ask(log::last).number());
                } catch (Refused e) {
                    throw new StoreIOException("the log refused the request: " + e.getMessage(), e);
                }
            }
        } finally {
            deciding.unlock();
        }
    }

    private Position nextPosition(Position on) {
        count++;
        return new Position(on.number() + 1, writer + ":" + count);
    }

    /** Stores the text in parts, which may be repeated, and returns the entry that refers to them. */
    private Entry staged(Position on, Position at, String text) throws Unavailable, Refused {
        try {
            StagedText.put(log, StagedText.ENTRIES, at, text);
        } catch (InDoubt e) {
            // The same part may be stored twice; no replica reads it before the entry is there.
            throw new Unavailable(String.valueOf(e.getMessage()), e);
        }
        return new Entry(at, EntryText.referring(on, StagedText.reference(log, text)));
    }

    /** Rolls back the group with a failure, and the commits behind it as if they had lost a race. */
    private void rollBack(List<PendingCommit<String>> group, Supplier<StoreException> failure) {
        queue.rollBack(commit -> group.contains(commit) ? failure : null);
    }

    /**
     * The log has not answered: also a commit behind the group fails if its caller has waited for the deadline. Else each of many
     * would wait for the deadlines of all before it.
     */
    private void giveUp(List<PendingCommit<String>> group, Supplier<StoreException> failure) {
        Supplier<StoreException> notSent = () -> new StoreIOException(
                "the commit was not made, and nothing of it will be there: it was not sent, since " + requests.silence()
                        + " to commits of other threads before it",
                null);
        queue.rollBack(
                commit -> group.contains(commit) ? failure : requests.hasWaited(commit.since()) ? notSent : null);
    }

    private Supplier<StoreException> failure(
            OwnEntry own, boolean inDoubt, @Nullable String message, @Nullable Throwable cause) {
        if (inDoubt) {
            replica.gaveUp(own.at());
            return indeterminate(own, String.valueOf(message), cause);
        }
        return () ->
                new StoreIOException("the commit was not made, and nothing of it will be there: " + message, cause);
    }

    private Supplier<StoreException> indeterminate(OwnEntry own, String message, @Nullable Throwable cause) {
        return () -> new IndeterminateCommitException(
                "the commit may or may not be in the log: " + message
                        + ". Store.outcomeOf(exception) asks the log for it",
                cause,
                own.at() + " " + replica.identity());
    }

    private static String message(Throwable e) {
        return e.getMessage() == null ? e.toString() : e.getMessage();
    }
}
