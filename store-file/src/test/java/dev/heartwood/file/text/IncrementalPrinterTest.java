package dev.heartwood.file.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heartwood.Dialect;
import dev.heartwood.KeyPath;
import dev.heartwood.Store;
import dev.heartwood.UnsupportedValueException;
import dev.heartwood.json.TreeFormat;
import dev.heartwood.tree.Nodes;
import io.vavr.collection.HashMap;
import io.vavr.collection.Vector;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class IncrementalPrinterTest {
    private static final int LIMIT = 1 << 20;
    private static final String[] STRINGS = {
        "",
        "a",
        "}",
        "]",
        "  \"k1\": 1",
        "\n  \"k1\": 1,\n}",
        "{\n",
        ",",
        "é漢😀",
        "\uD800",
        "x".repeat(70),
        "y".repeat(1_500)
    };

    /** Keys of 1,024 bytes and more, mostly: so an entry with such a key has a large text, whatever its value. */
    private static final String[] LONG_KEYS = {
        "k".repeat(300),
        "k1" + "l".repeat(1_015),
        "k5" + "m".repeat(1_498),
        "漢".repeat(350),
        "字k".repeat(750),
        "\u0001".repeat(300),
        "\n  }".repeat(300),
        "\"\\".repeat(400),
        "\uFFFD".repeat(400),
        "😀".repeat(300),
        "\uD800".repeat(300),
        "\uDC00k".repeat(300)
    };

    private static final String[] TOP = {"map", "map", "list", "list", "other", LONG_KEYS[1], LONG_KEYS[5]};

    private final Counting format = new Counting();
    private final IncrementalPrinter speller = new IncrementalPrinter(format, LIMIT);

    @Test
    void aTextThatWouldBeLongerThanAnArrayIsFull() {
        PrintedNode whole = new PrintedNode("{\n  \"a\": 1\n}\n".getBytes(StandardCharsets.UTF_8));
        whole.cut(List.of("a"), 1);
        PrintedNode long64 = new PrintedNode(new byte[1 << 26]);
        assertThatThrownBy(() -> whole.replace(0, 1, Collections.nCopies(40, long64)))
                .isInstanceOf(SmallBuffer.FullException.class);
    }

    @Test
    void theBytesAreThoseOfTheWholeTreeWhateverIsEdited() throws IOException {
        IncrementalPrinter large = new IncrementalPrinter(format, 1 << 26);
        int copied = 0;
        for (long seed = 0; seed < 600; seed++) {
            Random random = new Random(seed);
            Store store = Store.of(Map.of("map", map(random, 3), "list", list(random, 3)));
            for (int i = 0; i < 40; i++) {
                for (int edits = random.nextInt(4) == 0 ? random.nextInt(12) : 1; edits > 0; edits--) {
                    edit(store, random);
                }
                HashMap<String, Object> tree = store.snapshot().root();
                int whole = format.whole;
                byte[] spelled = large.spell(tree);
                copied += format.whole == whole ? 1 : 0;
                if (!Arrays.equals(spelled, pretty(tree))) {
                    assertThat(text(spelled)).as("seed %d, edit %d", seed, i).isEqualTo(text(pretty(tree)));
                }
            }
        }
        assertThat(copied).isGreaterThan(18_000);
    }

    @Test
    void anEmptyContainerUnderALongKeyIsFilledAndEmptied() throws IOException {
        for (String key : LONG_KEYS) {
            for (String first : new String[] {key, "a"}) {
                KeyPath path = KeyPath.of("sessions", key);
                Store store = Store.of(Map.of("sessions", Map.of(first, Map.of())));
                requireSpelled(store);
                store.set(path, Map.of());
                requireSpelled(store);
                store.set(path.child("user"), 1);
                requireSpelled(store);
                store.remove(path.child("user"));
                requireSpelled(store);
                store.set(path, "scalar");
                requireSpelled(store);
                store.set(path, List.of());
                requireSpelled(store);
                for (int i = 0; i < 40; i++) {
                    store.append(path, i);
                    requireSpelled(store);
                }
                for (int i = 0; i < 40; i++) {
                    store.remove(path.child("0"));
                    requireSpelled(store);
                }
                store.set(path, Map.of());
                requireSpelled(store);
                store.remove(path);
                requireSpelled(store);
                store.set("sessions", List.of());
                requireSpelled(store);
            }
        }
    }

    @Test
    void whatIsDeepInsideIsSpelled() throws IOException {
        Object deep = new ArrayList<>(records(50).values());
        List<String> steps = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            deep = Map.of("in", deep, "level", i);
            steps.add("in");
        }
        Store store = Store.of(Map.of("in", deep));
        for (int i = 0; i < 30; i++) {
            store.set(KeyPath.of(steps.subList(0, i + 1)).child("level"), -i);
            requireSpelled(store);
            store.append(KeyPath.of(steps).child("in"), i);
            requireSpelled(store);
        }
    }

    @Test
    void ofALargeTextOnlyAFewChildrenAreReplaced() throws IOException {
        IncrementalPrinter large = new IncrementalPrinter(format, 1 << 26);
        Store store = Store.of(Map.of("users", records(40_000)));
        large.spell(store.snapshot().root());
        for (int edits : new int[] {1, 4, 1_000}) {
            store.batch(tx -> {
                for (int i = 0; i < edits; i++) {
                    tx.set(KeyPath.of("users", "k" + i, "rate"), edits);
                }
            });
            int children = format.children;
            byte[] spelled = large.spell(store.snapshot().root());
            assertThat(format.children - children).isEqualTo(edits < 5 ? edits : 1);
            assertThat(Arrays.equals(spelled, pretty(store.snapshot().root()))).isTrue();
        }
    }

    @Test
    void whatCannotBeWrittenIsNamedByItsPathInTheTree() throws IOException {
        Store store = Store.of(
                Map.of("a", records(100), "b", new ArrayList<>(records(100).values())));
        KeyPath inList = KeyPath.of("b", 57, "tags", 1);
        for (KeyPath path : List.of(KeyPath.of("a", "k7", "name"), inList)) {
            store.set(inList.parent(), List.of("x", "y"));
            requireSpelled(store);
            store.set(path, BigInteger.TEN.pow(2_000));
            assertThatThrownBy(() -> speller.spell(store.snapshot().root()))
                    .isInstanceOfSatisfying(
                            UnsupportedValueException.class,
                            e -> assertThat(e.path()).isEqualTo(path));
            store.set(path, 1);
            requireSpelled(store);
        }
    }

    private void requireSpelled(Store store) throws IOException {
        HashMap<String, Object> tree = store.snapshot().root();
        assertThat(text(speller.spell(tree))).isEqualTo(text(pretty(tree)));
    }

    @Test
    void onlyWhatChangedIsSpelled() throws IOException {
        Store store = Store.of(Map.of(
                "count",
                0,
                "users",
                records(500),
                "log",
                new ArrayList<>(records(500).values())));
        speller.spell(store.snapshot().root());
        store.increment("count");
        store.set(KeyPath.of("users", "k7", "name"), "other");
        store.append(KeyPath.of("log"), Map.of("name", "last"));
        speller.spell(store.snapshot().root());
        assertThat(format.whole).isEqualTo(1);
        assertThat(format.bytes).isLessThan(300);
    }

    @Test
    void aTreeThatIsTooLargeIsNotSpelledAndTheNextOneIs() throws IOException {
        Store store = Store.of(Map.of("a", records(100)));
        speller.spell(store.snapshot().root());
        store.set("large", "x".repeat(LIMIT));
        assertThat(speller.spell(store.snapshot().root()) == null).isTrue();
        store.remove("large");
        assertThat(text(speller.spell(store.snapshot().root())))
                .isEqualTo(text(pretty(store.snapshot().root())));
        store.set("large", "x".repeat(LIMIT - 1_000));
        assertThat(speller.spell(store.snapshot().root()) == null).isTrue();
    }

    @Test
    void afterAFailureInTheMiddleItStartsAnew() throws IOException {
        Store store = Store.of(Map.of("a", 0, "b", records(100)));
        speller.spell(store.snapshot().root());
        store.batch(tx -> {
            tx.set("a", 1);
            tx.set(KeyPath.of("b", "k3"), 3);
        });
        for (int failing = 0; failing < 2; failing++) {
            format.failAfter = failing;
            assertThatThrownBy(() -> speller.spell(store.snapshot().root())).hasMessage("planted");
            format.failAfter = Integer.MAX_VALUE;
            assertThat(text(speller.spell(store.snapshot().root())))
                    .isEqualTo(text(pretty(store.snapshot().root())));
            store.batch(tx -> {
                tx.increment("a");
                tx.increment(KeyPath.of("b", "k3"));
            });
        }
    }

    @Test
    void aListWhoseLastElementIsReplacedBySeveralIsSpelled() throws IOException {
        KeyPath list = KeyPath.of("list");
        Store store = Store.of(Map.of("list", new ArrayList<>(records(100).values())));
        requireSpelled(store);
        store.batch(tx -> {
            tx.set(list.child(99), Map.of("name", "another"));
            tx.append(list, Map.of("name", "one more"));
            tx.append(list, 1);
        });
        requireSpelled(store);
    }

    @Test
    void nothingOfATreeThatWasNotSpelledIsInTheOneBeforeIt() throws IOException {
        Store store = Store.of(Map.of("a", 0, "b", records(100)));
        HashMap<String, Object> before = store.snapshot().root();
        speller.spell(before);
        store.batch(tx -> {
            tx.set("a", 1);
            tx.set(KeyPath.of("b", "k3"), 3);
        });
        format.failAfter = 1;
        assertThatThrownBy(() -> speller.spell(store.snapshot().root())).hasMessage("planted");
        format.failAfter = Integer.MAX_VALUE;
        assertThat(text(speller.spell(before))).isEqualTo(text(pretty(before)));

        store.set("large", "x".repeat(LIMIT - 1_000));
        assertThat(speller.spell(store.snapshot().root()) == null).isTrue();
        assertThat(text(speller.spell(before))).isEqualTo(text(pretty(before)));
    }

    private static Map<String, Object> records(int count) {
        return IntStream.range(0, count)
                .boxed()
                .collect(Collectors.toMap(i -> "k" + i, i -> Map.of("name", "name " + i, "rate", i / 8.0)));
    }

    private static void edit(Store store, Random random) {
        List<Object> steps = new ArrayList<>();
        Object node = store.snapshot().root();
        while (Nodes.isContainer(node) && (steps.isEmpty() || random.nextInt(4) > 0)) {
            if (node instanceof Vector<?> list) {
                if (list.isEmpty()) {
                    break;
                }
                steps.add(random.nextInt(list.size()));
            } else {
                steps.add(steps.isEmpty() ? TOP[random.nextInt(TOP.length)] : key(Nodes.map(node), random));
            }
            node = Nodes.child(node, String.valueOf(steps.get(steps.size() - 1)));
        }
        KeyPath path = KeyPath.of(steps);
        switch (random.nextInt(node instanceof Vector<?> ? 7 : 5)) {
            case 0 -> {
                if (node != Nodes.MISSING) {
                    store.remove(path);
                }
            }
            case 1, 2, 3 -> store.set(path, value(random, 2));
            case 4 -> store.set(path, node instanceof Vector<?> ? List.of() : Map.of());
            default -> store.append(path, value(random, 1));
        }
    }

    /** A key that is there or not. */
    private static String key(HashMap<String, Object> map, Random random) {
        if (map.isEmpty() || random.nextBoolean()) {
            return key(random);
        }
        List<String> keys = new ArrayList<>(new TreeSet<>(map.keySet().toJavaSet()));
        return keys.get(random.nextInt(keys.size()));
    }

    private static String key(Random random) {
        return switch (random.nextInt(30)) {
            case 0 -> STRINGS[random.nextInt(STRINGS.length)];
            case 1, 2, 3 -> LONG_KEYS[random.nextInt(LONG_KEYS.length)];
            default -> "k" + random.nextInt(70);
        };
    }

    private static Object value(Random random, int depth) {
        return switch (random.nextInt(depth > 0 ? 10 : 7)) {
            case 0 -> null;
            case 1 -> random.nextInt(100);
            case 2 -> random.nextDouble();
            case 3, 4 -> STRINGS[random.nextInt(STRINGS.length)];
            case 5 -> Map.of();
            case 6 -> List.of();
            case 7, 8 -> map(random, depth);
            default -> list(random, depth);
        };
    }

    private static Map<String, Object> map(Random random, int depth) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = size(random); i > 0; i--) {
            map.put(key(random), value(random, depth - 2));
        }
        return map;
    }

    private static List<Object> list(Random random, int depth) {
        List<Object> list = new ArrayList<>();
        boolean digits = random.nextBoolean();
        for (int i = size(random); i > 0; i--) {
            list.add(digits ? (Object) random.nextInt(10) : value(random, depth - 2));
        }
        return list;
    }

    private static int size(Random random) {
        return random.nextInt(2) == 0 ? random.nextInt(3) : random.nextInt(50);
    }

    private static byte[] pretty(HashMap<String, Object> tree) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Formats.format().pretty(tree, out);
        return out.toByteArray();
    }

    private static String text(byte[] utf8) {
        return new String(utf8, StandardCharsets.UTF_8);
    }

    /** Counts how often a whole tree is spelled, and how many bytes of children; and fails when told to. */
    private static final class Counting implements TreeFormat {
        private final TreeFormat format = Formats.format();
        private int whole;
        private int children;
        private int bytes;
        private int failAfter = Integer.MAX_VALUE;

        @Override
        public long size(HashMap<String, Object> tree) {
            return format.size(tree);
        }

        @Override
        public long childSize(String key, Object value, int depth, long steps) {
            return format.childSize(key, value, depth, steps);
        }

        @Override
        public long stringSize(String text) {
            return format.stringSize(text);
        }

        @Override
        public long longest() {
            return format.longest();
        }

        @Override
        public void pretty(HashMap<String, Object> tree, OutputStream out) throws IOException {
            whole++;
            format.pretty(tree, out);
        }

        @Override
        public void prettyChild(String key, Object value, int depth, OutputStream out) throws IOException {
            if (failAfter-- == 0) {
                throw new IOException("planted");
            }
            ByteArrayOutputStream child = new ByteArrayOutputStream();
            format.prettyChild(key, value, depth, child);
            children++;
            bytes += child.size();
            child.writeTo(out);
        }

        @Override
        public int mostOnALine() {
            return format.mostOnALine();
        }

        @Override
        public Dialect dialect() {
            return format.dialect();
        }

        @Override
        public void write(Object value, OutputStream out) throws IOException {
            format.write(value, out);
        }

        @Override
        public HashMap<String, Object> read(byte[] utf8) {
            return format.read(utf8);
        }

        @Override
        public Object readValue(String text) {
            return format.readValue(text);
        }
    }
}
