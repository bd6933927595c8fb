package dev.heartwood.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.heartwood.Store;
import dev.heartwood.stress.broken.CommuteInBody;
import dev.heartwood.stress.seam.Seam;
import java.util.Map;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * A function that a batch commutes is applied to the newest value, exactly once, and no other commit at its place
 * disturbs the batch.
 */
public final class CommutedCounts {
    private static final Map<String, Integer> TREE = Map.of("hits", 0, "a", 0, "b", 0);

    private CommutedCounts() {}

    /** Two batches that write places of their own and count on one: both counts are there, and no body runs twice. */
    @JCStressTest
    @Outcome(id = "2, 1, 1", expect = ACCEPTABLE, desc = "both count, each at its first run")
    @Outcome(expect = FORBIDDEN, desc = "a count is lost or doubled, or a body ran twice")
    @State
    public static class OfTwoBatches {
        private final Store store = Seam.store(TREE);

        @Actor
        public void one(III_Result r) {
            r.r2 = store.batch(tx -> {
                        tx.commute("hits", Integer.class, hits -> hits + 1);
                        tx.increment("a");
                    })
                    .attempts();
        }

        @Actor
        public void other(III_Result r) {
            r.r3 = store.batch(tx -> {
                        tx.commute("hits", Integer.class, hits -> hits + 1);
                        tx.increment("b");
                    })
                    .attempts();
        }

        @Arbiter
        public void count(III_Result r) {
            r.r1 = store.get("hits", Integer.class);
        }
    }

    /** Beside a rival that multiplies: the function finds the value before or after it. */
    @JCStressTest
    @Outcome(id = "11, 1", expect = ACCEPTABLE, desc = "times ten -> plus one")
    @Outcome(id = "20, 1", expect = ACCEPTABLE, desc = "plus one -> times ten")
    @Outcome(expect = FORBIDDEN, desc = "no history, or the body ran twice")
    @State
    public static class BesideAnUpdate {
        private final Store store = Seam.store(Map.of("hits", 1));

        @Actor
        public void plusOne(II_Result r) {
            r.r2 = store.batch(tx -> tx.commute("hits", Integer.class, hits -> hits + 1))
                    .attempts();
        }

        @Actor
        public void timesTen() {
            store.update("hits", Integer.class, hits -> hits * 10);
        }

        @Arbiter
        public void both(II_Result r) {
            r.r1 = store.get("hits", Integer.class);
        }
    }

    /** What the batch then looks at is what it commits: the number that it was told is its own, and no other batch's. */
    @JCStressTest
    @Outcome(id = "2, 1, 2", expect = ACCEPTABLE, desc = "one -> other")
    @Outcome(id = "2, 2, 1", expect = ACCEPTABLE, desc = "other -> one")
    @Outcome(expect = FORBIDDEN, desc = "both were told the same number, or a count is lost")
    @State
    public static class WithALook {
        private final Store store = Seam.store(TREE);

        @Actor
        public void one(III_Result r) {
            r.r2 = number();
        }

        @Actor
        public void other(III_Result r) {
            r.r3 = number();
        }

        private int number() {
            return store.transact(tx -> {
                tx.commute("hits", Integer.class, hits -> hits + 1);
                return tx.get("hits", Integer.class);
            });
        }

        @Arbiter
        public void count(III_Result r) {
            r.r1 = store.get("hits", Integer.class);
        }
    }

    /** The same batches on a store that applies the functions in the body, and puts what they made onto the new state. */
    @JCStressTest
    @Outcome(id = "2", expect = ACCEPTABLE, desc = "both count")
    @Outcome(id = "1", expect = ACCEPTABLE_INTERESTING, desc = "both applied it to 0; a count is lost")
    @Outcome(expect = FORBIDDEN, desc = "neither a history nor the known fault")
    @State
    public static class CommuteInBodyControl {
        private final CommuteInBody store = new CommuteInBody(TREE);

        @Actor
        public void one() {
            store.batch(tx -> {
                tx.commute("hits", Integer.class, hits -> hits + 1);
                tx.increment("a");
            });
        }

        @Actor
        public void other() {
            store.batch(tx -> {
                tx.commute("hits", Integer.class, hits -> hits + 1);
                tx.increment("b");
            });
        }

        @Arbiter
        public void count(I_Result r) {
            r.r1 = store.number("hits");
        }
    }
}
