package dev.heartwood.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.heartwood.KeyPath;
import dev.heartwood.Store;
import dev.heartwood.stress.broken.CachedReads;
import dev.heartwood.stress.seam.Seam;
import java.util.Map;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** Reads go forward: a reader never sees an older state than it has seen, or than it knows of. */
public final class Freshness {
    private Freshness() {}

    /** Two reads one after the other, of values and of versions. */
    @JCStressTest
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "each second look sees as much as the first, or more")
    @Outcome(expect = FORBIDDEN, desc = "a reader went back in time")
    @State
    public static class OfTwoReads {
        private final Store store = Seam.store(Map.of("leaf", 0));

        @Actor
        public void write() {
            store.put("leaf", 1);
            store.batch(tx -> tx.put("leaf", 2));
        }

        @Actor
        public void read(II_Result r) {
            int first = store.get("leaf", Integer.class);
            long version = store.version();
            int second = store.snapshot().get("leaf", Integer.class);
            r.r1 = first <= second ? 1 : 0;
            r.r2 = version <= store.version() ? 1 : 0;
        }
    }

    /** A thread reads what it wrote, beside another that writes elsewhere. */
    @JCStressTest
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "both see their own")
    @Outcome(expect = FORBIDDEN, desc = "a thread does not see its own write")
    @State
    public static class OfOnesOwnWrites {
        private final Store store = Seam.store(Map.of("one", 0, "other", 0));

        @Actor
        public void one(II_Result r) {
            store.put("one", 1);
            r.r1 = store.get("one", Integer.class);
        }

        @Actor
        public void other(II_Result r) {
            store.batch(tx -> tx.put("other", 1));
            r.r2 = store.snapshot().get("other", Integer.class);
        }
    }

    /** Each thread writes and then looks at the other's place: one of them sees the other (Dekker's test). */
    @JCStressTest
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "both writes -> both reads")
    @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "one writes and reads -> other")
    @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "other writes and reads -> one")
    @Outcome(id = "0, 0", expect = FORBIDDEN, desc = "each read overtook its own write: no one order of all")
    @State
    public static class OfEachOthersWrites {
        private final Store store = Seam.store(Map.of("one", 0, "other", 0));

        @Actor
        public void one(II_Result r) {
            store.set(KeyPath.of("one"), 1);
            r.r1 = store.get("other", Integer.class);
        }

        @Actor
        public void other(II_Result r) {
            store.set(KeyPath.of("other"), 1);
            r.r2 = store.get("one", Integer.class);
        }
    }

    /** A thread reads what it wrote, beside another that writes elsewhere, on a store that reads from a copy. */
    @JCStressTest
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "both see their own")
    @Outcome(
            id = "0, 1",
            expect = ACCEPTABLE_INTERESTING,
            desc = "it relied on another, who had looked before its write")
    @Outcome(
            id = "1, 0",
            expect = ACCEPTABLE_INTERESTING,
            desc = "it relied on another, who had looked before its write")
    @Outcome(expect = FORBIDDEN, desc = "neither a history nor the known fault")
    @State
    public static class CachedReadsControl {
        private final CachedReads store = new CachedReads(Map.of("one", 0, "other", 0));

        @Actor
        public void one(II_Result r) {
            store.batch(tx -> tx.put("one", 1));
            r.r1 = store.read("one");
        }

        @Actor
        public void other(II_Result r) {
            store.batch(tx -> tx.put("other", 1));
            r.r2 = store.read("other");
        }
    }
}
