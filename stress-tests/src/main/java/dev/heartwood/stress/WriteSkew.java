package dev.heartwood.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.heartwood.KeyPath;
import dev.heartwood.Store;
import dev.heartwood.Transaction;
import dev.heartwood.stress.broken.RebaseUnvalidated;
import dev.heartwood.stress.seam.Seam;
import java.util.Map;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * Two batches each read a place that the other writes: a batch commits only on a state in which everything that it
 * read is unchanged, so one of them sees the other.
 */
public final class WriteSkew {
    private static final Map<String, Integer> BOTH_ON_CALL = Map.of("alice", 1, "bob", 1);

    private WriteSkew() {}

    private static void leave(Transaction tx, String who, String other) {
        if (tx.get(other, Integer.class) == 1) {
            tx.set(KeyPath.of(who), 0);
        }
    }

    /** Read: a value. Each leaves if the other stays. */
    @JCStressTest
    @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "alice leaves -> bob stays")
    @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "bob leaves -> alice stays")
    @Outcome(id = "0, 0", expect = FORBIDDEN, desc = "each left on the other's stay: write skew")
    @Outcome(expect = FORBIDDEN, desc = "no history")
    @State
    public static class OnValues {
        private final Store store = Seam.store(BOTH_ON_CALL);

        @Actor
        public void alice() {
            store.batch(tx -> leave(tx, "alice", "bob"));
        }

        @Actor
        public void bob() {
            store.batch(tx -> leave(tx, "bob", "alice"));
        }

        @Arbiter
        public void onCall(II_Result r) {
            r.r1 = store.get("alice", Integer.class);
            r.r2 = store.get("bob", Integer.class);
        }
    }

    /** Read: that nothing is there. Each takes a seat if the other has none. */
    @JCStressTest
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "one -> the other finds the seat taken")
    @Outcome(expect = FORBIDDEN, desc = "both found it free")
    @State
    public static class OnAbsence {
        private final Store store = Seam.store(Map.of());

        @Actor
        public void alice() {
            store.batch(tx -> {
                if (!tx.contains("bob")) {
                    tx.set(KeyPath.of("alice"), 1);
                }
            });
        }

        @Actor
        public void bob() {
            store.batch(tx -> {
                if (tx.getOrDefault("alice", Integer.class, 0) == 0) {
                    tx.set(KeyPath.of("bob"), 1);
                }
            });
        }

        @Arbiter
        public void seats(I_Result r) {
            r.r1 = store.size();
        }
    }

    /** Read: a size. Each puts a key of its own if there is room for one more. */
    @JCStressTest
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "one -> the other finds it full")
    @Outcome(expect = FORBIDDEN, desc = "both found room for one")
    @State
    public static class OnSize {
        private static final KeyPath ROOM = KeyPath.of("room");
        private final Store store = Seam.store(Map.of("room", Map.of()));

        @Actor
        public void alice() {
            store.batch(tx -> enter(tx, "alice"));
        }

        @Actor
        public void bob() {
            store.batch(tx -> enter(tx, "bob"));
        }

        @Arbiter
        public void inside(I_Result r) {
            r.r1 = store.size(ROOM);
        }

        private static void enter(Transaction tx, String who) {
            if (tx.size(ROOM) < 1) {
                tx.set(ROOM.child(who), 1);
            }
        }
    }

    /** Read: a key set. Each puts a key of its own if nobody else is there. */
    @JCStressTest
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "one -> the other finds somebody")
    @Outcome(expect = FORBIDDEN, desc = "both found nobody")
    @State
    public static class OnKeys {
        private static final KeyPath ROOM = KeyPath.of("room");
        private final Store store = Seam.store(Map.of("room", Map.of()));

        @Actor
        public void alice() {
            store.batch(tx -> enter(tx, "alice"));
        }

        @Actor
        public void bob() {
            store.batch(tx -> enter(tx, "bob"));
        }

        @Arbiter
        public void inside(I_Result r) {
            r.r1 = store.size(ROOM);
        }

        private static void enter(Transaction tx, String who) {
            if (tx.keys(ROOM).isEmpty()) {
                tx.set(ROOM.child(who), 1);
            }
        }
    }

    /** Read: a whole container, of which the other changes a leaf if nobody has counted it yet. */
    @JCStressTest
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "count 1 -> no change any more")
    @Outcome(id = "5, 5", expect = ACCEPTABLE, desc = "change -> count 5")
    @Outcome(expect = FORBIDDEN, desc = "what was counted is not what is there")
    @State
    public static class OnContainers {
        private static final KeyPath LEAF = KeyPath.of("map", "deep", "leaf");
        private final Store store = Seam.store(Map.of("map", Map.of("deep", Map.of("leaf", 1))));

        @Actor
        public void count() {
            store.batch(tx -> tx.put(
                    "counted",
                    tx.leaves(KeyPath.of("map"))
                            .mapToInt(leaf -> leaf.getValue() instanceof Long number ? number.intValue() : -1)
                            .sum()));
        }

        @Actor
        public void change() {
            store.batch(tx -> {
                if (!tx.contains("counted")) {
                    tx.set(LEAF, 5);
                }
            });
        }

        @Arbiter
        public void left(II_Result r) {
            r.r1 = store.get("counted", Integer.class);
            r.r2 = store.get(LEAF, Integer.class);
        }
    }

    /** Read: a value, on a store that rebases without validation. */
    @JCStressTest
    @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "alice leaves -> bob stays")
    @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "bob leaves -> alice stays")
    @Outcome(id = "0, 0", expect = ACCEPTABLE_INTERESTING, desc = "each left on the other's stay: write skew")
    @Outcome(expect = FORBIDDEN, desc = "neither a history nor the known fault")
    @State
    public static class RebaseUnvalidatedControl {
        private final RebaseUnvalidated store = new RebaseUnvalidated(BOTH_ON_CALL);

        @Actor
        public void alice() {
            store.batch(tx -> leave(tx, "alice", "bob"));
        }

        @Actor
        public void bob() {
            store.batch(tx -> leave(tx, "bob", "alice"));
        }

        @Arbiter
        public void onCall(II_Result r) {
            r.r1 = store.number("alice");
            r.r2 = store.number("bob");
        }
    }
}
