package dev.heartwood.inspector;

import dev.heartwood.Change;
import dev.heartwood.KeyPath;
import dev.heartwood.Origin;
import io.vavr.collection.HashMap;
import io.vavr.collection.Vector;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes states and steps as the JSON that the page reads: see {@code page/values.js} and {@code page/states.js}. Numbers
 * are text all the way. Nothing here recurses, so trees of any legal depth are written on any thread's stack.
 */
final class RecordingWriter {
    /** Longer keys are cut, and told apart by a digest: two keys never become one. */
    static final int LONGEST_KEY = 10_000;

    private static final int KEPT_OF_KEY = 200;

    private final Appendable out;
    private final SharedNodes shared = new SharedNodes();
    private final int longest;

    RecordingWriter(Appendable out, int longest) {
        this.out = out;
        this.longest = longest;
    }

    /** A member of an object: when the recording was made. */
    void made(Instant time) throws IOException {
        name("made");
        text(time.truncatedTo(ChronoUnit.SECONDS).toString());
        out.append(',');
    }

    /** The members of an object: a whole recording. */
    void recording(Recording recording) throws IOException {
        shared.add(recording.newest().root());
        recording.steps().forEach(step -> step.changes().forEach(shared::add));
        name("title");
        text(recording.title());
        out.append(',');
        name("notices");
        strings(recording.notices());
        out.append(',');
        nodes();
        out.append(',');
        name("head");
        content(recording.newest().root());
        out.append(',');
        name("steps");
        out.append('[');
        step(new RecordedStep(recording.oldest().version(), recording.oldest().origin(), 0, List.of()));
        for (RecordedStep step : recording.steps()) {
            out.append(",\n");
            step(step);
        }
        out.append(']');
    }

    /** The members of an object: steps that follow a recording. */
    void steps(List<RecordedStep> steps) throws IOException {
        steps.forEach(step -> step.changes().forEach(shared::add));
        nodes();
        out.append(',');
        name("steps");
        out.append('[');
        for (int i = 0; i < steps.size(); i++) {
            out.append(i == 0 ? "" : ",");
            step(steps.get(i));
        }
        out.append(']');
    }

    void name(String name) throws IOException {
        text(name);
        out.append(':');
    }

    void text(String text) throws IOException {
        ScriptText.write(text, out);
    }

    private void nodes() throws IOException {
        name("nodes");
        out.append('[');
        for (int i = 0; i < shared.all().size(); i++) {
            out.append(i == 0 ? "" : ",");
            content(shared.all().get(i));
        }
        out.append(']');
    }

    private void strings(List<String> texts) throws IOException {
        out.append('[');
        for (int i = 0; i < texts.size(); i++) {
            out.append(i == 0 ? "" : ",");
            text(texts.get(i));
        }
        out.append(']');
    }

    private void step(RecordedStep step) throws IOException {
        Origin origin = step.origin();
        out.append('{');
        name("version");
        text(Long.toString(step.version()));
        optional("author", origin.author());
        optional("label", origin.label());
        optional("thread", origin.thread());
        optional("where", origin.where());
        Instant time = origin.time();
        optional("time", time == null ? null : Long.toString(micros(time)));
        if (origin.attempts() > 1) {
            out.append(',');
            name("attempts");
            out.append(Integer.toString(origin.attempts()));
            KeyPath conflict = origin.conflict();
            optional("conflict", conflict == null ? null : conflict.toString());
        }
        if (step.skipped() > 0) {
            optional("skipped", Long.toString(step.skipped()));
        }
        out.append(',');
        name("changes");
        out.append('[');
        for (int i = 0; i < step.changes().size(); i++) {
            out.append(i == 0 ? "" : ",");
            change(step.changes().get(i));
        }
        out.append("]}");
    }

    private void optional(String name, @Nullable String value) throws IOException {
        if (value != null) {
            out.append(',');
            name(name);
            text(value);
        }
    }

