package dev.heartwood;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.heartwood.stress.broken.CheckThenAdd;
import dev.heartwood.stress.seam.Unscheduled;
import io.vavr.collection.HashMap;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * Two threads hand in the same steps, as a committer does and the thread that overtakes it: each step is queued once,
 * in order. Changes are written as digits: the value after each.
 */
public final class HandedInTwice {
    private static final Timeline TIMELINE = new Timeline(0, Map.of("a", 0), Dialect.ANYTHING);
    private static final Snapshot[] STATES = new Snapshot[3];

    static {
        for (int i = 0; i < STATES.length; i++) {
            STATES[i] = TIMELINE.state(i, HashMap.of("a", (long) i));
        }
    }

    private HandedInTwice() {}

    private static <T extends PendingChanges> T started(T changes) {
        changes.startFrom(STATES[0]);
        return changes;
    }

    private static void handIn(PendingChanges changes, int step) {
        changes.add(STATES[step - 1], STATES[step], true);
    }

    /** Polls all there is, after the digits of what was polled before. */
    private static int poll(PendingChanges changes, int before) {
        int digits = before;
        for (Update update = changes.poll(); update != null; update = changes.poll()) {
            digits = 10 * digits + (int) update.after().version();
        }
        return digits;
    }

    /** All changes, polled in the end. */
    @JCStressTest
    @Unscheduled("no store, and so no step for the scheduler")
    @Outcome(id = "12", expect = ACCEPTABLE, desc = "each once, in order")
    @Outcome(expect = FORBIDDEN, desc = "one is missing, doubled or out of order")
    @State
    public static class Every {
        private final ChangeQueue changes = started(new ChangeQueue(KeyPath.of("a"), 2));

        @Actor
        public void committer() {
            handIn(changes, 1);
            handIn(changes, 2);
        }

        @Actor
        public void helper() {
            handIn(changes, 1);
            handIn(changes, 2);
        }

        @Arbiter
        public void poll(I_Result r) {
            r.r1 = HandedInTwice.poll(changes, 0);
        }
    }

    /** All changes, polled by one of the two as well. */
    @JCStressTest
    @Unscheduled("no store, and so no step for the scheduler")
    @Outcome(id = "12", expect = ACCEPTABLE, desc = "each once, in order")
    @Outcome(expect = FORBIDDEN, desc = "one is missing, doubled or out of order")
    @State
    public static class EveryBesidePoll {
        private final ChangeQueue changes = started(new ChangeQueue(KeyPath.of("a"), 2));
        private int polled;

        @Actor
        public void committer() {
            handIn(changes, 1);
            handIn(changes, 2);
        }

        @Actor
        public void helper() {
            handIn(changes, 1);
            polled = HandedInTwice.poll(changes, 0);
            handIn(changes, 2);
        }

        @Arbiter
        public void poll(I_Result r) {
            r.r1 = HandedInTwice.poll(changes, polled);
        }
    }

    /** The newest change, polled by one of the two as well. */
    @JCStressTest
    @Unscheduled("no store, and so no step for the scheduler")
    @Outcome(id = "12", expect = ACCEPTABLE, desc = "polled between the two")
    @Outcome(id = "2", expect = ACCEPTABLE, desc = "polled after both")
    @Outcome(expect = FORBIDDEN, desc = "one is doubled or out of order, or the last is missing")
    @State
    public static class LatestBesidePoll {
        private final NewestChange changes = started(new NewestChange(KeyPath.of("a")));
        private int polled;

        @Actor
        public void committer() {
            handIn(changes, 1);
            handIn(changes, 2);
        }

        @Actor
        public void helper() {
            handIn(changes, 1);
            polled = HandedInTwice.poll(changes, 0);
            handIn(changes, 2);
        }

        @Arbiter
        public void poll(I_Result r) {
            r.r1 = HandedInTwice.poll(changes, polled);
        }
    }

