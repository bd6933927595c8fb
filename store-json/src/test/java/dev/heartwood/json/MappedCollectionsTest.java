package dev.heartwood.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.heartwood.KeyPath;
import dev.heartwood.NoSuchPathException;
import dev.heartwood.Store;
import dev.heartwood.TreeEditor;
import dev.heartwood.TreeView;
import dev.heartwood.TypeMismatchException;
import dev.heartwood.UnsupportedValueException;
import java.time.DayOfWeek;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Records, enums and the like in lists and maps, mapped one by one. */
class MappedCollectionsTest {
    private static final JsonMapping MAPPING = JsonMapping.of(new ObjectMapper());

    public record Point(int x, int y) {}

    private final Store store = Store.of(Map.of("points", List.of(), "by", Map.of()));

    @Test
    void anElementIsAppendedAndTheListComesBackTyped() {
        MAPPING.append(store, "points", new Point(1, 2));
        MAPPING.append(store, KeyPath.of("points"), new Point(3, 4));
        List<Point> points = MAPPING.getList(store, "points", Point.class);
        assertThat(points).containsExactly(new Point(1, 2), new Point(3, 4));
        assertThatThrownBy(() -> points.remove(0)).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> MAPPING.append(store, "none", new Point(0, 0)))
                .isInstanceOf(NoSuchPathException.class);
    }

    @Test
    void initPutsOnlyWhereNothingIs() {
        assertThat(MAPPING.init(store, KeyPath.of("by", "a"), new Point(1, 2))).isTrue();
        assertThat(MAPPING.init(store, KeyPath.of("by", "a"), new Point(3, 4))).isFalse();
        assertThat(MAPPING.getMap(store, "by", Point.class)).isEqualTo(Map.of("a", new Point(1, 2)));
    }

    @Test
    void mergeIsThatOfAMap() {
        KeyPath path = KeyPath.of("by", "a");
        Point one = new Point(1, 1);
        assertThat(MAPPING.merge(store, path, Point.class, one, MappedCollectionsTest::sum))
                .isEqualTo(one);
        assertThat(MAPPING.merge(store, path, Point.class, one, MappedCollectionsTest::sum))
                .isEqualTo(new Point(2, 2));
        long version = store.version();
        assertThat(MAPPING.merge(store, path, Point.class, one, (old, added) -> old))
                .isEqualTo(new Point(2, 2));
        assertThat(store.version()).as("nothing was changed").isEqualTo(version);
        assertThat(MAPPING.merge(store, path, Point.class, one, (old, added) -> null))
                .isNull();
        assertThat(store.contains(path)).isFalse();
    }

    @Test
    void anUpdateAndAMergeThatWereOvertakenReturnWhatTheyHaveMade() {
        KeyPath path = KeyPath.of("by", "a");
        MAPPING.put(store, path, new Point(1, 1));
        Point one = new Point(1, 1);

        assertThat(MAPPING.update(store, path, Point.class, overtaken(path, old -> sum(old, one))))
                .isEqualTo(new Point(12, 12))
                .isEqualTo(MAPPING.get(store, path, Point.class));
        UnaryOperator<Point> merging = overtaken(path, old -> sum(old, one));
        assertThat(MAPPING.merge(store, path, Point.class, one, (old, added) -> merging.apply(old)))
                .isEqualTo(new Point(23, 23))
                .isEqualTo(MAPPING.get(store, path, Point.class));
    }

    /** The function; another thread adds ten while it runs for the first time. */
    private UnaryOperator<Point> overtaken(KeyPath path, UnaryOperator<Point> function) {
        AtomicBoolean first = new AtomicBoolean(true);
        return old -> {
            if (first.getAndSet(false)) {
                CompletableFuture.runAsync(() ->
                                MAPPING.update(store, path, Point.class, it -> sum(it, new Point(10, 10))))
                        .join();
            }
            return function.apply(old);
        };
    }

    private static Point sum(Point a, Point b) {
        return new Point(a.x + b.x, a.y + b.y);
    }

    @Test
    void aMapComesInTheNaturalOrderOfItsKeys() {
        for (String key : List.of("pear", "10", "apple", "Zoe", "9", "fig", "quince", "plum", "lime", "kiwi")) {
            MAPPING.put(store, KeyPath.of("by", key), new Point(1, 2));
        }
        assertThat(MAPPING.getMap(store, "by", Point.class).keySet())
                .containsExactly("10", "9", "Zoe", "apple", "fig", "kiwi", "lime", "pear", "plum", "quince");
    }

    @Test
    void anElementThatIsNoneOfTheTypeIsNamed() {
        store.put("points", Arrays.asList(Map.of("x", 1, "y", 2), "text"));
        assertThatThrownBy(() -> MAPPING.getList(store, "points", Point.class))
                .isInstanceOf(MappingException.class)
                .hasMessageContaining("/points/1");
        store.put("by", Map.of("k", 5));
        assertThatThrownBy(() -> MAPPING.getMap(store, "by", Point.class))
                .isInstanceOf(MappingException.class)
                .hasMessageContaining("/by/k");
        assertThatThrownBy(() -> MAPPING.getList(store, "by", Point.class)).isInstanceOf(TypeMismatchException.class);
    }

    @Test
    void exceptionsOfAViewNamePathsFromTheRootOfTheStore() {
        store.put(KeyPath.of("by", "a"), Map.of("l", List.of("text"), "m", Map.of("k", "text"), "n", 1));
        store.put(KeyPath.of("by", "a", "null"), null);
        store.put(KeyPath.of("by", "a", "loop"), new JsonMappingTest.Loop());
        for (TreeView view : List.of(store.under("by", "a"), store.snapshot().under("by", "a"))) {
            assertNames("/by/a/l", () -> MAPPING.get(view, "l", Point.class));
            assertNames("/by/a/l", () -> MAPPING.get(view, "l", new TypeReference<Point>() {}));
            assertNames("/by/a/l", () -> MAPPING.find(view, "l", Point.class));
            assertNames("/by/a/null", () -> MAPPING.get(view, "null", Point.class));
            assertNames("/by/a/l/0", () -> MAPPING.getList(view, "l", Point.class));
            assertNames("/by/a/m/k", () -> MAPPING.getMap(view, "m", Point.class));
            assertNames("/by/a/loop", () -> MAPPING.get(view, KeyPath.root(), Map.class));
        }
        assertEditorNames(store.under("by", "a"));
        store.batch(tx -> assertEditorNames(tx.under("by").under("a")));
        assertThatThrownBy(() -> MAPPING.put(store, KeyPath.root(), new JsonMappingTest.Loop()))
                .hasMessageContaining("the mapper cannot write the value for the root: ");
    }

    private static void assertEditorNames(TreeEditor at) {
        assertNames("/by/a/n", () -> MAPPING.put(at, "n", new JsonMappingTest.Loop()));
        assertNames("/by/a/new", () -> MAPPING.init(at, "new", new JsonMappingTest.Loop()));
        assertNames("/by/a/l", () -> MAPPING.append(at, "l", new JsonMappingTest.Loop()));
        assertNames("/by/a/n", () -> MAPPING.update(at, "n", Point.class, old -> old));
        assertNames("/by/a/n", () -> MAPPING.update(at, "n", Object.class, old -> new JsonMappingTest.Loop()));
        assertNames("/by/a/n", () -> MAPPING.merge(at, "n", Point.class, new Point(1, 2), (a, b) -> b));
        assertNames("/by/a/n", () -> MAPPING.merge(at, "n", Object.class, 1, (a, b) -> new JsonMappingTest.Loop()));
    }

    private static void assertNames(String path, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        MappingException.class, e -> assertThat(e.path()).isEqualTo(KeyPath.parse(path)))
                .hasMessageContaining(" " + path);
    }

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
    @JsonSubTypes({
        @JsonSubTypes.Type(value = Circle.class, name = "circle"),
        @JsonSubTypes.Type(value = Square.class, name = "square")
    })
    public interface Shape {}

    public record Circle(double radius) implements Shape {}

    public record Square(int side) implements Shape {}

    public record Pair<T>(T one, List<T> more) {}

    private static final TypeReference<List<Shape>> SHAPES = new TypeReference<>() {};

    @Test
    void aValueOfAGenericTypeKeepsTheTypesOfItsElements() {
        List<Shape> shapes = List.of(new Circle(1.5), new Square(2));
        MAPPING.put(store, "shapes", SHAPES, shapes);
        assertThat(Json.write(store.get("shapes")))
                .isEqualTo("[{\"@type\":\"circle\",\"radius\":1.5},{\"@type\":\"square\",\"side\":2}]");
        assertThat(MAPPING.get(store, "shapes", SHAPES)).isEqualTo(shapes);
        assertThat(MAPPING.getList(store, "shapes", Shape.class)).isEqualTo(shapes);

        TypeReference<Pair<Shape>> pairs = new TypeReference<>() {};
        Pair<Shape> pair = new Pair<>(new Square(1), shapes);
        MAPPING.put(store, KeyPath.of("by", "pair"), pairs, pair);
        assertThat(MAPPING.get(store, KeyPath.of("by", "pair"), pairs)).isEqualTo(pair);

        TypeReference<Map<String, Shape>> byName = new TypeReference<>() {};
        assertThat(MAPPING.init(store, "names", byName, Map.of("a", new Circle(1))))
                .isTrue();
        assertThat(MAPPING.init(store, KeyPath.of("names"), byName, Map.of())).isFalse();
        assertThat(MAPPING.getMap(store, "names", Shape.class)).isEqualTo(Map.of("a", new Circle(1)));

        MAPPING.append(store, "points", pairs, pair);
        MAPPING.append(store, KeyPath.of("points"), pairs, pair);
        assertThat(MAPPING.get(store, "points", new TypeReference<List<Pair<Shape>>>() {}))
                .isEqualTo(List.of(pair, pair));

        assertThat(MAPPING.update(store, "shapes", SHAPES, all -> all.subList(1, 2)))
                .isEqualTo(List.of(new Square(2)));
        assertThat(MAPPING.get(store, "shapes", SHAPES)).isEqualTo(List.of(new Square(2)));
        long version = store.version();
        MAPPING.update(store, KeyPath.of("shapes"), SHAPES, List::copyOf);
        assertThat(store.version()).as("nothing was changed").isEqualTo(version);

        MAPPING.put(store, "shapes", SHAPES, null);
        assertThat(store.get("shapes")).isNull();
    }

    @Test
    void aValueWithoutItsGenericTypeIsWrittenWithoutTheTypesOfItsElements() {
        MAPPING.put(store, "shapes", List.of(new Square(2)));
        assertThat(Json.write(store.get("shapes"))).isEqualTo("[{\"side\":2}]");
        assertThatThrownBy(() -> MAPPING.getList(store, "shapes", Shape.class))
                .isInstanceOf(MappingException.class)
                .hasMessageContaining("@type");
    }

    @Test
    void aTypeIsRequiredWhereAGenericTypeIsWritten() {
        for (ThrowingCallable call : List.<ThrowingCallable>of(
                () -> MAPPING.put(store, "x", (TypeReference<Point>) null, new Point(1, 2)),
                () -> MAPPING.init(store, "x", (TypeReference<Point>) null, new Point(1, 2)),
                () -> MAPPING.append(store, "points", (TypeReference<Point>) null, new Point(1, 2)))) {
            assertThatThrownBy(call).isInstanceOf(NullPointerException.class).hasMessage("type");
        }
        assertThat(store.contains("x")).isFalse();
        assertThat(store.size("points")).isZero();
    }

    @Test
    void anEnumIsAStringForEveryRootAndAsItIsInMemoryAlone() {
        MAPPING.put(store, "day", DayOfWeek.MONDAY);
        assertThat(store.get("day")).isEqualTo("MONDAY");
        assertThat(MAPPING.get(store, "day", DayOfWeek.class)).isEqualTo(DayOfWeek.MONDAY);

        store.put("day", DayOfWeek.MONDAY);
        assertThat(store.get("day", DayOfWeek.class)).isEqualTo(DayOfWeek.MONDAY);
        assertThatThrownBy(() -> Json.write(store)).isInstanceOf(UnsupportedValueException.class);
    }
}
