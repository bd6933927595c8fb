package dev.heartwood.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.heartwood.Store;
import dev.heartwood.stress.seam.Seam;
import dev.heartwood.stress.seam.Unscheduled;
import java.util.Map;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** A batch of one store that writes to another, beside a batch of the other that writes to the one: both end. */
@JCStressTest
@Unscheduled("in some orders the two undo each other for ever; real threads fall out of step")
@Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "both committed, and the inner writes at least as often")
@Outcome(expect = FORBIDDEN, desc = "a batch was not committed, or more than once")
@State
public class TwoStoresInEachOther {
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
