package dev.heartwood.json;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.KeyDeserializer;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.FromStringDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import dev.heartwood.KeyPath;
import dev.heartwood.Snapshot;
import dev.heartwood.Store;
import io.vavr.collection.HashMap;
import io.vavr.collection.IndexedSeq;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.Vector;
import java.io.IOException;

/**
 * Teaches Jackson the types of a tree, for fields of users' classes: {@link Snapshot} as its tree, {@link KeyPath} as a
 * JSON Pointer (as a map key, too), Vavr's {@code Map} and {@code HashMap} with {@code String} keys as objects, its
 * {@code Seq}, {@code IndexedSeq} and {@code Vector} as lists.
 *
 * <p>{@code objectMapper.registerModule(new HeartwoodModule())}. The elements are of the declared type; where that is
 * {@code Object} they are trees, read as {@link Json} reads them. Hash maps are written with their keys sorted.
 */
public final class HeartwoodModule extends SimpleModule {
    private static final long serialVersionUID = 1L;

    /** A module with all of them. */
    public HeartwoodModule() {
        super("heartwood");
        addSerializer(Map.class, new VavrSerializers.OfMap());
        addSerializer(Seq.class, new VavrSerializers.OfSeq());
        addSerializer(Snapshot.class, new SnapshotSerializer());
        addSerializer(KeyPath.class, ToStringSerializer.instance);
        addKeySerializer(KeyPath.class, new KeyPathAsKey());

        VavrDeserializer map = new VavrDeserializer(true, null);
        VavrDeserializer list = new VavrDeserializer(false, null);
        addVavr(Map.class, map);
        addVavr(HashMap.class, map);
        addVavr(Seq.class, list);
        addVavr(IndexedSeq.class, list);
        addVavr(Vector.class, list);
        addDeserializer(Snapshot.class, new SnapshotDeserializer());
        addDeserializer(KeyPath.class, new KeyPathDeserializer());
        addKeyDeserializer(KeyPath.class, new KeyPathOfKey());
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private void addVavr(Class type, JsonDeserializer deserializer) {
        addDeserializer(type, deserializer);
    }

    private static final class SnapshotSerializer extends JsonSerializer<Snapshot> {
        @Override
        public void serialize(Snapshot snapshot, JsonGenerator generator, SerializerProvider provider)
                throws IOException {
            provider.defaultSerializeValue(snapshot.root(), generator);
        }
    }

    private static final class SnapshotDeserializer extends JsonDeserializer<Snapshot> {
        @Override
        public Snapshot deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            Object tree = VavrDeserializer.tree(parser, context);
            return tree instanceof HashMap<?, ?>
                    ? Store.of(dev.heartwood.tree.Nodes.map(tree)).snapshot()
                    : context.reportInputMismatch(Snapshot.class, "a snapshot is an object");
        }
    }

    private static final class KeyPathDeserializer extends FromStringDeserializer<KeyPath> {
        private static final long serialVersionUID = 1L;

        KeyPathDeserializer() {
            super(KeyPath.class);
        }

        @Override
        protected KeyPath _deserialize(String pointer, DeserializationContext context) {
            return KeyPath.parse(pointer);
        }

        @Override
        protected Object _deserializeFromEmptyString(DeserializationContext context) {
            return KeyPath.root();
        }
    }

    private static final class KeyPathAsKey extends JsonSerializer<KeyPath> {
        @Override
        public void serialize(KeyPath path, JsonGenerator generator, SerializerProvider provider) throws IOException {
            generator.writeFieldName(path.toString());
        }
    }

    private static final class KeyPathOfKey extends KeyDeserializer {
        @Override
        public Object deserializeKey(String key, DeserializationContext context) {
            return KeyPath.parse(key);
        }
    }
}
