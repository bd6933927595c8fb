package dev.heartwood;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.heartwood.stress.broken.TurnReadTwice;
import dev.heartwood.stress.seam.Unscheduled;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * Two threads each ask for a round of one watcher, and the executor runs it on the thread that asks: two rounds never
 * run at once. The result is how many ran at once at most.
 */
public final class OneRoundAtATime {
    private static final Timeline TIMELINE = new Timeline(0, Map.of(), Dialect.ANYTHING);

    private OneRoundAtATime() {}

    /** Things to do, one a round, and how many rounds were at work on them at once. */
    private static final class Work {
        private final AtomicInteger waiting = new AtomicInteger(1);
        private final AtomicInteger rounds = new AtomicInteger();
        private volatile int most;

        void round() {
            most = Math.max(most, rounds.incrementAndGet());
            waiting.decrementAndGet();
            rounds.decrementAndGet();
        }

        boolean isDone() {
            return waiting.get() <= 0;
        }
    }

    /** Has one thing told in each round. */
    private static final class Worker extends ScheduledFollower<Work> {
        Worker(Work work) {
            super(TIMELINE, Delivery.latest(Runnable::run), work);
        }

        @Override
        boolean tellNext(Ties<Work> mine) {
            mine.listener().round();
            return false;
        }

        @Override
        boolean hasNothing() {
            Ties<Work> mine = ties();
            return mine == null || mine.listener().isDone();
        }

        @Override
        void forget(Snapshot base) {}

        @Override
        void add(Snapshot before, Snapshot after, boolean differs) {}

        @Override
        void drop() {}
    }

    /** The loop of a watcher. */
    @JCStressTest
    @Unscheduled("no store, and so no step for the scheduler")
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "one after the other")
    @Outcome(expect = FORBIDDEN, desc = "two at once")
    @State
    public static class OfAWatcher {
        private final Work work = new Work();
        private final DeliveryLoop loop = new DeliveryLoop(new Worker(work));

        public OfAWatcher() {
            loop.begin();
        }

        @Actor
        public void one() {
            work.waiting.incrementAndGet();
            loop.ask();
        }

        @Actor
        public void other() {
            work.waiting.incrementAndGet();
            loop.ask();
        }

        @Arbiter
        public void most(I_Result r) {
            r.r1 = work.most;
        }
    }

    /** The same where a thread reads the turn once more than it looks at it. */
    @JCStressTest
    @Unscheduled("no store, and so no step for the scheduler")
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "one after the other")
    @Outcome(id = "2", expect = ACCEPTABLE_INTERESTING, desc = "a turn was taken from under the round of its owner")
    @Outcome(expect = FORBIDDEN, desc = "neither a history nor the known fault")
    @State
    public static class TurnReadTwiceControl {
        private final Work work = new Work();
        private final TurnReadTwice loop = new TurnReadTwice(work::isDone, work::round);

        @Actor
        public void one() {
            work.waiting.incrementAndGet();
            loop.ask();
        }

        @Actor
        public void other() {
            work.waiting.incrementAndGet();
            loop.ask();
        }

        @Arbiter
        public void most(I_Result r) {
            r.r1 = work.most;
        }
    }
}
