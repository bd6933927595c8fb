package dev.heartwood.redis;

import dev.heartwood.log.LogException.InDoubt;
import dev.heartwood.log.LogException.Refused;
import dev.heartwood.log.LogException.Unavailable;
import dev.heartwood.log.LogValues;
import dev.heartwood.log.SharedLog;
import dev.heartwood.log.WakeUpThread;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The log of a tree in four keys with one hash tag. An append is one script, which compares the position of the last entry.
 * The position stays when entries are trimmed, so a stale writer meets it whatever became of the entries.
 */
final class RedisLog implements SharedLog {
    private static final int LARGEST_VALUE = 1 << 20;

    private final RedisServer server;
    /** Appends and what else changes the log; and beside them what reads it. */
    private final RedisSession writing;

    private final RedisSession reading;
    private final String head;
    private final String entries;
    private final String parts;
    private final String names;
    private final List<WakeUpThread> listening = new ArrayList<>();

    RedisLog(RedisServer server) {
        this.server = server;
        this.writing = new RedisSession(server);
        this.reading = new RedisSession(server);
        this.head = server.head();
        this.entries = head + ":entries";
        this.parts = head + ":parts";
        this.names = head + ":names";
    }

    @Override
    public Outcome append(Position on, Entry next, @Nullable Claim mine) throws InDoubt, Unavailable, Refused {
        LogValues.requireRoom(next.body(), LARGEST_VALUE);
        Position at = next.at();
        List<?> answer = answer(writing.call(
                "EVAL",
                RedisScripts.APPEND,
                "2",
                head,
                entries,
                number(on.number()),
                on.id(),
                number(at.number()),
                at.id(),
                next.body(),
                server.channel()));
        if (answer.get(0).equals(1L)) {
            return new Appended(Claim.afterWin(claim(answer.size() < 2 ? null : (String) answer.get(1)), at));
        }
        if (mine != null) {
            keep((String) answer.get(3), mine);
        }
        return new Lost(tail(answer));
    }

    /** Keeps the claim if it is the one to keep; another that comes at the same moment may take its place. */
    private void keep(@Nullable String held, Claim mine) throws Unavailable, Refused {
        if (Claim.kept(claim(held), mine) == mine) {
            try {
                boolean ignored = replace("claim", held, mine.toString());
            } catch (InDoubt e) {
                throw new Unavailable(String.valueOf(e.getMessage()), e);
            }
        }
    }

    private static @Nullable Claim claim(@Nullable String text) {
        return text == null ? null : Claim.parse(text);
    }

    private static String number(long number) {
        return Long.toString(number);
    }

    private static List<?> answer(@Nullable Object answer) throws Refused {
        if (!(answer instanceof List<?> list) || list.isEmpty() || list.get(0).equals(-1L)) {
            throw new Refused("the log was deleted from Redis: restore it from a backup", null);
        }
        return list;
    }

    @Override
    public Position last() throws Unavailable, Refused {
        return position(
                answer(reading.ask("EVAL", RedisScripts.READ, "2", head, entries, number(Long.MAX_VALUE >> 12))));
    }

    @Override
    public Tail read(long from) throws Unavailable, Refused {
        return tail(answer(reading.ask("EVAL", RedisScripts.READ, "2", head, entries, number(from))));
    }

    private static Position position(List<?> answer) {
        return new Position(Long.parseLong((String) answer.get(1)), (String) answer.get(2));
    }

    private static Tail tail(List<?> answer) {
        List<?> page = (List<?>) answer.get(4);
        List<Entry> all = new ArrayList<>();
        for (int i = 0; i < page.size(); i += 2) {
            String entry = (String) page.get(i + 1);
            int line = entry.indexOf('\n');
            Position at = new Position(Long.parseLong((String) page.get(i)), entry.substring(0, line));
            all.add(new Entry(at, entry.substring(line + 1)));
        }
        return new Tail(position(answer), all);
    }

    @Override
    public Listening listen(LongConsumer wake) {
        WakeUpThread thread = WakeUpThread.start("heartwood-redis listens", () -> Published.to(server), wake);
        synchronized (listening) {
            listening.add(thread);
        }
        return thread;
    }

    /** A connection that hears of what the scripts publish. */
    private record Published(RespConnection connection) implements WakeUpThread.Connection {
        private static final int WAIT_MILLIS = 10_000;

        static Published to(RedisServer server) throws Unavailable, Refused, IOException, RespConnection.ErrorAnswer {
            RespConnection connection = server.connect();
            try {
                connection.call(List.of("SUBSCRIBE", server.channel()));
                connection.timeout(WAIT_MILLIS);
                return new Published(connection);
            } catch (IOException | RespConnection.ErrorAnswer e) {
                connection.close();
                throw e;
            }
        }

        @Override
        public long next() throws IOException, RespConnection.ErrorAnswer {
            if (!connection.hasAnswer()) {
                return WakeUpThread.NOTHING;
            }
            // "message", the channel, and what was published.
            return connection.answer() instanceof List<?> message && message.get(2) instanceof String number
                    ? Long.parseLong(number)
                    : -1;
        }

        @Override
        public void close() {
            connection.close();
        }
    }

    @Override
    public int largestValue() {
        return LARGEST_VALUE;
    }

    @Override
    public void put(String name, String part) throws InDoubt, Unavailable, Refused {
        LogValues.requireRoom(part, LARGEST_VALUE);
        Object ignored = writing.call("EVAL", RedisScripts.PUT, "2", parts, names, name, part);
    }

    @Override
    public @Nullable String get(String name) throws Unavailable, Refused {
        return (String) reading.ask("HGET", parts, name);
    }

    @Override
    public void delete(String from, String to) throws InDoubt, Unavailable, Refused {
        repeat(RedisScripts.DELETE, parts, names, from, to);
    }

    /** Executes a script on two keys until there is no more for it to do; other requests come in between. */
    private void repeat(String script, String... words) throws InDoubt, Unavailable, Refused {
        List<String> all = new ArrayList<>(List.of("EVAL", script, "2"));
        all.addAll(List.of(words));
        boolean hasMore = true;
        while (hasMore) {
            hasMore = Long.valueOf(1).equals(writing.call(all.toArray(String[]::new)));
        }
    }

    @Override
    public Optional<String> checkpoint() throws Unavailable, Refused {
        return Optional.ofNullable((String) reading.ask("HGET", head, "checkpoint"));
    }

    @Override
    public boolean checkpoint(@Nullable String before, String after) throws InDoubt, Unavailable, Refused {
        LogValues.requireRoom(after, LARGEST_VALUE);
        return replace("checkpoint", before, after);
    }

    private boolean replace(String field, @Nullable String before, String after) throws InDoubt, Unavailable, Refused {
        List<String> words = new ArrayList<>(List.of("EVAL", RedisScripts.REPLACE, "1", head, field, after));
        if (before != null) {
            words.add(before);
        }
        return Long.valueOf(1).equals(writing.call(words.toArray(String[]::new)));
    }

    @Override
    public void trim(long below) throws InDoubt, Unavailable, Refused {
        repeat(RedisScripts.TRIM, head, entries, number(below));
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
