package dev.heartwood.storage;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.heartwood.Dialect;
import dev.heartwood.Snapshot;
import dev.heartwood.Timeline;
import dev.heartwood.stress.broken.TakeThenPublish;
import dev.heartwood.stress.seam.Unscheduled;
import java.util.Map;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** Any thread may publish the steps that are decided: a thread that returns from publishing sees all of them. */
public final class PublishingQueue {
    private PublishingQueue() {}

    /** Two that publish the same two steps. */
    @JCStressTest
    @Unscheduled("the queue is below the seam of the root")
    @Outcome(id = "2, 2", expect = ACCEPTABLE, desc = "each sees both steps once it has published")
    @Outcome(expect = FORBIDDEN, desc = "an answer was given before its state could be seen")
    @State
    public static class OfTwo {
        private final Timeline timeline = new Timeline(0, Map.of(), Dialect.ANYTHING);
        private final PublishQueue steps = new PublishQueue(timeline);

        public OfTwo() {
            Snapshot base = timeline.newest();
            Snapshot first = timeline.state(1, base.root());
            steps.add(base, first);
            steps.add(first, timeline.state(2, base.root()));
        }

        @Actor
        public void one(II_Result r) {
            steps.publish();
            r.r1 = (int) timeline.newest().version();
        }

        @Actor
        public void other(II_Result r) {
            steps.publish();
            r.r2 = (int) timeline.newest().version();
        }
    }

    /** The same where a step is taken out of the queue before it is published. */
    @JCStressTest
    @Unscheduled("the queue is below the seam of the root")
    @Outcome(id = "2, 2", expect = ACCEPTABLE, desc = "each sees both steps once it has published")
    @Outcome(
            id = {"0, 2", "2, 0", "1, 2", "2, 1"},
            expect = ACCEPTABLE_INTERESTING,
            desc = "one took a step -> other found none, and went on before it could be seen")
    @Outcome(expect = FORBIDDEN, desc = "neither a history nor the known fault")
    @State
    public static class TakeThenPublishControl {
        private final TakeThenPublish steps = new TakeThenPublish(2);

        @Actor
        public void one(II_Result r) {
            steps.publish();
            r.r1 = steps.newest();
        }

        @Actor
        public void other(II_Result r) {
            steps.publish();
            r.r2 = steps.newest();
        }
    }
}
