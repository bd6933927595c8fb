package dev.heartwood.storage;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.heartwood.stress.broken.JoinAnyLook;
import dev.heartwood.stress.seam.Unscheduled;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** Threads share looks at a storage: each thread then knows all that was there before it asked. */
public final class FreshLook {
    private FreshLook() {}

    /** One that looks beside another, to whom somebody has told of a commit before it looks. */
    @JCStressTest
    @Unscheduled("the look is below the seam of the root")
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "the commit was told -> the call knows it")
    @Outcome(expect = FORBIDDEN, desc = "the call was served by a look that began before it")
    @State
    public static class OfTwo {
        private final SharedLook looking = new SharedLook();
        private volatile int storage;
        private volatile int known;

        @Actor
        public void one() {
            looking.take(this::look);
        }

        @Actor
        public void other(I_Result r) {
            storage = 1;
            looking.take(this::look);
            r.r1 = known;
        }

        private void look() {
            int seen = storage;
            known = Math.max(known, seen);
        }
    }

    /** The same where a call joins whichever look is under way. */
    @JCStressTest
    @Unscheduled("the look is below the seam of the root")
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "the commit was told -> the call knows it")
    @Outcome(id = "0", expect = ACCEPTABLE_INTERESTING, desc = "look begins -> commit -> call joins the look: stale")
    @Outcome(expect = FORBIDDEN, desc = "neither a history nor the known fault")
    @State
    public static class JoinAnyLookControl {
        private final JoinAnyLook looking = new JoinAnyLook();
        private volatile int storage;
        private volatile int known;

        @Actor
        public void one() {
            looking.take(this::look);
        }

        @Actor
        public void other(I_Result r) {
            storage = 1;
            looking.take(this::look);
            r.r1 = known;
        }

        private void look() {
            int seen = storage;
            known = Math.max(known, seen);
        }
    }
}
