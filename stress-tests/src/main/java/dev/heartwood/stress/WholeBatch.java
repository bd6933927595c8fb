package dev.heartwood.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.heartwood.Delivery;
import dev.heartwood.KeyPath;
import dev.heartwood.Snapshot;
import dev.heartwood.Store;
import dev.heartwood.TreeView;
import dev.heartwood.stress.broken.BatchInTwo;
import dev.heartwood.stress.seam.Seam;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** A batch moves 5 between two accounts: every reader sees the whole batch, or nothing of it. */
public final class WholeBatch {
    private static final Map<String, Integer> ACCOUNTS = Map.of("from", 5, "to", 0);

    private WholeBatch() {}

    private static Store store() {
        return Seam.store(ACCOUNTS);
    }

    private static void transfer(Store store) {
        store.batch(tx -> {
            tx.decrement("from", 5);
            tx.increment("to", 5);
        });
    }

    private static void look(TreeView view, II_Result r) {
        r.r1 = view.get("from", Integer.class);
        r.r2 = view.get("to", Integer.class);
    }

    /** Seen by a snapshot. */
    @JCStressTest
    @Outcome(id = "5, 0", expect = ACCEPTABLE, desc = "look -> transfer")
    @Outcome(id = "0, 5", expect = ACCEPTABLE, desc = "transfer -> look")
    @Outcome(expect = FORBIDDEN, desc = "half a batch")
    @State
    public static class BySnapshot {
        private final Store store = store();

        @Actor
        public void transfer() {
            WholeBatch.transfer(store);
        }

        @Actor
        public void look(II_Result r) {
            WholeBatch.look(store.snapshot(), r);
        }
    }

    /** Seen by another batch, which writes nothing and so is never refused. */
    @JCStressTest
    @Outcome(id = "5, 0", expect = ACCEPTABLE, desc = "look -> transfer")
    @Outcome(id = "0, 5", expect = ACCEPTABLE, desc = "transfer -> look")
    @Outcome(expect = FORBIDDEN, desc = "half a batch")
    @State
    public static class ByBatch {
        private final Store store = store();

        @Actor
        public void transfer() {
            WholeBatch.transfer(store);
        }

        @Actor
        public void look(II_Result r) {
            store.batch(tx -> WholeBatch.look(tx, r));
        }
    }

    /** Seen by two reads one after the other: they may fall on both sides of the batch, but only in order. */
    @JCStressTest
    @Outcome(id = "5, 0", expect = ACCEPTABLE, desc = "from -> to -> transfer")
    @Outcome(id = "5, 5", expect = ACCEPTABLE, desc = "from -> transfer -> to")
    @Outcome(id = "0, 5", expect = ACCEPTABLE, desc = "transfer -> from -> to")
    @Outcome(expect = FORBIDDEN, desc = "what was taken was seen, but not what was given with it")
    @State
    public static class ByTwoReads {
        private final Store store = store();

        @Actor
        public void transfer() {
            WholeBatch.transfer(store);
        }

        @Actor
        public void look(II_Result r) {
            WholeBatch.look(store, r);
        }
    }

    /** Seen by iterating the live map, and by a stream of leaves. */
    @JCStressTest
    @Outcome(id = "5, 5", expect = ACCEPTABLE, desc = "each sum is of one state")
    @Outcome(expect = FORBIDDEN, desc = "an iteration saw half a batch")
    @State
    public static class ByIteration {
        private final Store store = store();

        @Actor
        public void transfer() {
            WholeBatch.transfer(store);
        }

        @Actor
        public void iterate(II_Result r) {
            r.r1 = sum(store.asMap().values());
            r.r2 = sum(store.leaves(KeyPath.root()).map(Map.Entry::getValue).toList());
        }

        private static int sum(Iterable<? extends @Nullable Object> values) {
            int sum = 0;
            for (Object value : values) {
                sum += value instanceof Number number ? number.intValue() : 1000;
            }
            return sum;
        }
    }

    /** Seen by a watcher of one of the accounts. */
    @JCStressTest
    @Outcome(id = "0, 5", expect = ACCEPTABLE, desc = "watch -> transfer -> told of the whole batch")
    @Outcome(id = "-1, -1", expect = ACCEPTABLE, desc = "transfer -> watch, and nothing to tell")
    @Outcome(expect = FORBIDDEN, desc = "told of half a batch")
    @State
    public static class ByWatcher {
        private final Store store = store();
        private volatile @Nullable Snapshot told;

        @Actor
        public void transfer() {
            WholeBatch.transfer(store);
        }

        @Actor
        public void watch() {
            store.watch("from", Delivery.every(Runnable::run), update -> told = update.after());
        }

        @Arbiter
        public void heard(II_Result r) {
            Snapshot heard = told;
            r.r1 = -1;
            r.r2 = -1;
            if (heard != null) {
                WholeBatch.look(heard, r);
            }
        }
    }

    /** Seen by a snapshot of a store that commits a batch in two. */
    @JCStressTest
    @Outcome(id = "5, 0", expect = ACCEPTABLE, desc = "look -> transfer")
    @Outcome(id = "0, 5", expect = ACCEPTABLE, desc = "transfer -> look")
    @Outcome(id = "0, 0", expect = ACCEPTABLE_INTERESTING, desc = "take -> look -> give: 5 have vanished")
    @Outcome(expect = FORBIDDEN, desc = "neither a history nor the known fault")
    @State
    public static class BatchInTwoControl {
        private final BatchInTwo store = new BatchInTwo(ACCOUNTS);

        @Actor
        public void transfer() {
            store.batch(tx -> tx.decrement("from", 5), tx -> tx.increment("to", 5));
        }

        @Actor
        public void look(II_Result r) {
            WholeBatch.look(store.snapshot(), r);
        }
    }
}
