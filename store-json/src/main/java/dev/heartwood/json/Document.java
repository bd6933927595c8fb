package dev.heartwood.json;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import dev.heartwood.Dialect;
import dev.heartwood.tree.Known;
import dev.heartwood.tree.Nodes;
import io.vavr.collection.HashMap;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** One document in UTF-8, and the tree that it says. */
final class Document {
    private static final int MARK = 0xEFBBBF;

    /** For messages; empty where there is none. */
    private final String name;

    private final byte[] bytes;
    /** Where the text starts: behind a byte order mark. */
    private final int start;

    Document(String name, byte[] bytes) {
        this.name = name;
        this.bytes = bytes;
        this.start = startsWithMark(bytes) ? 3 : 0;
    }

    /** A factory that refuses whatever is not JSON, within limits. */
    static JsonFactory factory(Limits limits) {
        return JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        // One more, so that it is refused here, in words of our own.
                        .maxNestingDepth(limits.depth() + 1)
                        .maxNumberLength(limits.number())
                        .maxStringLength(limits.string())
                        .maxNameLength(limits.key())
                        .build())
                // Interning each key in the JVM's table costs a quarter of the reading; the parser shares them anyway.
                .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                .disable(JsonFactory.Feature.CHARSET_DETECTION)
                .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                .enable(StreamReadFeature.USE_FAST_BIG_NUMBER_PARSER)
                .build();
    }

    /** The value, whatever it is. */
    @Nullable
    Object value(JsonOptions options) {
        try {
            return value(options, null);
        } catch (SurrogateInKey e) {
            LoneSurrogates hidden = LoneSurrogates.hide(bytes);
            if (hidden == null) {
                throw refusal("", "a key with a lone surrogate, and every private character: expected fewer of them");
            }
            return value(options, hidden);
        }
    }

    /** The value, which must be an object. */
    HashMap<String, @Nullable Object> map(JsonOptions options) {
        Object value = value(options);
        if (value instanceof HashMap) {
            return Nodes.map(value);
        }
        throw refusal("", "expected an object, found " + Nodes.kind(value));
    }

    private @Nullable Object value(JsonOptions options, @Nullable LoneSurrogates hidden) {
        byte[] text = hidden == null ? bytes : hidden.bytes();
        try (JsonParser parser = options.factory().createParser(text, start, text.length - start)) {
            return value(parser, new TreeReader(parser, options, hidden), hidden == null);
        } catch (IOException e) {
            throw new AssertionError("an array does not fail", e);
        }
    }

    private @Nullable Object value(JsonParser parser, TreeReader reader, boolean canRetry) throws IOException {
        boolean atEnd = false;
        try {
            Object value = reader.read();
            atEnd = true;
            if (parser.nextToken() != null) {
                throw new BadJson(Problems.TEXT_AFTER_VALUE);
            }
            if (value != null && Nodes.isContainer(value)) {
                Known.remember(value, reader.height(), Dialect.ANYTHING);
            }
            return value;
        } catch (BadJson e) {
            throw refusal(place(parser), String.valueOf(e.getMessage()));
        } catch (JsonProcessingException e) {
            if (canRetry && Problems.isSurrogateInKey(e)) {
                throw new SurrogateInKey();
            }
            JsonLocation location = e.getLocation() == null ? parser.currentLocation() : e.getLocation();
            throw refusal(location, atEnd ? Problems.TEXT_AFTER_VALUE : Problems.of(e));
        }
    }

    /** Jackson takes no escaped lone surrogate in a key, though RFC 8259 does: the document is to be read otherwise. */
    private static final class SurrogateInKey extends RuntimeException {
        private static final long serialVersionUID = 1L;

        SurrogateInKey() {
            super(null, null, false, false);
        }
    }

    /** The place of what was read last. */
    private static JsonLocation place(JsonParser parser) {
        return parser.currentToken() == null ? parser.currentLocation() : parser.currentTokenLocation();
    }

    private JsonException refusal(JsonLocation location, String reason) {
        return refusal(start + (int) location.getByteOffset(), reason);
    }

    /** What is wrong at a byte. */
    JsonException refusal(int offset, String reason) {
        return refusal(text(offset), reason);
    }

    /** What is wrong after a text. */
    JsonException refusal(String before, String reason) {
        int line = 1 + (int) before.chars().filter(c -> c == '\n').count();
        int column = before.length() - before.lastIndexOf('\n');
        return new JsonException(name, line, column, reason);
    }

    private String text(int end) {
        return new String(bytes, start, Math.max(0, Math.min(end, bytes.length) - start), UTF_8);
    }

    private static boolean startsWithMark(byte[] bytes) {
        return bytes.length >= 3 && (((bytes[0] & 0xFF) << 16) | ((bytes[1] & 0xFF) << 8) | (bytes[2] & 0xFF)) == MARK;
    }
}
