package dev.heartwood.etcd;

import dev.heartwood.log.LogException.InDoubt;
import dev.heartwood.log.LogException.Refused;
import dev.heartwood.log.LogException.Unavailable;
import dev.heartwood.log.LogValues;
import dev.heartwood.log.SharedLog;
import dev.heartwood.log.WakeUpThread;
import io.vavr.collection.HashMap;
import io.vavr.collection.Vector;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The log of a tree under a prefix of keys: {@code head} with the position of the last entry, {@code log/NUMBER} with an
 * entry each, {@code part/NAME}, {@code checkpoint}, and the {@code claim} with its {@code claimant}.
 *
 * <p>An append is one transaction of etcd: if {@code head} is as expected, it and the entry are written; if not, the entries
 * that came are read, at the same revision. The {@code head} stays when entries are trimmed, so a stale writer meets it
 * whatever became of the entries.
 */
final class EtcdLog implements SharedLog {
    /** Far below etcd's limit of 1.5 MiB for a request, so that a page of entries is not too large either. */
    private static final int LARGEST_VALUE = 256 << 10;

    private static final int PAGE = 100;
    private static final String TXN = "/v3/kv/txn";
    private static final String RANGE = "/v3/kv/range";

    private final Gateway gateway;
    private final String prefix;
    private final boolean createIfMissing;
    private final List<WakeUpThread> listening = new ArrayList<>();
    /** The log was there: if it is not any more, it was deleted, and is not made anew in silence. */
    private volatile boolean hasLog;

    EtcdLog(Gateway gateway, String namespace, String tree, boolean createIfMissing) {
        this.gateway = gateway;
        this.prefix = namespace + URLEncoder.encode(tree, StandardCharsets.UTF_8) + "/";
        this.createIfMissing = createIfMissing;
    }

    @Override
    public Outcome append(Position on, Entry next, @Nullable Claim mine) throws InDoubt, Unavailable, Refused {
        LogValues.requireRoom(next.body(), LARGEST_VALUE);
        requireLog();
        Position at = next.at();
        String writer = at.id().substring(0, Math.max(0, at.id().indexOf(':')));
        Map<String, ?> settle = Map.of(
                "request_txn",
                Map.of(
                        "compare", List.of(isValue("claimant", writer)),
                        "success", List.of(deleted("claim"), deleted("claimant"))));
        HashMap<String, @Nullable Object> answer = gateway.post(
                TXN,
                Map.of(
                        "compare", List.of(isValue("head", on.toString())),
                        "success",
                                List.of(
                                        stored("head", at.toString()),
                                        stored(entry(at.number()), at.id() + "\n" + next.body()),
                                        settle,
                                        range("claim")),
                        "failure", List.of(range("head"), entriesFrom(at.number()), range("claim"))));
        if (succeeded(answer)) {
            return new Appended(Claim.afterWin(claim(value(answer, 3)), at));
        }
        if (mine != null) {
            keep(value(answer, 2), mine);
        }
        return new Lost(tail(answer));
    }

    /** Keeps the claim if it is the one to keep; another that comes at the same moment may take its place. */
    private void keep(@Nullable String held, Claim mine) throws Unavailable, Refused {
        if (Claim.kept(claim(held), mine) == mine) {
            gateway.ask(
                    TXN,
                    Map.of(
                            "compare", List.of(isValue("claim", held)),
                            "success", List.of(stored("claim", mine.toString()), stored("claimant", mine.writer()))));
        }
    }

    private static @Nullable Claim claim(@Nullable String text) {
        return text == null ? null : Claim.parse(text);
    }

    @Override
    public Position last() throws Unavailable, Refused {
        requireLog();
        return position(valueOf(gateway.ask(RANGE, Map.of("key", key("head")))));
    }

    @Override
    public Tail read(long from) throws Unavailable, Refused {
        requireLog();
        return tail(gateway.ask(TXN, Map.of("success", List.of(range("head"), entriesFrom(from)))));
    }

    private Tail tail(HashMap<String, @Nullable Object> answer) throws Refused {
        List<Entry> entries = new ArrayList<>();
        for (HashMap<String, @Nullable Object> pair : pairs(rangeAnswer(answer, 1))) {
            String key = decoded(pair, "key");
            String text = decoded(pair, "value");
            int line = text.indexOf('\n');
            long number = Long.parseLong(key.substring(key.lastIndexOf('/') + 1));
            entries.add(new Entry(new Position(number, text.substring(0, line)), text.substring(line + 1)));
        }
        return new Tail(position(value(answer, 0)), entries);
    }

    private static Position position(@Nullable String head) throws Refused {
        if (head == null) {
            throw new Refused("the log was deleted from etcd: restore it from a backup", null);
        }
        return Position.parse(head);
    }

    /** Makes the log where there is none, or refuses. Repeated, it changes nothing. */
    private void requireLog() throws Unavailable, Refused {
        if (!hasLog && !createIfMissing) {
            if (valueOf(gateway.ask(RANGE, Map.of("key", key("head")))) == null) {
                throw new Refused("etcd has no tree of this name. Nothing was made: check the name", null);
            }
            hasLog = true;
        } else if (!hasLog) {
            Position beginning = new Position(0, UUID.randomUUID().toString());
            gateway.ask(
                    TXN,
                    Map.of(
                            "compare", List.of(isValue("head", null)),
                            "success", List.of(stored("head", beginning.toString()))));
            hasLog = true;
        }
    }

