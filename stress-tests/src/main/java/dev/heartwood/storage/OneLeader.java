package dev.heartwood.storage;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.heartwood.stress.broken.LookThenLead;
import dev.heartwood.stress.broken.WatchLeaves;
import dev.heartwood.stress.seam.Sleeper;
import dev.heartwood.stress.seam.Unscheduled;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IIII_Result;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * Threads wait for their commits: one thread at a time decides, every thread learns the outcome of its own commit, and
 * none sleeps on.
 */
public final class OneLeader {
    private static final int ROUNDS = 3;

    private OneLeader() {}

    /** Two that commit three times each. */
    @JCStressTest
    @Unscheduled("the waiting thread is woken by another, not by its turn")
    @Outcome(id = "3, 3, 6, 1", expect = ACCEPTABLE, desc = "all are decided and there; one led at a time")
    @Outcome(expect = FORBIDDEN, desc = "one slept on, a commit is lost, or two led at once")
    @State
    public static class OfTwo {
        private final Group group = new Group();
        private final Sleeper left = Sleeper.ofStore();
        private final Sleeper right = Sleeper.ofStore();

        @Actor
        public void left(IIII_Result r) {
            left.sleep(() -> group.commit("left", ROUNDS));
            r.r2 = right.answer();
        }

        @Actor
        public void right(IIII_Result r) {
            right.sleep(() -> group.commit("right", ROUNDS));
            r.r1 = left.answer();
        }

        @Arbiter
        public void both(IIII_Result r) {
            r.r3 = group.published().size();
            r.r4 = group.leaders();
        }
    }

    /** Two that look whether another leads, and then lead. */
    @JCStressTest
    @Unscheduled("its threads wait for each other, which is no step of the seam")
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "one led at a time")
    @Outcome(id = "2", expect = ACCEPTABLE_INTERESTING, desc = "both looked, then both led")
    @Outcome(expect = FORBIDDEN, desc = "neither a history nor the known fault")
    @State
    public static class LookThenLeadControl {
        private final LookThenLead group = new LookThenLead();
        private final Alone leader = new Alone();

        @Actor
        public void left() {
            group.commit("left", all -> leader.run(() -> {}));
        }

        @Actor
        public void right() {
            group.commit("right", all -> leader.run(() -> {}));
        }

        @Arbiter
        public void both(I_Result r) {
            r.r1 = leader.most();
        }
    }

    /**
     * Two that commit in a group of three, while the third does not come back but finds a commit of another process.
     */
    @JCStressTest
    @Unscheduled("the waiting threads are woken by another, not by their turns")
    @Outcome(id = "1, 1, 1, 1", expect = ACCEPTABLE, desc = "both are decided, before the look or after it")
    @Outcome(id = "1, 2, 1, 1", expect = ACCEPTABLE, desc = "one is decided -> other waits -> look takes it back")
    @Outcome(id = "2, 1, 1, 1", expect = ACCEPTABLE, desc = "other is decided -> one waits -> look takes it back")
    @Outcome(id = "2, 2, 1, 1", expect = ACCEPTABLE, desc = "both wait -> look takes them back")
    @Outcome(expect = FORBIDDEN, desc = "one slept on, was told what is not so, or two led at once")
    @State
    public static class BesideALook {
        private final Group group = new Group();
        private final Sleeper one = Sleeper.ofSlowStore();
        private final Sleeper other = Sleeper.ofSlowStore();

        @Actor
        public void one() {
            other.awaitSleep();
            one.sleep(() -> group.commit("one"));
        }

        @Actor
        public void look(IIII_Result r) {
            group.commitLong(() -> {
                other.sleepElsewhere(() -> group.commit("other"));
                other.awaitSleep();
            });
            group.look();
            r.r1 = one.answer();
            r.r2 = other.answer();
        }

        @Arbiter
        public void published(IIII_Result r) {
            boolean oneThere = group.published().contains("one");
            boolean otherThere = group.published().contains("other");
            r.r3 = oneThere == (r.r1 == Group.DECIDED) && otherThere == (r.r2 == Group.DECIDED) ? 1 : 0;
            r.r4 = Math.max(1, group.leaders());
        }
    }

    /** The same where who watches goes when its own commit was rolled back, and wakes nobody. */
    @JCStressTest
    @Unscheduled("the waiting threads are woken by another, not by their turns")
    @Outcome(
            id = {"1, 1", "1, 2", "2, 1", "2, 2"},
            expect = ACCEPTABLE,
            desc = "each learns what became of its commit")
    @Outcome(
            id = {"0, 0", "0, 1", "1, 0", "2, 0"},
            expect = ACCEPTABLE,
            desc = "so busy a machine that one who was woken slept on")
    @Outcome(id = "0, 2", expect = ACCEPTABLE_INTERESTING, desc = "other watches -> look -> other goes; one slept on")
    @Outcome(expect = FORBIDDEN, desc = "neither a history nor the known fault")
    @State
    public static class WatchLeavesControl {
        private final WatchLeaves group = new WatchLeaves();
        private final Sleeper one = Sleeper.ofSlowControl();
        private final Sleeper other = Sleeper.ofSlowControl();

        @Actor
        public void one() {
            other.awaitSleep();
            one.sleep(() -> commit("one"));
        }

        @Actor
        public void look(II_Result r) {
            other.sleepElsewhere(() -> commit("other"));
            other.awaitSleep();
            group.takeBack();
            r.r1 = one.answer();
            r.r2 = other.answer();
        }

        private int commit(String name) {
            return group.commit(name) ? Group.DECIDED : Group.TAKEN_BACK;
        }
    }
}
