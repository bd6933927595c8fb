package dev.heartwood.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.heartwood.Snapshot;
import dev.heartwood.Store;
import dev.heartwood.stress.broken.AbaByValue;
import dev.heartwood.stress.seam.Seam;
import java.util.Map;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZI_Result;
import org.openjdk.jcstress.infra.results.ZZI_Result;

/** {@code compareAndSet} wins only on the newest state itself, and not on an equal one. */
public final class VersionedCompareAndSet {
    private VersionedCompareAndSet() {}

    /** Beside a thread that changes the value and changes it back. */
    @JCStressTest
    @Outcome(id = "true, 1", expect = ACCEPTABLE, desc = "compareAndSet -> to 2 -> back to 1")
    @Outcome(id = "false, 1", expect = ACCEPTABLE, desc = "to 2 -> compareAndSet, before or after back to 1")
    @Outcome(id = "true, 10", expect = FORBIDDEN, desc = "to 2 -> back to 1 -> compareAndSet took it for the expected")
    @Outcome(expect = FORBIDDEN, desc = "a write is lost")
    @State
    public static class BesideThereAndBack {
        private final Store store = Seam.store(Map.of("leaf", 1));
        private final Snapshot expected = store.snapshot();
        private final Snapshot next = expected.edit(tx -> tx.put("leaf", 10));

        @Actor
        public void compareAndSet(ZI_Result r) {
            r.r1 = store.compareAndSet(expected, next);
        }

        @Actor
        public void thereAndBack() {
            store.put("leaf", 2);
            store.put("leaf", 1);
        }

        @Arbiter
        public void left(ZI_Result r) {
            r.r2 = store.get("leaf", Integer.class);
        }
    }

    /** Beside a restore of the very tree that is expected. */
    @JCStressTest
    @Outcome(id = "true, 1", expect = ACCEPTABLE, desc = "compareAndSet -> restore")
    @Outcome(id = "false, 1", expect = ACCEPTABLE, desc = "restore -> compareAndSet")
    @Outcome(expect = FORBIDDEN, desc = "a state that was left and restored was taken for itself")
    @State
    public static class BesideRestore {
        private final Store store = Seam.store(Map.of("leaf", 1));
        private final Snapshot expected = store.snapshot();
        private final Snapshot next = expected.edit(tx -> tx.put("leaf", 10));

        @Actor
        public void compareAndSet(ZI_Result r) {
            r.r1 = store.compareAndSet(expected, next);
        }

        @Actor
        public void restore() {
            store.put("leaf", 2);
            store.restore(expected);
        }

        @Arbiter
        public void left(ZI_Result r) {
            r.r2 = store.get("leaf", Integer.class);
        }
    }

    /** Two at once on one state. */
    @JCStressTest
    @Outcome(id = "true, false, 10", expect = ACCEPTABLE, desc = "ten -> twenty")
    @Outcome(id = "false, true, 20", expect = ACCEPTABLE, desc = "twenty -> ten")
    @Outcome(expect = FORBIDDEN, desc = "two winners, none, or not the one who was told so")
    @State
    public static class BesideAnother {
        private final Store store = Seam.store(Map.of("leaf", 1));
        private final Snapshot expected = store.snapshot();
        private final Snapshot toTen = expected.edit(tx -> tx.put("leaf", 10));
        private final Snapshot toTwenty = expected.edit(tx -> tx.put("leaf", 20));

        @Actor
        public void ten(ZZI_Result r) {
            r.r1 = store.compareAndSet(expected, toTen);
        }

        @Actor
        public void twenty(ZZI_Result r) {
            r.r2 = store.compareAndSet(expected, toTwenty);
        }

        @Arbiter
        public void left(ZZI_Result r) {
            r.r3 = store.get("leaf", Integer.class);
        }
    }

    /** Beside a thread that changes the value and changes it back, on a store that compares what states look like. */
    @JCStressTest
    @Outcome(id = "true, 1", expect = ACCEPTABLE, desc = "compareAndSet -> to 2 -> back to 1")
    @Outcome(id = "false, 1", expect = ACCEPTABLE, desc = "to 2 -> compareAndSet -> back to 1")
    @Outcome(id = "true, 10", expect = ACCEPTABLE_INTERESTING, desc = "to 2 -> back to 1 -> compareAndSet won")
    @Outcome(expect = FORBIDDEN, desc = "neither a history nor the known fault")
    @State
    public static class AbaByValueControl {
        private final AbaByValue store = new AbaByValue(Map.of("leaf", 1));
        private final Snapshot expected = store.snapshot();
        private final Snapshot next = expected.edit(tx -> tx.put("leaf", 10));

        @Actor
        public void compareAndSet(ZI_Result r) {
            r.r1 = store.compareAndSet(expected, next);
        }

        @Actor
        public void thereAndBack() {
            store.batch(tx -> tx.put("leaf", 2));
            store.batch(tx -> tx.put("leaf", 1));
        }

        @Arbiter
        public void left(ZI_Result r) {
            r.r2 = store.number("leaf");
        }
    }
}
