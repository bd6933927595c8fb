package dev.heartwood.json;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.vavr.collection.Vector;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Builds the tree of a document in UTF-8 straight from its bytes, in one pass with every check. It takes exactly what
 * {@link TreeReader} takes, and gives the same tree; of what is wrong it says nothing but that something is. A document
 * that comes as text is read by its {@link TextBytes}: only within strings it matters which chars beyond ASCII it has.
 *
 * <p>It has a stack of its own: a document of any legal depth is read on any thread's stack.
 */
final class Utf8TreeReader {
    /** Stands for the end of the document, as no byte does. */
    private static final int END = 0x100;
    /**
     * A map with so many keys that no map before had is no record but an index, whose further keys are new, too: to look for them
     * costs more than to read them.
     */
    private static final int MOST_NEW_KEYS = 1 << 8;
    /** Where there is no key yet. */
    private static final DocumentKey NO_KEY = DocumentKey.notKept("");

    private final byte[] bytes;
    private final boolean isText;
    private final Limits limits;
    private final NumberReader numbers;
    private final StringDecoder decoder;
    private final SharedStrings strings;
    private final ReaderTables tables;

    /** The rest of the document, which is still on its way; null if all of it is there. */
    private final @Nullable ArrivingText arriving;

    /** The next byte. */
    private int at;
    /** The end of what is there of the document: behind a line break, so that no token crosses it. */
    private int end;

    private @Nullable Level level;
    private int height;

    /** The elements and entries of all open containers, those of inner ones behind those of outer ones. */
    private @Nullable Object[] values = new Object[64];
    /** The keys of the entries, at the places of their values. */
    private String[] keys = new String[64];

    private int count;

    /** The document's value, once it is complete. */
    private @Nullable Object root;

    private Utf8TreeReader(
            byte[] bytes,
            @Nullable String text,
            @Nullable ArrivingText arriving,
            JsonOptions options,
            ReaderTables tables) {
        this.bytes = bytes;
        this.isText = text != null;
        this.arriving = arriving;
        // The first line is there before the reader looks for a byte order mark.
        this.end = arriving == null ? bytes.length : arriving.readableAfter(0);
        this.limits = options.limits();
        this.numbers = new NumberReader(bytes, options);
        this.decoder = new StringDecoder(bytes, text);
        this.strings = new SharedStrings(bytes, text);
        this.tables = tables;
        this.at = text == null ? ParserFactory.start(bytes) : text.startsWith("\uFEFF") ? 1 : 0;
    }

    /**
     * The value of a document, and how many containers it nests.
     *
     * @throws Unreadable if it is no JSON, or past a limit
     */
    static Result read(byte[] bytes, JsonOptions options) {
        return read(bytes, null, null, options);
    }

    /** The same of a document that is still on its way. */
    static Result read(ArrivingText arriving, JsonOptions options) {
        return read(arriving.bytes(), null, arriving, options);
    }

    /** The same of a document that comes as text. */
    static Result read(String text, JsonOptions options) {
        byte[] bytes = TextBytes.of(text);
        if (bytes == null) {
            throw new Unreadable();
        }
        return read(bytes, text, null, options);
    }

    private static Result read(
            byte[] bytes, @Nullable String text, @Nullable ArrivingText arriving, JsonOptions options) {
        ReaderTables tables = ReaderTables.take(text != null);
        Utf8TreeReader reader = new Utf8TreeReader(bytes, text, arriving, options, tables);
        Object value = reader.value();
        if (reader.next() != END) {
            throw new Unreadable();
        }
        // Not after an exception: it may have left them anyhow.
        tables.give();
        return new Result(value, reader.height);
    }

    /**
     * A document's value.
     *
     * @param height how many containers it nests
     */
    record Result(@Nullable Object value, int height) {}

