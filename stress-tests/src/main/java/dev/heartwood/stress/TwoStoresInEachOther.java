package dev.heartwood.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.heartwood.Store;
import dev.heartwood.stress.broken.LockWhileRunning;
import dev.heartwood.stress.seam.Seam;
import dev.heartwood.stress.seam.Unscheduled;
import java.util.Map;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** A batch of one store writes to another store, while a batch of the other store writes to the first: both end. */
public final class TwoStoresInEachOther {
    private TwoStoresInEachOther() {}

    /** Both have read what the other writes. */
    @JCStressTest
    @Unscheduled("in some orders the two undo each other for ever; real threads fall out of step")
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "both committed, and the inner writes at least as often")
    @Outcome(expect = FORBIDDEN, desc = "a batch was not committed, or more than once")
    @State
    public static class BothEnd {
        private final Store left = Seam.store(Map.of("batches", 0, "visits", 0));
        private final Store right = Seam.store(Map.of("batches", 0, "visits", 0));

        @Actor
        public void fromLeft() {
            meet(left, right);
        }

        @Actor
        public void fromRight() {
            meet(right, left);
        }

        @Arbiter
        public void counts(II_Result r) {
            r.r1 = count(left);
            r.r2 = count(right);
        }

        private static void meet(Store mine, Store other) {
            mine.batch(tx -> {
                tx.get("visits");
                tx.increment("batches");
                other.increment("visits");
            });
        }

        private static int count(Store store) {
            return store.get("visits", Integer.class) >= 1 ? store.get("batches", Integer.class) : -1;
        }
    }

    /** On stores that hold a lock while a body runs. */
    @JCStressTest
    @Unscheduled("its threads wait for a lock, which is no step of the seam")
    @Outcome(id = "true, true", expect = ACCEPTABLE, desc = "one after the other")
    @Outcome(id = "false, true", expect = ACCEPTABLE_INTERESTING, desc = "each holds what the other waits for")
    @Outcome(id = "true, false", expect = ACCEPTABLE_INTERESTING, desc = "each holds what the other waits for")
    @Outcome(id = "false, false", expect = ACCEPTABLE_INTERESTING, desc = "each holds what the other waits for")
    @Outcome(expect = FORBIDDEN, desc = "neither a history nor the known fault")
    @State
    public static class LockWhileRunningControl {
        private final LockWhileRunning left = new LockWhileRunning(Map.of("visits", 0));
        private final LockWhileRunning right = new LockWhileRunning(Map.of("visits", 0));

        @Actor
        public void fromLeft(ZZ_Result r) {
            r.r1 = meet(left, right);
        }

        @Actor
        public void fromRight(ZZ_Result r) {
            r.r2 = meet(right, left);
        }

        private static boolean meet(LockWhileRunning mine, LockWhileRunning other) {
            boolean[] met = new boolean[1];
            return mine.tryBatch(tx -> met[0] = other.tryBatch(inner -> inner.increment("visits"))) && met[0];
        }
    }
}
