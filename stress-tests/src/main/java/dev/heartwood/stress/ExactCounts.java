package dev.heartwood.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.heartwood.KeyPath;
import dev.heartwood.Store;
import dev.heartwood.stress.broken.ReadThenPut;
import dev.heartwood.stress.seam.Seam;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/** Two threads count: the sum is exact. */
public final class ExactCounts {
    private ExactCounts() {}

    /** Two increments each, of one nested number. */
    @JCStressTest
    @Outcome(id = "4", expect = ACCEPTABLE, desc = "all four, in any order")
    @Outcome(expect = FORBIDDEN, desc = "an increment is lost or doubled")
    @State
    public static class OfIncrements {
        private static final KeyPath HITS = KeyPath.of("stats", "hits");
        private final Store store = Seam.store(Map.of("stats", Map.of("hits", 0)));

        @Actor
        public void one() {
            store.increment(HITS);
            store.increment(HITS);
        }

        @Actor
        public void other() {
            store.increment(HITS);
            store.at(HITS).increment();
        }

        @Arbiter
        public void count(I_Result r) {
            r.r1 = store.get(HITS, Integer.class);
        }
    }

    /** Appends of two threads to one list: all are there, and each thread's own in its order. */
    @JCStressTest
    @Outcome(id = "4, 1, 1", expect = ACCEPTABLE, desc = "any interleaving of 1 -> 2 and 3, 4")
    @Outcome(expect = FORBIDDEN, desc = "an element is lost, doubled or out of its thread's order")
    @State
    public static class OfAppends {
        private final Store store = Seam.store(Map.of("log", List.of()));

        @Actor
        public void one() {
            store.append("log", 1);
            store.append("log", 2);
        }

        @Actor
        public void other() {
            store.concat("log", List.of(3, 4));
        }

        @Arbiter
        public void count(III_Result r) {
            List<?> log = store.getList(KeyPath.of("log"));
            r.r1 = log.size();
            r.r2 = log.indexOf(1L) >= 0 && log.indexOf(1L) < log.indexOf(2L) ? 1 : 0;
            r.r3 = log.indexOf(3L) >= 0 && log.indexOf(3L) == log.indexOf(4L) - 1 ? 1 : 0;
        }
    }

    /** Batches that count in two places and append, beside a batch that counts in one of them. */
    @JCStressTest
    @Outcome(id = "3, 1, 2", expect = ACCEPTABLE, desc = "both batches, in either order")
    @Outcome(expect = FORBIDDEN, desc = "part of a batch is lost or doubled")
    @State
    public static class OfBatches {
        private final Store store = Seam.store(Map.of("a", 0, "b", 0, "log", List.of()));

        @Actor
        public void both() {
            store.batch(tx -> {
                tx.increment("a");
                tx.increment("b");
                tx.append("log", "both");
            });
        }

        @Actor
        public void one() {
            store.batch(tx -> {
                tx.increment("a", 2);
                tx.append("log", "one");
            });
        }

        @Arbiter
        public void count(III_Result r) {
            r.r1 = store.get("a", Integer.class);
            r.r2 = store.get("b", Integer.class);
            r.r3 = store.size("log");
        }
    }

    /** A merge each, of a number that is not there at first. */
    @JCStressTest
    @Outcome(id = "1, 2, 2", expect = ACCEPTABLE, desc = "one -> other")
    @Outcome(id = "2, 1, 2", expect = ACCEPTABLE, desc = "other -> one")
    @Outcome(expect = FORBIDDEN, desc = "both found nothing, or saw what the other had not left")
    @State
    public static class OfMerges {
        private static final KeyPath WORD = KeyPath.of("words", "heart");
        private final Store store = Seam.store(Map.of());

        @Actor
        public void one(III_Result r) {
            r.r1 = Objects.requireNonNull(store.merge(WORD, Integer.class, 1, Integer::sum));
        }

        @Actor
        public void other(III_Result r) {
            r.r2 = Objects.requireNonNull(store.merge(WORD, Integer.class, 1, Integer::sum));
        }

        @Arbiter
        public void count(III_Result r) {
            r.r3 = store.get(WORD, Integer.class);
        }
    }

    /** An increment each, on a store that reads and then puts. */
    @JCStressTest
    @Outcome(id = "2", expect = ACCEPTABLE, desc = "one -> other, or other -> one")
    @Outcome(id = "1", expect = ACCEPTABLE_INTERESTING, desc = "both read 0; an increment is lost")
    @Outcome(expect = FORBIDDEN, desc = "neither a history nor the known fault")
    @State
    public static class ReadThenPutControl {
        private final ReadThenPut store = new ReadThenPut(Map.of("hits", 0));

        @Actor
        public void one() {
            store.batch(tx -> tx.increment("hits"));
        }

        @Actor
        public void other() {
            store.batch(tx -> tx.increment("hits"));
        }

        @Arbiter
        public void count(I_Result r) {
            r.r1 = store.number("hits");
        }
    }
}
