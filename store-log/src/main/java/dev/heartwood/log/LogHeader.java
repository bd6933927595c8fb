package dev.heartwood.log;

import dev.heartwood.StoreException;
import dev.heartwood.json.Json;
import dev.heartwood.tree.Nodes;
import io.vavr.collection.HashMap;
import io.vavr.collection.Vector;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The first line of a text in the log, as a JSON object: its kind, the version of its format, and the features that a reader
 * must know. A reader ignores members that it does not know, and refuses a format or a feature that it does not know.
 */
final class LogHeader {
    /** The member that lists the features. */
    static final String REQUIRES = "requires";

    private static final long FORMAT = 1;

    private final HashMap<String, @Nullable Object> members;

    private LogHeader(HashMap<String, @Nullable Object> members) {
        this.members = members;
    }

    /** The line of a header of this kind, without a line feed. */
    static String line(String kind, Map<String, ?> members) {
        return Json.write(members(kind, members));
    }

    /** All members of a header of this kind. */
    static Map<String, Object> members(String kind, Map<String, ?> members) {
        Map<String, Object> all = new TreeMap<>(members);
        all.put("heartwood", kind);
        all.put("format", FORMAT);
        return all;
    }

    /**
     * Reads a header of this kind, of which no features are known.
     *
     * @throws StoreException if the line is not such a header, or requires a feature
     */
    static LogHeader parse(String kind, String line) {
        return parse(kind, line, Set.of());
    }

    /**
     * Reads a header of this kind.
     *
     * @param known the features of this kind that this version of the library knows
     * @throws StoreException if the line is not such a header, or requires another feature
     */
    static LogHeader parse(String kind, String line, Set<String> known) {
        Object json;
        try {
            json = Json.readValue(line);
        } catch (StoreException e) {
            throw new StoreException("the log contains a text that is not a Heartwood " + kind + ": " + brief(line), e);
        }
        if (!(json instanceof HashMap) || !kind.equals(Nodes.map(json).getOrElse("heartwood", null))) {
            throw new StoreException(
                    "the log contains a text that is not a Heartwood " + kind + ": " + brief(line), null);
        }
        return of(kind, Nodes.map(json), known);
    }

    /**
     * A header of this kind that is a member of this one.
     *
     * @throws StoreException as {@link #parse(String, String, Set)} does
     */
    LogHeader nested(String kind, String name, Set<String> known) {
        return of(kind, object(name), known);
    }

    private static LogHeader of(String kind, HashMap<String, @Nullable Object> members, Set<String> known) {
        Object format = members.getOrElse("format", null);
        if (!(format instanceof Long number) || number > FORMAT) {
            throw new StoreException(
                    "the log holds a " + kind + " of format " + format
                            + ", and this version of the library knows format " + FORMAT
                            + ": use a newer version of the library",
                    null);
        }
        if (members.containsKey(REQUIRES)) {
            requireKnown(kind, members.getOrElse(REQUIRES, null), known);
        }
        return new LogHeader(members);
    }

    /** Refuses features that are not known, and anything that is not a list of features. */
    private static void requireKnown(String kind, @Nullable Object requires, Set<String> known) {
        Vector<?> listed = requires instanceof Vector<?> names ? names : null;
        Vector<?> unknown = listed == null ? Vector.empty() : listed.filter(name -> !known.contains(name));
        if (listed == null || !unknown.isEmpty()) {
            throw new StoreException(
                    "the log holds a " + kind + " that requires "
                            + (listed != null ? unknown.mkString("\"", "\", \"", "\"") : Json.write(requires))
                            + ", which this version of the library does not know: use a newer version of the library",
                    null);
        }
    }

    /** The line of this header with another member, and with those that this version of the library does not know. */
    String with(String name, Object value) {
        Map<String, @Nullable Object> all = new TreeMap<>(members.toJavaMap());
        all.put(name, value);
        return Json.write(all);
    }

    /** Whether a member is there. */
    boolean has(String name) {
        return members.containsKey(name);
    }

    /** A member that is a string. */
    String text(String name) {
        return member(name, String.class);
    }

    /** A member that is a whole number. */
    long number(String name) {
        return member(name, Long.class);
    }

    /** A member that is an object. */
    HashMap<String, @Nullable Object> object(String name) {
        return Nodes.map(member(name, HashMap.class));
    }

    private <T> T member(String name, Class<T> type) {
        Object value = members.getOrElse(name, null);
        if (!type.isInstance(value)) {
            throw new StoreException("the log holds a header without a usable \"" + name + "\": " + members, null);
        }
        return type.cast(value);
    }

    /** The first line of a text. */
    static String firstLine(String text) {
        int end = text.indexOf('\n');
        return end < 0 ? text : text.substring(0, end);
    }

    /** A text without its first line; empty if it has no more. */
    static String afterFirstLine(String text) {
        int end = text.indexOf('\n');
        return end < 0 ? "" : text.substring(end + 1);
    }

    private static String brief(String line) {
        return line.length() <= 100 ? line : line.substring(0, 100) + "…";
    }
}
