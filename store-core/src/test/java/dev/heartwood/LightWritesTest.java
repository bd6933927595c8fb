package dev.heartwood;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * A put or an increment of a batch in one descent does what the operation that can be repeated does: the same answers, tree,
 * reads, writes and edits.
 */
class LightWritesTest {
    private static final int CASES = 20_000;
    private static final int MOST = 12;

    private static final List<KeyPath> PATHS = Stream.of(
                    "",
                    "/a",
                    "/n",
                    "/s",
                    "/none",
                    "/x",
                    "/x/y",
                    "/m",
                    "/m/a",
                    "/m/e",
                    "/m/e/k",
                    "/m/b/c",
                    "/m/new",
                    "/l",
                    "/l/0",
                    "/l/1/a",
                    "/l/-",
                    "/l/3",
                    "/a/b",
                    "/big",
                    "/d",
                    "/min",
                    "//",
                    "/" + "0/".repeat(40) + "z")
            .map(KeyPath::parse)
            .toList();

    private static final List<Number> AMOUNTS = List.of(
            0,
            1,
            -1L,
            0.5,
            -0.0,
            Double.MAX_VALUE,
            Double.NaN,
            Long.MAX_VALUE,
            Long.MIN_VALUE,
            new BigDecimal("0.10"),
            new BigDecimal("1E+200000"),
            BigInteger.TEN.pow(30),
            (short) 3,
            1.5f);

    private static Map<String, Object> start() {
        Map<String, Object> start = new HashMap<>();
        start.put("a", 1);
        start.put("n", 0.0);
        start.put("s", "text");
        start.put("none", null);
        start.put("m", Map.of("a", 1, "e", Map.of(), "b", Map.of("c", new BigDecimal("1.0"))));
        start.put("l", Arrays.asList(1, Map.of("a", 1), null));
        start.put("big", BigInteger.TEN.pow(20));
        start.put("d", Double.MAX_VALUE);
        start.put("min", Long.MIN_VALUE);
        start.put("", Map.of("", 5));
        return start;
    }

    @Test
    void aWriteInOneDescentDoesWhatOneThatCanBeRepeatedDoes() {
        long seed = new Random().nextLong();
        for (int i = 0; i < CASES; i++) {
            assertThat(run(seed + i, true)).as("seed %d", seed + i).isEqualTo(run(seed + i, false));
        }
    }

    private static Outcome run(long seed, boolean light) {
        Random random = new Random(seed);
        Transaction tx = new Transaction(Store.of(start()).snapshot(), false, false);
        List<String> answers = new ArrayList<>();
        some(tx, tx, random, answers, light, 0);
        Map<String, Integer> reads = new TreeMap<>();
        tx.readWriteSet().forEachRead((path, bits) -> reads.put(path.toString(), bits));
        return new Outcome(
                answers,
                new Snapshot(tx.before().identity().drafts().unrecorded(), 0, tx.tree()).toMap(),
                reads,
                sorted(tx.readWriteSet().replay(tx.before().tree(), tx.tree())),
                sorted(tx.readWriteSet().edits(tx.before().tree(), tx.tree())),
                tx.hasChanged(),
                tx.hasChanged(tx.before().tree(), tx.tree()));
    }

    private static List<String> sorted(List<Edit> edits) {
        return edits.stream().map(Edit::toString).sorted().toList();
    }

    private static void some(
            Transaction whole, Transaction tx, Random random, List<String> answers, boolean light, int depth) {
        for (int i = random.nextInt(MOST); i > 0; i--) {
            KeyPath path = PATHS.get(random.nextInt(PATHS.size()));
            try {
                answers.add(path + " " + one(whole, tx, path, random, answers, light, depth));
            } catch (RuntimeException e) {
                answers.add(path + " : " + e);
            }
        }
    }

    private static Object one(
            Transaction whole,
            Transaction tx,
            KeyPath path,
            Random random,
            List<String> answers,
            boolean light,
            int depth) {
        int which = random.nextInt(18);
        Random inner = new Random(random.nextLong());
        Object value = value(inner);
        Number amount = AMOUNTS.get(inner.nextInt(AMOUNTS.size()));
        return switch (which) {
            case 0, 1, 2, 3 -> light ? tx.put(path, value) : tx.put(path, value, any -> {});
            case 4, 5, 6 -> light ? tx.increment(path, amount) : tx.increment(path, amount, any -> {});
            case 7 -> light ? tx.decrement(path, amount) : tx.decrement(path, amount, any -> {});
            case 8 -> tx.getOrDefault(path, "none");
            case 9 -> tx.contains(path);
            case 10 -> tx.discard(path);
            case 11 -> {
                tx.set(path, value);
                yield "set";
            }
            case 12 -> depth > 0 ? tx.size(KeyPath.root()) : commute(tx, path);
            case 13 -> light ? put(tx, path) : putAgain(tx, path);
            case 14 -> depth > 2 ? "deep" : update(whole, tx, path, inner, answers, light, depth + 1);
            case 15 -> depth > 2 ? "deep" : part(whole, tx, inner, answers, light, depth + 1);
            case 16 -> depth > 2 ? "deep" : scoped(whole, tx, path, inner, answers, light, depth + 1);
            default -> tx.keys(KeyPath.root());
        };
    }

    /** What is there, and a part of it. */
    private static Object put(Transaction tx, KeyPath path) {
        return String.valueOf(tx.put(path, tx.getOrDefault(path, null)));
    }

    private static Object putAgain(Transaction tx, KeyPath path) {
        return String.valueOf(tx.put(path, tx.getOrDefault(path, null), any -> {}));
    }

    private static Object commute(Transaction tx, KeyPath path) {
        tx.commute(path, Long.class, n -> n + 1);
        return "commute";
    }

    private static Object update(
            Transaction whole,
            Transaction tx,
            KeyPath path,
            Random random,
            List<String> answers,
            boolean light,
            int depth) {
        return tx.update(path, old -> {
            some(whole, tx, random, answers, light, depth);
            return old instanceof Long ? (Object) 7L : old;
        });
    }

    private static Object part(
            Transaction whole, Transaction tx, Random random, List<String> answers, boolean light, int depth) {
        tx.atomically(part -> {
            some(whole, part, random, answers, light, depth);
            if (random.nextBoolean()) {
                throw new IllegalStateException("a part that fails");
            }
        });
        return "part";
    }

    private static Object scoped(
            Transaction whole,
            Transaction tx,
            KeyPath path,
            Random random,
            List<String> answers,
            boolean light,
            int depth) {
        some(whole, tx.under(path), random, answers, light, depth);
        return "scoped";
    }

    private static Object value(Random random) {
        return switch (random.nextInt(9)) {
            case 0 -> null;
            case 1 -> Map.of("k", random.nextInt(2));
            case 2 -> List.of(1, random.nextInt(2));
            case 3 -> Map.of();
            case 4 -> 0.0;
            case 5 -> new StringBuilder("no value of a tree").length() % 2 == 0 ? Map.of(1, 2) : new Object[] {1};
            default -> random.nextInt(3);
        };
    }

    private record Outcome(
            List<String> answers,
            Map<String, Object> tree,
            Map<String, Integer> reads,
            List<String> writes,
            List<String> edits,
            boolean changed,
            boolean changedBetween) {}
}
