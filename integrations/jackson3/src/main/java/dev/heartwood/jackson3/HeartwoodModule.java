package dev.heartwood.jackson3;

import dev.heartwood.Diff;
import dev.heartwood.KeyPath;
import dev.heartwood.Snapshot;
import dev.heartwood.Store;
import dev.heartwood.StoreException;
import dev.heartwood.TreeView;
import dev.heartwood.json.Json;
import dev.heartwood.json.JsonPatch;
import io.vavr.collection.HashMap;
import io.vavr.collection.IndexedSeq;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.collection.Vector;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.KeyDeserializer;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.deser.std.FromStringDeserializer;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.ToStringSerializer;

/**
 * Teaches Jackson 3 the types of Heartwood, for the results of web controllers and for fields of users' classes.
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
 * <p>{@code JsonMapper.builder().addModule(new HeartwoodModule())}; {@code findAndAddModules()} finds it. Hash maps are
 * written with their keys sorted. Jackson 3 reads and writes 500 nested containers unless it is told otherwise, and a tree
 * may have 1,000.
 *
 * <p>The module for Jackson 2 has the same name, in {@code dev.heartwood.json}.
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
    private void addVavr(Class type, ValueDeserializer deserializer) {
        addDeserializer(type, deserializer);
    }

    private static final class TreeViewSerializer extends ValueSerializer<TreeView> {
        @Override
        public void serialize(TreeView view, JsonGenerator generator, SerializationContext context) {
            context.writeValue(generator, view.getOrDefault(KeyPath.root(), null));
        }
    }

    private static final class DiffSerializer extends ValueSerializer<Diff> {
        @Override
        public void serialize(Diff diff, JsonGenerator generator, SerializationContext context) {
            context.writeValue(generator, JsonPatch.of(diff).toTree());
        }
    }

    private static final class PatchSerializer extends ValueSerializer<JsonPatch> {
        @Override
        public void serialize(JsonPatch patch, JsonGenerator generator, SerializationContext context) {
            context.writeValue(generator, patch.toTree());
        }
    }

    private static final class SnapshotDeserializer extends ValueDeserializer<Snapshot> {
        @Override
        public Snapshot deserialize(JsonParser parser, DeserializationContext context) {
            return TreeParser.read(parser, context) instanceof HashMap<?, ?> tree
                    ? Store.of(TreeParser.fields(tree)).snapshot()
                    : context.reportInputMismatch(Snapshot.class, "a snapshot is an object");
        }
    }

    private static final class PatchDeserializer extends ValueDeserializer<JsonPatch> {
        @Override
        public JsonPatch deserialize(JsonParser parser, DeserializationContext context) {
            Object tree = TreeParser.read(parser, context);
            try {
                return JsonPatch.ofTree(tree);
            } catch (StoreException e) {
                return context.reportInputMismatch(JsonPatch.class, "%s", e.getMessage());
            }
        }
    }

    private static final class KeyPathDeserializer extends FromStringDeserializer<KeyPath> {
        KeyPathDeserializer() {
            super(KeyPath.class);
        }

        @Override
        protected KeyPath _deserialize(String pointer, DeserializationContext context) {
            try {
                return KeyPath.parse(pointer);
            } catch (IllegalArgumentException e) {
                return context.reportInputMismatch(KeyPath.class, "%s", e.getMessage());
            }
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

    private static final class KeyPathAsKey extends ValueSerializer<KeyPath> {
        @Override
        public void serialize(KeyPath path, JsonGenerator generator, SerializationContext context) {
            generator.writeName(path.toString());
        }
    }

    private static final class KeyPathOfKey extends KeyDeserializer {
        @Override
        public Object deserializeKey(String key, DeserializationContext context) {
            return KeyPath.parse(key);
        }
    }
}
