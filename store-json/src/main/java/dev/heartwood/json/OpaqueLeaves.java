package dev.heartwood.json;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** What becomes of leaves that JSON has no word for: what the caller's mapper makes of them, or nothing. */
final class OpaqueLeaves {
    private final JsonOptions options;
    private final @Nullable ObjectMapper mapper;

    OpaqueLeaves(JsonOptions options, @Nullable ObjectMapper mapper) {
        this.options = options;
        this.mapper = mapper;
    }

    /** The leaf as a tree of JSON values. */
    @Nullable
    Object toTree(Object leaf) {
        String type = leaf.getClass().getName();
        if (mapper == null) {
            throw new BadJson("a " + type + " is no JSON value: map it with JsonMapping, or write with"
                    + " Json.options().mapper(objectMapper)");
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        // Over a factory of ours, since the mapper's may write something other than JSON.
        try (JsonGenerator generator = options.factory().createGenerator(bytes)) {
            mapper.writeValue(generator, leaf);
        } catch (JsonProcessingException e) {
            throw new BadJson("a " + type + " that the mapper cannot write: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        try {
            return JsonSource.of(options, bytes.toByteArray()).value(options);
        } catch (JsonException e) {
            throw new BadJson("the mapper writes a " + type + " as what is no JSON: " + e.getMessage());
        }
    }
}
