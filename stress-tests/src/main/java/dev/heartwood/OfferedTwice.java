package dev.heartwood;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.heartwood.stress.seam.Unscheduled;
import io.vavr.collection.HashMap;
import java.util.Map;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * Two threads publish the same state, as threads do that wait for one sync of a durable root: one of them publishes
 * it, and no mark is left in the state that would keep the state before it alive.
 */
public final class OfferedTwice {
    private OfferedTwice() {}

    /** Both as durable roots do it. */
    @JCStressTest
    @Unscheduled("no store, and so no step for the scheduler")
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "one has published it, and the mark is gone")
    @Outcome(expect = FORBIDDEN, desc = "published twice or not at all, or marked once more")
    @State
    public static class OnTwoThreads {
        private final Timeline timeline = new Timeline(0, Map.of(), Dialect.ANYTHING);
        private final Snapshot before = timeline.newest();
        private final Snapshot after = timeline.state(1, HashMap.of("a", 1L));

        @Actor
        public void one(II_Result r) {
            r.r1 = timeline.advance(before, after) ? 1 : 0;
        }

        @Actor
        public void other(II_Result r) {
            r.r2 = timeline.advance(before, after) ? 1 : 0;
        }

        @Arbiter
        public void mark(II_Result r) {
            r.r1 += r.r2;
            r.r2 = after.stepFrom == after ? 1 : 0;
        }
    }

    /** Both as a root does it that alone offers its states: it sets the mark without looking. */
    @JCStressTest
    @Unscheduled("no store, and so no step for the scheduler")
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "one has published it, and the mark is gone")
    @Outcome(id = "1, 0", expect = ACCEPTABLE_INTERESTING, desc = "look -> publish, hand in -> mark once more")
    @Outcome(expect = FORBIDDEN, desc = "neither a history nor the known fault")
    @State
    public static class MarkWithoutLookControl {
        private final Timeline timeline = new Timeline(0, Map.of(), Dialect.ANYTHING);
        private final Snapshot before = timeline.newest();
        private final Snapshot after = timeline.state(1, HashMap.of("a", 1L));

        @Actor
        public void one(II_Result r) {
            r.r1 = timeline.advanceAlone(before, after, java.util.List::of) ? 1 : 0;
        }

        @Actor
        public void other(II_Result r) {
            r.r2 = timeline.advanceAlone(before, after, java.util.List::of) ? 1 : 0;
        }

        @Arbiter
        public void mark(II_Result r) {
            r.r1 += r.r2;
            r.r2 = after.stepFrom == after ? 1 : 0;
        }
    }
}