    /** Something is wrong with the document: a {@link TreeReader} finds out. */
    static final class Unreadable extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Unreadable() {
            super(null, null, false, false);
        }
    }

    private @Nullable Object value() {
        for (; ; ) {
            Object value;
            switch (next()) {
                case '{' -> {
                    if (openMap()) {
                        continue;
                    }
                    value = close();
                }
                case '[' -> {
                    if (openList()) {
                        continue;
                    }
                    value = close();
                }
                case '"' -> value = string();
                case 't' -> value = literal("true", true);
                case 'f' -> value = literal("false", false);
                case 'n' -> value = literal("null", null);
                case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> value = number();
                default -> throw new Unreadable();
            }
            if (!add(value)) {
                return root;
            }
        }
    }

    /**
     * Adds a value to the container that it stands in, and closes all that end with it. Answers whether another value
     * comes; if not, the value of the document is complete.
     */
    private boolean add(@Nullable Object element) {
        Object value = element;
        for (Level here = level; here != null; here = level) {
            push(here, value);
            int next = next();
            if (next == ',') {
                if (here.isMap) {
                    key(here);
                }
                return true;
            } else if (next != (here.isMap ? '}' : ']')) {
                throw new Unreadable();
            }
            value = close();
        }
        root = value;
        return false;
    }

    private void push(Level here, @Nullable Object value) {
        if (count == values.length) {
            values = Arrays.copyOf(values, 2 * count);
            keys = Arrays.copyOf(keys, 2 * count);
        }
        if (here.isMap) {
            keys[count] = here.key.text;
        }
        values[count++] = value;
    }

    /** The next byte that is no white space, and goes behind it. */
    private int next() {
        while (at < end || hasMore()) {
            int next = bytes[at++];
            if (next > ' ' || next < 0) {
                return next;
            } else if (next == '\n') {
                at = ByteWords.endOfSpaces(bytes, at);
            } else if (next != ' ' && next != '\r' && next != '\t') {
                return next;
            }
        }
        return END;
    }

    /** Waits for more of the document; false if it ends here. */
    private boolean hasMore() {
        // The skipped spaces may lie behind the end: they are on their way, and what is not there yet is no space.
        while (arriving != null && at >= end) {
            int readable = arriving.readableAfter(end);
            if (readable == end) {
                break;
            }
            end = readable;
        }
        return at < end;
    }

    /** Whether a first entry comes; else the map ends here. */
    private boolean openMap() {
        Level here = open(true);
        int next = next();
        if (next == '}') {
            return false;
        } else if (next != '"') {
            throw new Unreadable();
        }
        DocumentKey expected = here.under.first;
        DocumentKey key = keyAfter(expected, here);
        if (key != expected && key.isKept()) {
            here.under.first = key;
        }
        enter(here, key);
        return true;
    }

    /** Whether a first element comes; else the list ends here. */
    private boolean openList() {
        open(false);
        if (next() == ']') {
            return false;
        }
        at--;
        return true;
    }

    private Level open(boolean isMap) {
        Level parent = level;
        Level child = parent == null ? new Level(null) : parent.child();
        if (child.depth > limits.depth()) {
            throw new Unreadable();
        }
        height = Math.max(height, child.depth);
        child.isMap = isMap;
        child.first = count;
        child.newKeys = 0;
        child.under = parent == null ? tables.root : parent.isMap ? parent.key : parent.under;
        level = child;
        return child;
    }

    private void key(Level here) {
        if (next() != '"') {
            throw new Unreadable();
        }
        DocumentKey expected = here.key.next;
        DocumentKey key = keyAfter(expected, here);
        if (key != expected && key.isKept()) {
            here.key.next = key;
        }
        enter(here, key);
    }

    /** The key that starts here; most often it is the one that is expected. */
    private DocumentKey keyAfter(@Nullable DocumentKey expected, Level here) {
        if (expected != null && expected.standsAt(bytes, at)) {
            at += expected.length;
            return expected;
        }
        int from = at;
        int to = ByteWords.endOfPlain(bytes, from);
        boolean plain = to < bytes.length && bytes[to] == '"';
        if (!plain) {
            to = closingQuote(to);
        }
        at = to + 1;
        if (here.newKeys == MOST_NEW_KEYS) {
            return DocumentKey.notKept(text(from, to, plain));
        }
        // Of a text, only its chars tell keys beyond ASCII apart.
        String text = isText && Utf8.endOfAscii(bytes, from, to) < to ? text(from, to, plain) : null;
        DocumentKey known = text == null ? tables.keys.find(bytes, from, to) : tables.keys.find(text);
        if (known == null) {
            here.newKeys++;
            known = text == null ? tables.keys.add(bytes, from, to, text(from, to, plain)) : tables.keys.add(text);
        }
        return known;
    }

    private void enter(Level here, DocumentKey key) {
        if (key.text.length() > limits.key() || next() != ':') {
            throw new Unreadable();
        }
        here.key = key;
    }

    private @Nullable Object close() {
        Level here = Objects.requireNonNull(level);
        int from = here.first;
        Object closed;
        if (here.isMap) {
            closed = tables.records.build(keys, values, from, count);
            if (closed == null) {
                throw new Unreadable();
            }
        } else {
            // The array is a copy, and nobody else's: Vavr may keep it.
            closed = from == count ? Vector.empty() : Vector.of(Arrays.copyOfRange(values, from, count));
        }
        count = from;
        level = here.parent;
        return closed;
    }

    private String string() {
        int from = at;
        int to = ByteWords.endOfPlain(bytes, from);
        boolean plain = to < bytes.length && bytes[to] == '"';
        if (!plain) {
            to = closingQuote(to);
        }
        at = to + 1;
        String string = strings.pays(to - from) ? shared(from, to, plain) : text(from, to, plain);
        if (string.length() > limits.string()) {
            throw new Unreadable();
        }
        return string;
    }

    private String shared(int from, int to, boolean plain) {
        String known = strings.find(from, to, plain);
        if (known == null) {
            known = text(from, to, plain);
            strings.add(from, to, known);
        }
        return known;
    }

    /** The text that the bytes between two indexes say; each is a char, where they are plain. */
    private String text(int from, int to, boolean plain) {
        if (plain) {
            return new String(bytes, from, to - from, ISO_8859_1);
        }
        String text = decoder.decode(from, to);
        if (text == null) {
            throw new Unreadable();
        }
        return text;
    }

    private int closingQuote(int from) {
        int quote = ByteWords.quoteOrBackslash(bytes, from);
        while (quote < bytes.length && bytes[quote] == '\\') {
            quote = ByteWords.quoteOrBackslash(bytes, quote + 2);
        }
        if (quote >= bytes.length) {
            throw new Unreadable();
        }
        return quote;
    }

    private Number number() {
        Number number = numbers.read(at - 1);
        if (number == null) {
            throw new Unreadable();
        }
        at = numbers.end();
        return number;
    }

    /** The value of a literal, of which the first char was read. */
    private @Nullable Object literal(String name, @Nullable Object value) {
        int from = at - 1;
        at = from + name.length();
        if (at > bytes.length) {
            throw new Unreadable();
        }
        for (int i = 1; i < name.length(); i++) {
            if (bytes[from + i] != name.charAt(i)) {
                throw new Unreadable();
            }
        }
        return value;
    }

    /** An open container; kept for the next one of the same depth. */
    private static final class Level {
        final @Nullable Level parent;
        final int depth;

        private @Nullable Level child;

        boolean isMap;
        /** Where its entries or elements start. */
        int first;
        /** How many of its keys were not kept before. */
        int newKeys;
        /** The key under which it stands, maybe in lists. */
        DocumentKey under = NO_KEY;
        /** The key of the entry that is read. */
        DocumentKey key = NO_KEY;

        Level(@Nullable Level parent) {
            this.parent = parent;
            this.depth = parent == null ? 1 : parent.depth + 1;
        }

        Level child() {
            if (child == null) {
                child = new Level(this);
            }
            return child;
        }
    }
}
