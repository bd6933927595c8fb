package dev.heartwood.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.heartwood.Store;
import dev.heartwood.stress.broken.EffectInBody;
import dev.heartwood.stress.seam.Seam;
import java.util.Map;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;

/** The actions of a batch run once, after its commit, in order, however often the body ran. */
public final class AfterCommitOnce {
    private AfterCommitOnce() {}

    /** Beside a commit that may make the body run again. */
    @JCStressTest
    @Outcome(
            id = "12, 2, 1",
            expect = ACCEPTABLE,
            desc = "the first action once, then the second, and the commit was there")
    @Outcome(expect = FORBIDDEN, desc = "an action is missing, doubled, out of order, or came before the commit")
    @State
    public static class BesideACommit {
        private final Store store = Seam.store(Map.of("hits", 0));
        private int done;
        private int seen;

        @Actor
        public void batch() {
            store.batch(tx -> {
                tx.increment("hits");
                tx.put("mine", 1);
                tx.afterCommit(() -> done = 10 * done + 1);
                tx.afterCommit(() -> done = 10 * done + 2);
                tx.afterCommit(() -> seen = store.get("mine", Integer.class));
            });
        }

        @Actor
        public void rival() {
            store.increment("hits");
        }

        @Arbiter
        public void count(III_Result r) {
            r.r1 = done;
            r.r2 = store.get("hits", Integer.class);
            r.r3 = seen;
        }
    }

    /** Beside a commit, on a store that runs it within each attempt. */
    @JCStressTest
    @Outcome(id = "1, 2", expect = ACCEPTABLE, desc = "batch -> rival, or rival -> batch")
    @Outcome(id = "2, 2", expect = ACCEPTABLE_INTERESTING, desc = "attempt -> rival -> attempt: done twice")
    @Outcome(expect = FORBIDDEN, desc = "neither a history nor the known fault")
    @State
    public static class EffectInBodyControl {
        private final EffectInBody store = new EffectInBody(Map.of("hits", 0));
        private int done;

        @Actor
        public void batch() {
            store.batch(tx -> tx.increment("hits"), () -> done++);
        }

        @Actor
        public void rival() {
            store.batch(tx -> tx.increment("hits"));
        }

        @Arbiter
        public void count(II_Result r) {
            r.r1 = done;
            r.r2 = store.number("hits");
        }
    }
}
