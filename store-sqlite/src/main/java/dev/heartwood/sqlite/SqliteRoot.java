package dev.heartwood.sqlite;

import dev.heartwood.Dialect;
import dev.heartwood.Edit;
import dev.heartwood.Root;
import dev.heartwood.Snapshot;
import dev.heartwood.StoreClosedException;
import dev.heartwood.StoreIOException;
import dev.heartwood.Timeline;
import dev.heartwood.storage.BackgroundTask;
import dev.heartwood.storage.CommitQueue;
import dev.heartwood.storage.ListenerThreads;
import dev.heartwood.storage.SafeLog;
import dev.heartwood.storage.SharedLook;
import dev.heartwood.tree.MapDelta;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.function.Supplier;

/**
 * The tree in a SQLite database. Reads answer from memory after a look at the database has shown that no other
 * connection has changed it; writes are transactions that check the same.
 *
 * <p>Locks are taken in this order: {@link #looking}, then {@code deciding} of the {@link CommitWriter}, then that of
 * {@link CommitQueue}. None is held while watchers are called.
 */
final class SqliteRoot implements Root {
    private static final Logger LOGGER = System.getLogger("dev.heartwood.sqlite");

    private final Database database;
    private final Timeline timeline;
    private final CommitQueue<Set<String>> ahead;
    private final CommitWriter writing;
    private final BackgroundTask keeper;
    /** The background task calls no listener: a slow listener would delay the following looks. */
    private final ExecutorService tellers;

    private final SharedLook looking = new SharedLook();
    private boolean troubled;
    /** Whether streams were ended because nothing can be committed any more. */
    private boolean toldFailure;

    private SqliteRoot(Database database, Database.Loaded loaded) {
        this.database = database;
        this.timeline = loaded.timeline();
        this.ahead = new CommitQueue<>(timeline);
        this.keeper = new BackgroundTask(
                "heartwood-sqlite looks at " + database.file().getFileName(), this::tend);
        this.tellers = ListenerThreads.named(
                "heartwood-sqlite tells of " + database.file().getFileName());
        this.writing = new CommitWriter(database, timeline, loaded.mark(), ahead);
    }

    /** The root over a database that no other root in this process uses; closes the database if it is refused. */
    static SqliteRoot open(Database database, Dialect dialect) {
        SqliteRoot root;
        try {
            root = new SqliteRoot(database, database.load(dialect));
        } catch (Throwable e) {
            database.closeAfter(e);
            throw e;
        }
        if (!database.isPrivate()) {
            root.timeline.whenFollowed(root.keeper::wake);
        }
        return root;
    }

    @Override
    public Timeline timeline() {
        return timeline;
    }

    @Override
    public Snapshot visible() {
        try {
            look(writing::look);
        } catch (StoreIOException e) {
            // A store that has lost its database shows the last state that it has seen; other failures may be
            // temporary.
            if (!database.isLost()) {
                throw e;
            }
        }
        ahead.publish();
        return timeline.newest();
    }

    @Override
    public Snapshot head() {
        requireOpen();
        // An answer that commits nothing is also derived from the head: it must not come from an outdated state.
        StoreIOException loss = database.loss();
        if (loss != null) {
            ahead.fail(loss);
            throw loss;
        }
        Snapshot undecided = ahead.headToBuildOn();
        if (undecided != null) {
            // It needs no look: the transaction that decides it looks, and every answer that is derived from it waits
            // for that.
            return undecided;
        }
        look(writing::lookAhead);
        ahead.publish();
        return ahead.head();
    }

    @Override
    public boolean compareAndSet(Snapshot before, Snapshot after, Supplier<List<Edit>> edits) {
        requireOpen();
        writing.requirePossible();
        // Collecting the keys may take a while: so it is not done under the lock, nor for a race that is already lost.
        if (ahead.head() != before) {
            return false;
        }
        List<Edit> steps = edits.get();
        database.sizes().admit(before, after, steps);
        return ahead.accept(before, after, keys(before, after, steps));
    }

    @Override
    public boolean settle(Snapshot state) {
        return ahead.settle(state, writing::decide);
    }

    @Override
    public boolean isShared() {
        return !database.isPrivate();
    }

    @Override
    public void flush() {
        requireOpen();
        finish();
        database.requireInPlace();
    }

    @Override
    public void close() {
        if (!ahead.close()) {
            return;
        }
        keeper.stop();
        try {
            finish();
        } finally {
            failStreams();
            // A thread that looks or decides after this finds the timeline ended.
            timeline.close();
            tellers.shutdown();
            looking.exclude(() -> ahead.lead(writing::close));
        }
    }

    /** Before the end of the timeline: the stream of a store that has failed ends with that, even if the background task comes too late. */
    private void failStreams() {
        StoreIOException failure = writing.failure();
        if (failure != null) {
            ahead.fail(failure);
        }
    }

    /** The number of accepted commits that are not decided yet. */
    int undecided() {
        return ahead.waitingAfter(null).size();
    }

    private void finish() {
        try {
            ahead.lead(writing::flush);
        } finally {
            ahead.publish();
        }
    }

    private void requireOpen() {
        if (timeline.isClosed()) {
            throw new StoreClosedException();
        }
    }

    /** Reads every commit that any process had finished before this call. */
    private void look(SharedLook.Look<SQLException> look) {
        if (database.isPrivate()) {
            return;
        }
        database.requireNotLost();
        try {
            looking.take(() -> {
                requireOpen();
                look.look();
            });
        } catch (SQLException e) {
            throw database.trouble(e);
        }
    }

    /** The background task: looks for foreign commits while there are followers. */
    private long tend() {
        if (!timeline.isFollowed()) {
            return Long.MAX_VALUE;
        }
        StoreIOException failure = toldFailure ? null : writing.failure();
        if (failure != null) {
            toldFailure = true;
            tellers.execute(() -> ahead.fail(failure));
        }
        try {
            look(writing::look);
            troubled = false;
        } catch (StoreClosedException e) {
            return Long.MAX_VALUE;
        } catch (RuntimeException e) {
            StoreIOException loss = database.loss();
            if (loss != null) {
                tellers.execute(() -> ahead.fail(loss));
                return Long.MAX_VALUE;
            }
            if (!troubled) {
                SafeLog.log(
                        LOGGER, Level.WARNING, "cannot look for commits of other processes; the store keeps trying", e);
            }
            troubled = true;
        }
        if (ahead.hasNews()) {
            tellers.execute(ahead::publish);
        }
        return database.options().watchInterval().toNanos();
    }

    private static Set<String> keys(Snapshot before, Snapshot after, List<Edit> edits) {
        Set<String> keys = new HashSet<>();
        for (Edit edit : edits) {
            if (edit.path().size() > 0) {
                keys.add(edit.path().tokens().get(0));
            } else {
                MapDelta.forEach(Timeline.tree(before), Timeline.tree(after), (key, left, right) -> {
                    keys.add((String) key);
                    return true;
                });
            }
        }
        return keys;
    }
}
