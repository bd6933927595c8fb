package dev.heartwood.etcd;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.heartwood.json.Json;
import dev.heartwood.log.LogException;
import dev.heartwood.log.SharedLog.Entry;
import dev.heartwood.log.SharedLog.Position;
import dev.heartwood.log.SharedLog.Tail;
import dev.heartwood.log.engine.LogConnection;
import io.vavr.collection.HashMap;
import io.vavr.collection.Vector;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The log of a tree under a prefix of keys: {@code head} with the position of the last entry, {@code log/NUMBER} with an
 * entry each, {@code part/NAME}, {@code checkpoint} and {@code claim}.
 *
 * <p>An append is one transaction of etcd: if {@code head} is as expected, it and the entry are written; if not, the
 * entries that came are read, at the same revision. The {@code head} stays when entries are trimmed, so a stale writer
 * always fails on it, even if the entries are gone.
 */
final class EtcdConnection implements LogConnection {
    private static final String VALUE = "\"value\":\"";

    private final EtcdMember member;
    private final String prefix;
    private volatile @Nullable InputStream watch;
    private @Nullable BufferedReader lines;

    EtcdConnection(EtcdMember member, String prefix) {
        this.member = member;
        this.prefix = prefix;
    }

    @Override
    public void begin(boolean isFirst) throws IOException, LogException {
        member.logIn();
    }

    @Override
    public void create(String identity) throws IOException, LogException {
        boolean ignored = replace("head", null, new Position(0, identity).toString());
    }

    @Override
    public Answer append(Position on, Entry next) throws IOException, LogException {
        Position at = next.at();
        Map<String, ?> entry = stored(entry(at.number()), at.id() + "\n" + next.body());
        List<?> won = List.of(stored("head", at.toString()), entry, range("claim"));
        List<?> lost = List.of(range("head"), entriesFrom(at.number()), range("claim"));
        Map<String, ?> sameHead = isValue("head", on.toString());
        Map<String, ?> request = Map.of("compare", List.of(sameHead), "success", won, "failure", lost);
        HashMap<String, @Nullable Object> answer = member.post("/v3/kv/txn", request);
        String claim = value(response(answer, 2));
        return isDone(answer) ? Answer.appended(claim) : Answer.lost(claim, tail(answer));
    }

    @Override
    public @Nullable Tail read(long from) throws IOException, LogException {
        return tail(member.post("/v3/kv/txn", Map.of("success", List.of(range("head"), entriesFrom(from)))));
    }

    private static @Nullable Tail tail(HashMap<String, @Nullable Object> answer) {
        List<Entry> entries = new ArrayList<>();
        for (HashMap<String, @Nullable Object> pair : pairs(response(answer, 1))) {
            String key = decoded((String) pair.getOrElse("key", ""));
            String[] text = decoded((String) pair.getOrElse("value", "")).split("\n", 2);
            long number = Long.parseLong(key.substring(key.lastIndexOf('/') + 1));
            entries.add(new Entry(new Position(number, text[0]), text[1]));
        }
        String head = value(response(answer, 0));
        return head == null ? null : new Tail(Position.parse(head), entries);
    }

    @Override
    public @Nullable String field(String name) throws IOException, LogException {
        // Not read as JSON: a part of a checkpoint is large, and text in base 64 has no quotes.
        String answer = new String(member.bytes("/v3/kv/range", Map.of("key", key(name))), UTF_8);
        int value = answer.indexOf(VALUE);
        return value < 0 ? value(Json.read(answer)) : valueAt(answer, value);
    }

    @Override
    public boolean replace(String name, @Nullable String before, @Nullable String after)
            throws IOException, LogException {
        Map<String, ?> change =
                after == null ? Map.of("request_delete_range", Map.of("key", key(name))) : stored(name, after);
        Map<String, ?> request = Map.of("compare", List.of(isValue(name, before)), "success", List.of(change));
        return isDone(member.post("/v3/kv/txn", request));
    }

