package dev.heartwood.postgres;

import dev.heartwood.log.LogException.InDoubt;
import dev.heartwood.log.LogException.Refused;
import dev.heartwood.log.LogException.Unavailable;
import dev.heartwood.log.LogValues;
import dev.heartwood.log.SharedLog;
import dev.heartwood.log.WakeUpThread;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The log of a tree in three tables: a row with the position of the last entry, a row for each entry, a row for each part.
 *
 * <p>An append is one statement, which updates the row of the position if it is as expected. Two appends at once meet at the
 * lock of that row: the second one looks at the row again when the first has committed, and finds it changed. (So it is at
 * the isolation level READ COMMITTED; at higher ones it fails with a serialization error, and is tried again.) The row stays
 * when entries are trimmed, so a stale writer meets it whatever became of the entries.
 */
final class PostgresLog implements SharedLog {
    private static final int LARGEST_VALUE = 1 << 20;
    /** A page of entries has at most so many, and so many bytes, or one. */
    private static final int PAGE = 200;

    private static final int PAGE_BYTES = 4 << 20;

    private final PostgresDatabase database;
    private final String tree;
    /** Appends and what else changes the log; and beside them what reads it. */
    private final PostgresSession writing;

    private final PostgresSession reading;
    private final String append;
    private final String last;
    private final String read;
    private final String entries;
    private final String parts;
    private final String positions;
    private final List<WakeUpThread> listening = new ArrayList<>();

    PostgresLog(PostgresDatabase database) {
        this.database = database;
        this.tree = database.tree();
        this.writing = new PostgresSession(database);
        this.reading = new PostgresSession(database);
        this.positions = database.table("heartwood_log");
        this.entries = database.table("heartwood_entry");
        this.parts = database.table("heartwood_part");
        String notify = database.options().notifications() ? "pg_notify('heartwood_' || identity, ?)" : "?";
        // A commit that is acknowledged is on the disk, whatever the database's default is. Only for this transaction:
        // behind a pooler the connection is others', too.
        this.append = "WITH position AS (UPDATE " + positions + " SET number = ?, id = ?,"
                + " claim = CASE WHEN split_part(claim, ' ', 1) = split_part(?, ':', 1) THEN NULL ELSE claim END"
                + " WHERE tree = ? AND number = ? AND id = ? RETURNING identity, claim),"
                + " entry AS (INSERT INTO " + entries + " (tree, number, id, body) SELECT ?, ?, ?, ? FROM position)"
                + " SELECT claim, " + notify + ", CASE WHEN current_setting('synchronous_commit') = 'off'"
                + " THEN set_config('synchronous_commit', 'on', true) END FROM position";
        this.last = "SELECT number, id, pg_is_in_recovery() FROM " + positions + " WHERE tree = ?";
        // One statement, so that the position and the entries are of one moment.
        this.read = "SELECT p.number, p.id, pg_is_in_recovery(), e.number, e.id, e.body FROM " + positions + " p"
                + " LEFT JOIN LATERAL (SELECT * FROM (SELECT page.*,"
                + " sum(octet_length(body)) OVER (ORDER BY number) - octet_length(body) AS before"
                + " FROM (SELECT number, id, body FROM " + entries
                + " WHERE tree = p.tree AND number >= ? ORDER BY number LIMIT " + PAGE + ") page) sized"
                + " WHERE before < " + PAGE_BYTES + ") e ON true WHERE p.tree = ? ORDER BY e.number";
    }

    @Override
    public Outcome append(Position on, Entry next, @Nullable Claim mine) throws InDoubt, Unavailable, Refused {
        LogValues.requireRoom(next.body(), LARGEST_VALUE);
        Position at = next.at();
        Optional<Appended> won = writing.query(
                append,
                rows -> rows.next()
                        ? Optional.of(new Appended(Claim.afterWin(claim(rows.getString(1)), at)))
                        : Optional.empty(),
                at.number(),
                at.id(),
                at.id(),
                tree,
                on.number(),
                on.id(), // the position
                tree,
                at.number(),
                at.id(),
                next.body(), // the entry
                Long.toString(at.number()));
        if (won.isPresent()) {
            return won.get();
        }
        if (mine != null) {
            keep(mine);
        }
        // A second statement: the first one sees what was there before the winner's commit.
        return new Lost(read(at.number()));
    }

