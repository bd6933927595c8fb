package dev.heartwood.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;

/** Makes parsers that accept only valid JSON, within limits. */
final class ParserFactory {
    private static final int MARK_LENGTH = 3;
    /** The most bytes that a char of a key takes, as the parser counts them: in fours. */
    private static final int BYTES = 4;

    private final JsonFactory ofBytes;

    ParserFactory(Limits limits) {
        ofBytes = factory(limits, Math.min((long) BYTES * limits.key() + BYTES, Integer.MAX_VALUE))
                .build();
    }

    private static JsonFactoryBuilder factory(Limits limits, long longestName) {
        JsonFactoryBuilder builder = (JsonFactoryBuilder) JsonFactory.builder();
        return builder.streamReadConstraints(StreamReadConstraints.builder()
                        // One more, so that the limit is checked here, with our own message.
                        .maxNestingDepth(limits.depth() + 1)
                        .maxNumberLength(limits.number())
                        // Jackson counts the text of a large number as a string.
                        .maxStringLength(Math.max(limits.string(), limits.number()))
                        .maxNameLength((int) longestName)
                        .build())
                // Interning each key in the JVM's table costs a quarter of the reading; the parser shares them anyway.
                .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                .disable(JsonFactory.Feature.CHARSET_DETECTION)
                .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                .enable(StreamReadFeature.USE_FAST_BIG_NUMBER_PARSER);
    }

    /** For Jackson's own use. */
    JsonFactory factory() {
        return ofBytes;
    }

    /** A parser of UTF-8, after the byte order mark. */
    JsonParser of(byte[] utf8) throws IOException {
        int start = start(utf8);
        return ofBytes.createParser(utf8, start, utf8.length - start);
    }

    /** The start of the text, behind a byte order mark. */
    static int start(byte[] utf8) {
        return utf8.length >= MARK_LENGTH && utf8[0] == (byte) 0xEF && utf8[1] == (byte) 0xBB && utf8[2] == (byte) 0xBF
                ? MARK_LENGTH
                : 0;
    }
}
