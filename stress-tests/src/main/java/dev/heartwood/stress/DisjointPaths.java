package dev.heartwood.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.heartwood.KeyPath;
import dev.heartwood.Snapshot;
import dev.heartwood.Store;
import dev.heartwood.stress.broken.ReadThenPut;
import dev.heartwood.stress.seam.Seam;
import java.util.Map;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/** Two threads write different paths, and each write replaces the root: both writes survive. */
public final class DisjointPaths {
    private DisjointPaths() {}

    /** Two keys of one map. */
    @JCStressTest
    @Outcome(id = "1, 2", expect = ACCEPTABLE, desc = "left -> right, or right -> left")
    @Outcome(expect = FORBIDDEN, desc = "one of the writes is lost")
    @State
    public static class InOneMap {
        private final Store store = Seam.store(Map.of("left", 0, "right", 0));

        @Actor
        public void left() {
            store.put("left", 1);
        }

        @Actor
        public void right() {
            store.put("right", 2);
        }

        @Arbiter
        public void both(II_Result r) {
            Snapshot now = store.snapshot();
            r.r1 = now.get("left", Integer.class);
            r.r2 = now.get("right", Integer.class);
        }
    }

    /** Two branches, one of which makes its parents. */
    @JCStressTest
    @Outcome(id = "1, 2", expect = ACCEPTABLE, desc = "left -> right, or right -> left")
    @Outcome(expect = FORBIDDEN, desc = "one of the writes is lost")
    @State
    public static class InNestedMaps {
        private static final KeyPath LEFT = KeyPath.of("tree", "left", "leaf");
        private static final KeyPath RIGHT = KeyPath.of("tree", "right", "twig", "leaf");

        private final Store store = Seam.store(Map.of("tree", Map.of("left", Map.of("leaf", 0))));

        @Actor
        public void left() {
            store.update(LEFT, Integer.class, leaf -> leaf + 1);
        }

        @Actor
        public void right() {
            store.put(RIGHT, 2);
        }

        @Arbiter
        public void both(II_Result r) {
            Snapshot now = store.snapshot();
            r.r1 = now.getOrDefault(LEFT, Integer.class, -1);
            r.r2 = now.getOrDefault(RIGHT, Integer.class, -1);
        }
    }

    /** Two keys of one map that is not there yet: both make it. */
    @JCStressTest
    @Outcome(id = "2", expect = ACCEPTABLE, desc = "one makes the map -> the other finds it")
    @Outcome(expect = FORBIDDEN, desc = "the map of one replaced that of the other")
    @State
    public static class InAMapThatBothMake {
        private final Store store = Seam.store(Map.of());

        @Actor
        public void left() {
            store.set(KeyPath.of("users", "left"), 1);
        }

        @Actor
        public void right() {
            store.batch(tx -> tx.set(KeyPath.of("users", "right"), 1));
        }

        @Arbiter
        public void both(I_Result r) {
            r.r1 = store.size("users");
        }
    }

    /** Two keys of one map, on a store that reads and then puts. */
    @JCStressTest
    @Outcome(id = "1, 2", expect = ACCEPTABLE, desc = "left -> right, or right -> left")
    @Outcome(id = "1, 0", expect = ACCEPTABLE_INTERESTING, desc = "both read the same tree; right is lost")
    @Outcome(id = "0, 2", expect = ACCEPTABLE_INTERESTING, desc = "both read the same tree; left is lost")
    @Outcome(expect = FORBIDDEN, desc = "neither a history nor the known fault")
    @State
    public static class ReadThenPutControl {
        private final ReadThenPut store = new ReadThenPut(Map.of("left", 0, "right", 0));

        @Actor
        public void left() {
            store.batch(tx -> tx.put("left", 1));
        }

        @Actor
        public void right() {
            store.batch(tx -> tx.put("right", 2));
        }

        @Arbiter
        public void both(II_Result r) {
            r.r1 = store.number("left");
            r.r2 = store.number("right");
        }
    }
}
