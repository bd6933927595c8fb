package dev.heartwood.benchmarks;

import dev.heartwood.KeyPath;
import dev.heartwood.Origins;
import dev.heartwood.PathPattern;
import dev.heartwood.Store;
import dev.heartwood.history.History;
import dev.heartwood.history.HistoryOptions;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The additional cost of a commit whose origin and state are recorded, and the memory of the states of 10,000 commits
 * on a tree of 100,000 leaves. The cases take turns, and the median of the rounds is printed. Counted is the processor
 * time of the thread that commits: other processes change it little.
 *
 * <p>Run it with {@code java -cp benchmarks/target/benchmarks.jar dev.heartwood.benchmarks.HistoryCost}.
 */
public final class HistoryCost {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final KeyPath COUNTER = KeyPath.of("a", "b", "counter");
    private static final int COMMITS = 50_000;
    private static final int ROUNDS = 15;
    private static final int LEAVES = 100_000;
    private static final int KEPT = 10_000;

    private HistoryCost() {}

    /** A case, and the nanoseconds a commit of its rounds. */
    private record Case(String what, Store store, List<Double> rounds) {
        static Case of(String what, Origins origins, @Nullable HistoryOptions history) {
            Store store = Store.options().origins(origins).create();
            store.put(COUNTER, 0);
            if (history != null) {
                History recording = history.of(store);
                Runtime.getRuntime().addShutdownHook(new Thread(recording::close));
            }
            return new Case(what, store.as("planner"), new ArrayList<>());
        }

        void run() {
            long start = THREADS.getCurrentThreadCpuTime();
            for (int i = 0; i < COMMITS; i++) {
                store.increment(COUNTER);
            }
            rounds.add((THREADS.getCurrentThreadCpuTime() - start) / (double) COMMITS);
        }

        double median() {
            double[] sorted = rounds.stream()
                    .skip(ROUNDS / 3)
                    .mapToDouble(Double::doubleValue)
                    .sorted()
                    .toArray();
            return sorted[sorted.length / 2];
        }
    }

    /** Prints both tables. */
    public static void main(String[] args) {
        List<Case> cases = List.of(
                Case.of("nothing recorded", Origins.NAMED, null),
                Case.of("thread and time (WHO)", Origins.WHO, null),
                Case.of("line of code, too (WHERE)", Origins.WHERE, null),
                Case.of("a history", Origins.NAMED, History.options().keep(KEPT)),
                Case.of(
                        "a history that redacts",
                        Origins.NAMED,
                        History.options().keep(KEPT).redact(PathPattern.parse("/users/*/password"))));
        for (int round = 0; round < ROUNDS; round++) {
            cases.forEach(Case::run);
        }
        double bare = cases.get(0).median();
        for (Case one : cases) {
            Figures.add("history", one.what(), "a commit", one.median(), "ns");
            Figures.add("history", one.what(), "more", one.median() - bare, "ns");
            System.out.printf(
                    Locale.ROOT, "%-28s %6.0f ns a commit, %+6.0f%n", one.what(), one.median(), one.median() - bare);
        }
        memory("one flat map", i -> KeyPath.of("k" + i));
        memory("maps of 100", i -> KeyPath.of("m" + i / 1_000, "n" + i / 100 % 10, "k" + i % 100));
    }

    /** The place of a leaf. */
    private interface Leaf {
        KeyPath at(int i);
    }

    private static void memory(String what, Leaf leaf) {
        Store store = Store.create();
        store.batch(tx -> {
            for (int i = 0; i < LEAVES; i++) {
                tx.put(leaf.at(i), i);
            }
        });
        try (History history = History.options().keep(KEPT).of(store)) {
            long before = used();
            for (int i = 0; i < KEPT; i++) {
                store.put(leaf.at(i * 7 % LEAVES), -i - 1);
            }
            long after = used();
            Figures.add("history-memory", what, "memory more", (after - before) / 1e6, "MB");
            System.out.printf(
                    Locale.ROOT,
                    "%,d states of %,d leaves, %s: %.1f MB more%n",
                    history.states().size(),
                    LEAVES,
                    what,
                    (after - before) / 1e6);
        }
    }

    private static long used() {
        long[] used = new long[5];
        for (int i = 0; i < used.length; i++) {
            System.gc();
            used[i] = Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
        }
        return Arrays.stream(used).min().orElseThrow();
    }
}
