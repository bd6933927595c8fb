package dev.heartwood.stress;

import static java.util.Objects.requireNonNull;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.heartwood.KeyPath;
import dev.heartwood.Store;
import dev.heartwood.Transaction;
import dev.heartwood.stress.broken.MarkByOr;
import dev.heartwood.stress.seam.Seam;
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
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * A batch waits while another thread makes the commit that it waits for: the batch wakes up, and takes each thing
 * once.
 */
public final class BlockedTaker {
    private static final KeyPath JOBS = KeyPath.of("jobs");
    private static final KeyPath FIRST = KeyPath.of("jobs", 0);
    private static final Duration LONG = Duration.ofSeconds(20);

    private BlockedTaker() {}

    private static int take(Transaction tx) {
        tx.check(tx.size(JOBS) > 0);
        return requireNonNull((Long) tx.remove(FIRST)).intValue();
    }

    private static int await(Store store) {
        try {
            return store.<Integer, RuntimeException>awaitTransact(BlockedTaker::take, LONG);
        } catch (TimeoutException | InterruptedException e) {
            return -1;
        }
    }

    /** One taker. */
    @JCStressTest
    @Unscheduled("the waiting thread is woken by another, not by its turn")
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "append -> take, or take sleeps -> append wakes it")
    @Outcome(expect = FORBIDDEN, desc = "it slept through the commit")
    @State
    public static class One {
        private final Store store = Seam.store(Map.of("jobs", List.of()));

        @Actor
        public void give() {
            store.append(JOBS, 1);
        }

        @Actor
        public void take(I_Result r) {
            r.r1 = await(store);
        }
    }

    /** A taker, and a giver that takes as well. */
    @JCStressTest
    @Unscheduled("the waiting thread is woken by another, not by its turn")
    @Outcome(
            id = {"1, 2", "2, 1"},
            expect = ACCEPTABLE,
            desc = "each took one")
    @Outcome(expect = FORBIDDEN, desc = "one was taken twice, or a taker slept on")
    @State
    public static class Two {
        private final Store store = Seam.store(Map.of("jobs", List.of()));

        @Actor
        public void giveAndTake(II_Result r) {
            store.append(JOBS, 1);
            store.append(JOBS, 2);
            r.r1 = await(store);
        }

        @Actor
        public void take(II_Result r) {
            r.r2 = await(store);
        }
    }

    /** One that reads by alternatives: either wakes it. */
    @JCStressTest
    @Unscheduled("the waiting thread is woken by another, not by its turn")
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "the second function's place changed, and woke it")
    @Outcome(expect = FORBIDDEN, desc = "it slept through the commit")
    @State
    public static class OfTwoPlaces {
        private final Store store = Seam.store(Map.of("jobs", List.of(), "flag", 0));

        @Actor
        public void give() {
            store.put("flag", 1);
        }

        @Actor
        public void take(I_Result r) {
            try {
                r.r1 = store.<Integer, RuntimeException>awaitTransact(
                        tx -> tx.orElse(BlockedTaker::take, second -> {
                            second.check(second.get("flag", Integer.class) > 0);
                            return second.get("flag", Integer.class);
                        }),
                        LONG);
            } catch (TimeoutException | InterruptedException e) {
                r.r1 = -1;
            }
        }
    }

    /** On a sleeper that writes its mark back with an "or". */
    @JCStressTest
    @Unscheduled("no store, and so no step for the scheduler")
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "woken")
    @Outcome(id = "0", expect = ACCEPTABLE_INTERESTING, desc = "read the mark -> ring -> write it back: slept on")
    @Outcome(expect = FORBIDDEN, desc = "neither a history nor the known fault")
    @State
    public static class MarkByOrControl {
        private final MarkByOr mark = new MarkByOr();

        @Actor
        public void ring() {
            mark.commit();
        }

        @Actor
        public void look() {
            mark.registerAndLook();
        }

        @Arbiter
        public void awake(I_Result r) {
            r.r1 = mark.isAwake() ? 1 : 0;
        }
    }
}
