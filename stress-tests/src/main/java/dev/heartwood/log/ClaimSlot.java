package dev.heartwood.log;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.heartwood.log.SharedLog.Appended;
import dev.heartwood.log.SharedLog.Claim;
import dev.heartwood.log.SharedLog.Entry;
import dev.heartwood.log.SharedLog.Outcome;
import dev.heartwood.log.SharedLog.Position;
import dev.heartwood.stress.broken.LookThenClaim;
import dev.heartwood.stress.seam.Unscheduled;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/** Two writers lose at the same moment and leave their claims: the winner learns of the longer losing streak. */
public final class ClaimSlot {
    private static final int SHORT = 4;
    private static final int LONG = 5;

    private ClaimSlot() {}

    private static Outcome append(SharedLog log, Position on, String id, int losses) {
        Claim claim = losses == 0 ? null : new Claim(id, 1, on.number() + 1, 1_000, losses);
        try {
            return log.append(on, new Entry(new Position(on.number() + 1, id + ":1"), ""), claim);
        } catch (LogException e) {
            throw new IllegalStateException("a log in memory answers", e);
        }
    }

    private static int told(Outcome outcome) {
        if (!(outcome instanceof Appended appended)) {
            return -1;
        }
        Claim rival = appended.rival();
        return rival == null ? 0 : rival.losses();
    }

    /** Two that lose; the third wins after them. */
    @JCStressTest
    @Unscheduled("the log is below the seam of the root")
    @org.openjdk.jcstress.annotations.Outcome(id = "5", expect = ACCEPTABLE, desc = "the longer streak stays")
    @org.openjdk.jcstress.annotations.Outcome(expect = FORBIDDEN, desc = "a claim is lost, or the shorter one stays")
    @State
    public static class OfTwoLosers {
        private final SharedLog log = new InMemoryLog().connect();
        private final Position passed = new Position(0, "passed");
        private final Position end;

        /** A log with one entry. */
        public OfTwoLosers() {
            try {
                Position beginning = log.last();
                int ignored = told(append(log, beginning, "near", 0));
                end = log.last();
            } catch (LogException e) {
                throw new IllegalStateException("a log in memory answers", e);
            }
        }

        @Actor
        public void one() {
            int ignored = told(append(log, passed, "one", SHORT));
        }

        @Actor
        public void other() {
            int ignored = told(append(log, passed, "other", LONG));
        }

        @Arbiter
        public void win(I_Result r) {
            r.r1 = told(append(log, end, "third", 0));
        }
    }

    /** One that loses beside one that wins: the claim comes before or after the win, and is told by the next win at the latest. */
    @JCStressTest
    @Unscheduled("the log is below the seam of the root")
    @org.openjdk.jcstress.annotations.Outcome(id = "4, 4", expect = ACCEPTABLE, desc = "claim -> win")
    @org.openjdk.jcstress.annotations.Outcome(id = "0, 4", expect = ACCEPTABLE, desc = "win -> claim -> the next win")
    @org.openjdk.jcstress.annotations.Outcome(expect = FORBIDDEN, desc = "the claim is lost")
    @State
    public static class BesideAWin {
        private final SharedLog log = new InMemoryLog().connect();
        private final Position passed = new Position(7, "passed");
        private final Position beginning;

        /** An empty log. */
        public BesideAWin() {
            try {
                beginning = log.last();
            } catch (LogException e) {
                throw new IllegalStateException("a log in memory answers", e);
            }
        }

        @Actor
        public void lose() {
            int ignored = told(append(log, passed, "far", SHORT));
        }

        @Actor
        public void win(II_Result r) {
            r.r1 = told(append(log, beginning, "near", 0));
        }

        @Arbiter
        public void winAgain(II_Result r) {
            r.r2 = told(append(log, new Position(1, "near:1"), "near", 0));
        }
    }

    /** The first of these where the slot is looked at, and then written. */
    @JCStressTest
    @Unscheduled("the log is below the seam of the root")
    @org.openjdk.jcstress.annotations.Outcome(id = "5", expect = ACCEPTABLE, desc = "the longer streak stays")
    @org.openjdk.jcstress.annotations.Outcome(
            id = "4",
            expect = ACCEPTABLE_INTERESTING,
            desc = "both look -> the longer one is written -> the shorter one is written")
    @org.openjdk.jcstress.annotations.Outcome(expect = FORBIDDEN, desc = "neither a history nor the known fault")
    @State
    public static class LookThenClaimControl {
        private final LookThenClaim slot = new LookThenClaim();

        @Actor
        public void one() {
            slot.lose(SHORT);
        }

        @Actor
        public void other() {
            slot.lose(LONG);
        }

        @Arbiter
        public void win(I_Result r) {
            r.r1 = slot.longest();
        }
    }
}
