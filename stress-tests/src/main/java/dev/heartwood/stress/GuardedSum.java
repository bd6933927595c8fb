package dev.heartwood.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.heartwood.GuardException;
import dev.heartwood.KeyPath;
import dev.heartwood.Snapshot;
import dev.heartwood.Store;
import dev.heartwood.TreeView;
import dev.heartwood.stress.broken.GuardBeforeRebase;
import dev.heartwood.stress.seam.Seam;
import java.util.Map;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/** A guard holds for each tree that is published: two commits that each keep the guard cannot break it together. */
public final class GuardedSum {
    private static final Map<String, Integer> TREE = Map.of("a", 0, "b", 0);

    private GuardedSum() {}

    private static boolean atMostTen(TreeView view) {
        return view.get("a", Integer.class) + view.get("b", Integer.class) <= 10;
    }

    private static Store guarded() {
        return Store.options()
                .guard("at most ten", KeyPath.root(), GuardedSum::atMostTen)
                .over(Seam.root(TREE));
    }

    /** Two writes that read nothing: one of them is refused. */
    @JCStressTest
    @Outcome(id = "6, 1, 0", expect = ACCEPTABLE, desc = "one -> other is refused")
    @Outcome(id = "6, 0, 1", expect = ACCEPTABLE, desc = "other -> one is refused")
    @Outcome(expect = FORBIDDEN, desc = "both were committed, or none")
    @State
    public static class OfBlindWrites {
        private final Store store = guarded();

        @Actor
        public void one(III_Result r) {
            r.r2 = sets("a");
        }

        @Actor
        public void other(III_Result r) {
            r.r3 = sets("b");
        }

        private int sets(String key) {
            try {
                store.batch(tx -> tx.set(KeyPath.of(key), 6));
                return 1;
            } catch (GuardException refused) {
                return 0;
            }
        }

        @Arbiter
        public void sum(III_Result r) {
            r.r1 = store.get("a", Integer.class) + store.get("b", Integer.class);
        }
    }

    /** Beside a compare-and-set, whose draft was made before: it loses, or the write is refused. */
    @JCStressTest
    @Outcome(id = "6, 1, 0", expect = ACCEPTABLE, desc = "write -> the compare-and-set comes late, or is refused")
    @Outcome(id = "6, 0, 1", expect = ACCEPTABLE, desc = "compare-and-set -> the write is refused")
    @Outcome(expect = FORBIDDEN, desc = "both were committed, or none")
    @State
    public static class BesideACompareAndSet {
        private final Store store = guarded();

        @Actor
        public void write(III_Result r) {
            try {
                store.set("a", 6);
                r.r2 = 1;
            } catch (GuardException refused) {
                r.r2 = 0;
            }
        }

        @Actor
        public void compareAndSet(III_Result r) {
            Snapshot seen = store.snapshot();
            try {
                r.r3 = store.compareAndSet(seen, seen.edit(tx -> tx.set("b", 6))) ? 1 : 0;
            } catch (GuardException refused) {
                r.r3 = 0;
            }
        }

        @Arbiter
        public void sum(III_Result r) {
            r.r1 = store.get("a", Integer.class) + store.get("b", Integer.class);
        }
    }

    /** The same writes on a store that asks the guard once, and then puts the changes onto whichever state is newest. */
    @JCStressTest
    @Outcome(id = "6", expect = ACCEPTABLE, desc = "one of them is refused")
    @Outcome(id = "12", expect = ACCEPTABLE_INTERESTING, desc = "each was asked about before the other was there")
    @Outcome(expect = FORBIDDEN, desc = "neither a history nor the known fault")
    @State
    public static class GuardBeforeRebaseControl {
        private final GuardBeforeRebase store = new GuardBeforeRebase(TREE, GuardedSum::atMostTen);

        @Actor
        public void one() {
            store.batch(tx -> tx.set("a", 6));
        }

        @Actor
        public void other() {
            store.batch(tx -> tx.set("b", 6));
        }

        @Arbiter
        public void sum(I_Result r) {
            r.r1 = store.number("a") + store.number("b");
        }
    }
}
