package dev.heartwood.jackson3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import dev.heartwood.KeyPath;
import dev.heartwood.Snapshot;
import dev.heartwood.Store;
import dev.heartwood.json.Json;
import dev.heartwood.json.JsonPatch;
import io.vavr.collection.HashMap;
import io.vavr.collection.IndexedSeq;
import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Seq;
import io.vavr.collection.Vector;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamWriteConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.DefaultTyping;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.jsontype.BasicPolymorphicTypeValidator;

public class HeartwoodModuleTest {
    private static final JsonMapper MAPPER =
            JsonMapper.builder().addModule(new HeartwoodModule()).build();

    public record User(String name, int age) {}

    public record Name(String name) {}

    public record Parts(
            Vector<User> users,
            HashMap<String, Integer> counts,
            io.vavr.collection.Map<String, Object> tree,
            Seq<Object> list,
            KeyPath path,
            Map<KeyPath, Integer> byPath,
            Snapshot state) {}

    @Test
    void theModuleIsFound() {
        JsonMapper found = JsonMapper.builder().findAndAddModules().build();

        assertThat(found.writeValueAsString(Store.of(Map.of("a", 1)))).isEqualTo("{\"a\":1}");
    }

    @Test
    void aStoreIsWrittenAsItsTreeAndAPlaceInItToo() {
        Store store = Store.of(Map.of("user", new Name("Ann"), "counts", Map.of("b", 2, "a", 1)));

        assertThat(MAPPER.writeValueAsString(Map.of("state", store)))
                .isEqualTo("{\"state\":{\"counts\":{\"a\":1,\"b\":2},\"user\":{\"name\":\"Ann\"}}}");
        assertThat(MAPPER.writeValueAsString(store.under("counts"))).isEqualTo("{\"a\":1,\"b\":2}");
        assertThat(MAPPER.writeValueAsString(store.under("nowhere"))).isEqualTo("null");
        assertThat(MAPPER.writeValueAsString(store.snapshot().under("counts", "b")))
                .isEqualTo("2");
    }

    /** A leaf in the middle of whose writing something happens. */
    static final class Busy {
        private final AtomicReference<Runnable> meanwhile;

        Busy(AtomicReference<Runnable> meanwhile) {
            this.meanwhile = meanwhile;
        }

        public int getValue() {
            meanwhile.get().run();
            return 1;
        }
    }

    @Test
    void aStoreIsWrittenInOneStateThoughItChangesMeanwhile() {
        AtomicReference<Runnable> meanwhile = new AtomicReference<>(() -> {});
        Map<String, Object> tree = new java.util.HashMap<>();
        for (char key = 'a'; key <= 'j'; key++) {
            tree.put(String.valueOf(key), new Busy(meanwhile));
        }
        Store store = Store.of(tree);
        String before = MAPPER.writeValueAsString(store);
        meanwhile.set(() -> store.batch(tx -> tree.keySet().forEach(key -> tx.put(key, "later"))));

        assertThat(MAPPER.writeValueAsString(store)).isEqualTo(before).doesNotContain("later");
    }

    @Test
    void anOpaqueLeafIsWrittenByTheMapper() {
        assertThat(MAPPER.writeValueAsString(Store.of(Map.of("at", Instant.EPOCH))))
                .isEqualTo("{\"at\":\"1970-01-01T00:00:00Z\"}");
    }

    @Test
    void aDiffIsWrittenAsAPatchWhichCanBeReadAndApplied() {
        Store store = Json.readStore("{\"a\":[1,2],\"b\":0.1}");
        Snapshot before = store.snapshot();
        store.append("a", 3);
        store.put("b", null);

        String json = MAPPER.writeValueAsString(before.diff(store.snapshot()));

        assertThat(json)
                .isEqualTo("[{\"op\":\"add\",\"path\":\"/a/2\",\"value\":3},"
                        + "{\"op\":\"replace\",\"path\":\"/b\",\"value\":null}]");
        Store other = Json.readStore("{\"a\":[1,2],\"b\":0.1}");
        MAPPER.readValue(json, JsonPatch.class).applyTo(other);
        assertThat(other.snapshot().sameTree(store.snapshot())).isTrue();
    }

