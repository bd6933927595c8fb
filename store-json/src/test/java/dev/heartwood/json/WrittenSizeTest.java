package dev.heartwood.json;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heartwood.Store;
import dev.heartwood.tree.Nodes;
import io.vavr.collection.HashMap;
import io.vavr.collection.Vector;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A size that is counted is the size that is written, and counting takes the time of distinct containers. */
class WrittenSizeTest {
    private final TreeFormat format = Json.options().treeFormat();

    @Test
    void aCountedDocumentHasTheSizeOfTheWrittenOne() throws IOException {
        for (long seed = 0; seed < 3_000; seed++) {
            HashMap<String, Object> tree = Store.of(Map.of("in", new RandomTrees(seed).map(5)))
                    .snapshot()
                    .root();
            tree = admitted(tree);
            assertThat(format.size(tree)).as("seed %d", seed).isEqualTo(written(tree));
        }
    }

    @Test
    void aListThatJustFitsOnItsLineAndOneThatDoesNotAreCountedAsTheyStand() throws IOException {
        for (int depth = 1; depth < 45; depth++) {
            for (int letters = 1; letters < 80; letters++) {
                Object list = Vector.of(1L, "x".repeat(letters), null);
                for (Object child : List.of(list, Vector.of(list), Vector.empty(), HashMap.of("k", list))) {
                    for (String key : new String[] {null, "key"}) {
                        ByteArrayOutputStream out = new ByteArrayOutputStream();
                        format.prettyChild(key, child, depth, out);
                        assertThat(format.childSize(key, child, depth, Long.MAX_VALUE))
                                .as("depth %d, %d letters, key %s, %s", depth, letters, key, child)
                                .isEqualTo(out.size());
                    }
                }
            }
        }
    }

    @Test
    void sharedPartsAreCountedAsOftenAsTheyAreWritten() throws IOException {
        // Fibonacci: each level stands at many depths.
        Object before = Vector.of(1L, "two");
        Object node = HashMap.of("list", Vector.range(0, 40).map(i -> (Object) (long) i));
        for (int level = 0; level < 9; level++) {
            Object next = HashMap.of("a", node, "b", before, "list", Vector.of(node, "x".repeat(30)));
            before = node;
            node = next;
        }
        HashMap<String, Object> tree = Nodes.map(node);
        assertThat(format.size(tree)).isEqualTo(written(tree));
        Object deep = tree;
        for (int i = 0; i < 60; i++) {
            deep = HashMap.of("k", deep);
        }
        HashMap<String, Object> twice = HashMap.of("once", deep, "more", Vector.of(deep, tree));
        assertThat(format.size(twice)).isEqualTo(written(twice));
    }

    @Test
    @Timeout(20)
    void aTreeOfMorePathsThanCanBeWrittenIsCountedAtOnce() {
        for (int levels : new int[] {60, 990}) {
            Object node = Vector.of(1L, 2L, HashMap.empty());
            for (int i = 0; i < levels; i++) {
                node = i % 2 == 0 ? Vector.of(node, node) : HashMap.of("a", node, "b", node);
            }
            assertThat(format.size(HashMap.of("bomb", node))).isGreaterThanOrEqualTo(1L << 50);
        }
    }

    @Test
    void aCountThatIsCutShortGivesNoMoreThanIsThere() {
        Object list = Vector.range(0, 1_000).map(i -> (Object) HashMap.of("k" + i, i.toString()));
        long whole = format.childSize("key", list, 1, Long.MAX_VALUE);
        long last = 0;
        for (long steps = 1; steps < 2_010; steps += 7) {
            long part = format.childSize("key", list, 1, steps);
            assertThat(part).isBetween(last, whole);
            last = part;
        }
        assertThat(last).isGreaterThan(whole * 9 / 10);
    }

    private HashMap<String, Object> admitted(HashMap<String, Object> tree) {
        return Nodes.map(admit(tree));
    }

    private Object admit(Object value) {
        if (value instanceof HashMap) {
            return Nodes.map(value).mapValues(this::admit);
        } else if (value instanceof Vector) {
            return Nodes.list(value).map(this::admit);
        }
        return value == null ? null : format.dialect().admit(value);
    }

    private long written(HashMap<String, Object> tree) throws IOException {
        CountingOutput out = new CountingOutput();
        format.pretty(tree, out);
        return out.count;
    }

    /** Counts bytes and keeps none: documents of shared parts are long. */
    private static final class CountingOutput extends OutputStream {
        private long count;

        @Override
        public void write(int b) {
            count++;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            count += length;
        }
    }
}
