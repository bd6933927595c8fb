package dev.heartwood.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.heartwood.KeyPath;
import dev.heartwood.Snapshot;
import dev.heartwood.Store;
import dev.heartwood.stress.seam.Seam;
import java.util.HashMap;
import java.util.Map;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * Two threads move the same subtrees: the store takes back each subtree that it handed out without a walk, by a table
 * that threads share without a lock.
 */
public final class MovedSubtrees {
    private MovedSubtrees() {}

    /** Both move the same subtree, to places of their own. */
    @JCStressTest
    @Outcome(
            id = "7, 7, 1",
            expect = ACCEPTABLE,
            desc = "both moved it whole, and it is the one instance in all places")
    @Outcome(expect = FORBIDDEN, desc = "a subtree was copied, or is not what it was")
    @State
    public static class OfOneInstance {
        private static final KeyPath LEAF = KeyPath.of("deep", "leaf");
        private final Store store = Seam.store(Map.of("from", Map.of("deep", Map.of("leaf", 7))));

        @Actor
        public void one() {
            store.put("one", store.get("from"));
        }

        @Actor
        public void other() {
            store.put("other", store.getMap(KeyPath.of("from")));
        }

        @Arbiter
        public void both(III_Result r) {
            Snapshot now = store.snapshot();
            r.r1 = now.get(KeyPath.of("one").resolve(LEAF), Integer.class);
            r.r2 = now.get(KeyPath.of("other").resolve(LEAF), Integer.class);
            r.r3 = now.get("one") == now.get("from") && now.get("other") == now.get("from") ? 1 : 0;
        }
    }

    /** One of the two moves a copy, as a library must that does not know its own when it comes back. */
    @JCStressTest
    @Outcome(id = "7, 7, 0", expect = ACCEPTABLE_INTERESTING, desc = "moved whole, but not the one instance")
    @Outcome(expect = FORBIDDEN, desc = "a subtree is not what it was")
    @State
    public static class OfACopyControl {
        private static final KeyPath LEAF = KeyPath.of("deep", "leaf");
        private final Store store = Seam.store(Map.of("from", Map.of("deep", Map.of("leaf", 7))));

        @Actor
        public void one() {
            store.put("one", store.get("from"));
        }

        @Actor
        public void other() {
            store.put("other", new HashMap<>(store.getMap(KeyPath.of("from"))));
        }

        @Arbiter
        public void both(III_Result r) {
            Snapshot now = store.snapshot();
            r.r1 = now.get(KeyPath.of("one").resolve(LEAF), Integer.class);
            r.r2 = now.get(KeyPath.of("other").resolve(LEAF), Integer.class);
            r.r3 = now.get("one") == now.get("from") && now.get("other") == now.get("from") ? 1 : 0;
        }
    }
}
