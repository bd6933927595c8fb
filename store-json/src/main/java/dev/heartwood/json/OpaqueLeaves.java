package dev.heartwood.json;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The way in which leaves that JSON cannot represent are written. */
interface OpaqueLeaves {
    /** They are refused. */
    OpaqueLeaves REFUSED = leaf -> {
        throw new InvalidJsonException("a " + leaf.getClass().getName()
                + " is no JSON value: map it with JsonMapping, or write with" + " Json.options().mapper(objectMapper)");
    };

    /** They are written as their {@code toString}: for people, never for reading back. */
    OpaqueLeaves AS_TEXT = String::valueOf;

    /** The leaf as a tree of JSON values. */
    @Nullable
    Object toTree(Object leaf);

    /** They are written by the mapper. */
    static OpaqueLeaves mapped(ObjectMapper mapper, JsonOptions options) {
        return leaf -> {
            String type = leaf.getClass().getName();
            try {
                return JsonSource.of(options, write(mapper, null, leaf, options))
                        .value(options);
            } catch (IOException e) {
                throw new InvalidJsonException(
                        "a " + type + " that the mapper cannot write: " + JsonErrors.ofMapper(e));
            } catch (JsonException e) {
                throw new InvalidJsonException("the mapper's text for a " + type + " is not JSON: " + e.getMessage());
            }
        };
    }

    /** The mapper's text for a value of a type, in UTF-8; without a type, as its class is written. */
    static byte[] write(
            ObjectMapper mapper, @Nullable TypeReference<?> type, @Nullable Object value, JsonOptions options)
            throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        // With a factory of our own, since the mapper's factory may write something other than JSON.
        try (JsonGenerator generator = options.parsers().factory().createGenerator(bytes)) {
            if (type == null) {
                mapper.writeValue(generator, value);
            } else {
                mapper.writerFor(type).writeValue(generator, value);
            }
        }
        return bytes.toByteArray();
    }

    /** A tree as JSON on one line, for messages. */
    default String write(@Nullable Object tree) {
        return write(tree, Limits.DEFAULT);
    }

    /** A tree as JSON on one line, for messages. */
    default String write(@Nullable Object tree, Limits limits) {
        TextOutput out = new TextOutput(null, limits.document());
        try {
            new TreeWriter(out, limits, this, false).write(tree);
        } catch (IOException e) {
            throw new AssertionError("an array does not fail", e);
        }
        return out.toText();
    }
}
