package dev.heartwood.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.heartwood.tree.Numbers;
import io.vavr.collection.HashMap;
import io.vavr.collection.Vector;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Builds a tree from the tokens of a parser, entry by entry, so that whatever is wrong is refused in its place. {@link
 * Utf8TreeReader} reads the documents in which nothing is.
 *
 * <p>It has a stack of its own: a document of any legal depth is read on any thread's stack. The result is a tree as the
 * library holds it.
 */
final class TreeReader {
    private final JsonParser parser;
    private final Limits limits;
    private final Decimals decimals;
    private final boolean anyKeys;
    private final @Nullable LoneSurrogates hidden;
    private final DecimalLiteral literal = new DecimalLiteral();
    private @Nullable Level level;
    private boolean done;

    /**
     * A reader of one document.
     *
     * @param hidden the lone surrogates that are hidden from the parser, or null
     */
    TreeReader(JsonParser parser, JsonOptions options, @Nullable LoneSurrogates hidden) {
        this.parser = parser;
        this.limits = options.limits();
        this.decimals = options.decimals();
        this.anyKeys = options.takesAnyKeys();
        this.hidden = hidden;
    }

    /** Whether the value was read to its end. */
    boolean isDone() {
        return done;
    }

    /** The value that starts with the next token. */
    @Nullable
    Object read() throws IOException {
        return read(parser.nextToken());
    }

    /** The value that starts with {@code first}, the current token, up to its last one. */
    @Nullable
    Object read(@Nullable JsonToken first) throws IOException {
        if (first == null) {
            throw new InvalidJsonException("the document is empty: expected a JSON value");
        }
        JsonToken token = first;
        for (; ; ) {
            Object value;
            switch (token) {
                case START_OBJECT -> {
                    token = openMap();
                    continue;
                }
                case START_ARRAY -> {
                    open(false);
                    token = parser.nextToken();
                    continue;
                }
                case END_OBJECT, END_ARRAY -> value = close();
                case VALUE_STRING -> value = string();
                case VALUE_NUMBER_INT -> value = whole();
                case VALUE_NUMBER_FLOAT -> value = decimal();
                case VALUE_TRUE -> value = true;
                case VALUE_FALSE -> value = false;
                case VALUE_NULL -> value = null;
                default -> throw new InvalidJsonException("expected a JSON value, found " + token);
            }
            Level here = level;
            if (here == null) {
                done = true;
                return value;
            }
            token = here.isMap ? entry(here, value) : element(here, value);
        }
    }

    /** Takes an entry in, and goes to the next value or the end of the map. */
    private JsonToken entry(Level here, @Nullable Object value) throws IOException {
        here.put(value);
        return key(here);
    }

    private JsonToken element(Level here, @Nullable Object value) throws IOException {
        here.list.add(value);
        return require(parser.nextToken());
    }

    private JsonToken openMap() throws IOException {
        return key(open(true));
    }

    private JsonToken key(Level here) throws IOException {
        JsonToken token = require(parser.nextToken());
        if (token != JsonToken.FIELD_NAME) {
            return token;
        }
        String key = reveal(parser.currentName());
        if (key.length() > limits.key()) {
            throw new InvalidJsonException(JsonErrors.keyTooLong(key, limits));
        }
        here.key = key;
        token = require(parser.nextToken());
        // A container is checked at its key; a scalar is so near to its key that it can be checked when it is put.
        if (token.isStructStart() && here.map.containsKey(key)) {
            throw here.duplicate();
        }
        return token;
    }

    private static JsonToken require(@Nullable JsonToken token) {
        if (token == null) {
            throw new InvalidJsonException("the document ends within a container");
        }
        return token;
    }

    private Level open(boolean isMap) {
        Level parent = level;
        Level child = parent == null ? null : parent.child;
        if (child == null) {
            child = new Level(parent, anyKeys);
            if (parent != null) {
                parent.child = child;
            }
        }
        if (child.depth > limits.depth()) {
            throw new InvalidJsonException("more than " + limits.depth() + " nested containers, the most that is read");
        }
        child.isMap = isMap;
        level = child;
        return child;
    }

    private Object close() {
        Level done = level;
        if (done == null) {
            throw new InvalidJsonException("expected a JSON value, found the end of a container");
        }
        level = done.parent;
        return done.finish();
    }