    private void change(Change change) throws IOException {
        String list = change.container() == Change.Container.LIST ? "l" : "";
        if (change instanceof Change.Added added) {
            begin(change, "+" + list);
            value(added.value());
        } else if (change instanceof Change.Removed removed) {
            begin(change, "-" + list);
            value(removed.value());
        } else if (change instanceof Change.Replaced replaced) {
            begin(change, "~" + list);
            value(replaced.before());
            out.append(',');
            value(replaced.after());
        }
        out.append(']');
    }

    private void begin(Change change, String sign) throws IOException {
        out.append("[\"").append(sign).append("\",");
        StringBuilder pointer = new StringBuilder();
        for (String token : change.path().tokens()) {
            pointer.append('/').append(key(token).replace("~", "~0").replace("/", "~1"));
        }
        text(pointer.toString());
        out.append(',');
    }

    private void value(@Nullable Object value) throws IOException {
        if (value == null || !isContainer(value)) {
            leaf(value);
        } else if (shared.number(value) >= 0) {
            reference(shared.number(value));
        } else {
            content(value);
        }
    }

    private void leaf(@Nullable Object leaf) throws IOException {
        if (leaf == null || leaf instanceof Boolean) {
            out.append(String.valueOf(leaf));
        } else {
            text(LeafText.of(leaf, longest));
        }
    }

    private void reference(int number) throws IOException {
        out.append("\"@").append(Integer.toString(number)).append('"');
    }

    private static boolean isContainer(Object value) {
        return value instanceof HashMap || value instanceof Vector;
    }

    /** A container that is being written: its keys, or null for a list, and the children to come. */
    private record Level(Iterator<String> keys, Iterator<? extends @Nullable Object> children, boolean map) {
        static Level of(Object container) {
            if (container instanceof Vector<?> list) {
                return new Level(java.util.Collections.emptyIterator(), list.iterator(), false);
            }
            HashMap<?, ?> map = (HashMap<?, ?>) container;
            String[] keys = new String[map.size()];
            int next = 0;
            for (Object key : map.keysIterator()) {
                keys[next++] = (String) key;
            }
            Arrays.sort(keys);
            @SuppressWarnings("unchecked")
            HashMap<String, @Nullable Object> typed = (HashMap<String, @Nullable Object>) map;
            Iterator<@Nullable Object> children =
                    Arrays.stream(keys).map(key -> typed.getOrElse(key, null)).iterator();
            return new Level(Arrays.asList(keys).iterator(), children, true);
        }
    }

    /** Writes a container in full, even if it is shared; shared containers within it are written as references. */
    private void content(Object container) throws IOException {
        Deque<Level> open = new ArrayDeque<>();
        Level level = Level.of(container);
        out.append(level.map ? '{' : '[');
        boolean first = true;
        while (true) {
            if (!level.children.hasNext()) {
                out.append(level.map ? '}' : ']');
                if (open.isEmpty()) {
                    return;
                }
                level = open.pop();
                first = false;
                continue;
            }
            if (!first) {
                out.append(',');
            }
            first = false;
            if (level.map) {
                name(key(level.keys.next()));
            }
            Object child = level.children.next();
            if (child == null || !isContainer(child)) {
                leaf(child);
            } else if (shared.number(child) >= 0) {
                reference(shared.number(child));
            } else {
                open.push(level);
                level = Level.of(child);
                out.append(level.map ? '{' : '[');
                first = true;
            }
        }
    }

    private static String key(String key) {
        if (key.length() <= LONGEST_KEY) {
            return key;
        }
        return key.substring(0, KEPT_OF_KEY) + "… (" + key.length() + " characters, cut; SHA-256 " + digest(key) + ")";
    }

    private static String digest(String key) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            // UTF-16 keeps keys apart that differ in lone surrogates only.
            byte[] bytes = digest.digest(bytes(key));
            return HexFormat.of().formatHex(bytes, 0, 12);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static byte[] bytes(String key) {
        byte[] bytes = new byte[2 * key.length()];
        for (int i = 0; i < key.length(); i++) {
            bytes[2 * i] = (byte) (key.charAt(i) >> 8);
            bytes[2 * i + 1] = (byte) key.charAt(i);
        }
        return bytes;
    }

    private static long micros(Instant time) {
        return Math.addExact(Math.multiplyExact(time.getEpochSecond(), 1_000_000L), time.getNano() / 1_000);
    }
}
