package dev.heartwood.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heartwood.Diff;
import dev.heartwood.Snapshot;
import dev.heartwood.Store;
import dev.heartwood.Values;
import io.vavr.collection.HashMap;
import io.vavr.collection.Vector;
import java.io.ByteArrayInputStream;
import java.io.StringReader;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class RoundTripTest {
    private static final int TREES = 500;

    /** The tree with each decimal as it is read: a double where one says it. */
    private static Object asRead(Object node) {
        if (node instanceof HashMap<?, ?> map) {
            Map<String, Object> copy = new TreeMap<>();
            map.forEach((key, value) -> copy.put((String) key, asRead(value)));
            return copy;
        } else if (node instanceof Vector<?> list) {
            List<Object> copy = new ArrayList<>();
            list.forEach(value -> copy.add(asRead(value)));
            return copy;
        }
        return node instanceof BigDecimal decimal ? Json.readValue(DecimalLiteral.write(decimal)) : node;
    }

    private static Snapshot state(Object tree) {
        return Store.of(java.util.Collections.singletonMap("tree", tree)).snapshot();
    }

    private static void assertSame(long seed, Object actual, Object expected) {
        Diff diff = state(expected).diff(state(actual));
        assertThat(diff.isEmpty()).as("seed %d: %s", seed, diff).isTrue();
    }

    @RepeatedTest(3)
    void whatIsWrittenIsReadBack() {
        long start = System.nanoTime();
        for (long seed = start; seed < start + TREES; seed++) {
            Map<String, Object> tree = new RandomTrees(seed).map(5);
            Object expected = Values.freeze(asRead(Values.freeze(tree)));
            for (String text : List.of(Json.write(tree), Json.pretty(tree))) {
                assertSame(seed, Json.readValue(text), expected);
                assertSame(seed, Json.readValue(text.getBytes(UTF_8)), expected);
                assertSame(seed, Json.readValue(new ByteArrayInputStream(text.getBytes(UTF_8))), expected);
                assertSame(seed, Json.readValue(new StringReader(text)), expected);
            }
        }
    }

    @Test
    void exactDecimalsAreReadBackAsTheyWere() {
        JsonOptions exact = Json.options().decimals(Decimals.EXACT);
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 10_000; i++) {
            BigDecimal decimal =
                    new BigDecimal(new java.math.BigInteger(random.nextInt(150), random), random.nextInt(100) - 50);
            assertThat(exact.readValue(exact.write(decimal)))
                    .as("seed %d", seed)
                    .isEqualTo(decimal);
        }
    }

    @Test
    void writingIsStable() {
        long start = System.nanoTime();
        for (long seed = start; seed < start + TREES; seed++) {
            Map<String, Object> tree = new RandomTrees(seed).map(5);
            String text = Json.write(tree);
            String pretty = Json.pretty(tree);
            assertThat(Json.write(Json.read(text))).as("seed %d", seed).isEqualTo(Json.write(Json.read(pretty)));
            String again = Json.pretty(Json.read(text));
            assertThat(Json.pretty(Json.read(again))).as("seed %d", seed).isEqualTo(again);
        }
    }

    @Test
    void aTreeThatWasReadIsAcceptedAsItIs() {
        HashMap<String, Object> tree = Json.read("{\"a\":{\"b\":[1,2,{\"c\":null}]}}");
        assertThat(Store.of(tree).snapshot().root()).isSameAs(tree);
        assertThat(Values.freeze(tree)).isSameAs(tree);
    }

    @Test
    void theDialectGivesWhatTheReaderGivesBack() {
        for (Decimals decimals : Decimals.values()) {
            JsonOptions options = Json.options().decimals(decimals);
            long start = System.nanoTime();
            for (long seed = start; seed < start + 20_000; seed++) {
                Number number = (Number) Values.freeze(new RandomTrees(seed).number());
                Object admitted = options.dialect().admit(number);
                assertThat(options.dialect().admit(admitted))
                        .as("seed %d", seed)
                        .isEqualTo(admitted);
                assertThat(options.readValue(options.write(admitted)))
                        .as("seed %d: %s", seed, number)
                        .isEqualTo(admitted);
                assertThat(options.readValue(options.write(number)))
                        .as("seed %d: %s", seed, number)
                        .isEqualTo(admitted);
            }
        }
    }
}