    private String string() throws IOException {
        String string = reveal(parser.getText());
        if (string.length() > limits.string()) {
            throw new InvalidJsonException(JsonErrors.stringTooLong(string, limits));
        }
        return string;
    }

    private String reveal(String string) {
        return hidden == null ? string : hidden.reveal(string);
    }

    private Number whole() throws IOException {
        if (parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
            requireNumberLength();
            return Numbers.whole(parser.getBigIntegerValue());
        }
        return parser.getLongValue();
    }

    private Number decimal() throws IOException {
        requireNumberLength();
        char[] text = parser.getTextCharacters();
        int from = parser.getTextOffset();
        int length = parser.getTextLength();
        // A parser of another mapper may call any text a number, such as NaN.
        if (!isDecimal(text, from, from + length)) {
            throw new InvalidJsonException("expected a JSON value, found the number " + parser.getText());
        }
        Number number = literal.read(text, from, length, decimals);
        if (number == null) {
            throw new InvalidJsonException(
                    "the number " + parser.getText() + " has an exponent beyond " + Limits.SCALE);
        }
        return number;
    }

    /** Whether a text is a decimal, as a mapper that is lenient about its point spells it: without digits before or behind it. */
    private static boolean isDecimal(char[] text, int from, int to) {
        int start = from < to && text[from] == '-' ? from + 1 : from;
        int at = afterDigits(text, start, to);
        int digits = at - start;
        if (at < to && text[at] == '.') {
            int end = afterDigits(text, at + 1, to);
            digits += end - at - 1;
            at = end;
        }
        if (at < to && (text[at] == 'e' || text[at] == 'E')) {
            int exponent = at + 1 < to && (text[at + 1] == '+' || text[at + 1] == '-') ? at + 2 : at + 1;
            at = afterDigits(text, exponent, to);
            digits = at == exponent ? 0 : digits;
        }
        return digits > 0 && at == to;
    }

    private static int afterDigits(char[] text, int from, int to) {
        int at = from;
        while (at < to && text[at] >= '0' && text[at] <= '9') {
            at++;
        }
        return at;
    }

    private void requireNumberLength() throws IOException {
        int length = parser.getTextLength();
        if (length > limits.number()) {
            throw new InvalidJsonException(
                    "a number of " + length + " characters: expected at most " + limits.number());
        }
    }

    /** An open container; kept for the next one of the same depth. */
    private static final class Level {
        final @Nullable Level parent;
        final int depth;
        final boolean anyKeys;

        @Nullable
        Level child;

        boolean isMap;
        HashMap<String, @Nullable Object> map = HashMap.empty();
        String key = "";

        @Nullable
        KeyCollisions collisions;

        final List<@Nullable Object> list = new ArrayList<>();

        Level(@Nullable Level parent, boolean anyKeys) {
            this.parent = parent;
            this.anyKeys = anyKeys;
            this.depth = parent == null ? 1 : parent.depth + 1;
        }

        void put(@Nullable Object value) {
            HashMap<String, @Nullable Object> next = map.put(key, value);
            int size = next.size();
            if (size == map.size()) {
                throw duplicate();
            }
            map = next;
            if (size >= KeyCollisions.THRESHOLD && !anyKeys) {
                countCollisions();
            }
        }

        private void countCollisions() {
            if (collisions == null) {
                collisions = new KeyCollisions(map);
            } else if (!collisions.add(key)) {
                throw new InvalidJsonException(
                        "more than " + KeyCollisions.MOST + " keys of one object share the hash code of " + quoted()
                                + ", which ordinary data does not do");
            }
        }

        InvalidJsonException duplicate() {
            return new InvalidJsonException(
                    "the key " + quoted() + " occurs twice in one object: expected distinct keys");
        }

        private String quoted() {
            return '"' + (key.length() > 40 ? key.substring(0, 40) + "…" : key) + '"';
        }

        Object finish() {
            return isMap ? finishMap() : finishList();
        }

        private HashMap<String, @Nullable Object> finishMap() {
            HashMap<String, @Nullable Object> done = map;
            map = HashMap.empty();
            collisions = null;
            return done;
        }

        private Vector<@Nullable Object> finishList() {
            if (list.isEmpty()) {
                return Vector.empty();
            }
            // The array is a private copy: Vavr may keep it.
            Vector<@Nullable Object> done = Vector.of(list.toArray());
            list.clear();
            return done;
        }
    }
}
