package dev.heartwood.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.heartwood.KeyPath;
import dev.heartwood.Store;
import dev.heartwood.stress.broken.CheckThenPut;
import dev.heartwood.stress.seam.Seam;
import java.util.Map;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZI_Result;

/** Two threads want the same free place, or replace the same value: one gets it, and the other one is told. */
public final class OneWinner {
    private OneWinner() {}

    /** Both init one place. */
    @JCStressTest
    @Outcome(id = "true, false, 1", expect = ACCEPTABLE, desc = "one -> other")
    @Outcome(id = "false, true, 2", expect = ACCEPTABLE, desc = "other -> one")
    @Outcome(expect = FORBIDDEN, desc = "two winners, none, or not the one who was told so")
    @State
    public static class OfInit {
        private static final KeyPath LEADER = KeyPath.of("cluster", "leader");
        private final Store store = Seam.store(Map.of());

        @Actor
        public void one(ZZI_Result r) {
            r.r1 = store.init(LEADER, 1);
        }

        @Actor
        public void other(ZZI_Result r) {
            r.r2 = store.init(LEADER, 2);
        }

        @Arbiter
        public void winner(ZZI_Result r) {
            r.r3 = store.get(LEADER, Integer.class);
        }
    }

    /** Both replace one value. */
    @JCStressTest
    @Outcome(id = "true, false, 1", expect = ACCEPTABLE, desc = "one -> other")
    @Outcome(id = "false, true, 2", expect = ACCEPTABLE, desc = "other -> one")
    @Outcome(expect = FORBIDDEN, desc = "two winners, none, or not the one who was told so")
    @State
    public static class OfReplace {
        private final Store store = Seam.store(Map.of("leader", 0));

        @Actor
        public void one(ZZI_Result r) {
            r.r1 = store.replace("leader", 0, 1);
        }

        @Actor
        public void other(ZZI_Result r) {
            r.r2 = store.replace("leader", 0, 2);
        }

        @Arbiter
        public void winner(ZZI_Result r) {
            r.r3 = store.get("leader", Integer.class);
        }
    }

    /** Both init one place, on a store that looks first and then puts. */
    @JCStressTest
    @Outcome(id = "true, false, 1", expect = ACCEPTABLE, desc = "one -> other")
    @Outcome(id = "false, true, 2", expect = ACCEPTABLE, desc = "other -> one")
    @Outcome(id = "true, true, 1", expect = ACCEPTABLE_INTERESTING, desc = "both found it free; two winners")
    @Outcome(id = "true, true, 2", expect = ACCEPTABLE_INTERESTING, desc = "both found it free; two winners")
    @Outcome(expect = FORBIDDEN, desc = "neither a history nor the known fault")
    @State
    public static class CheckThenPutControl {
        private final CheckThenPut store = new CheckThenPut(Map.of());

        @Actor
        public void one(ZZI_Result r) {
            r.r1 = store.init("leader", 1);
        }

        @Actor
        public void other(ZZI_Result r) {
            r.r2 = store.init("leader", 2);
        }

        @Arbiter
        public void winner(ZZI_Result r) {
            r.r3 = store.number("leader");
        }
    }

    /** Both replace one value, on a store that looks first and then puts. */
    @JCStressTest
    @Outcome(id = "true, false, 1", expect = ACCEPTABLE, desc = "one -> other")
    @Outcome(id = "false, true, 2", expect = ACCEPTABLE, desc = "other -> one")
    @Outcome(id = "true, true, 1", expect = ACCEPTABLE_INTERESTING, desc = "both found it; two winners")
    @Outcome(id = "true, true, 2", expect = ACCEPTABLE_INTERESTING, desc = "both found it; two winners")
    @Outcome(expect = FORBIDDEN, desc = "neither a history nor the known fault")
    @State
    public static class CheckThenReplaceControl {
        private final CheckThenPut store = new CheckThenPut(Map.of("leader", 0));

        @Actor
        public void one(ZZI_Result r) {
            r.r1 = store.replace("leader", 0, 1);
        }

        @Actor
        public void other(ZZI_Result r) {
            r.r2 = store.replace("leader", 0, 2);
        }

        @Arbiter
        public void winner(ZZI_Result r) {
            r.r3 = store.number("leader");
        }
    }
}
