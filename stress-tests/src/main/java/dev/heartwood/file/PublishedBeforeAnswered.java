package dev.heartwood.file;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.heartwood.Dialect;
import dev.heartwood.Snapshot;
import dev.heartwood.Timeline;
import dev.heartwood.stress.broken.PollThenPublish;
import dev.heartwood.stress.seam.Unscheduled;
import io.vavr.collection.HashMap;
import java.util.List;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.JJ_Result;

/** Two threads whose commits are durable publish what is durable, and answer: each finds its own state visible. */
public final class PublishedBeforeAnswered {
    private PublishedBeforeAnswered() {}

    /** The queue of the JSON file. */
    @JCStressTest
    @Unscheduled("no root stands under the queue")
    @Outcome(id = "2, 2", expect = ACCEPTABLE, desc = "both states are visible to both")
    @Outcome(expect = FORBIDDEN, desc = "an answer came before its state could be seen")
    @State
    public static class OfTheFile {
        private final Timeline timeline = new Timeline(0, HashMap.empty(), Dialect.ANYTHING);
        private final PublishQueue publisher = new PublishQueue(timeline);

        /** Two commits are durable, and not yet visible. */
        public OfTheFile() {
            Snapshot start = timeline.newest();
            Snapshot one = timeline.state(1, HashMap.of("n", 1L));
            Snapshot two = timeline.state(2, HashMap.of("n", 2L));
            ChainLink base = ChainLink.durable(start, 0, 0);
            ChainLink first = ChainLink.after(base, start, one, List.of(), 0);
            publisher.add(first);
            publisher.add(ChainLink.after(first, one, two, List.of(), 0));
        }

        @Actor
        public void answerOne(JJ_Result r) {
            publisher.publishAll();
            r.r1 = timeline.newest().version();
        }

        @Actor
        public void answerAnother(JJ_Result r) {
            publisher.publishAll();
            r.r2 = timeline.newest().version();
        }
    }

    /** The same with a queue that a state leaves before it is published. */
    @JCStressTest
    @Unscheduled("no root stands under the queue")
    @Outcome(id = "2, 2", expect = ACCEPTABLE, desc = "both states are visible to both")
    @Outcome(
            id = {"0, 2", "2, 0", "1, 2", "2, 1", "0, 0", "0, 1", "1, 0", "1, 1"},
            expect = ACCEPTABLE_INTERESTING,
            desc = "an answer came before its state could be seen")
    @Outcome(expect = FORBIDDEN, desc = "neither a history nor the known fault")
    @State
    public static class PollThenPublishControl {
        private final Timeline timeline = new Timeline(0, HashMap.empty(), Dialect.ANYTHING);
        private final PollThenPublish publisher = new PollThenPublish(timeline);

        /** Two commits are durable, and not yet visible. */
        public PollThenPublishControl() {
            publisher.add(timeline.state(1, HashMap.of("n", 1L)));
            publisher.add(timeline.state(2, HashMap.of("n", 2L)));
        }

        @Actor
        public void answerOne(JJ_Result r) {
            publisher.publishAll();
            r.r1 = timeline.newest().version();
        }

        @Actor
        public void answerAnother(JJ_Result r) {
            publisher.publishAll();
            r.r2 = timeline.newest().version();
        }
    }
}
