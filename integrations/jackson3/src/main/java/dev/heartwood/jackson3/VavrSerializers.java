package dev.heartwood.jackson3;

import io.vavr.Tuple2;
import io.vavr.collection.HashMap;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueSerializer;

/** Vavr collections for Jackson, each element by its own class. */
final class VavrSerializers {
    private VavrSerializers() {}

    @SuppressWarnings("rawtypes")
    static final class OfMap extends ValueSerializer<Map> {
        @Override
        public void serialize(Map map, JsonGenerator generator, SerializationContext context) {
            List<Tuple2<?, ?>> entries = new ArrayList<>(map.size());
            for (Object entry : map) {
                entries.add((Tuple2<?, ?>) entry);
            }
            if (map instanceof HashMap) {
                // The order of a hash map depends on hashes; any other map has an order that its creator chose.
                entries.sort(Comparator.comparing(entry -> String.valueOf(entry._1)));
            }
            generator.writeStartObject(map, entries.size());
            for (Tuple2<?, ?> entry : entries) {
                generator.writeName(String.valueOf(entry._1));
                context.writeValue(generator, entry._2);
            }
            generator.writeEndObject();
        }

        @Override
        public boolean isEmpty(SerializationContext context, @Nullable Map map) {
            return map == null || map.isEmpty();
        }
    }

    @SuppressWarnings("rawtypes")
    static final class OfSeq extends ValueSerializer<Seq> {
        @Override
        public void serialize(Seq list, JsonGenerator generator, SerializationContext context) {
            generator.writeStartArray(list, list.size());
            for (Object element : list) {
                context.writeValue(generator, element);
            }
            generator.writeEndArray();
        }

        @Override
        public boolean isEmpty(SerializationContext context, @Nullable Seq list) {
            return list == null || list.isEmpty();
        }
    }
}
