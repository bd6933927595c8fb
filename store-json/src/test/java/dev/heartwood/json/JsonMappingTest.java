package dev.heartwood.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.jsontype.BasicPolymorphicTypeValidator;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.NullNode;
import dev.heartwood.KeyPath;
import dev.heartwood.NoSuchPathException;
import dev.heartwood.Snapshot;
import dev.heartwood.Store;
import dev.heartwood.UnsupportedValueException;
import io.vavr.collection.HashMap;
import io.vavr.collection.IndexedSeq;
import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Seq;
import io.vavr.collection.Vector;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

public class JsonMappingTest {
    private static final ObjectMapper MAPPER =
            JsonMapper.builder().addModule(new HeartwoodModule()).build();
    private static final JsonMapping MAPPING = JsonMapping.of(MAPPER);
    private static final KeyPath ANN = KeyPath.of("users", "ann");

    public record User(String name, int age, List<String> tags) {
        User birthday() {
            return new User(name, age + 1, tags);
        }
    }

    public record Price(BigDecimal amount, double rate, long id) {}

    public record Parts(
            Vector<User> users,
            HashMap<String, Integer> counts,
            io.vavr.collection.Map<String, Object> tree,
            Seq<Object> list,
            KeyPath path,
            Map<KeyPath, Integer> byPath,
            Snapshot state) {}

    public static final class Loop {
        public Loop getSelf() {
            return this;
        }
    }

    private static final User USER = new User("Ann", 41, List.of("x"));

    @Test
    void aRecordIsPutAsAPlainMap() {
        Store store = Store.create();
        MAPPING.put(store, ANN, USER);
        assertThat(Json.write(store)).isEqualTo("{\"users\":{\"ann\":{\"age\":41,\"name\":\"Ann\",\"tags\":[\"x\"]}}}");
        assertThat(MAPPING.get(store, ANN, User.class)).isEqualTo(USER);
        assertThat(MAPPING.find(store, ANN, User.class)).contains(USER);
        assertThat(MAPPING.get(store, KeyPath.of("users"), new TypeReference<Map<String, User>>() {}))
                .isEqualTo(Map.of("ann", USER));
        assertThat(MAPPING.get(store, "users", new TypeReference<Map<String, User>>() {}))
                .isEqualTo(Map.of("ann", USER));
    }

    record Amount(java.math.BigDecimal amount) {}

    @Test
    void decimalsKeepTheirZerosAtTheEndWhereThatIsChosen() {
        Store store = Store.create();
        Amount price = new Amount(new java.math.BigDecimal("2.50"));
        JsonMapping exact = MAPPING.decimals(Decimals.EXACT);
        exact.put(store, "tea", price);
        assertThat(exact.get(store, "tea", Amount.class)).isEqualTo(price);
        assertThat(Json.options().decimals(Decimals.EXACT).write(store)).isEqualTo("{\"tea\":{\"amount\":2.50}}");

        MAPPING.put(store, "tea", price);
        assertThat(MAPPING.get(store, "tea", Amount.class).amount())
                .isEqualByComparingTo(price.amount())
                .isNotEqualTo(price.amount());
    }

    @Test
    void anUpdateIsAtomic() throws Exception {
        Store store = Store.create();
        MAPPING.put(store, "ann", USER);
        Thread[] threads = new Thread[4];
        for (int i = 0; i < threads.length; i++) {
            threads[i] = new Thread(() -> {
                for (int j = 0; j < 250; j++) {
                    MAPPING.update(store, "ann", User.class, User::birthday);
                }
            });
            threads[i].start();
        }
        for (Thread thread : threads) {
            thread.join(TimeUnit.MINUTES.toMillis(1));
        }
        assertThat(store.get(KeyPath.of("ann", "age"))).isEqualTo(1041L);
        assertThat(MAPPING.update(store, "ann", User.class, User::birthday).age())
                .isEqualTo(1042);
    }

    @Test
    void anUpdateToTheSameCommitsNothing() {
        Store store = Store.create();
        MAPPING.put(store, "ann", USER);
        Snapshot before = store.snapshot();
        MAPPING.update(store, "ann", User.class, user -> new User(user.name(), user.age(), user.tags()));
        assertThat(store.snapshot()).isSameAs(before);
    }