    /** Keeps the claim if it is the one to keep; another that comes at the same moment may take its place. */
    private void keep(Claim mine) throws Unavailable, Refused {
        String held = reading.ask("SELECT claim FROM " + positions + " WHERE tree = ?", PostgresLog::text, tree)
                .orElse(null);
        Claim kept = Claim.kept(claim(held), mine);
        if (kept == mine) {
            try {
                writing.update(
                        "UPDATE " + positions + " SET claim = ? WHERE tree = ? AND claim IS NOT DISTINCT FROM ?::text",
                        mine.toString(),
                        tree,
                        held);
            } catch (InDoubt e) {
                throw new Unavailable(String.valueOf(e.getMessage()), e);
            }
        }
    }

    private static @Nullable Claim claim(@Nullable String text) {
        return text == null ? null : Claim.parse(text);
    }

    @Override
    public Position last() throws Unavailable, Refused {
        return reading.ask(
                last,
                rows -> {
                    if (!rows.next()) {
                        throw gone();
                    }
                    return position(rows);
                },
                tree);
    }

    @Override
    public Tail read(long from) throws Unavailable, Refused {
        return reading.ask(read, PostgresLog::tail, from, tree);
    }

    private static Tail tail(ResultSet rows) throws SQLException, Unavailable, Refused {
        Position last = null;
        List<Entry> page = new ArrayList<>();
        while (rows.next()) {
            last = position(rows);
            if (rows.getString(5) != null) {
                page.add(new Entry(new Position(rows.getLong(4), rows.getString(5)), rows.getString(6)));
            }
        }
        if (last == null) {
            throw gone();
        }
        return new Tail(last, page);
    }

    private static Position position(ResultSet rows) throws SQLException, Unavailable {
        PostgresDatabase.requirePrimary(rows.getBoolean(3));
        return new Position(rows.getLong(1), rows.getString(2));
    }

    private static Refused gone() {
        return new Refused("the log was deleted from the database: restore it from a backup", null);
    }

    private static Optional<String> text(ResultSet rows) throws SQLException {
        return Optional.ofNullable(rows.next() ? rows.getString(1) : null);
    }

    @Override
    public Listening listen(LongConsumer wake) {
        if (!database.options().notifications()) {
            return new Polling();
        }
        WakeUpThread thread =
                WakeUpThread.start("heartwood-postgres listens", () -> Notifications.connect(database), wake);
        synchronized (listening) {
            listening.add(thread);
        }
        return thread;
    }

    /** No wake-ups: the store asks once in a poll interval. */
    private static final class Polling implements Listening {
        @Override
        public void kick() {}

        @Override
        public void close() {}
    }

    @Override
    public int largestValue() {
        return LARGEST_VALUE;
    }

    @Override
    public void put(String name, String part) throws InDoubt, Unavailable, Refused {
        LogValues.requireRoom(part, LARGEST_VALUE);
        writing.update(
                "INSERT INTO " + parts + " (tree, name, body) VALUES (?, ?, ?)"
                        + " ON CONFLICT (tree, name) DO UPDATE SET body = excluded.body",
                tree,
                name,
                part);
    }

    @Override
    public @Nullable String get(String name) throws Unavailable, Refused {
        return reading.ask("SELECT body FROM " + parts + " WHERE tree = ? AND name = ?", PostgresLog::text, tree, name)
                .orElse(null);
    }

    @Override
    public void delete(String from, String to) throws InDoubt, Unavailable, Refused {
        writing.update("DELETE FROM " + parts + " WHERE tree = ? AND name >= ? AND name < ?", tree, from, to);
    }

    @Override
    public Optional<String> checkpoint() throws Unavailable, Refused {
        return reading.ask("SELECT checkpoint FROM " + positions + " WHERE tree = ?", PostgresLog::text, tree);
    }

    @Override
    public boolean checkpoint(@Nullable String before, String after) throws InDoubt, Unavailable, Refused {
        LogValues.requireRoom(after, LARGEST_VALUE);
        return writing.update(
                        "UPDATE " + positions
                                + " SET checkpoint = ? WHERE tree = ? AND checkpoint IS NOT DISTINCT FROM ?::text",
                        after,
                        tree,
                        before)
                == 1;
    }

    @Override
    public void trim(long below) throws InDoubt, Unavailable, Refused {
        writing.update("DELETE FROM " + entries + " WHERE tree = ? AND number < ?", tree, below);
    }

    @Override
    public void close() {
        writing.close();
        reading.close();
        synchronized (listening) {
            listening.forEach(WakeUpThread::close);
            listening.clear();
        }
    }
}
