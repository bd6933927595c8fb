package dev.heartwood.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.BeanProperty;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.deser.ContextualDeserializer;
import com.fasterxml.jackson.databind.deser.impl.TypeWrappedDeserializer;
import com.fasterxml.jackson.databind.jsontype.TypeDeserializer;
import io.vavr.collection.HashMap;
import io.vavr.collection.Vector;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Vavr hash maps and vectors for Jackson: of the declared elements, or trees where those are plain objects. */
final class VavrDeserializer extends JsonDeserializer<Object> implements ContextualDeserializer {
    private final boolean ofMap;
    /** The deserializer of the elements; null where they are trees. */
    private final @Nullable JsonDeserializer<Object> elements;

    VavrDeserializer(boolean ofMap, @Nullable JsonDeserializer<Object> elements) {
        this.ofMap = ofMap;
        this.elements = elements;
    }

    @Override
    public JsonDeserializer<?> createContextual(DeserializationContext context, @Nullable BeanProperty property)
            throws JsonMappingException {
        JavaType type = context.getContextualType();
        JavaType element = type == null ? null : type.containedType(ofMap ? 1 : 0);
        if (ofMap
                && type != null
                && type.containedTypeCount() == 2
                && !type.containedType(0).hasRawClass(String.class)) {
            return context.reportBadDefinition(type, "the keys of a map in JSON are strings");
        }
        if (element == null || element.isJavaLangObject()) {
            return this;
        }
        JsonDeserializer<Object> plain = context.findContextualValueDeserializer(element, property);
        TypeDeserializer types = context.getConfig().findTypeDeserializer(element);
        return new VavrDeserializer(
                ofMap, types == null ? plain : new TypeWrappedDeserializer(types.forProperty(property), plain));
    }

    @Override
    public Object deserialize(JsonParser parser, DeserializationContext context) throws IOException {
        JsonToken wanted = ofMap ? JsonToken.START_OBJECT : JsonToken.START_ARRAY;
        if (!parser.hasToken(wanted)) {
            return context.reportInputMismatch(
                    ofMap ? HashMap.class : Vector.class,
                    "expected %s, found %s",
                    ofMap ? "an object" : "a list",
                    parser.currentToken());
        }
        if (elements == null) {
            return tree(parser, context);
        }
        return ofMap ? map(parser, context, elements) : list(parser, context, elements);
    }

    /** The tree that starts with the current token. */
    static Object tree(JsonParser parser, DeserializationContext context) throws IOException {
        try {
            Object tree = new TreeReader(parser, JsonOptions.DEFAULT, null).read(parser.currentToken());
            return tree != null ? tree : context.reportInputMismatch(Object.class, "expected a container, found null");
        } catch (InvalidJsonException e) {
            throw JsonMappingException.from(parser, String.valueOf(e.getMessage()));
        }
    }

    private static Object map(JsonParser parser, DeserializationContext context, JsonDeserializer<Object> elements)
            throws IOException {
        HashMap<String, @Nullable Object> map = HashMap.empty();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String key = parser.currentName();
            parser.nextToken();
            map = map.put(key, element(parser, context, elements));
        }
        return map;
    }

    private static Object list(JsonParser parser, DeserializationContext context, JsonDeserializer<Object> elements)
            throws IOException {
        List<@Nullable Object> list = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            list.add(element(parser, context, elements));
        }
        return Vector.ofAll(list);
    }

    private static @Nullable Object element(
            JsonParser parser, DeserializationContext context, JsonDeserializer<Object> elements) throws IOException {
        return parser.hasToken(JsonToken.VALUE_NULL)
                ? elements.getNullValue(context)
                : elements.deserialize(parser, context);
    }
}
