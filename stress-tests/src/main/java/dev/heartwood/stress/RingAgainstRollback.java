package dev.heartwood.stress;

import static java.util.Objects.requireNonNull;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.heartwood.KeyPath;
import dev.heartwood.Store;
import dev.heartwood.stress.broken.SleepUnsettled;
import dev.heartwood.stress.seam.UndecidedRoot;
import dev.heartwood.stress.seam.Unscheduled;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * A batch wants to wait because an accepted commit has taken the last job, while that commit is rolled back: the batch
 * wakes up. If it is rolled back, the visible state does not change, and nobody is rung; so the batch may not sleep on
 * it.
 */
public final class RingAgainstRollback {
    private static final Duration LONG = Duration.ofSeconds(20);

    private RingAgainstRollback() {}

    private static UndecidedRoot root() {
        return new UndecidedRoot(Map.of("jobs", List.of(1)), Map.of("jobs", List.of()));
    }

    private static int take(Store store) {
        try {
            return store.<Integer, RuntimeException>awaitTransact(
                    tx -> {
                        tx.check(tx.size("jobs") > 0);
                        return requireNonNull((Long) tx.remove(KeyPath.of("jobs", 0)))
                                .intValue();
                    },
                    LONG);
        } catch (TimeoutException | InterruptedException e) {
            return -1;
        }
    }

    /** The commit that has taken the job is rolled back: the job is there. */
    @JCStressTest
    @Unscheduled("the waiting thread waits for the decision, and not for its turn")
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "whenever it looked, it runs again after the rollback")
    @Outcome(expect = FORBIDDEN, desc = "it sleeps on a commit that never was")
    @State
    public static class RolledBack {
        private final UndecidedRoot root = root();
        private final Store store = Store.over(root);

        @Actor
        public void decide() {
            root.decide(false);
        }

        @Actor
        public void take(I_Result r) {
            r.r1 = RingAgainstRollback.take(store);
        }
    }

    /** The commit stays, and another brings a job. */
    @JCStressTest
    @Unscheduled("the waiting thread waits for the decision, and not for its turn")
    @Outcome(id = "2", expect = ACCEPTABLE, desc = "it sleeps, or not yet, and takes the second job")
    @Outcome(expect = FORBIDDEN, desc = "it slept through the commit, or took what was taken")
    @State
    public static class Committed {
        private final UndecidedRoot root = root();
        private final Store store = Store.over(root);

        @Actor
        public void decideAndGive() {
            root.decide(true);
            store.append("jobs", 2);
        }

        @Actor
        public void take(I_Result r) {
            r.r1 = RingAgainstRollback.take(store);
        }
    }

    /** On one that sleeps by what is accepted, and asks nobody whether it stays. */
    @JCStressTest
    @Unscheduled("no store, and so no step for the scheduler")
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "rollback -> look")
    @Outcome(id = "0", expect = ACCEPTABLE_INTERESTING, desc = "look -> rollback, of which nobody is told: sleeps on")
    @Outcome(expect = FORBIDDEN, desc = "neither a history nor the known fault")
    @State
    public static class SleepUnsettledControl {
        private final SleepUnsettled sleeper = new SleepUnsettled();

        @Actor
        public void rollBack() {
            sleeper.rollBack();
        }

        @Actor
        public void look() {
            sleeper.registerAndLook();
        }

        @Arbiter
        public void awake(I_Result r) {
            r.r1 = sleeper.isAwake() ? 1 : 0;
        }
    }
}
