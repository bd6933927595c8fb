package dev.heartwood.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.heartwood.Derived;
import dev.heartwood.Store;
import dev.heartwood.stress.broken.DirtyFlag;
import dev.heartwood.stress.seam.Seam;
import dev.heartwood.stress.seam.Unscheduled;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/** A derived value is computed while its inputs change: it is never older than the state at the call. */
public final class DerivedBesideChange {
    private DerivedBesideChange() {}

    /** One that is asked beside the change, and after it. */
    @JCStressTest
    @Outcome(id = "10, 20", expect = ACCEPTABLE, desc = "get -> change -> get")
    @Outcome(id = "20, 20", expect = ACCEPTABLE, desc = "change -> get -> get")
    @Outcome(expect = FORBIDDEN, desc = "outdated after the change, or made of no state")
    @State
    public static class OfOneThread {
        private final Store store = Seam.store(Map.of("a", 1));
        private final Derived<Integer> tenTimes = store.derive(view -> 10 * view.get("a", Integer.class));

        {
            int ignored = tenTimes.get();
        }

        @Actor
        public void change() {
            store.put("a", 2);
        }

        @Actor
        public void get(II_Result r) {
            r.r1 = tenTimes.get();
        }

        @Arbiter
        public void after(II_Result r) {
            r.r2 = tenTimes.get();
        }
    }

    /** Two threads that ask for the same change: one computes. */
    @JCStressTest
    @Unscheduled("one thread waits for the other, and not for its turn")
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "one computes, the other takes its value")
    @Outcome(expect = FORBIDDEN, desc = "both have computed")
    @State
    public static class OfTwoThreads {
        private final Store store = Seam.store(Map.of("a", 1));
        private final AtomicInteger runs = new AtomicInteger();
        private final Derived<Integer> tenTimes = store.derive(view -> {
            runs.incrementAndGet();
            return 10 * view.get("a", Integer.class);
        });

        @Actor
        public void one() {
            int ignored = tenTimes.get();
        }

        @Actor
        public void other() {
            int ignored = tenTimes.get();
        }

        @Arbiter
        public void runs(I_Result r) {
            r.r1 = runs.get();
        }
    }

    /** On a value with a flag that a change sets, and a computation takes back when it is done. */
    @JCStressTest
    @Outcome(id = "10, 20", expect = ACCEPTABLE, desc = "get -> change -> get")
    @Outcome(id = "20, 20", expect = ACCEPTABLE, desc = "change -> get -> get")
    @Outcome(
            id = "10, 10",
            expect = ACCEPTABLE_INTERESTING,
            desc = "compute -> change sets the flag -> it is taken back")
    @Outcome(expect = FORBIDDEN, desc = "neither a history nor the known fault")
    @State
    public static class DirtyFlagControl {
        private final Store store = Seam.store(Map.of("a", 1));
        private final DirtyFlag tenTimes = new DirtyFlag(store, view -> 10 * view.get("a", Integer.class));

        @Actor
        public void change() {
            store.put("a", 2);
            tenTimes.changed();
        }

        @Actor
        public void get(II_Result r) {
            r.r1 = tenTimes.get();
        }

        @Arbiter
        public void after(II_Result r) {
            r.r2 = tenTimes.get();
        }
    }
}
