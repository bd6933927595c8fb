package dev.heartwood.storage;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.heartwood.Dialect;
import dev.heartwood.Snapshot;
import dev.heartwood.Timeline;
import dev.heartwood.stress.broken.HeadThenFlag;
import dev.heartwood.stress.seam.Unscheduled;
import java.util.Map;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * One thread notes a commit that it has made durable, while another process commits as soon as the database is free:
 * the newer commit stays the newest. A call that begins after that may not build on the undecided head without a look.
 */
public final class HeadBesideCommit {
    /** How often a call looks whether the database is free: often enough that most calls meet the commit. */
    private static final int LOOKS = 1_000;

    private HeadBesideCommit() {}

    /**
     * The queue of commits, with a number in the place of the database: 0 our transaction, 1 free, 2 another's commit.
     */
    @JCStressTest
    @Unscheduled("the flag is below the seam of the root")
    @Outcome(id = "0", expect = ACCEPTABLE, desc = "the database was not free yet: no other commit")
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "COMMIT -> other commit -> call looks")
    @Outcome(expect = FORBIDDEN, desc = "COMMIT -> other commit -> call builds on a head that does not know of it")
    @State
    public static class OfTwo {
        private final Timeline timeline = new Timeline(0, Map.of(), Dialect.ANYTHING);
        private final CommitQueue<String> ahead = new CommitQueue<>(timeline);
        private final Snapshot commit = timeline.state(1, timeline.newest().root());
        private volatile int database;

        public OfTwo() {
            ahead.accept(ahead.head(), commit, "");
        }

        @Actor
        public void commit() {
            PendingCommit<String> last = ahead.waitingAfter(null).get(0);
            ahead.beginCommit();
            database = 1;
            ahead.decided(last);
            ahead.endCommit();
        }

        @Actor
        public void otherThenCall(I_Result r) {
            for (int i = 0; i < LOOKS && database != 1; i++) {
                Thread.onSpinWait();
            }
            if (database == 1) {
                database = 2;
                r.r1 = ahead.headToBuildOn() == null ? 1 : 2;
            }
        }
    }

    /** The same where the head is read before the flag. */
    @JCStressTest
    @Unscheduled("the flag is below the seam of the root")
    @Outcome(id = "0", expect = ACCEPTABLE, desc = "the database was not free yet: no other commit")
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "COMMIT -> other commit -> call looks")
    @Outcome(id = "2", expect = ACCEPTABLE_INTERESTING, desc = "COMMIT -> other commit -> head -> note -> flag: stale")
    @Outcome(expect = FORBIDDEN, desc = "neither a history nor the known fault")
    @State
    public static class HeadThenFlagControl {
        private final HeadThenFlag ahead = new HeadThenFlag();
        private volatile int database;

        @Actor
        public void commit() {
            ahead.beginCommit();
            database = 1;
            ahead.decided();
            ahead.endCommit();
        }

        @Actor
        public void otherThenCall(I_Result r) {
            for (int i = 0; i < LOOKS && database != 1; i++) {
                Thread.onSpinWait();
            }
            if (database == 1) {
                database = 2;
                r.r1 = ahead.hasHeadToBuildOn() ? 2 : 1;
            }
        }
    }
}
