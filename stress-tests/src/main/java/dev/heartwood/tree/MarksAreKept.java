package dev.heartwood.tree;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.heartwood.stress.broken.CarelessMarks;
import dev.heartwood.stress.seam.Unscheduled;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/** Threads ask and note at once which parts are frozen: no mark is lost, or taken for another one. */
public final class MarksAreKept {
    private static final int NONE = -1;
    private static final int MANY = 64;

    private MarksAreKept() {}

    private static int height(WeakMarks.@Nullable Mark mark) {
        return mark == null ? NONE : mark.height;
    }

    /** Two threads mark an object each; both marks belong into one bucket. */
    @JCStressTest
    @Unscheduled("no root stands under the table")
    @Outcome(id = "1, 2", expect = ACCEPTABLE, desc = "both are marked")
    @Outcome(expect = FORBIDDEN, desc = "a mark is lost")
    @State
    public static class InOneBucket {
        private final WeakMarks marks = new WeakMarks(1);
        private final Object one = new Object();
        private final Object two = new Object();

        @Actor
        public void markOne() {
            marks.put(one, 1, null);
        }

        @Actor
        public void markTwo() {
            marks.put(two, 2, null);
        }

        @Arbiter
        public void both(II_Result r) {
            r.r1 = height(marks.get(one));
            r.r2 = height(marks.get(two));
        }
    }

    /** A thread marks an object that another thread asks about. */
    @JCStressTest
    @Unscheduled("no root stands under the table")
    @Outcome(id = "-1", expect = ACCEPTABLE, desc = "ask -> mark")
    @Outcome(id = "7", expect = ACCEPTABLE, desc = "mark -> ask")
    @Outcome(expect = FORBIDDEN, desc = "a mark that is not whole")
    @State
    public static class SeenWhole {
        private final WeakMarks marks = new WeakMarks(1);
        private final Object part = new Object();

        @Actor
        public void mark() {
            marks.put(part, 7, null);
        }

        @Actor
        public void ask(I_Result r) {
            r.r1 = height(marks.get(part));
        }
    }

    /** The table grows beside a thread that asks about a mark that was made before. */
    @JCStressTest
    @Unscheduled("no root stands under the table")
    @Outcome(id = "7, 7", expect = ACCEPTABLE, desc = "the mark is there before, meanwhile, and after")
    @Outcome(expect = FORBIDDEN, desc = "a mark is lost while the table grows")
    @State
    public static class WhileTheTableGrows {
        private final WeakMarks marks = new WeakMarks(1);
        private final Object part = new Object();
        private final Object[] others = new Object[MANY];

        /** One mark stands. */
        public WhileTheTableGrows() {
            marks.put(part, 7, null);
        }

        @Actor
        public void grow() {
            for (int i = 0; i < MANY; i++) {
                others[i] = new Object();
                marks.put(others[i], 1, null);
            }
        }

        @Actor
        public void ask(II_Result r) {
            r.r1 = height(marks.get(part));
        }

        @Arbiter
        public void after(II_Result r) {
            r.r2 = height(marks.get(part));
        }
    }

    /** Two marks in one bucket, in a table that looks at the bucket and then writes it. */
    @JCStressTest
    @Unscheduled("no root stands under the table")
    @Outcome(id = "1, 2", expect = ACCEPTABLE, desc = "both are marked")
    @Outcome(
            id = {"1, -1", "-1, 2"},
            expect = ACCEPTABLE_INTERESTING,
            desc = "a mark is lost")
    @Outcome(expect = FORBIDDEN, desc = "neither a history nor the known fault")
    @State
    public static class CarelessMarksControl {
        private final CarelessMarks marks = new CarelessMarks(1);
        private final Object one = new Object();
        private final Object two = new Object();

        @Actor
        public void markOne() {
            marks.put(one, 1);
        }

        @Actor
        public void markTwo() {
            marks.put(two, 2);
        }

        @Arbiter
        public void both(II_Result r) {
            r.r1 = marks.height(one);
            r.r2 = marks.height(two);
        }
    }

    /** A table that lets the larger one be seen before the marks have moved into it. */
    @JCStressTest
    @Unscheduled("no root stands under the table")
    @Outcome(id = "7, 7", expect = ACCEPTABLE, desc = "the mark is there before, meanwhile, and after")
    @Outcome(id = "-1, 7", expect = ACCEPTABLE_INTERESTING, desc = "a mark is lost while the table grows")
    @Outcome(expect = FORBIDDEN, desc = "neither a history nor the known fault")
    @State
    public static class CarelessGrowthControl {
        private final CarelessMarks marks = new CarelessMarks(1);
        private final Object part = new Object();

        /** One mark stands. */
        public CarelessGrowthControl() {
            marks.put(part, 7);
        }

        @Actor
        public void grow() {
            marks.grow();
        }

        @Actor
        public void ask(II_Result r) {
            r.r1 = marks.height(part);
        }

        @Arbiter
        public void after(II_Result r) {
            r.r2 = marks.height(part);
        }
    }
}