    @Test
    void theTypesOfATreeComeBack() {
        Parts parts = new Parts(
                Vector.of(new User("Ann", 41)),
                HashMap.of("b", 2, "a", 1),
                Json.read("{\"x\":[1,{\"y\":0.1234567890123456789}],\"n\":null}"),
                Vector.of(1L, "two", null),
                KeyPath.of("a/b", 0),
                Map.of(KeyPath.root(), 1),
                Json.readStore("{\"k\":[]}").snapshot());

        Parts back = MAPPER.readValue(MAPPER.writeValueAsString(parts), Parts.class);

        assertThat(back.users()).isEqualTo(parts.users());
        assertThat(back.counts()).isEqualTo(parts.counts());
        assertThat(back.tree()).isEqualTo(parts.tree());
        assertThat(back.list()).isEqualTo(parts.list());
        assertThat(back.path()).isEqualTo(parts.path());
        assertThat(back.byPath()).isEqualTo(parts.byPath());
        assertThat(back.state().sameTree(parts.state())).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\":12345678901234567890,\"b\":1.0,\"c\":0.1234567890123456789,\"d\":1e400,\"e\":-0.0,\"f\":100}",
                "{\"\":{\"\\u00e9\\ud83d\\ude00\":[[],{},null,true,\"\\\"\\\\\\n\"]}}",
                "{}"
            })
    void aSnapshotIsReadAsEveryOtherDocument(String json) {
        assertThat(MAPPER.readValue(json, Snapshot.class)
                        .sameTree(Json.readStore(json).snapshot()))
                .isTrue();
    }

    @Test
    void aDeepTreeIsReadWhereTheMapperAllowsIt() {
        String json = "{\"a\":".repeat(1_000) + "1" + "}".repeat(1_000);
        JsonMapper deep = JsonMapper.builder(JsonFactory.builder()
                        .streamReadConstraints(StreamReadConstraints.builder()
                                .maxNestingDepth(1_000)
                                .build())
                        .streamWriteConstraints(StreamWriteConstraints.builder()
                                .maxNestingDepth(1_000)
                                .build())
                        .build())
                .addModule(new HeartwoodModule())
                .build();

        assertThat(deep.writeValueAsString(deep.readValue(json, Snapshot.class)))
                .isEqualTo(json);
    }

    @Test
    void hashMapsAreWrittenInTheOrderOfTheirKeysAndOtherMapsInTheirOwn() {
        HashMap<String, Integer> map = HashMap.of("b", 2, "a", 1, "Aa", 3, "BB", 4);

        assertThat(MAPPER.writeValueAsString(map)).isEqualTo("{\"Aa\":3,\"BB\":4,\"a\":1,\"b\":2}");
        assertThat(MAPPER.writeValueAsString(LinkedHashMap.of("b", 2, "a", 1))).isEqualTo("{\"b\":2,\"a\":1}");
    }

    @Test
    void whatIsEmptyIsLeftOutWhereThatIsWanted() {
        JsonMapper mapper = MAPPER.rebuild()
                .changeDefaultPropertyInclusion(all -> all.withValueInclusion(JsonInclude.Include.NON_EMPTY))
                .build();

        assertThat(mapper.writeValueAsString(new Containers(HashMap.empty(), Vector.empty())))
                .isEqualTo("{}");
        assertThat(mapper.writeValueAsString(new Containers(HashMap.of("a", 1), Vector.of(1))))
                .isEqualTo("{\"map\":{\"a\":1},\"list\":[1]}");
    }

    public record Containers(HashMap<String, Integer> map, Vector<Integer> list) {}

    @Test
    void aNullIsReadAsTheTypeOfTheElementsHasIt() {
        assertThat(MAPPER.readValue("[null]", new TypeReference<IndexedSeq<Optional<String>>>() {}))
                .isEqualTo(Vector.of(Optional.empty()));
    }

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
    @JsonSubTypes({@JsonSubTypes.Type(Circle.class), @JsonSubTypes.Type(Square.class)})
    public interface Shape {}

    @JsonTypeName("circle")
    public record Circle(double radius) implements Shape {}

    @JsonTypeName("square")
    public record Square(int side) implements Shape {}

    public record Shapes(
            Seq<Shape> list,
            IndexedSeq<Shape> indexed,
            Vector<Square> squares,
            io.vavr.collection.Map<String, Shape> byName,
            HashMap<String, Vector<Shape>> groups,
            Vector<List<Shape>> lists,
            HashMap<String, Map<String, Shape>> maps) {}

    @Test
    void elementsThatNameTheirTypesAreRead() {
        Shapes shapes = new Shapes(
                Vector.of(new Circle(1.5), null, new Square(2)),
                Vector.of(new Square(2)),
                Vector.of(new Square(3)),
                HashMap.of("a", new Circle(1), "b", new Square(2), "none", null),
                HashMap.of("all", Vector.of(new Circle(1), new Square(2))),
                Vector.of(List.of(new Circle(1), new Square(2))),
                HashMap.of("java", Map.of("a", new Circle(1))));

        String json = MAPPER.writeValueAsString(shapes);

        assertThat(json)
                .contains("\"list\":[{\"@type\":\"circle\",\"radius\":1.5},null,{\"@type\":\"square\",\"side\":2}]");
        assertThat(MAPPER.readValue(json, Shapes.class)).isEqualTo(shapes);
        assertThat(MAPPER.readValue(
                        "{\"a\":{\"side\":4,\"@type\":\"square\"}}", new TypeReference<HashMap<String, Shape>>() {}))
                .isEqualTo(HashMap.of("a", new Square(4)));
        assertThatThrownBy(() -> MAPPER.readValue("[{\"side\":4}]", new TypeReference<Vector<Shape>>() {}))
                .hasMessageContaining("@type");
    }

    public interface Plain {}

    public record Dot(int x) implements Plain {}

    public record Plains(Vector<Plain> list, HashMap<String, Plain> map) {}

    @Test
    void elementsWhoseMapperNamesTheirTypesAreRead() {
        JsonMapper mapper = JsonMapper.builder()
                .addModule(new HeartwoodModule())
                .activateDefaultTyping(
                        BasicPolymorphicTypeValidator.builder()
                                .allowIfBaseType(Plain.class)
                                .build(),
                        DefaultTyping.OBJECT_AND_NON_CONCRETE)
                .build();
        Plains plains = new Plains(Vector.of(new Dot(1)), HashMap.of("a", new Dot(2)));

        assertThat(mapper.readValue(mapper.writeValueAsString(plains), Plains.class))
                .isEqualTo(plains);
    }

    @Test
    @SuppressWarnings({"unchecked", "rawtypes"})
    void elementsOfAnotherTypeThanTheDeclaredOneAreWrittenAsTheyAre() {
        Containers containers = new Containers((HashMap) HashMap.of("a", 1L), (Vector) Vector.of("text", 2.5));

        assertThat(MAPPER.writeValueAsString(containers)).isEqualTo("{\"map\":{\"a\":1},\"list\":[\"text\",2.5]}");
    }

    /** A snapshot is read without type ids, so an id would be read as a value of the tree. */
    @Test
    void numbersOfATreeAreWrittenWithoutTypesWhateverTheTypingOfTheMapper() {
        JsonMapper mapper = JsonMapper.builder()
                .addModule(new HeartwoodModule())
                .activateDefaultTyping(
                        BasicPolymorphicTypeValidator.builder()
                                .allowIfBaseType(Object.class)
                                .build(),
                        DefaultTyping.NON_FINAL)
                .build();
        Store store = Store.of(Map.of(
                "large", new BigDecimal("1e400"), "list", List.of(BigInteger.TEN.pow(40), Map.of("n", 1L, "x", 2.5))));

        Snapshot read = mapper.readValue(mapper.writeValueAsString(store.snapshot()), Snapshot.class);

        assertThat(read.toMap()).isEqualTo(store.toMap());
    }

    /** They are of its keys. */
    @Test
    void aPointerKeepsTheBlanksAtItsEnds() {
        for (KeyPath path : List.of(
                KeyPath.of("b "),
                KeyPath.of(" "),
                KeyPath.of("a", "x\n"),
                KeyPath.of("\t", " "),
                KeyPath.of("u\u2003"))) {
            assertThat(MAPPER.readValue(MAPPER.writeValueAsString(path), KeyPath.class))
                    .isEqualTo(path);
        }
        for (String blank : List.of("\" \"", "\" /a\"")) {
            assertThatThrownBy(() -> MAPPER.readValue(blank, KeyPath.class))
                    .hasMessageContaining("a JSON Pointer starts");
        }
    }

    @Test
    void pathsAreJsonPointers() {
        assertThat(MAPPER.readValue("\"\"", KeyPath.class)).isEqualTo(KeyPath.root());
        assertThat(MAPPER.writeValueAsString(Map.of(KeyPath.of("a/b", 0), 1))).isEqualTo("{\"/a~1b/0\":1}");
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void aNumberThatJsonDoesNotHaveIsRefused(double number) {
        JsonMapper lenient = MAPPER.rebuild()
                .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
                .build();
        for (Class<?> type : List.of(HashMap.class, Snapshot.class)) {
            assertThatThrownBy(() -> MAPPER.convertValue(Map.of("a", number), type))
                    .isInstanceOf(DatabindException.class)
                    .hasMessageContaining(String.valueOf(number));
            assertThatThrownBy(() -> MAPPER.convertValue(Map.of("a", (float) number), type))
                    .isInstanceOf(DatabindException.class)
                    .hasMessageContaining(String.valueOf(number));
            assertThatThrownBy(() -> lenient.readValue("{\"a\":" + number + "}", type))
                    .isInstanceOf(DatabindException.class)
                    .hasMessageContaining(String.valueOf(number));
        }
    }

    @Test
    void whatIsOfAnotherKindIsRefused() {
        assertThatThrownBy(() -> MAPPER.readValue("[1]", new TypeReference<HashMap<String, Integer>>() {}))
                .isInstanceOf(DatabindException.class)
                .hasMessageContaining("expected an object, found START_ARRAY");
        assertThatThrownBy(() -> MAPPER.readValue("{}", new TypeReference<Vector<Integer>>() {}))
                .hasMessageContaining("expected a list, found START_OBJECT");
        assertThatThrownBy(() -> MAPPER.readValue("{\"1\":1}", new TypeReference<HashMap<Integer, Integer>>() {}))
                .hasMessageContaining("the keys of a map in JSON are strings");
        assertThatThrownBy(() -> MAPPER.readValue("{\"a\":1,\"a\":2}", new TypeReference<HashMap<String, Object>>() {}))
                .isInstanceOf(DatabindException.class)
                .hasMessageContaining("occurs twice");
        assertThatThrownBy(() -> MAPPER.readValue("[1]", Snapshot.class))
                .isInstanceOf(DatabindException.class)
                .hasMessageContaining("a snapshot is an object");
        assertThatThrownBy(() -> MAPPER.readValue("\"a\"", KeyPath.class))
                .isInstanceOf(DatabindException.class)
                .hasMessageContaining("a JSON Pointer starts");
        assertThatThrownBy(() -> MAPPER.readValue("[{\"op\":\"jump\"}]", JsonPatch.class))
                .isInstanceOf(DatabindException.class)
                .hasMessageContaining("jump");
    }
}
