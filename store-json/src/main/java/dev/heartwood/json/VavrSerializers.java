package dev.heartwood.json;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.SerializerProvider;
import io.vavr.Tuple2;
import io.vavr.collection.HashMap;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Vavr collections for Jackson, each element by its own class. */
final class VavrSerializers {
    private VavrSerializers() {}

    @SuppressWarnings("rawtypes")
    static final class OfMap extends JsonSerializer<Map> {
        @Override
        public void serialize(Map map, JsonGenerator generator, SerializerProvider provider) throws IOException {
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
                provider.defaultSerializeValue(entry._2, generator);
            }
            generator.writeEndObject();
        }

        @Override
        public boolean isEmpty(SerializerProvider provider, @Nullable Map map) {
            return map == null || map.isEmpty();
        }
    }

    @SuppressWarnings("rawtypes")
    static final class OfSeq extends JsonSerializer<Seq> {
        @Override
        public void serialize(Seq list, JsonGenerator generator, SerializerProvider provider) throws IOException {
            generator.writeStartArray(list, list.size());
            for (Object element : list) {
                provider.defaultSerializeValue(element, generator);
            }
            generator.writeEndArray();
        }

        @Override
        public boolean isEmpty(SerializerProvider provider, @Nullable Seq list) {
            return list == null || list.isEmpty();
        }
    }
}