    @Override
    public Listening listen(LongConsumer wake) {
        WakeUpThread thread =
                WakeUpThread.start("heartwood-etcd listens", HeadWatch.connector(gateway, key("head")), wake);
        synchronized (listening) {
            listening.add(thread);
        }
        return thread;
    }

    @Override
    public int largestValue() {
        return LARGEST_VALUE;
    }

    @Override
    public void put(String name, String part) throws InDoubt, Unavailable, Refused {
        LogValues.requireRoom(part, LARGEST_VALUE);
        gateway.post("/v3/kv/put", Map.of("key", key("part/" + name), "value", encoded(part)));
    }

    @Override
    public @Nullable String get(String name) throws Unavailable, Refused {
        return valueOf(gateway.ask(RANGE, Map.of("key", key("part/" + name))));
    }

    @Override
    public void delete(String from, String to) throws InDoubt, Unavailable, Refused {
        deleteRange("part/" + from, "part/" + to);
    }

    @Override
    public Optional<String> checkpoint() throws Unavailable, Refused {
        return Optional.ofNullable(valueOf(gateway.ask(RANGE, Map.of("key", key("checkpoint")))));
    }

    @Override
    public boolean checkpoint(@Nullable String before, String after) throws InDoubt, Unavailable, Refused {
        LogValues.requireRoom(after, LARGEST_VALUE);
        return succeeded(gateway.post(
                TXN,
                Map.of(
                        "compare", List.of(isValue("checkpoint", before)),
                        "success", List.of(stored("checkpoint", after)))));
    }

    @Override
    public void trim(long below) throws InDoubt, Unavailable, Refused {
        deleteRange(entry(0), entry(below));
    }

    private void deleteRange(String from, String to) throws InDoubt, Unavailable, Refused {
        // etcd takes a range whose end is its beginning, or before it, for something else than nothing.
        if (from.compareTo(to) < 0) {
            gateway.post("/v3/kv/deleterange", Map.of("key", key(from), "range_end", key(to)));
        }
    }

    @Override
    public void close() {
        gateway.close();
        synchronized (listening) {
            listening.forEach(WakeUpThread::close);
            listening.clear();
        }
    }

    // Requests and answers, as the gateway has them: keys and values in base 64, absent members for empty lists.

    private String key(String name) {
        return encoded(prefix + name);
    }

    /** Numbers of equal length, which sort as text. */
    private static String entry(long number) {
        return "log/" + String.format(Locale.ROOT, "%019d", number);
    }

    private Map<String, ?> stored(String name, String value) {
        return Map.of("request_put", Map.of("key", key(name), "value", encoded(value)));
    }

    private Map<String, ?> deleted(String name) {
        return Map.of("request_delete_range", Map.of("key", key(name)));
    }

    private Map<String, ?> range(String name) {
        return Map.of("request_range", Map.of("key", key(name)));
    }

    private Map<String, ?> entriesFrom(long number) {
        return Map.of(
                "request_range",
                Map.of("key", key(entry(number)), "range_end", key("log0"), "limit", Integer.toString(PAGE)));
    }

    /** The comparison of a key with its value; with null, that it is not there. */
    private Map<String, ?> isValue(String name, @Nullable String value) {
        return value == null
                ? Map.of("key", key(name), "target", "VERSION", "result", "EQUAL", "version", "0")
                : Map.of("key", key(name), "target", "VALUE", "result", "EQUAL", "value", encoded(value));
    }

    private static boolean succeeded(HashMap<String, @Nullable Object> answer) {
        return Boolean.TRUE.equals(answer.getOrElse("succeeded", false));
    }

    private static HashMap<String, @Nullable Object> rangeAnswer(HashMap<String, @Nullable Object> answer, int index) {
        Vector<?> responses = (Vector<?>) answer.getOrElse("responses", Vector.empty());
        return Gateway.map(Gateway.map(responses.get(index)).getOrElse("response_range", HashMap.empty()));
    }

    private static List<HashMap<String, @Nullable Object>> pairs(HashMap<String, @Nullable Object> range) {
        List<HashMap<String, @Nullable Object>> pairs = new ArrayList<>();
        ((Vector<?>) range.getOrElse("kvs", Vector.empty())).forEach(pair -> pairs.add(Gateway.map(pair)));
        return pairs;
    }

    private static @Nullable String value(HashMap<String, @Nullable Object> answer, int index) {
        return valueOf(rangeAnswer(answer, index));
    }

    private static @Nullable String valueOf(HashMap<String, @Nullable Object> range) {
        List<HashMap<String, @Nullable Object>> pairs = pairs(range);
        return pairs.isEmpty() ? null : decoded(pairs.get(0), "value");
    }

    private static String encoded(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The text of a member in base 64; an empty one is left out. */
    static String decoded(HashMap<String, @Nullable Object> pair, String member) {
        String text = (String) pair.getOrElse(member, "");
        return new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8);
    }
}
