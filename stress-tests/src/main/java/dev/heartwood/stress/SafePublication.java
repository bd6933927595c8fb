package dev.heartwood.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.heartwood.KeyPath;
import dev.heartwood.Ref;
import dev.heartwood.Snapshot;
import dev.heartwood.Store;
import dev.heartwood.stress.broken.LateSnapshot;
import dev.heartwood.stress.seam.Seam;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * One thread hands an object to another by a plain field, without synchronization: the object arrives whole, or not at
 * all.
 */
public final class SafePublication {
    private SafePublication() {}

    /** A store that was just made. */
    @JCStressTest
    @Outcome(id = "-1", expect = ACCEPTABLE, desc = "receive -> hand over")
    @Outcome(id = "42", expect = ACCEPTABLE, desc = "hand over -> receive, and all of it is there")
    @Outcome(expect = FORBIDDEN, desc = "half a store")
    @State
    public static class OfStore {
        @Nullable
        Store handed;

        @Actor
        public void handOver() {
            handed = Seam.store(Map.of("map", Map.of("leaf", 42)));
        }

        @Actor
        public void receive(I_Result r) {
            Store store = handed;
            r.r1 = store == null ? -1 : store.get(KeyPath.of("map", "leaf"), Integer.class);
        }
    }

    /** A snapshot of a state that was just committed. */
    @JCStressTest
    @Outcome(id = "-1", expect = ACCEPTABLE, desc = "receive -> hand over")
    @Outcome(id = "42", expect = ACCEPTABLE, desc = "hand over -> receive, and all of it is there")
    @Outcome(expect = FORBIDDEN, desc = "half a snapshot")
    @State
    public static class OfSnapshot {
        private final Store store = Seam.store(Map.of("map", Map.of("leaf", 1)));

        @Nullable
        Snapshot handed;

        @Actor
        public void handOver() {
            handed = store.snapshot().edit(tx -> tx.put(KeyPath.of("map", "leaf"), 42));
        }

        @Actor
        public void receive(I_Result r) {
            Snapshot snapshot = handed;
            r.r1 = snapshot == null ? -1 : snapshot.get(KeyPath.of("map", "leaf"), Integer.class);
        }
    }

    /** A key path. */
    @JCStressTest
    @Outcome(id = "-1", expect = ACCEPTABLE, desc = "receive -> hand over")
    @Outcome(id = "42", expect = ACCEPTABLE, desc = "hand over -> receive, and all of it is there")
    @Outcome(expect = FORBIDDEN, desc = "half a path")
    @State
    public static class OfPath {
        private final Snapshot state =
                Seam.store(Map.of("list", List.of(0, 42))).snapshot();

        @Nullable
        KeyPath handed;

        @Actor
        public void handOver() {
            handed = KeyPath.parse("/list/1");
        }

        @Actor
        public void receive(I_Result r) {
            KeyPath path = handed;
            r.r1 = path == null ? -1 : state.getOrDefault(path, Integer.class, -2);
        }
    }

    /** A handle on a place in a store. */
    @JCStressTest
    @Outcome(id = "-1", expect = ACCEPTABLE, desc = "receive -> hand over")
    @Outcome(id = "42", expect = ACCEPTABLE, desc = "hand over -> receive, and all of it is there")
    @Outcome(expect = FORBIDDEN, desc = "half a handle")
    @State
    public static class OfRef {
        private final Store store = Seam.store(Map.of("map", Map.of("leaf", 42)));

        @Nullable
        Ref<Integer> handed;

        @Actor
        public void handOver() {
            handed = store.at("map", "leaf").typed(Integer.class);
        }

        @Actor
        public void receive(I_Result r) {
            Ref<Integer> ref = handed;
            r.r1 = ref == null ? -1 : ref.get();
        }
    }

    /** What was written before a commit is seen by whoever has seen the commit. */
    @JCStressTest
    @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "look -> commit")
    @Outcome(id = "1, 42", expect = ACCEPTABLE, desc = "write -> commit -> look")
    @Outcome(expect = FORBIDDEN, desc = "the commit was seen, what came before it was not")
    @State
    public static class OfWhatCameBeforeACommit {
        private final Store store = Seam.store(Map.of("ready", 0));
        private int plain;

        @Actor
        public void write() {
            plain = 42;
            store.put("ready", 1);
        }

        @Actor
        public void look(II_Result r) {
            r.r1 = store.get("ready", Integer.class);
            r.r2 = r.r1 == 1 ? plain : 0;
        }
    }

    /** A state in a box that is neither final nor filled when it is handed over. */
    @JCStressTest
    @Outcome(id = "-1", expect = ACCEPTABLE, desc = "receive -> hand over")
    @Outcome(id = "42", expect = ACCEPTABLE, desc = "hand over -> receive, and all of it is there")
    @Outcome(id = "0", expect = ACCEPTABLE_INTERESTING, desc = "the box was received, the state in it was not")
    @Outcome(expect = FORBIDDEN, desc = "neither a history nor the known fault")
    @State
    public static class LateSnapshotControl {
        private final LateSnapshot store = new LateSnapshot(Map.of("leaf", 42));

        @Actor
        public void handOver() {
            store.handOver();
        }

        @Actor
        public void receive(I_Result r) {
            r.r1 = store.received("leaf");
        }
    }
}
