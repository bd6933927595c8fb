package dev.heartwood.log.engine;

import dev.heartwood.log.LogException;
import dev.heartwood.log.LogException.InDoubt;
import dev.heartwood.log.LogException.Refused;
import dev.heartwood.log.LogException.Unavailable;
import dev.heartwood.log.LogValues;
import dev.heartwood.log.SharedLog;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** The log on a server, over connections of its engine. */
final class EngineLog implements SharedLog {
    private static final String CLAIM = "claim";
    /** Past the last entry of any log, and exact in engines that count in floating point. */
    static final long PAST_THE_END = Long.MAX_VALUE >> 12;

    private final EngineSettings settings;
    private final int largestValue;
    private final Connector connector;
    /** Appends and what else changes the log; and beside them what reads it. */
    private final SharedConnection writing;

    private final SharedConnection reading;
    private final List<WakeUpThread> listening = new ArrayList<>();

    EngineLog(String name, LogServer server, EngineSettings settings, int largestValue) {
        this.settings = settings;
        this.largestValue = largestValue;
        this.connector = new Connector(name, server, settings);
        this.writing = new SharedConnection(connector);
        this.reading = new SharedConnection(connector);
    }

    @Override
    public Outcome append(Position on, Entry next, @Nullable Claim mine) throws InDoubt, Unavailable, Refused {
        requireRoom(next.body());
        LogConnection.Answer answer = writing.call(open -> open.append(on, next));
        Claim held = claim(answer.claim());
        if (answer.isAppended()) {
            settle(held, next.at());
            return new Appended(Claim.afterWin(held, next.at()));
        }
        // First of all: where the log was deleted, a claim would make some of it anew.
        Tail since = present(answer.since());
        Claim lost = mine == null ? null : lostOn(since.last(), mine);
        if (lost != null && Claim.kept(held, lost) == lost) {
            change(answer.claim(), lost.toString());
        }
        return new Lost(since);
    }

    /** The claim that a log keeps. One that cannot be read is none, since claims are for fairness alone: no commit may fail for it. */
    private static @Nullable Claim claim(@Nullable String text) {
        try {
            return text == null ? null : Claim.parse(text);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** A claim is settled when its writer has won: the others need not give way any more. */
    private void settle(@Nullable Claim held, Position won) {
        if (held != null && won.isOf(held.writer())) {
            change(held.toString(), null);
        }
    }

    /**
     * Replaces the claim; another that comes at the same moment may take its place. No commit fails for it: a claim that stays is void
     * some entries later, and costs each rival one pause until then; one that is not kept is made again at the next loss.
     */
    private void change(@Nullable String held, @Nullable String mine) {
        try {
            boolean ignored = writing.call(open -> open.replace(CLAIM, held, mine));
        } catch (LogException e) {
            System.getLogger("dev.heartwood.log").log(Level.DEBUG, "a claim is not changed", e);
        }
    }

    /** The claim, which lives from the end of the log on: a far writer began before others appended hundreds of entries. */
    private static Claim lostOn(Position end, Claim mine) {
        return new Claim(mine.writer(), mine.attempt(), end.number(), mine.micros(), mine.losses());
    }

    private Tail present(@Nullable Tail tail) throws Refused {
        if (tail == null) {
            throw connector.deleted();
        }
        return tail;
    }

    @Override
    public Position last() throws Unavailable, Refused {
        return read(PAST_THE_END).last();
    }

    @Override
    public Tail read(long from) throws Unavailable, Refused {
        return present(reading.ask(open -> Optional.ofNullable(open.read(from))).orElse(null));
    }

    @Override
    public Listening listen(LongConsumer wake) {
        if (!settings.hasWakeUps()) {
            return new Polling();
        }
        WakeUpThread thread = WakeUpThread.start("heartwood-log listens", connector, wake);
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
        return largestValue;
    }

    private void requireRoom(String value) throws Refused {
        LogValues.requireRoom(value, largestValue);
    }

    @Override
    public void put(String name, String part) throws InDoubt, Unavailable, Refused {
        requireRoom(part);
        boolean ignored = writing.call(open -> {
            open.put(name, part);
            return true;
        });
    }

    @Override
    public @Nullable String get(String name) throws Unavailable, Refused {
        if (reading.isInUse()) {
            // Two threads that read the parts of a large text need not wait for each other.
            try {
                return get(writing, name);
            } catch (Unavailable e) {
                // The server may have no second connection to give.
            }
        }
        return get(reading, name);
    }

    private static @Nullable String get(SharedConnection connection, String name) throws Unavailable, Refused {
        return connection.ask(open -> Optional.ofNullable(open.get(name))).orElse(null);
    }

    @Override
    public void delete(String from, String to) throws InDoubt, Unavailable, Refused {
        // Engines take a range whose end is its beginning, or before it, for something else than nothing.
        boolean hasMore = from.compareTo(to) < 0;
        while (hasMore) {
            hasMore = writing.call(open -> open.delete(from, to));
        }
    }

    @Override
    public Optional<String> checkpoint() throws Unavailable, Refused {
        return reading.ask(open -> Optional.ofNullable(open.field(LogConnection.CHECKPOINT)));
    }

    @Override
    public boolean checkpoint(@Nullable String before, String after) throws InDoubt, Unavailable, Refused {
        requireRoom(after);
        return writing.call(open -> open.replace(LogConnection.CHECKPOINT, before, after));
    }

    @Override
    public void trim(long below) throws InDoubt, Unavailable, Refused {
        boolean hasMore = below > 0;
        while (hasMore) {
            hasMore = writing.call(open -> open.trim(below));
        }
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
