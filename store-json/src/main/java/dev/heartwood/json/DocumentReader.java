package dev.heartwood.json;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import dev.heartwood.Dialect;
import dev.heartwood.tree.FrozenRegistry;
import dev.heartwood.tree.Nodes;
import io.vavr.collection.HashMap;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Reads one document into a tree. An invalid document is read twice: first as fast as possible, by {@link
 * Utf8TreeReader}, then by Jackson's parser and {@link TreeReader}, to find the place and the reason of the fault.
 */
final class DocumentReader {
    /** The source, for messages; empty if there is none. */
    private final String name;

    /** The document, if it came as text; otherwise it came as bytes. */
    private final @Nullable String text;

    /** The document, if its bytes are still on their way. */
    private final @Nullable ArrivingText arriving;

    private byte[] bytes;

    /** A document that came as text. */
    DocumentReader(String name, String text) {
        this.name = name;
        this.text = text;
        this.arriving = null;
        this.bytes = new byte[0];
    }

    /** A document that came in UTF-8. */
    DocumentReader(String name, byte[] bytes) {
        this.name = name;
        this.text = null;
        this.arriving = null;
        this.bytes = bytes;
    }

    /** A document that is on its way. */
    DocumentReader(ArrivingText arriving) {
        this.name = "";
        this.text = null;
        this.arriving = arriving;
        this.bytes = new byte[0];
    }

    /** The value, of any kind. */
    @Nullable
    Object value(JsonOptions options) {
        try {
            return vouched(quickly(options));
        } catch (Utf8TreeReader.Unreadable e) {
            // the second reading finds it, too, and says where
        }
        if (arriving != null) {
            bytes = arriving.whole();
        }
        try {
            return carefully(options);
        } catch (IOException e) {
            throw new AssertionError("an array does not fail", e);
        }
    }

    private Utf8TreeReader.Result quickly(JsonOptions options) {
        if (arriving != null) {
            return Utf8TreeReader.read(arriving, options);
        }
        return text == null ? Utf8TreeReader.read(bytes, options) : Utf8TreeReader.read(text, options);
    }

    private static @Nullable Object vouched(Utf8TreeReader.Result result) {
        Object value = result.value();
        if (value != null && Nodes.isContainer(value)) {
            FrozenRegistry.remember(value, result.height(), Dialect.ANYTHING);
        }
        return value;
    }

    /** The second reading, for the place of the fault. */
    private @Nullable Object carefully(JsonOptions options) throws IOException {
        if (text != null) {
            encode(text);
        } else {
            requireUtf8();
        }
        try {
            return carefully(bytes, options, null);
        } catch (SurrogateInKey e) {
            LoneSurrogates hidden = LoneSurrogates.hide(bytes);
            if (hidden == null) {
                throw refusal(
                        "",
                        "something is wrong after a key with a lone surrogate; its place cannot be told, since the document"
                                + " has characters of every private block");
            }
            return carefully(hidden.bytes(), options, hidden);
        }
    }

    private void encode(String from) {
        int bad = Utf8.firstLoneSurrogate(from);
        if (bad >= 0) {
            throw refusal(
                    from.substring(0, bad),
                    String.format(
                            "the surrogate U+%04X stands alone: expected UTF-16 text, or the escape \\u%<04X",
                            (int) from.charAt(bad)));
        }
        bytes = from.getBytes(UTF_8);
    }

    private void requireUtf8() {
        if (isUtf16(bytes)) {
            throw refusal("", "UTF-16 or UTF-32 text: expected UTF-8");
        }
        int bad = Utf8.firstBad(bytes);
        if (bad >= 0) {
            throw refusal(
                    bad, String.format("byte 0x%02X starts no UTF-8 character here: expected UTF-8 text", bytes[bad]));
        }
    }

    /** Whether the text starts with the mark of UTF-16 or 32, or with an ASCII character in one of them. */
    private static boolean isUtf16(byte[] bytes) {
        if (bytes.length < 2) {
            return false;
        }
        int first = ((bytes[0] & 0xFF) << 8) | (bytes[1] & 0xFF);
        return first == 0xFEFF || first == 0xFFFE || bytes[0] == 0 || bytes[1] == 0;
    }

    /** The value, which must be an object. */
    HashMap<String, @Nullable Object> map(JsonOptions options) {
        Object value = value(options);
        if (value instanceof HashMap) {
            return Nodes.map(value);
        }
        throw refusal("", "expected an object, found " + Nodes.kind(value));
    }

    private @Nullable Object carefully(byte[] utf8, JsonOptions options, @Nullable LoneSurrogates hidden)
            throws IOException {
        try (JsonParser parser = options.parsers().of(utf8)) {
            TreeReader reader = new TreeReader(parser, options, hidden);
            try {
                return whole(parser, reader);
            } catch (InvalidJsonException e) {
                throw refusal(place(parser), String.valueOf(e.getMessage()));
            } catch (JsonProcessingException e) {
                if (hidden == null && JsonErrors.isSurrogateInKey(e)) {
                    throw new SurrogateInKey();
                }
                throw refusal(
                        offset(e.getLocation() == null ? parser.currentLocation() : e.getLocation())
                                - (JsonErrors.isBehind(e) ? 1 : 0),
                        reader.isDone() ? JsonErrors.TEXT_AFTER_VALUE : JsonErrors.of(e));
            }
        }
    }

    /** The value, which must be the whole text. */
    private static @Nullable Object whole(JsonParser parser, TreeReader reader) throws IOException {
        Object value = reader.read();
        if (parser.nextToken() != null) {
            throw new InvalidJsonException(JsonErrors.TEXT_AFTER_VALUE);
        }
        return value;
    }

    /**
     * Jackson refuses an escaped lone surrogate in a key, though RFC 8259 allows it: the document must be read in
     * another way.
     */
    private static final class SurrogateInKey extends RuntimeException {
        private static final long serialVersionUID = 1L;

        SurrogateInKey() {
            super(null, null, false, false);
        }
    }

    /** The place of the last token. */
    private static JsonLocation place(JsonParser parser) {
        return parser.currentToken() == null ? parser.currentLocation() : parser.currentTokenLocation();
    }

    private JsonException refusal(JsonLocation location, String reason) {
        return refusal(offset(location), reason);
    }

    /** The byte of a location, or the first byte of the character that contains it. */
    private int offset(JsonLocation location) {
        int offset = ParserFactory.start(bytes) + (int) location.getByteOffset();
        while (offset < bytes.length && (bytes[offset] & 0xC0) == 0x80) {
            offset--;
        }
        return offset;
    }

    /** The fault at a byte. */
    JsonException refusal(int offset, String reason) {
        return refusal(text(offset), reason);
    }

    /** The fault after a text. */
    JsonException refusal(String before, String reason) {
        int line = 1 + (int) before.chars().filter(c -> c == '\n').count();
        int column = before.length() - before.lastIndexOf('\n');
        return new JsonException(name, line, column, reason);
    }

    private String text(int end) {
        int start = ParserFactory.start(bytes);
        return new String(bytes, start, Math.max(0, Math.min(end, bytes.length) - start), UTF_8);
    }
}
