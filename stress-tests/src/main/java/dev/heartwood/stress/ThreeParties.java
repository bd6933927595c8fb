package dev.heartwood.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.heartwood.KeyPath;
import dev.heartwood.Snapshot;
import dev.heartwood.Store;
import dev.heartwood.stress.broken.RebaseUnvalidated;
import dev.heartwood.stress.seam.Seam;
import java.util.Map;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * What shows only with three: for the scheduler alone, since jcstress runs no suite that has more actors than the machine
 * has processors.
 */
public final class ThreeParties {
    private ThreeParties() {}

    /** One writes, one passes on what it saw, one looks: who sees the effect sees the cause. */
    @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "look -> pass on, or pass on -> cause")
    @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "cause -> look -> pass on, or pass on -> cause -> look")
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "cause -> pass on -> look")
    @Outcome(id = "0, 1", expect = FORBIDDEN, desc = "the effect without its cause")
    @State
    public static class CauseAndEffect {
        private final Store store = Seam.store(Map.of("cause", 0, "effect", 0));

        @Actor
        public void cause() {
            store.set(KeyPath.of("cause"), 1);
        }

        @Actor
        public void passOn() {
            store.batch(tx -> tx.put("effect", tx.get("cause")));
        }

        @Actor
        public void look(II_Result r) {
            Snapshot now = store.snapshot();
            r.r1 = now.get("cause", Integer.class);
            r.r2 = now.get("effect", Integer.class);
        }
    }

    /** A batch that loses to a first and then to a second rival: its changes are put onto both. */
    @Outcome(id = "1, 2, 3", expect = ACCEPTABLE, desc = "all three, in any order")
    @Outcome(expect = FORBIDDEN, desc = "a write is lost on the second rebase")
    @State
    public static class TwoLossesInARow {
        private final Store store = Seam.store(Map.of("one", 0, "two", 0, "three", 0));

        @Actor
        public void one() {
            store.batch(tx -> tx.set(KeyPath.of("one"), 1));
        }

        @Actor
        public void two() {
            store.set(KeyPath.of("two"), 2);
        }

        @Actor
        public void three() {
            store.update("three", Integer.class, three -> three + 3);
        }

        @Arbiter
        public void all(III_Result r) {
            Snapshot now = store.snapshot();
            r.r1 = now.get("one", Integer.class);
            r.r2 = now.get("two", Integer.class);
            r.r3 = now.get("three", Integer.class);
        }
    }

    /**
     * A deposit of 20 to savings, a withdrawal of 10 from checking with a fee of 1 if the sum goes below zero, and a
     * report of both. A report that saw the deposit but not the withdrawal rules the fee out (the read-only anomaly of
     * snapshot isolation).
     */
    @Outcome(id = "0, 0, -11", expect = ACCEPTABLE, desc = "report -> withdraw with the fee -> deposit")
    @Outcome(id = "0, 0, -10", expect = ACCEPTABLE, desc = "report -> deposit -> withdraw")
    @Outcome(id = "20, 0, -10", expect = ACCEPTABLE, desc = "deposit -> report -> withdraw")
    @Outcome(id = "20, -10, -10", expect = ACCEPTABLE, desc = "deposit -> withdraw -> report")
    @Outcome(id = "0, -11, -11", expect = ACCEPTABLE, desc = "withdraw with the fee -> report -> deposit")
    @Outcome(id = "20, -11, -11", expect = ACCEPTABLE, desc = "withdraw with the fee -> deposit -> report")
    @Outcome(id = "20, 0, -11", expect = FORBIDDEN, desc = "a fee, though the report saw the deposit alone")
    @Outcome(expect = FORBIDDEN, desc = "no history")
    @State
    public static class ReadOnlyAnomaly {
        private final Store store = Seam.store(Map.of("savings", 0, "checking", 0));

        @Actor
        public void deposit() {
            store.increment("savings", 20);
        }

        @Actor
        public void withdraw() {
            store.batch(tx -> {
                int sum = tx.get("savings", Integer.class) + tx.get("checking", Integer.class);
                tx.decrement("checking", sum < 10 ? 11 : 10);
            });
        }

        @Actor
        public void report(III_Result r) {
            Snapshot now = store.snapshot();
            r.r1 = now.get("savings", Integer.class);
            r.r2 = now.get("checking", Integer.class);
        }

        @Arbiter
        public void left(III_Result r) {
            r.r3 = store.get("checking", Integer.class);
        }
    }

    /** Three that leave if the two others stay, on a store that rebases without validation. */
    @Outcome(id = "2", expect = ACCEPTABLE, desc = "one leaves -> the others stay")
    @Outcome(id = "1", expect = ACCEPTABLE_INTERESTING, desc = "two left on each other's stay")
    @Outcome(id = "0", expect = ACCEPTABLE_INTERESTING, desc = "all three left on each other's stay")
    @Outcome(expect = FORBIDDEN, desc = "neither a history nor the known fault")
    @State
    public static class RebaseUnvalidatedControl {
        private final RebaseUnvalidated store = new RebaseUnvalidated(Map.of("a", 1, "b", 1, "c", 1));

        @Actor
        public void a() {
            leave("a");
        }

        @Actor
        public void b() {
            leave("b");
        }

        @Actor
        public void c() {
            leave("c");
        }

        @Arbiter
        public void left(I_Result r) {
            r.r1 = store.number("a") + store.number("b") + store.number("c");
        }

        private void leave(String who) {
            store.batch(tx -> {
                if (tx.get("a", Integer.class) + tx.get("b", Integer.class) + tx.get("c", Integer.class) == 3) {
                    tx.put(who, 0);
                }
            });
        }
    }
}