    /** A step that is handed in while the follower starts from the state after it. */
    @JCStressTest
    @Unscheduled("no store, and so no step for the scheduler")
    @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "the base has it, and nothing waits")
    @Outcome(expect = FORBIDDEN, desc = "a listener would be told of a change that its base has")
    @State
    public static class BesideTheStart {
        private final NewestChange newest = started(new NewestChange(KeyPath.of("a")));
        private final ChangeQueue every = started(new ChangeQueue(KeyPath.of("a"), 2));

        @Actor
        public void registers() {
            newest.startFrom(STATES[1]);
            every.startFrom(STATES[1]);
        }

        @Actor
        public void committer() {
            handIn(newest, 1);
            handIn(every, 1);
        }

        @Arbiter
        public void poll(II_Result r) {
            r.r1 = HandedInTwice.poll(newest, 0);
            r.r2 = HandedInTwice.poll(every, 0);
        }
    }

    /** A change that leads back to the value before, handed in while the change before it is polled. */
    @JCStressTest
    @Unscheduled("no store, and so no step for the scheduler")
    @Outcome(id = "0", expect = ACCEPTABLE, desc = "each change is one, or known as none")
    @Outcome(expect = FORBIDDEN, desc = "a listener would be told of a change from a value to the same value")
    @State
    public static class LatestBackBesidePoll {
        private static final Snapshot BACK = TIMELINE.state(2, HashMap.of("a", 0L));

        private final NewestChange changes = started(new NewestChange(KeyPath.of("a")));
        private int wrong;

        @Actor
        public void committer() {
            handIn(changes, 1);
            changes.add(STATES[1], BACK, true);
        }

        @Actor
        public void poll() {
            Update update = changes.poll();
            wrong = update != null && update.before() == STATES[0] && update.after() == BACK && update.isNews() ? 1 : 0;
        }

        @Arbiter
        public void told(I_Result r) {
            r.r1 = wrong;
        }
    }

    /** The newest change, polled while the subscription is closed, and handed in by a thread that has not seen the close. */
    @JCStressTest
    @Unscheduled("no store, and so no step for the scheduler")
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "nothing waits, and nothing is kept")
    @Outcome(expect = FORBIDDEN, desc = "a closed subscription keeps two states")
    @State
    public static class LatestClosedBesidePoll {
        private final NewestChange changes = started(new NewestChange(KeyPath.of("a")));

        {
            handIn(changes, 1);
        }

        @Actor
        public void executor() {
            changes.poll();
        }

        @Actor
        public void closer() {
            changes.close();
            handIn(changes, 2);
        }

        @Arbiter
        public void keeps(I_Result r) {
            r.r1 = changes.isEmpty() ? 1 : 0;
        }
    }

    /** The same with all changes. */
    @JCStressTest
    @Unscheduled("no store, and so no step for the scheduler")
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "nothing waits, and nothing is kept")
    @Outcome(expect = FORBIDDEN, desc = "a closed subscription keeps its changes")
    @State
    public static class EveryClosedBesidePoll {
        private final ChangeQueue changes = started(new ChangeQueue(KeyPath.of("a"), 2));

        {
            handIn(changes, 1);
            handIn(changes, 2);
        }

        @Actor
        public void executor() {
            changes.poll();
        }

        @Actor
        public void closer() {
            changes.close();
        }

        @Arbiter
        public void keeps(I_Result r) {
            r.r1 = changes.isEmpty() && changes.poll() == null ? 1 : 0;
        }
    }

    /** A watcher for which each task counts as dropped at once, so that tasks come twice and late. */
    @JCStressTest
    @Outcome(id = "1234, 0", expect = ACCEPTABLE, desc = "1 -> 2 -> 3 -> 4, whoever counted")
    @Outcome(expect = FORBIDDEN, desc = "one is missing, doubled or out of order, or two calls at once")
    @State
    public static class TasksSentTwice {
        private final Store store =
                Store.options().failureHandler(failure -> {}).of(Map.of("hits", 0));
        private final AtomicInteger inside = new AtomicInteger();
        private int heard;
        private int overlaps;

        {
            Delivery delivery = Delivery.every(Runnable::run).patience(Duration.ZERO);
            store.watch("hits", delivery, update -> {
                overlaps += inside.getAndIncrement();
                heard = 10 * heard + update.after().get("hits", Integer.class);
                inside.decrementAndGet();
            });
        }

        @Actor
        public void one() {
            store.increment("hits");
            store.increment("hits");
        }

        @Actor
        public void other() {
            store.increment("hits");
            store.increment("hits");
        }

        @Arbiter
        public void heard(II_Result r) {
            r.r1 = heard;
            r.r2 = overlaps;
        }
    }

    /** On a queue that looks whether it has a step, and then adds it. */
    @JCStressTest
    @Unscheduled("no store, and so no step for the scheduler")
    @Outcome(id = "12", expect = ACCEPTABLE, desc = "each once, in order")
    @Outcome(
            id = {"112", "121", "1212", "1122", "122"},
            expect = ACCEPTABLE_INTERESTING,
            desc = "look -> look -> add -> add: a step waits twice")
    @Outcome(expect = FORBIDDEN, desc = "neither a history nor the known fault")
    @State
    public static class CheckThenAddControl {
        private final CheckThenAdd changes = new CheckThenAdd();

        @Actor
        public void committer() {
            changes.add(1);
            changes.add(2);
        }

        @Actor
        public void helper() {
            changes.add(1);
            changes.add(2);
        }

        @Arbiter
        public void poll(I_Result r) {
            r.r1 = changes.digits();
        }
    }
}
