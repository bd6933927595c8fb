package dev.heartwood.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.heartwood.stress.broken.CheckThenPut;
import dev.heartwood.stress.seam.Seam;
import java.util.Map;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** The {@code compute} and {@code merge} methods of the live map are atomic, like those of a {@code ConcurrentMap}. */
public final class LiveMapAtomics {
    private LiveMapAtomics() {}

    private static int sum(Object a, Object b) {
        return number(a) + number(b);
    }

    private static int number(@Nullable Object value) {
        return value instanceof Number number ? number.intValue() : -1;
    }

    /** Two merges of one key. */
    @JCStressTest
    @Outcome(id = "1, 11, 11", expect = ACCEPTABLE, desc = "one -> ten")
    @Outcome(id = "11, 10, 11", expect = ACCEPTABLE, desc = "ten -> one")
    @Outcome(expect = FORBIDDEN, desc = "a merge is lost, or answered what it did not make")
    @State
    public static class Merge {
        private final ConcurrentMap<String, Object> map = Seam.store(Map.of()).asMap();

        @Actor
        public void one(III_Result r) {
            r.r1 = number(map.merge("sum", 1, LiveMapAtomics::sum));
        }

        @Actor
        public void ten(III_Result r) {
            r.r2 = number(map.merge("sum", 10, LiveMapAtomics::sum));
        }

        @Arbiter
        public void left(III_Result r) {
            r.r3 = number(map.get("sum"));
        }
    }

    /** Two threads that compute a missing value: both get the one that is there. */
    @JCStressTest
    @Outcome(id = "1, 1, 1", expect = ACCEPTABLE, desc = "one -> two, which finds it")
    @Outcome(id = "2, 2, 2", expect = ACCEPTABLE, desc = "two -> one, which finds it")
    @Outcome(expect = FORBIDDEN, desc = "somebody got a value that is not the one that is there")
    @State
    public static class ComputeIfAbsent {
        private final ConcurrentMap<String, Object> map = Seam.store(Map.of()).asMap();

        @Actor
        public void one(III_Result r) {
            r.r1 = number(map.computeIfAbsent("only", key -> 1));
        }

        @Actor
        public void two(III_Result r) {
            r.r2 = number(map.computeIfAbsent("only", key -> 2));
        }

        @Arbiter
        public void left(III_Result r) {
            r.r3 = number(map.get("only"));
        }
    }

    /** A compute that changes what is there, beside a removal of it. */
    @JCStressTest
    @Outcome(id = "1, -1, -1", expect = ACCEPTABLE, desc = "remove -> compute, which finds nothing")
    @Outcome(id = "2, 2, -1", expect = ACCEPTABLE, desc = "compute -> remove, which gives the new value")
    @Outcome(expect = FORBIDDEN, desc = "what was removed came back, or a change was not seen by the removal")
    @State
    public static class ComputeAgainstRemove {
        private final ConcurrentMap<String, Object> map =
                Seam.store(Map.of("leaf", 1)).asMap();

        @Actor
        public void remove(III_Result r) {
            r.r1 = number(map.remove("leaf"));
        }

        @Actor
        public void compute(III_Result r) {
            r.r2 = number(map.computeIfPresent("leaf", (key, value) -> sum(value, 1)));
        }

        @Arbiter
        public void left(III_Result r) {
            r.r3 = number(map.get("leaf"));
        }
    }

    /** Two threads that compute a missing value, on a store that looks first and then puts. */
    @JCStressTest
    @Outcome(id = "1, 1, 1", expect = ACCEPTABLE, desc = "one -> two, which finds it")
    @Outcome(id = "2, 2, 2", expect = ACCEPTABLE, desc = "two -> one, which finds it")
    @Outcome(id = "1, 2, 1", expect = ACCEPTABLE_INTERESTING, desc = "two got a value that is not there")
    @Outcome(id = "1, 2, 2", expect = ACCEPTABLE_INTERESTING, desc = "one got a value that is not there")
    @Outcome(expect = FORBIDDEN, desc = "neither a history nor the known fault")
    @State
    public static class CheckThenPutControl {
        private final CheckThenPut store = new CheckThenPut(Map.of());

        @Actor
        public void one(III_Result r) {
            r.r1 = store.computeIfAbsent("only", () -> 1);
        }

        @Actor
        public void two(III_Result r) {
            r.r2 = store.computeIfAbsent("only", () -> 2);
        }

        @Arbiter
        public void left(III_Result r) {
            r.r3 = store.number("only");
        }
    }
}
