package dev.heartwood.json.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heartwood.Dialect;
import dev.heartwood.KeyPath;
import dev.heartwood.Store;
import dev.heartwood.tree.Nodes;
import io.vavr.collection.HashMap;
import io.vavr.collection.Vector;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SpellerTest {
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

    private static final String[] TOP = {"map", "map", "list", "list", "other"};

    private final Counting format = new Counting();
    private final Speller speller = new Speller(format, LIMIT);

    @Test
    void theBytesAreThoseOfTheWholeTreeWhateverIsEdited() throws IOException {
        int copied = 0;
        for (long seed = 0; seed < 150; seed++) {
            Random random = new Random(seed);
            Store store = Store.of(Map.of("map", map(random, 3), "list", list(random, 3)));
            for (int i = 0; i < 40; i++) {
                edit(store, random);
                HashMap<String, Object> tree = store.snapshot().root();
                int whole = format.whole;
                byte[] spelled = speller.spell(tree);
                copied += format.whole == whole ? 1 : 0;
                assertThat(text(spelled)).as("seed %d, edit %d", seed, i).isEqualTo(pretty(tree));
            }
        }
        assertThat(copied).isGreaterThan(3_000);
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
                .isEqualTo(pretty(store.snapshot().root()));
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
                    .isEqualTo(pretty(store.snapshot().root()));
            store.batch(tx -> {
                tx.increment("a");
                tx.increment(KeyPath.of("b", "k3"));
            });
        }
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
                steps.add(steps.isEmpty() ? TOP[random.nextInt(TOP.length)] : key(random));
            }
            node = Nodes.child(node, String.valueOf(steps.get(steps.size() - 1)));
        }
        KeyPath path = KeyPath.of(steps);
        switch (random.nextInt(node instanceof Vector<?> ? 6 : 4)) {
            case 0 -> {
                if (node != Nodes.MISSING) {
                    store.remove(path);
                }
            }
            case 1, 2, 3 -> store.set(path, value(random, 2));
            default -> store.append(path, value(random, 1));
        }
    }

    private static String key(Random random) {
        return random.nextInt(30) == 0 ? STRINGS[random.nextInt(STRINGS.length)] : "k" + random.nextInt(70);
    }

    private static Object value(Random random, int depth) {
        return switch (random.nextInt(depth > 0 ? 8 : 5)) {
            case 0 -> null;
            case 1 -> random.nextInt(100);
            case 2 -> random.nextDouble();
            case 3, 4 -> STRINGS[random.nextInt(STRINGS.length)];
            case 5, 6 -> map(random, depth);
            default -> list(random, depth);
        };
    }

    private static Map<String, Object> map(Random random, int depth) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = random.nextInt(3) == 0 ? random.nextInt(3) : random.nextInt(60); i > 0; i--) {
            map.put(key(random), value(random, depth - 2));
        }
        return map;
    }

    private static List<Object> list(Random random, int depth) {
        List<Object> list = new ArrayList<>();
        for (int i = random.nextInt(3) == 0 ? random.nextInt(3) : random.nextInt(60); i > 0; i--) {
            list.add(value(random, depth - 2));
        }
        return list;
    }

    private static String pretty(HashMap<String, Object> tree) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Formats.format().pretty(tree, out);
        return text(out.toByteArray());
    }

    private static String text(byte[] utf8) {
        return new String(utf8, StandardCharsets.UTF_8);
    }

    /** Counts how often a whole tree is spelled, and how many bytes of children; and fails when told to. */
    private static final class Counting implements TreeFormat {
        private final TreeFormat format = Formats.format();
        private int whole;
        private int bytes;
        private int failAfter = Integer.MAX_VALUE;

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
