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
import dev.heartwood.Diff;
import dev.heartwood.KeyPath;
import dev.heartwood.Snapshot;
import dev.heartwood.Store;
import dev.heartwood.TreeView;
import io.vavr.collection.HashMap;
import io.vavr.collection.IndexedSeq;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.Vector;
import java.io.IOException;

/**
 * Teaches Jackson 2 the types of this library, for results of web controllers and for fields of users' classes.
 *
 * <ul>
 *   <li>{@link Store}, {@link Snapshot} and every other {@link TreeView}: written as the tree, in one state. A snapshot can be
 *       read, as the state of a store of its own. A store cannot, since it lives in one place.
 *   <li>{@link Diff}: written as a JSON Patch (RFC 6902).
 *   <li>{@link JsonPatch}: written and read.
 *   <li>{@link KeyPath}: a JSON Pointer, as a map key, too.
 *   <li>Vavr's {@code Map} and {@code HashMap} with {@code String} keys as objects, its {@code Seq}, {@code IndexedSeq} and
 *       {@code Vector} as lists. The elements are of the declared type; where that is {@code Object} they are trees, read as
 *       {@link Json} reads them.
 * </ul>
 *
 * <p>{@code new ObjectMapper().registerModule(new HeartwoodModule())}; {@code findAndRegisterModules()} finds it. Hash maps
 * are written with their keys sorted. Jackson 3 has a module of its own in {@code heartwood-jackson3}.
 */
public final class HeartwoodModule extends SimpleModule {
    private static final long serialVersionUID = 1L;

    /** A module with all of them. */
    public HeartwoodModule() {
        super("heartwood");
        addSerializer(TreeView.class, new TreeViewSerializer());
        addSerializer(Diff.class, new DiffSerializer());
        addSerializer(JsonPatch.class, new PatchSerializer());
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
        addDeserializer(JsonPatch.class, new PatchDeserializer());
        addDeserializer(KeyPath.class, new KeyPathDeserializer());
        addKeyDeserializer(KeyPath.class, new KeyPathOfKey());
    }

    @Override
    public void setupModule(SetupContext context) {
        super.setupModule(context);
        context.addSerializers(new VavrSerializers());
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private void addVavr(Class type, JsonDeserializer deserializer) {
        addDeserializer(type, deserializer);
    }

    private static final class TreeViewSerializer extends JsonSerializer<TreeView> {
        @Override
        public void serialize(TreeView view, JsonGenerator generator, SerializerProvider provider) throws IOException {
            provider.defaultSerializeValue(view.getOrDefault(KeyPath.root(), null), generator);
        }
    }

    private static final class DiffSerializer extends JsonSerializer<Diff> {
        @Override
        public void serialize(Diff diff, JsonGenerator generator, SerializerProvider provider) throws IOException {
            provider.defaultSerializeValue(JsonPatch.of(diff).toTree(), generator);
        }
    }

    private static final class PatchSerializer extends JsonSerializer<JsonPatch> {
        @Override
        public void serialize(JsonPatch patch, JsonGenerator generator, SerializerProvider provider)
                throws IOException {
            provider.defaultSerializeValue(patch.toTree(), generator);
        }
    }

    private static final class PatchDeserializer extends JsonDeserializer<JsonPatch> {
        @Override
        public JsonPatch deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            Object tree = VavrDeserializer.tree(parser, context);
            try {
                return JsonPatch.ofTree(tree);
            } catch (JsonPatchException e) {
                return context.reportInputMismatch(JsonPatch.class, "%s", e.getMessage());
            }
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

        /** The blanks at its ends are of its keys. */
        @Override
        protected boolean _shouldTrim() {
            return false;
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
