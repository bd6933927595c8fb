package dev.heartwood.jackson3;

import io.vavr.collection.HashMap;
import io.vavr.collection.Vector;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.BeanProperty;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.deser.impl.TypeWrappedDeserializer;
import tools.jackson.databind.jsontype.TypeDeserializer;

/** Vavr hash maps and vectors for Jackson: of the declared elements, or trees where those are plain objects. */
final class VavrDeserializer extends ValueDeserializer<Object> {
    private final boolean ofMap;
    /** The deserializer of the elements; null where they are trees. */
    private final @Nullable ValueDeserializer<Object> elements;

    VavrDeserializer(boolean ofMap, @Nullable ValueDeserializer<Object> elements) {
        this.ofMap = ofMap;
        this.elements = elements;
    }

    @Override
    public ValueDeserializer<?> createContextual(DeserializationContext context, @Nullable BeanProperty property) {
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
        ValueDeserializer<Object> plain = context.findContextualValueDeserializer(element, property);
        TypeDeserializer types = context.findTypeDeserializer(element);
        return new VavrDeserializer(
                ofMap, types == null ? plain : new TypeWrappedDeserializer(types.forProperty(property), plain));
    }

    @Override
    public @Nullable Object deserialize(JsonParser parser, DeserializationContext context) {
        JsonToken wanted = ofMap ? JsonToken.START_OBJECT : JsonToken.START_ARRAY;
        if (!parser.hasToken(wanted)) {
            return context.reportInputMismatch(
                    ofMap ? HashMap.class : Vector.class,
                    "expected %s, found %s",
                    ofMap ? "an object" : "a list",
                    parser.currentToken());
        }
        if (elements == null) {
            return TreeParser.read(parser, context);
        }
        return ofMap ? map(parser, context, elements) : list(parser, context, elements);
    }

    private static Object map(JsonParser parser, DeserializationContext context, ValueDeserializer<Object> elements) {
        HashMap<String, @Nullable Object> map = HashMap.empty();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String key = parser.currentName();
            parser.nextToken();
            map = map.put(key, element(parser, context, elements));
        }
        return map;
    }

    private static Object list(JsonParser parser, DeserializationContext context, ValueDeserializer<Object> elements) {
        List<@Nullable Object> list = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            list.add(element(parser, context, elements));
        }
        return Vector.ofAll(list);
    }

    private static @Nullable Object element(
            JsonParser parser, DeserializationContext context, ValueDeserializer<Object> elements) {
        return parser.hasToken(JsonToken.VALUE_NULL)
                ? elements.getNullValue(context)
                : elements.deserialize(parser, context);
    }
}
