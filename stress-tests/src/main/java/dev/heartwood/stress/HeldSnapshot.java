package dev.heartwood.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.heartwood.KeyPath;
import dev.heartwood.Snapshot;
import dev.heartwood.Store;
import dev.heartwood.TreeView;
import dev.heartwood.stress.broken.LiveView;
import dev.heartwood.stress.seam.Seam;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IIII_Result;
import org.openjdk.jcstress.infra.results.II_Result;

/** A snapshot never changes, whatever is committed meanwhile. */
public final class HeldSnapshot {
    private HeldSnapshot() {}

    /** One that was taken before the writes: looked at beside them, and after them. */
    @JCStressTest
    @Outcome(id = "1, 2, 1, 2", expect = ACCEPTABLE, desc = "as it was, at every look")
    @Outcome(expect = FORBIDDEN, desc = "a write shows in a state of the past")
    @State
    public static class TakenBefore {
        private static final KeyPath LEAF = KeyPath.of("map", "leaf");
        private final Store store = Seam.store(Map.of("map", Map.of("leaf", 1), "list", List.of("a", "b")));
        private final Snapshot held = store.snapshot();
        private final Map<String, @Nullable Object> view = held.getMap(KeyPath.of("map"));

        @Actor
        public void write() {
            store.put(LEAF, 9);
            store.batch(tx -> {
                tx.remove(LEAF);
                tx.append("list", "c");
            });
        }

        @Actor
        public void look(IIII_Result r) {
            r.r1 = held.get(LEAF, Integer.class);
            r.r2 = held.size("list");
        }

        @Arbiter
        public void lookAgain(IIII_Result r) {
            r.r3 = view.get("leaf") instanceof Long leaf ? leaf.intValue() : -1;
            r.r4 = held.vectorAt(KeyPath.of("list")).size();
        }
    }

    /** One that is taken beside the write: the same at the second look as at the first. */
    @JCStressTest
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "take -> write")
    @Outcome(id = "2, 2", expect = ACCEPTABLE, desc = "write -> take")
    @Outcome(expect = FORBIDDEN, desc = "it changed in the holder's hands")
    @State
    public static class TakenBeside {
        private final Store store = Seam.store(Map.of("leaf", 1));

        @Actor
        public void write() {
            store.put("leaf", 2);
        }

        @Actor
        public void look(II_Result r) {
            Snapshot held = store.snapshot();
            r.r1 = held.get("leaf", Integer.class);
            r.r2 = held.get("leaf", Integer.class);
        }
    }

    /** One that is a window onto the newest state. */
    @JCStressTest
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "both looks -> write")
    @Outcome(id = "2, 2", expect = ACCEPTABLE, desc = "write -> both looks")
    @Outcome(id = "1, 2", expect = ACCEPTABLE_INTERESTING, desc = "it changed in the holder's hands")
    @Outcome(expect = FORBIDDEN, desc = "neither a history nor the known fault")
    @State
    public static class LiveViewControl {
        private final LiveView store = new LiveView(Map.of("leaf", 1));

        @Actor
        public void write() {
            store.batch(tx -> tx.put("leaf", 2));
        }

        @Actor
        public void look(II_Result r) {
            Supplier<TreeView> held = store.hold();
            r.r1 = held.get().get("leaf", Integer.class);
            r.r2 = held.get().get("leaf", Integer.class);
        }
    }
}
