package dev.heartwood.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.heartwood.Snapshot;
import dev.heartwood.Store;
import dev.heartwood.history.History;
import dev.heartwood.stress.broken.CountThenStore;
import dev.heartwood.stress.seam.Seam;
import dev.heartwood.stress.seam.Unscheduled;
import java.util.List;
import java.util.Map;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/** A history has each state once, in version order, while threads commit and read. */
public final class HistoryOfCommits {
    private HistoryOfCommits() {}

    private static int digits(List<Snapshot> states) {
        int digits = 0;
        for (Snapshot state : states) {
            digits = 10 * digits + state.get("hits", Integer.class);
        }
        return digits;
    }

    /** Two threads count to three. */
    @JCStressTest
    @Outcome(id = "123", expect = ACCEPTABLE, desc = "1 -> 2 -> 3, whoever counted")
    @Outcome(expect = FORBIDDEN, desc = "a state is missing, doubled or out of order")
    @State
    public static class EveryStateOnce {
        private final Store store = Seam.store(Map.of("hits", 0));
        private final History history = History.of(store);

        @Actor
        public void one() {
            store.increment("hits");
            store.increment("hits");
        }

        @Actor
        public void other() {
            store.increment("hits");
        }

        @Arbiter
        public void recorded(I_Result r) {
            r.r1 = digits(history.states());
        }
    }

    /** Past the bound the oldest go, beside two threads that count to three. */
    @JCStressTest
    @Outcome(id = "23", expect = ACCEPTABLE, desc = "the newest commit and the state before it")
    @Outcome(expect = FORBIDDEN, desc = "more than the bound is kept, or less")
    @State
    public static class WithinTheBound {
        private final Store store = Seam.store(Map.of("hits", 0));
        private final History history = History.options().keep(1).of(store);

        @Actor
        public void one() {
            store.increment("hits");
            store.increment("hits");
        }

        @Actor
        public void other() {
            store.increment("hits");
        }

        @Arbiter
        public void recorded(I_Result r) {
            r.r1 = digits(history.states());
        }
    }

    /** A reader that has seen a state finds it in the history, with all before it. */
    @JCStressTest
    @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "look -> commits")
    @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "look -> a commit -> history")
    @Outcome(id = "0, 12", expect = ACCEPTABLE, desc = "look -> commits -> history")
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "a commit -> look -> history")
    @Outcome(id = "1, 12", expect = ACCEPTABLE, desc = "a commit -> look -> a commit -> history")
    @Outcome(id = "2, 12", expect = ACCEPTABLE, desc = "commits -> look -> history")
    @Outcome(expect = FORBIDDEN, desc = "a state that was seen is not in the history")
    @State
    public static class WhatIsSeenIsRecorded {
        private final Store store = Seam.store(Map.of("hits", 0));
        private final History history = History.of(store);

        @Actor
        public void one() {
            store.increment("hits");
            store.increment("hits");
        }

        @Actor
        public void look(II_Result r) {
            r.r1 = store.get("hits", Integer.class);
            r.r2 = digits(history.states());
        }
    }

    /** A record whose next place is counted and then filled. */
    @JCStressTest
    @Outcome(id = "12", expect = ACCEPTABLE, desc = "1 -> 2")
    @Outcome(expect = ACCEPTABLE_INTERESTING, desc = "two threads filled one place, or counted one step twice")
    @State
    @Unscheduled("the fault is between the steps of the record, under which no root stands")
    public static class CountThenStoreControl {
        private final Store store = Seam.store(Map.of("hits", 0));
        private final CountThenStore record = new CountThenStore();

        {
            store.record(record);
        }

        @Actor
        public void one() {
            store.increment("hits");
        }

        @Actor
        public void other() {
            store.increment("hits");
        }

        @Arbiter
        public void recorded(I_Result r) {
            r.r1 = digits(record.states());
        }
    }
}