    @Override
    public void put(String name, String part) throws IOException, LogException {
        Object ignored = member.post("/v3/kv/put", Map.of("key", key("part/" + name), "value", encoded(part)));
    }

    @Override
    public @Nullable String get(String name) throws IOException, LogException {
        return field("part/" + name);
    }

    @Override
    public boolean delete(String from, String to) throws IOException, LogException {
        return deleteRange("part/" + from, "part/" + to);
    }

    @Override
    public boolean trim(long below) throws IOException, LogException {
        return deleteRange(entry(0), entry(below));
    }

    private boolean deleteRange(String from, String to) throws IOException, LogException {
        Object ignored = member.post("/v3/kv/deleterange", Map.of("key", key(from), "range_end", key(to)));
        return false;
    }

    /** Needs no revision to start from: missed changes are found by asking. */
    @Override
    public void listen() throws IOException, LogException {
        InputStream open = member.stream("/v3/watch", Map.of("create_request", Map.of("key", key("head"))));
        watch = open;
        lines = new BufferedReader(new InputStreamReader(open, UTF_8));
        // The first line says that the watch is there.
        long ignored = nextWakeUp();
    }

    @Override
    public long nextWakeUp() throws IOException {
        String line = lines == null ? null : lines.readLine();
        if (line == null || line.contains("\"canceled\":true") || line.startsWith("{\"error\"")) {
            throw new EOFException("the watch has ended");
        }
        int newest = line.lastIndexOf(VALUE);
        return newest < 0 ? ASK : Position.parse(valueAt(line, newest)).number();
    }

    @Override
    public void close() throws IOException {
        // Not the reader: closing that waits until it has read a line.
        InputStream open = watch;
        if (open != null) {
            open.close();
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

    private Map<String, ?> range(String name) {
        return Map.of("request_range", Map.of("key", key(name)));
    }

    /** Up to the character after the digits: another tree may have a namespace that ends with log/. */
    private Map<String, ?> entriesFrom(long number) {
        return Map.of("request_range", Map.of("key", key(entry(number)), "range_end", key("log/:"), "limit", "100"));
    }

    /** The comparison of a key with its value; with null, that it is not there. */
    private Map<String, ?> isValue(String name, @Nullable String value) {
        return value == null
                ? Map.of("key", key(name), "target", "VERSION", "result", "EQUAL", "version", "0")
                : Map.of("key", key(name), "target", "VALUE", "result", "EQUAL", "value", encoded(value));
    }

    private static boolean isDone(HashMap<String, @Nullable Object> answer) {
        return Boolean.TRUE.equals(answer.getOrElse("succeeded", false));
    }

    @SuppressWarnings("unchecked") // JSON objects are maps of this kind
    private static HashMap<String, @Nullable Object> response(HashMap<String, @Nullable Object> answer, int index) {
        Vector<HashMap<String, HashMap<String, @Nullable Object>>> all =
                (Vector<HashMap<String, HashMap<String, @Nullable Object>>>) answer.getOrElse("responses", null);
        return all.get(index).getOrElse("response_range", HashMap.empty());
    }

    @SuppressWarnings("unchecked") // as above
    private static Vector<HashMap<String, @Nullable Object>> pairs(HashMap<String, @Nullable Object> range) {
        return (Vector<HashMap<String, @Nullable Object>>) range.getOrElse("kvs", Vector.empty());
    }

    private static @Nullable String value(HashMap<String, @Nullable Object> range) {
        return pairs(range)
                .headOption()
                .map(pair -> decoded((String) pair.getOrElse("value", "")))
                .getOrNull();
    }

    /** The value whose member begins at a place. */
    private static String valueAt(String answer, int member) {
        int from = member + VALUE.length();
        return decoded(answer.substring(from, answer.indexOf('"', from)));
    }

    private static String encoded(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
    }

    /** The text of a member in base 64; an empty one is left out. */
    private static String decoded(String text) {
        return new String(Base64.getDecoder().decode(text), UTF_8);
    }

    @Override
    public String toString() {
        return member.toString();
    }
}
