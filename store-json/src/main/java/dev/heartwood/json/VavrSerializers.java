package dev.heartwood.json;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.BeanProperty;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.SerializationConfig;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.jsontype.TypeSerializer;
import com.fasterxml.jackson.databind.ser.ContextualSerializer;
import com.fasterxml.jackson.databind.ser.Serializers;
import com.fasterxml.jackson.databind.type.TypeFactory;
import io.vavr.Tuple2;
import io.vavr.collection.HashMap;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Vavr collections for Jackson. An element is written by its own class, with the type id and the type parameters that its
 * declared type asks for, where there is one.
 */
final class VavrSerializers extends Serializers.Base {
    @Override
    public @Nullable JsonSerializer<?> findSerializer(
            SerializationConfig config, JavaType type, BeanDescription description) {
        if (type.isTypeOrSubTypeOf(Map.class)) {
            return new OfMap(Elements.declared(type, Map.class, 1));
        }
        return type.isTypeOrSubTypeOf(Seq.class) ? new OfSeq(Elements.declared(type, Seq.class, 0)) : null;
    }

    /**
     * The elements of a collection.
     *
     * @param type their declared type
     * @param ids writes their type ids; null where that type asks for none
     */
    private record Elements(JavaType type, @Nullable TypeSerializer ids) {
        static Elements declared(JavaType collection, Class<?> kind, int index) {
            JavaType[] parameters = collection.findTypeParameters(kind);
            return new Elements(index < parameters.length ? parameters[index] : TypeFactory.unknownType(), null);
        }

        Elements in(SerializerProvider context, @Nullable BeanProperty property) throws JsonMappingException {
            TypeSerializer found = type.isJavaLangObject() ? null : context.findTypeSerializer(type);
            return found == null ? this : new Elements(type, found.forProperty(property));
        }

        void write(@Nullable Object element, JsonGenerator generator, SerializerProvider context) throws IOException {
            if (type.isJavaLangObject()
                    && (element instanceof Number || element instanceof Map || element instanceof Seq)) {
                // A tree is read without type ids, also by a mapper with default typing.
                context.findValueSerializer(element.getClass(), null).serialize(element, generator, context);
                return;
            }
            if (element == null || type.isJavaLangObject() || !type.isTypeOrSuperTypeOf(element.getClass())) {
                context.defaultSerializeValue(element, generator);
                return;
            }
            JavaType own = context.constructSpecializedType(type, element.getClass());
            JsonSerializer<Object> serializer = context.findContentValueSerializer(own, null);
            if (ids == null) {
                serializer.serialize(element, generator, context);
            } else {
                serializer.serializeWithType(element, generator, context, ids);
            }
        }
    }

    @SuppressWarnings("rawtypes")
    private static final class OfMap extends JsonSerializer<Map> implements ContextualSerializer {
        private final Elements values;

        OfMap(Elements values) {
            this.values = values;
        }

        @Override
        public JsonSerializer<?> createContextual(SerializerProvider context, @Nullable BeanProperty property)
                throws JsonMappingException {
            return new OfMap(values.in(context, property));
        }

        @Override
        public void serialize(Map map, JsonGenerator generator, SerializerProvider context) throws IOException {
            List<Tuple2<?, ?>> entries = new ArrayList<>(map.size());
            for (Object entry : map) {
                entries.add((Tuple2<?, ?>) entry);
            }
            if (map instanceof HashMap) {
                // The order of a hash map depends on hashes; any other map has a chosen order.
                entries.sort(Comparator.comparing(entry -> String.valueOf(entry._1)));
            }
            generator.writeStartObject(map, entries.size());
            for (Tuple2<?, ?> entry : entries) {
                generator.writeFieldName(String.valueOf(entry._1));
                values.write(entry._2, generator, context);
            }
            generator.writeEndObject();
        }

        @Override
        public boolean isEmpty(SerializerProvider context, @Nullable Map map) {
            return map == null || map.isEmpty();
        }
    }

    @SuppressWarnings("rawtypes")
    private static final class OfSeq extends JsonSerializer<Seq> implements ContextualSerializer {
        private final Elements elements;

        OfSeq(Elements elements) {
            this.elements = elements;
        }

        @Override
        public JsonSerializer<?> createContextual(SerializerProvider context, @Nullable BeanProperty property)
                throws JsonMappingException {
            return new OfSeq(elements.in(context, property));
        }

        @Override
        public void serialize(Seq list, JsonGenerator generator, SerializerProvider context) throws IOException {
            generator.writeStartArray(list, list.size());
            for (Object element : list) {
                elements.write(element, generator, context);
            }
            generator.writeEndArray();
        }

        @Override
        public boolean isEmpty(SerializerProvider context, @Nullable Seq list) {
            return list == null || list.isEmpty();
        }
    }
}
