package dev.heartwood.sqlite;

import dev.heartwood.IndeterminateCommitException;
import dev.heartwood.Snapshot;
import dev.heartwood.StoreException;
import dev.heartwood.StoreIOException;
import dev.heartwood.Timeline;
import dev.heartwood.storage.CommitQueue;
import dev.heartwood.storage.FlushEvent;
import dev.heartwood.storage.PendingCommit;
import dev.heartwood.storage.SafeLog;
import io.vavr.collection.HashMap;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Decides commits: one transaction writes all waiting commits, and finds out whether another process was first.
 *
 * <p>If another process was first, its commits are read, all waiting commits have lost the race, and the transaction
 * stays open for a moment: while it holds the lock, the losers cannot lose again. Otherwise another process that
 * commits without pause would always be first, since this process gets the lock only right after a commit of the other
 * one.
 *
 * <p>All methods except the looks and {@link #requirePossible} are called by the leader of {@link CommitQueue}.
 */
final class CommitWriter {
    private static final Logger LOGGER = System.getLogger("dev.heartwood.sqlite");

    /** The number of versions for which tombstones are kept; a store that is further behind reads all rows. */
    private static final long KEPT_VERSIONS = 10_000;

    private static final long FORGET_EVERY = 1_000;

    private final Database database;
    private final Timeline timeline;
    private final CommitQueue<Set<String>> ahead;
    private final WriteLockLease reservation;
    private final WalCheckpointer log;

    /**
     * Held by a thread that changes the durable state: from the look at the version to the publishing of the result.
     */
    private final ReentrantLock deciding = new ReentrantLock();

    /**
     * The header of the newest state that is known to be durable. Written with {@link #deciding} held, after that state
     * is recorded in {@link CommitQueue}: a look that finds no newer header than this one answers from the recorded
     * state.
     */
    private volatile StoreHeader known;

    private volatile @Nullable SQLException broken;
    private final CommitIds identities = new CommitIds();
    private long forgotten;

    CommitWriter(Database database, Timeline timeline, StoreHeader known, CommitQueue<Set<String>> ahead) {
        this.database = database;
        this.known = known;
        this.timeline = timeline;
        this.ahead = ahead;
        this.log = new WalCheckpointer(database.file());
        this.reservation =
                new WriteLockLease(String.valueOf(database.file().getFileName()), () -> ahead.lead(this::release));
    }

    /** Refuses a commit that cannot be made. */
    void requirePossible() {
        if (database.writer() == null) {
            throw new StoreIOException(
                    database.file() + " was opened with readOnly(): open it without, to write", null);
        }
        StoreIOException failure = failure();
        if (failure != null) {
            ahead.fail(failure);
            throw failure;
        }
    }

    /** The reason why no commit can be made any more; null if that is not known. */
    @Nullable
    StoreIOException failure() {
        SQLException cause = broken;
        if (database.isLost() || cause == null) {
            return database.loss();
        }
        return new StoreIOException(
                database.file() + " takes no more commits, because the disk failed during a commit ("
                        + cause.getMessage() + "): close the store, open it again",
                cause);
    }

    /** Reads the later commits of other processes, on the looking connection. */
    void look() throws SQLException {
        lookOn(database.first());
    }

    /**
     * The same before a commit: on the writing connection, if it is not in use. It already has our last commit, while
     * the looking connection would read it from the WAL.
     */
    void lookAhead() throws SQLException {
        SqliteConnection writer = database.writer();
        if (writer == null || !ahead.tryLead()) {
            look();
            return;
        }
        try {
            // While it is in a transaction, no other connection can have committed.
            if (!writer.isInTransaction()) {
                lookOn(writer);
            }
        } finally {
            ahead.resign();
        }
    }

    private void lookOn(SqliteConnection session) throws SQLException {
        // Read known first: if a commit of ours is recorded between the two, the header that is read after it is not
        // older.
        StoreHeader before = known;
        StoreHeader mark = database.mark(session);
        if (mark.version() <= before.version()) {
            database.requireFollows(session, mark, before);
        } else if (mark.version() > ahead.durable().version()) {
            deciding.lock();
            try {
                session.beginReading();
                // The new commit may be our own, which is decided by now.
                join(session, database.mark(session));
            } finally {
                session.rollback();
                deciding.unlock();
            }
        }
        // Last: what was read is an answer only if it came from the files that others see.
        database.requireInPlace();
    }

    /** Decides some of the waiting commits: all of them unless there is a failure. */
    void decide() {
        if (!tryDecide(Integer.MAX_VALUE)) {
            // One of them cannot be written. Then only the first is tried, so that no other commit fails with it.
            tryDecide(1);
        }
        SqliteConnection writer = database.writer();
        if (writer != null && !writer.isInTransaction()) {
            try {
                log.keepShort(writer);
            } catch (SQLException e) {
                // The commits stand, even if the WAL could not be shortened; if the failure is worse, the next commit
                // reports it.
                SafeLog.log(LOGGER, Level.WARNING, "cannot shorten the log of " + database.file(), e);
            }
        }
    }

    /** False when more than one commit was to be written, and none was. */
    private boolean tryDecide(int most) {
        SqliteConnection writer = Objects.requireNonNull(database.writer());
        try {
            if (!writer.isInTransaction()) {
                writer.beginWriting();
            }
        } catch (SQLException e) {
            ahead.rollBack(commit -> isPatient(commit, e) ? null : () -> database.trouble(e));
            return true;
        }
        deciding.lock();
        try {
            StoreHeader mark = database.mark(writer);
            if (join(writer, mark)) {
                reservation.begin();
                return true;
            }
            return write(writer, mark, most);
        } catch (SQLException e) {
            return failed(writer, most, database.trouble(e));
        } catch (StoreIOException e) {
            return failed(writer, 1, e);
        } catch (Throwable e) {
            // A failure must not leave a partial commit in the open transaction.
            return failed(writer, most, new StoreIOException(database.file() + ": could not write a commit: " + e, e));
        } finally {
            deciding.unlock();
        }
    }

    /** Whether a commit has not yet waited for the busy timeout: it may try again. */
    private boolean isPatient(PendingCommit<Set<String>> commit, SQLException e) {
        long waited = System.nanoTime() - commit.since();
        return SqliteErrors.isBusy(e)
                && waited < database.options().busyTimeout().toNanos();
    }

    /** Publishes the states of the database after the known one; false if there are none. */
    private boolean join(SqliteConnection session, StoreHeader mark) throws SQLException {
        StoreHeader before = known;
        database.requireFollows(session, mark, before);
        if (mark.version() <= before.version()) {
            return false;
        }
        HashMap<String, @Nullable Object> tree = Timeline.tree(ahead.durable());
        // Below the floor, tombstones are missing, and so is the proof that this is the same history.
        HashMap<String, @Nullable Object> newer = before.version() >= mark.floor()
                ? RowTable.readAfter(session, database.file(), database.sizes(), tree, before.version())
                : RowTable.readAll(session, database.file(), database.sizes(), tree);
        ahead.joined(timeline.state(mark.version(), newer));
        known = mark;
        return true;
    }

    private boolean write(SqliteConnection writer, StoreHeader mark, int most) throws SQLException {
        List<PendingCommit<Set<String>>> group = ahead.waitingAfter(null);
        if (most < group.size()) {
            group = group.subList(0, most);
        }
        PendingCommit<Set<String>> last = null;
        // A writer that arrives while we write joins.
        for (List<PendingCommit<Set<String>>> more = group;
                !more.isEmpty();
                more = most == 1 ? List.of() : ahead.waitingAfter(last)) {
            last = more.get(more.size() - 1);
            writeRows(writer, more, last.after());
        }
        if (last == null) {
            writer.rollback();
            return true;
        }
        long version = last.after().version();
        StoreHeader after = mark.after(version, identities.next(version));
        writer.setMark(mark, after);
        if (version >= forgotten + FORGET_EVERY) {
            forgotten = version;
            writer.forget(version - KEPT_VERSIONS);
        }
        return commit(writer, last, after);
    }

    /** Each row once, with its value after the last of the commits. */
    private void writeRows(SqliteConnection writer, List<PendingCommit<Set<String>>> commits, Snapshot after)
            throws SQLException {
        Set<String> keys = new HashSet<>();
        commits.forEach(commit -> keys.addAll(commit.change()));
        RowTable.write(writer, database.sizes(), keys, Timeline.tree(after), after.version());
    }

    private boolean commit(SqliteConnection writer, PendingCommit<Set<String>> last, StoreHeader after)
            throws SQLException {
        ahead.beginCommit();
        try {
            return commitAndNote(writer, last, after);
        } finally {
            ahead.endCommit();
        }
    }

    private boolean commitAndNote(SqliteConnection writer, PendingCommit<Set<String>> last, StoreHeader after)
            throws SQLException {
        FlushEvent flush = FlushEvent.begun();
        try {
            writer.commit();
        } catch (SQLException e) {
            if (SqliteErrors.isDefinite(e)) {
                throw e;
            }
            // The WAL may have the whole commit although the disk reported an error; and no later sync would reveal
            // that.
            broken = e;
            ahead.rollBackUpTo(last, () -> indeterminate(e));
            rollback(writer);
            return true;
        }
        try {
            // After the sync and before the acknowledgement: a file that was replaced before this has lost the commit,
            // and one that is replaced later is replaced with the commit in it.
            database.requireInPlace();
        } catch (StoreIOException e) {
            ahead.rollBackUpTo(
                    last,
                    () -> new IndeterminateCommitException(
                            e.getMessage()
                                    + ". The last commits were written to the file that was open, and are not in the file"
                                    + " that is there now",
                            e));
            return true;
        }
        flush.end(database.file(), ahead.decided(last));
        known = after;
        return true;
    }

    private StoreException indeterminate(SQLException e) {
        return new IndeterminateCommitException(
                database.file() + ": the disk failed during the commit, which may or may not be there after a restart ("
                        + e.getMessage() + ")",
                e);
    }

    /** Rolls back; the first commit fails, the others may try again. False if more than one commit is waiting. */
    private boolean failed(SqliteConnection writer, int most, StoreIOException failure) {
        rollback(writer);
        List<PendingCommit<Set<String>>> group = ahead.waitingAfter(null);
        if (most > 1 && group.size() > 1) {
            return false;
        }
        // Empty where a look has rolled all of them back meanwhile.
        if (!group.isEmpty()) {
            ahead.rollBackUpTo(group.get(0), () -> failure);
        }
        return true;
    }

    private void rollback(SqliteConnection writer) {
        try {
            writer.rollback();
        } catch (SQLException e) {
            broken = e;
        }
    }

    private void release() {
        SqliteConnection writer = database.writer();
        if (writer != null && writer.isInTransaction()) {
            rollback(writer);
        }
    }

    /** Decides all waiting commits, and syncs them. */
    void flush() {
        while (ahead.undecidedHead() != null) {
            decide();
        }
        SqliteConnection writer = database.writer();
        if (writer != null && !database.isPrivate() && database.options().synchronous() != Synchronous.FULL) {
            requirePossible();
            release();
            try {
                sync(writer);
            } catch (SQLException e) {
                throw database.trouble(e);
            }
            database.requireInPlace();
        }
    }

    /** Syncs the commits that {@link Synchronous#NORMAL} and {@link Synchronous#OFF} have not synced yet. */
    private void sync(SqliteConnection writer) throws SQLException {
        Synchronous mode = database.options().synchronous();
        writer.syncAs(Synchronous.FULL);
        try {
            writer.commitNothing();
            // NORMAL syncs the WAL before a checkpoint and the database after it. OFF does not: pages that were moved
            // before this may not be on the disk, and are synced with the rest of the database once all of the WAL is
            // moved.
            if (mode == Synchronous.OFF && !writer.moveAllOfLog()) {
                throw new StoreIOException(
                        database.file()
                                + ": somebody has been reading the database for longer than the busy timeout, and"
                                + " with Synchronous.OFF it cannot be synced meanwhile. All commits are there,"
                                + " but a power cut may lose them: flush again, or open it with Synchronous.NORMAL",
                        null);
            }
        } finally {
            writer.syncAs(mode);
        }
    }

    /** Ends both connections. */
    void close() {
        reservation.close();
        deciding.lock();
        try {
            release();
            SqliteConnection writer = database.writer();
            if (writer != null) {
                // The last connection to the file moves the WAL into it, and deletes the WAL.
                writer.syncAs(Synchronous.FULL);
            }
            database.close();
        } catch (SQLException e) {
            throw database.trouble(e);
        } finally {
            deciding.unlock();
        }
    }
}
