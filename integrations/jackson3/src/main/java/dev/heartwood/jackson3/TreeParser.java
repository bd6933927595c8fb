package dev.heartwood.jackson3;

import dev.heartwood.StoreException;
import dev.heartwood.json.Json;
import io.vavr.collection.HashMap;
import java.io.StringWriter;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamWriteConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationContext;

/**
 * Reads a tree from any parser of Jackson 3: the tokens are written as JSON, which {@link Json} reads, so that numbers,
 * duplicate keys and limits are as in every other document.
 */
final class TreeParser {
    /** As many levels as a tree may have. */
    private static final JsonFactory JSON = JsonFactory.builder()
            .streamWriteConstraints(
                    StreamWriteConstraints.builder().maxNestingDepth(1_000).build())
            .build();

    private TreeParser() {}

    /** The tree that starts with the current token; ends at its last. */
    static @Nullable Object read(JsonParser parser, DeserializationContext context) {
        StringWriter text = new StringWriter();
        try (JsonGenerator generator = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
            copy(parser, generator);
        }
        try {
            return Json.readValue(text.toString());
        } catch (StoreException e) {
            return context.reportInputMismatch(Object.class, "%s", e.getMessage());
        }
    }

    /**
     * Numbers as they are spelled: as a decimal, −0.0 would lose its sign, and a number that JSON has no word for is
     * written bare, for {@link Json} to refuse.
     */
    private static void copy(JsonParser parser, JsonGenerator generator) {
        int open = 0;
        do {
            JsonToken token = parser.currentToken();
            if (token.isNumeric()) {
                generator.writeNumber(parser.getString());
            } else {
                generator.copyCurrentEvent(parser);
            }
            open += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
        } while (open > 0 && parser.nextToken() != null);
    }

    @SuppressWarnings("unchecked") // maps of a tree have String keys
    static HashMap<String, @Nullable Object> fields(HashMap<?, ?> map) {
        return (HashMap<String, @Nullable Object>) map;
    }
}