    @Test
    void aFunctionThatReturnsNullChangesNothing() {
        Store store = Store.create();
        MAPPING.put(store, "ann", USER);
        Snapshot before = store.snapshot();
        assertThatThrownBy(() -> MAPPING.update(store, "ann", User.class, user -> null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("fn returned null");
        assertThat(store.snapshot()).isSameAs(before);
        store.batch(tx -> {
            assertThatThrownBy(() -> MAPPING.update(tx, "ann", User.class, user -> null))
                    .isInstanceOf(NullPointerException.class);
        });
        assertThat(store.snapshot()).isSameAs(before);
    }

    @Test
    void aMappingJoinsABatch() {
        Store store = Store.create();
        MAPPING.put(store, "ann", USER);
        store.batch(tx -> {
            MAPPING.update(tx, "ann", User.class, User::birthday);
            MAPPING.put(tx, "age", MAPPING.get(tx, "ann", User.class).age());
        });
        assertThat(store.get("age")).isEqualTo(42L);
    }

    @Test
    void numbersComeAndGoExactly() {
        Store store = Store.create();
        Price price = new Price(new BigDecimal("0.12345678901234567890123"), 0.1, Long.MAX_VALUE);
        MAPPING.put(store, "price", price);
        assertThat(store.get(KeyPath.of("price", "amount"))).isEqualTo(price.amount());
        assertThat(MAPPING.get(store, "price", Price.class)).isEqualTo(price);
    }

    public record Untyped(Object any, Number number, JsonNode node, Map<String, Object> map) {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
    @JsonSubTypes(@JsonSubTypes.Type(Late.class))
    public interface Typed {}

    /** Its type stands behind its member, which the mapper sets aside until it knows the type. */
    @JsonTypeName("late")
    public record Late(@JsonProperty("1") Object any) implements Typed {}

    @ParameterizedTest
    @CsvSource({"0.12345678901234567890123", "1e400", "-0.1e-400", "0.1", "-0.0", "1.7e308"})
    void decimalsWithoutATypeComeAndGoExactly(String decimal) {
        Store store = Json.readStore("{\"d\":" + decimal + "}");
        Number number = (Number) store.get("d");
        assertThat(MAPPING.get(store, "d", Object.class)).isEqualTo(number);
        assertThat(MAPPING.get(store, "d", Number.class)).isEqualTo(number);
        assertThat((Object) MAPPING.get(store, KeyPath.root(), Map.class)).isEqualTo(Map.of("d", number));
        assertThat(MAPPING.get(store, KeyPath.root(), new TypeReference<Map<String, Object>>() {}))
                .isEqualTo(Map.of("d", number));
        assertThat(MAPPING.getMap(store, KeyPath.root(), Object.class)).isEqualTo(Map.of("d", number));
        assertThat(MAPPING.get(store, "d", JsonNode.class).numberValue()).isEqualTo(number);

        Untyped untyped =
                new Untyped(number, number, MAPPING.get(store, "d", JsonNode.class), Map.of("a", List.of(number)));
        MAPPING.put(store, "untyped", untyped);
        assertThat(MAPPING.get(store, "untyped", Untyped.class)).isEqualTo(untyped);
        store.put("late", Map.of("1", number, "@type", "late"));
        assertThat(MAPPING.get(store, "late", Typed.class)).isEqualTo(new Late(number));

        long version = store.version();
        MAPPING.update(store, KeyPath.root(), Map.class, same -> same);
        assertThat(store.version()).as("nothing was changed").isEqualTo(version);
    }

    /** What a parser says of a number. */
    record Told(JsonParser.NumberType type, Number exact) {}

    static final class ToldDeserializer extends JsonDeserializer<Told> {
        @Override
        public Told deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            return new Told(parser.getNumberType(), parser.getNumberValueExact());
        }
    }

    @Test
    void aDeserializerOfTheUserIsToldWhatTheTreeHolds() {
        JsonMapping mapping = JsonMapping.of(JsonMapper.builder()
                .addModule(new SimpleModule().addDeserializer(Told.class, new ToldDeserializer()))
                .build());
        BigDecimal decimal = new BigDecimal("0.12345678901234567890123");
        Store store = Store.of(Map.of("l", List.of(decimal, 0.1, 7)));
        assertThat(mapping.getList(store, "l", Told.class))
                .containsExactly(
                        new Told(JsonParser.NumberType.BIG_DECIMAL, decimal),
                        new Told(JsonParser.NumberType.DOUBLE, 0.1),
                        new Told(JsonParser.NumberType.INT, 7));
    }

    @Test
    void decimalsWithoutATypeKeepTheirZerosAtTheEndWhereThatIsChosen() {
        JsonMapping exact = MAPPING.decimals(Decimals.EXACT);
        Store store = Store.create();
        Map<String, Object> map = Map.of("tea", new BigDecimal("2.50"), "cake", new BigDecimal("3E+2"), "n", 3);
        exact.put(store, "map", map);
        assertThat((Object) exact.get(store, "map", Map.class)).isEqualTo(map);
        assertThat((Object) MAPPING.get(store, "map", Map.class)).isEqualTo(Map.of("tea", 2.5, "cake", 300.0, "n", 3));
    }

    @Test
    void missingNullAndForeignDiffer() {
        Store store = Json.readStore("{\"null\":null,\"text\":\"x\",\"user\":{\"name\":1,\"age\":\"old\"}}");
        assertThatThrownBy(() -> MAPPING.get(store, "none", User.class)).isInstanceOf(NoSuchPathException.class);
        assertThat(MAPPING.find(store, "none", User.class)).isEqualTo(Optional.empty());
        assertThat(MAPPING.find(store, "null", User.class)).isEqualTo(Optional.empty());
        assertThatThrownBy(() -> MAPPING.get(store, "null", User.class))
                .isInstanceOf(MappingException.class)
                .hasMessageContaining("the value at /null is null, expected ");
        assertThatThrownBy(() -> MAPPING.get(store, "user", User.class))
                .isInstanceOfSatisfying(
                        MappingException.class, e -> assertThat(e.path()).isEqualTo(KeyPath.of("user")))
                .hasMessageContaining("the value at /user is no ")
                .hasMessageContaining("\"old\"");
    }

    @Test
    void whatTheMapperCannotWriteIsRefused() {
        Store store = Store.create();
        assertThatThrownBy(() -> MAPPING.put(store, "loop", new Loop()))
                .isInstanceOf(MappingException.class)
                .hasMessageContaining("the mapper cannot write the value for /loop");
        assertThat(store.size()).isZero();
    }

    @Test
    void opaqueLeavesAreWrittenByTheMapperWhereItIsGiven() {
        Store store = Store.of(Map.of("user", USER, "unit", TimeUnit.DAYS));
        assertThatThrownBy(() -> Json.write(store)).isInstanceOf(UnsupportedValueException.class);
        assertThat(Json.options().mapper(MAPPER).write(store))
                .isEqualTo("{\"unit\":\"DAYS\",\"user\":{\"age\":41,\"name\":\"Ann\",\"tags\":[\"x\"]}}");
        assertThat(MAPPING.get(store, "user", User.class)).isEqualTo(USER);
        assertThatThrownBy(() -> Json.options().mapper(MAPPER).write(Map.of("a", List.of(new Loop()))))
                .isInstanceOf(UnsupportedValueException.class)
                .hasMessageContaining("at /a/0: a ")
                .hasMessageContaining("that the mapper cannot write");
    }

    @Test
    void theModuleKnowsTheTypesOfATree() throws IOException {
        Parts parts = new Parts(
                Vector.of(USER),
                HashMap.of("b", 2, "a", 1),
                Json.read("{\"x\":[1,{\"y\":0.1234567890123456789}],\"n\":null}"),
                Vector.of(1L, "two", null),
                KeyPath.of("a/b", 0),
                Map.of(KeyPath.root(), 1),
                Json.readStore("{\"k\":[]}").snapshot());
        String json = MAPPER.writeValueAsString(parts);
        assertThat(json)
                .isEqualTo("{\"users\":[{\"name\":\"Ann\",\"age\":41,\"tags\":[\"x\"]}],\"counts\":{\"a\":1,\"b\":2},"
                        + "\"tree\":{\"n\":null,\"x\":[1,{\"y\":0.1234567890123456789}]},\"list\":[1,\"two\",null],"
                        + "\"path\":\"/a~1b/0\",\"byPath\":{\"\":1},\"state\":{\"k\":[]}}");

        Parts back = MAPPER.readValue(json, Parts.class);
        assertThat(back.users()).isEqualTo(parts.users());
        assertThat(back.counts()).isEqualTo(parts.counts());
        assertThat(back.tree()).isEqualTo(parts.tree());
        assertThat(back.list()).isEqualTo(parts.list());
        assertThat(back.path()).isEqualTo(parts.path());
        assertThat(back.byPath()).isEqualTo(parts.byPath());
        assertThat(back.state().sameTree(parts.state())).isTrue();
    }

    /** They are of its keys. */
    @Test
    void aPointerKeepsTheBlanksAtItsEnds() throws IOException {
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
    void theEmptyPointerIsTheRootAndASnapshotIsAnObject() throws IOException {
        assertThat(MAPPER.readValue("\"\"", KeyPath.class)).isEqualTo(KeyPath.root());
        assertThat(MAPPER.readValue("\"/\"", KeyPath.class)).isEqualTo(KeyPath.of(""));
        assertThatThrownBy(() -> MAPPER.readValue("[1]", Snapshot.class))
                .isInstanceOf(JsonMappingException.class)
                .hasMessageContaining("a snapshot is an object");
    }

    @Test
    void theModuleIsFound() {
        assertThat(JsonMapper.builder().findAndAddModules().build().getRegisteredModuleIds())
                .contains(new HeartwoodModule().getTypeId());
    }

    @Test
    void aStoreIsWrittenAsItsTreeAndAPlaceInItToo() throws IOException {
        Store store = Store.of(Map.of("user", USER, "counts", Map.of("b", 2, "a", 1)));
        assertThat(MAPPER.writeValueAsString(Map.of("state", store)))
                .isEqualTo("{\"state\":{\"counts\":{\"a\":1,\"b\":2},"
                        + "\"user\":{\"name\":\"Ann\",\"age\":41,\"tags\":[\"x\"]}}}");
        assertThat(MAPPER.writeValueAsString(store.under("counts"))).isEqualTo("{\"a\":1,\"b\":2}");
        assertThat(MAPPER.writeValueAsString(store.under("counts", "a"))).isEqualTo("1");
        assertThat(MAPPER.writeValueAsString(store.under("nowhere"))).isEqualTo("null");
        assertThat(MAPPER.writeValueAsString(store.snapshot().under("counts"))).isEqualTo("{\"a\":1,\"b\":2}");
    }

    @Test
    void aDiffIsWrittenAsAPatchWhichCanBeReadAndApplied() throws IOException {
        Store store = Json.readStore("{\"a\":[1,2],\"b\":0.1}");
        Snapshot before = store.snapshot();
        store.append("a", 3);
        store.put("b", null);
        String json = MAPPER.writeValueAsString(before.diff(store.snapshot()));
        assertThat(json)
                .isEqualTo("[{\"op\":\"add\",\"path\":\"/a/2\",\"value\":3},"
                        + "{\"op\":\"replace\",\"path\":\"/b\",\"value\":null}]");

        JsonPatch patch = MAPPER.readValue(json, JsonPatch.class);
        Store other = Json.readStore("{\"a\":[1,2],\"b\":0.1}");
        patch.applyTo(other);
        assertThat(other.snapshot().sameTree(store.snapshot())).isTrue();
        assertThat(MAPPER.writeValueAsString(patch)).isEqualTo(json);
        assertThatThrownBy(() -> MAPPER.readValue("[{\"op\":\"jump\"}]", JsonPatch.class))
                .isInstanceOf(com.fasterxml.jackson.databind.JsonMappingException.class)
                .hasMessageContaining("jump");
    }

    @Test
    void theModuleWritesMapsInTheOrderOfTheirKeys() throws IOException {
        HashMap<String, Integer> map = HashMap.of("b", 2, "a", 1, "Aa", 3, "BB", 4, "é", 5);
        assertThat(MAPPER.writeValueAsString(map)).isEqualTo("{\"Aa\":3,\"BB\":4,\"a\":1,\"b\":2,\"é\":5}");
    }

    @Test
    void theModuleWritesMapsOfAChosenOrderInIt() throws IOException {
        assertThat(MAPPER.writeValueAsString(LinkedHashMap.of("b", 2, "a", 1))).isEqualTo("{\"b\":2,\"a\":1}");
    }

    @Test
    void theModuleKnowsWhatIsEmpty() throws IOException {
        ObjectMapper mapper = MAPPER.copy().setDefaultPropertyInclusion(JsonInclude.Include.NON_EMPTY);

        assertThat(mapper.writeValueAsString(new Containers(HashMap.empty(), Vector.empty())))
                .isEqualTo("{}");
        assertThat(mapper.writeValueAsString(new Containers(HashMap.of("a", 1), Vector.of(1))))
                .isEqualTo("{\"map\":{\"a\":1},\"list\":[1]}");
    }

    public record Containers(HashMap<String, Integer> map, Vector<Integer> list) {}

    @Test
    void theModuleReadsNullsAsTheTypeOfTheElementsHasThem() throws IOException {
        assertThat(MAPPER.readValue("[null]", new TypeReference<IndexedSeq<JsonNode>>() {}))
                .isEqualTo(Vector.of(NullNode.getInstance()));
        assertThat(MAPPER.readValue("{\"a\":null}", new TypeReference<HashMap<String, JsonNode>>() {}))
                .isEqualTo(HashMap.of("a", NullNode.getInstance()));
    }

    @Test
    void aMapperThatWritesAnotherTextMapsAllTheSame() {
        ObjectMapper unquoted = JsonMapper.builder(JsonFactory.builder()
                        .disable(JsonWriteFeature.QUOTE_FIELD_NAMES)
                        .build())
                .build();
        Store store = Store.create();

        JsonMapping.of(unquoted).put(store, ANN, USER);

        assertThat(JsonMapping.of(unquoted).get(store, ANN, User.class)).isEqualTo(USER);
    }

    @Test
    void whatIsNoJsonIsMappedWhateverTheFormOfDecimals() {
        UUID id = new UUID(1, 2);
        Store store = Store.of(Map.of("id", id));

        assertThat(MAPPING.decimals(Decimals.EXACT).get(store, KeyPath.of("id"), String.class))
                .isEqualTo(id.toString());
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
    void theModuleReadsElementsThatNameTheirTypes() throws IOException {
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
    void theModuleReadsElementsWhoseMapperNamesTheirTypes() throws IOException {
        ObjectMapper mapper = JsonMapper.builder()
                .addModule(new HeartwoodModule())
                .activateDefaultTyping(
                        BasicPolymorphicTypeValidator.builder()
                                .allowIfBaseType(Plain.class)
                                .build(),
                        ObjectMapper.DefaultTyping.OBJECT_AND_NON_CONCRETE)
                .build();
        Plains plains = new Plains(Vector.of(new Dot(1)), HashMap.of("a", new Dot(2)));

        assertThat(mapper.readValue(mapper.writeValueAsString(plains), Plains.class))
                .isEqualTo(plains);
    }

    @Test
    @SuppressWarnings({"unchecked", "rawtypes"})
    void theModuleWritesElementsOfAnotherTypeThanTheDeclaredOneAsTheyAre() throws IOException {
        Containers containers = new Containers((HashMap) HashMap.of("a", 1L), (Vector) Vector.of("text", 2.5));

        assertThat(MAPPER.writeValueAsString(containers)).isEqualTo("{\"map\":{\"a\":1},\"list\":[\"text\",2.5]}");
    }

    /** A snapshot is read without type ids, so an id would be read as a value of the tree. */
    @Test
    void theModuleWritesNumbersOfATreeWithoutTypesWhateverTheTypingOfTheMapper() throws IOException {
        ObjectMapper mapper = JsonMapper.builder()
                .addModule(new HeartwoodModule())
                .activateDefaultTyping(
                        BasicPolymorphicTypeValidator.builder()
                                .allowIfBaseType(Object.class)
                                .build(),
                        ObjectMapper.DefaultTyping.NON_FINAL)
                .build();
        Store store = Store.of(Map.of(
                "large", new BigDecimal("1e400"), "list", List.of(BigInteger.TEN.pow(40), Map.of("n", 1L, "x", 2.5))));

        Snapshot read = mapper.readValue(mapper.writeValueAsString(store.snapshot()), Snapshot.class);

        assertThat(read.toMap()).isEqualTo(store.toMap());
    }

    @Test
    void theModuleReadsNullsInTypedContainers() throws IOException {
        assertThat(MAPPER.readValue("[null,{\"name\":\"Ann\"}]", new TypeReference<Vector<User>>() {}))
                .isEqualTo(Vector.of(null, new User("Ann", 0, null)));
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void theModuleRefusesNumbersThatJsonDoesNotHave(double number) {
        for (Object value : List.of(number, (float) number)) {
            for (Class<?> type : List.of(HashMap.class, Snapshot.class)) {
                assertThatThrownBy(() -> MAPPER.convertValue(Map.of("a", value), type))
                        .hasMessageContaining("expected a JSON value, found the number " + number);
                assertThatThrownBy(() -> MAPPER.treeToValue(MAPPER.valueToTree(Map.of("a", value)), type))
                        .hasMessageContaining("expected a JSON value, found the number " + number);
            }
            assertThatThrownBy(() -> MAPPER.convertValue(List.of(value), Vector.class))
                    .hasMessageContaining("expected a JSON value, found the number " + number);
            assertThatThrownBy(() -> MAPPER.convertValue(
                            List.of(Map.of("op", "add", "path", "/a", "value", value)), JsonPatch.class))
                    .hasMessageContaining("expected a JSON value, found the number " + number);
        }
        assertThatThrownBy(() -> lenient().readValue("{\"a\":" + number + "}", Snapshot.class))
                .isInstanceOf(JsonMappingException.class)
                .hasMessageContaining("expected a JSON value, found the number " + number);
    }

    @ParameterizedTest
    @CsvSource({"+1.5,1.5", "-.5,-0.5", "5.,5", "05.5,5.5", "-0.0,-0.0", "0.1e+1,1"})
    void theModuleReadsNumbersAsALenientMapperSpellsThem(String spelled, double number) throws IOException {
        assertThat((Object) lenient().readValue("[" + spelled + "]", Vector.class))
                .isEqualTo(Vector.of(number));
        assertThat((Object) MAPPER.convertValue(List.of(number, (float) number), Vector.class))
                .isEqualTo(Vector.of(number, number));
    }

    private static ObjectMapper lenient() {
        return JsonMapper.builder()
                .addModule(new HeartwoodModule())
                .enable(JsonReadFeature.values())
                .build();
    }

    @Test
    void theModuleRefusesWhatIsOfAnotherKind() {
        assertThatThrownBy(() -> MAPPER.readValue("[1]", HashMap.class))
                .hasMessageContaining("expected an object, found START_ARRAY");
        assertThatThrownBy(() -> MAPPER.readValue("{}", Vector.class))
                .hasMessageContaining("expected a list, found START_OBJECT");
        assertThatThrownBy(() -> MAPPER.readValue("[1]", new TypeReference<HashMap<String, Integer>>() {}))
                .hasMessageContaining("expected an object, found START_ARRAY");
        assertThatThrownBy(() -> MAPPER.readValue("{}", new TypeReference<Vector<Integer>>() {}))
                .hasMessageContaining("expected a list, found START_OBJECT");
        assertThatThrownBy(() -> MAPPER.readValue("{\"1\":1}", new TypeReference<HashMap<Integer, Integer>>() {}))
                .hasMessageContaining("the keys of a map in JSON are strings");
        assertThatThrownBy(() -> MAPPER.readValue("{\"a\":1,\"a\":2}", new TypeReference<HashMap<String, Object>>() {}))
                .hasMessageContaining("occurs twice");
        assertThatThrownBy(() -> MAPPER.readValue("\"a\"", KeyPath.class))
                .hasMessageContaining("a JSON Pointer starts");
    }

    @Test
    void aDecimalInAJsonNodeKeepsItsScaleToo() {
        JsonMapping exact = MAPPING.decimals(Decimals.EXACT);
        Store store = Json.options().decimals(Decimals.EXACT).readStore("{\"a\":{\"price\":3.00}}");

        JsonNode read = exact.get(store, KeyPath.of("a"), JsonNode.class);

        assertThat(read.get("price").decimalValue()).isEqualTo(new BigDecimal("3.00"));
        assertThat(exact.get(store, KeyPath.of("a"), new TypeReference<Map<String, JsonNode>>() {})
                        .get("price")
                        .decimalValue())
                .isEqualTo(new BigDecimal("3.00"));
        exact.put(store, KeyPath.of("b"), read);
        assertThat(store.get("b")).isEqualTo(store.get("a"));
    }
}
