package dev.heartwood.redis;

import static java.util.Objects.requireNonNull;

import dev.heartwood.log.LogException;
import dev.heartwood.log.SharedLog.Entry;
import dev.heartwood.log.SharedLog.Position;
import dev.heartwood.log.SharedLog.Tail;
import dev.heartwood.log.engine.EngineSettings;
import dev.heartwood.log.engine.LogConnection;
import dev.heartwood.log.engine.ServerAddress;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The log of a tree in four keys with one hash tag. An append is one script, which compares the position of the last
 * entry. The position stays when entries are trimmed, so a stale writer always fails on it, even if the entries are
 * gone.
 */
final class RedisConnection extends RespConnection implements LogConnection {
    private static final Logger LOGGER = System.getLogger("dev.heartwood.redis");

    private final EngineSettings settings;
    private final ServerAddress server;
    private final String head;
    /** Channels are those of all databases of a server together. */
    private final String channel;

    /** A connection to the keys that begin with {@code head}. */
    RedisConnection(Socket socket, EngineSettings settings, ServerAddress server, String head) throws IOException {
        super(socket);
        this.settings = settings;
        this.server = server;
        this.head = head;
        this.channel = head + ":" + database();
    }

    private String database() {
        return server.path().isEmpty() ? "0" : server.path();
    }

    @Override
    public void begin(boolean isFirst) throws IOException, LogException {
        String user = settings.user();
        String password = settings.password();
        if (password != null) {
            Object ignored = call(user.isEmpty() ? List.of("AUTH", password) : List.of("AUTH", user, password));
        }
        Object ignored = call(List.of("SELECT", database()));
        if (isFirst) {
            warnOfLoss();
        }
    }

    /** In its default configuration, Redis loses acknowledged writes in a crash. */
    private void warnOfLoss() throws IOException {
        List<String> lacking = new ArrayList<>();
        try {
            for (String setting : List.of("appendonly yes", "appendfsync always", "maxmemory-policy noeviction")) {
                List<String> words = List.of(setting.split(" ", -1));
                if (!words.equals(call(List.of("CONFIG", "GET", words.get(0))))) {
                    lacking.add(setting);
                }
            }
        } catch (LogException e) {
            LOGGER.log(Level.DEBUG, "Redis does not tell its settings", e);
        }
        if (!lacking.isEmpty()) {
            String words = String.join(", ", lacking);
            LOGGER.log(Level.WARNING, this + " may lose commits that were acknowledged: it is not set to " + words);
        }
    }

    private @Nullable Object evaluate(String script, String... arguments) throws IOException, LogException {
        List<String> words = new ArrayList<>(List.of("EVAL", script, "4"));
        words.addAll(List.of(head, head + ":entries", head + ":parts", head + ":names"));
        words.addAll(List.of(arguments));
        return call(words);
    }

    private static boolean isOne(@Nullable Object answer) {
        return Long.valueOf(1).equals(answer);
    }

    @Override
    public void create(String identity) throws IOException, LogException {
        Object ignored = evaluate(RedisScripts.MAKE, identity);
    }

    @Override
    public Answer append(Position on, Entry next) throws IOException, LogException {
        String number = Long.toString(next.at().number());
        String id = next.at().id();
        List<?> answer = (List<?>) requireNonNull(
                evaluate(RedisScripts.APPEND, Long.toString(on.number()), on.id(), number, id, next.body(), channel));
        String claim = (String) answer.get(answer.size() - 1);
        return answer.size() == 1 ? Answer.appended(claim) : Answer.lost(claim, tail(answer));
    }

    @Override
    public @Nullable Tail read(long from) throws IOException, LogException {
        return tail((List<?>) requireNonNull(evaluate(RedisScripts.READ, Long.toString(from))));
    }

    private static @Nullable Tail tail(List<?> answer) {
        if (answer.get(0) == null) {
            return null;
        }
        List<Entry> all = new ArrayList<>();
        for (Object each : (List<?>) answer.get(2)) {
            // The number, the id, and the body.
            String[] entry = ((String) each).split("\n", 3);
            all.add(new Entry(position(entry[0], entry[1]), entry[2]));
        }
        return new Tail(position(answer.get(0), answer.get(1)), all);
    }

    private static Position position(Object number, Object id) {
        return new Position(Long.parseLong((String) number), (String) id);
    }

    @Override
    public @Nullable String field(String name) throws IOException, LogException {
        return (String) call(List.of("HGET", head, name));
    }

    @Override
    public boolean replace(String name, @Nullable String before, @Nullable String after)
            throws IOException, LogException {
        return isOne(evaluate(RedisScripts.REPLACE, name, given(before), given(after)));
    }

    /** An argument that may not be there. */
    private static String given(@Nullable String text) {
        return text == null ? "" : "=" + text;
    }

    @Override
    public void put(String name, String part) throws IOException, LogException {
        Object ignored = evaluate(RedisScripts.PUT, name, part);
    }

    @Override
    public @Nullable String get(String name) throws IOException, LogException {
        return (String) call(List.of("HGET", head + ":parts", name));
    }

    @Override
    public boolean delete(String from, String to) throws IOException, LogException {
        return isOne(evaluate(RedisScripts.DELETE, from, to));
    }

    @Override
    public boolean trim(long below) throws IOException, LogException {
        return isOne(evaluate(RedisScripts.TRIM, Long.toString(below)));
    }

    @Override
    public void listen() throws IOException, LogException {
        Object ignored = call(List.of("SUBSCRIBE", channel));
        waitForEver();
    }

    @Override
    public long nextWakeUp() throws IOException, LogException {
        // "message", the channel, and the published text.
        return Long.parseLong((String) ((List<?>) requireNonNull(answer())).get(2));
    }

    @Override
    public String toString() {
        return "Redis at " + server;
    }
}
