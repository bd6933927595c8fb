package dev.heartwood.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.heartwood.KeyPath;
import dev.heartwood.Snapshot;
import dev.heartwood.Store;
import dev.heartwood.stress.broken.ReadThenPut;
import dev.heartwood.stress.seam.SharedTree;
import java.util.Map;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/** Two stores over one shared tree, like those of two processes, behave to each other like two threads. */
public final class SharedByStores {
    private SharedByStores() {}

    /** An update of one leaf each. */
    @JCStressTest
    @Outcome(id = "10, 11, 11", expect = ACCEPTABLE, desc = "times ten -> plus one")
    @Outcome(id = "20, 2, 20", expect = ACCEPTABLE, desc = "plus one -> times ten")
    @Outcome(expect = FORBIDDEN, desc = "one of the two worked on a value that was no longer there")
    @State
    public static class OneLeaf {
        private final SharedTree tree = new SharedTree(Map.of("leaf", 1));
        private final Store here = Store.over(tree.root());
        private final Store there = Store.over(tree.root());

        @Actor
        public void timesTen(III_Result r) {
            r.r1 = here.update("leaf", Integer.class, leaf -> leaf * 10);
        }

        @Actor
        public void plusOne(III_Result r) {
            r.r2 = there.increment("leaf").intValue();
        }

        @Arbiter
        public void both(III_Result r) {
            r.r3 = here.get("leaf", Integer.class);
        }
    }

    /** Two batches that each read what the other writes. */
    @JCStressTest
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "one takes the seat -> the other finds it taken")
    @Outcome(expect = FORBIDDEN, desc = "both took it: write skew")
    @State
    public static class EachReadsWhatTheOtherWrites {
        private final SharedTree tree = new SharedTree(Map.of());
        private final Store here = Store.over(tree.root());
        private final Store there = Store.over(tree.root());

        @Actor
        public void alice() {
            here.batch(tx -> {
                if (!tx.contains("bob")) {
                    tx.set(KeyPath.of("alice"), 1);
                }
            });
        }

        @Actor
        public void bob() {
            there.batch(tx -> {
                if (!tx.contains("alice")) {
                    tx.set(KeyPath.of("bob"), 1);
                }
            });
        }

        @Arbiter
        public void seats(I_Result r) {
            r.r1 = there.size();
        }
    }

    /** A batch in one store, seen by a snapshot of the other. */
    @JCStressTest
    @Outcome(id = "5, 0", expect = ACCEPTABLE, desc = "look -> transfer")
    @Outcome(id = "0, 5", expect = ACCEPTABLE, desc = "transfer -> look")
    @Outcome(expect = FORBIDDEN, desc = "half a batch")
    @State
    public static class BatchSeenFromThere {
        private final SharedTree tree = new SharedTree(Map.of("from", 5, "to", 0));
        private final Store here = Store.over(tree.root());
        private final Store there = Store.over(tree.root());

        @Actor
        public void transfer() {
            here.batch(tx -> {
                tx.decrement("from", 5);
                tx.increment("to", 5);
            });
        }

        @Actor
        public void look(II_Result r) {
            Snapshot now = there.snapshot();
            r.r1 = now.get("from", Integer.class);
            r.r2 = now.get("to", Integer.class);
        }
    }

    /** An update of one leaf each, by stores that read and then put. */
    @JCStressTest
    @Outcome(id = "11", expect = ACCEPTABLE, desc = "times ten -> plus one")
    @Outcome(id = "20", expect = ACCEPTABLE, desc = "plus one -> times ten")
    @Outcome(id = "10", expect = ACCEPTABLE_INTERESTING, desc = "both read 1; plus one is lost")
    @Outcome(id = "2", expect = ACCEPTABLE_INTERESTING, desc = "both read 1; times ten is lost")
    @Outcome(expect = FORBIDDEN, desc = "neither a history nor the known fault")
    @State
    public static class ReadThenPutControl {
        private final SharedTree tree = new SharedTree(Map.of("leaf", 1));
        private final ReadThenPut here = new ReadThenPut(tree.root());
        private final ReadThenPut there = new ReadThenPut(tree.root());

        @Actor
        public void timesTen() {
            here.batch(tx -> tx.update("leaf", Integer.class, leaf -> leaf * 10));
        }

        @Actor
        public void plusOne() {
            there.batch(tx -> tx.increment("leaf"));
        }

        @Arbiter
        public void both(I_Result r) {
            r.r1 = here.number("leaf");
        }
    }
}
