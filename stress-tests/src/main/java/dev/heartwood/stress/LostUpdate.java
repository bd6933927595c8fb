package dev.heartwood.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.heartwood.KeyPath;
import dev.heartwood.Store;
import dev.heartwood.stress.broken.ReadThenPut;
import dev.heartwood.stress.seam.Seam;
import java.util.Map;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/** Two updates of one leaf: the later one works on the result of the earlier one. */
public final class LostUpdate {
    private LostUpdate() {}

    /** A function on a nested leaf, and an increment of it. */
    @JCStressTest
    @Outcome(id = "10, 11, 11", expect = ACCEPTABLE, desc = "times ten -> plus one")
    @Outcome(id = "20, 2, 20", expect = ACCEPTABLE, desc = "plus one -> times ten")
    @Outcome(expect = FORBIDDEN, desc = "one of the two worked on a value that was no longer there")
    @State
    public static class OfStore {
        private static final KeyPath LEAF = KeyPath.of("stats", "hits");

        private final Store store = Seam.store(Map.of("stats", Map.of("hits", 1)));

        @Actor
        public void timesTen(III_Result r) {
            r.r1 = store.update(LEAF, Integer.class, hits -> hits * 10);
        }

        @Actor
        public void plusOne(III_Result r) {
            r.r2 = store.increment(LEAF).intValue();
        }

        @Arbiter
        public void both(III_Result r) {
            r.r3 = store.get(LEAF, Integer.class);
        }
    }

    /** The same on a store that reads and then puts. */
    @JCStressTest
    @Outcome(id = "11", expect = ACCEPTABLE, desc = "times ten -> plus one")
    @Outcome(id = "20", expect = ACCEPTABLE, desc = "plus one -> times ten")
    @Outcome(id = "10", expect = ACCEPTABLE_INTERESTING, desc = "both read 1; plus one is lost")
    @Outcome(id = "2", expect = ACCEPTABLE_INTERESTING, desc = "both read 1; times ten is lost")
    @Outcome(expect = FORBIDDEN, desc = "neither a history nor the known fault")
    @State
    public static class ReadThenPutControl {
        private final ReadThenPut store = new ReadThenPut(Map.of("hits", 1));

        @Actor
        public void timesTen() {
            store.batch(tx -> tx.update("hits", Integer.class, hits -> hits * 10));
        }

        @Actor
        public void plusOne() {
            store.batch(tx -> tx.increment("hits"));
        }

        @Arbiter
        public void both(I_Result r) {
            r.r1 = store.number("hits");
        }
    }
}
