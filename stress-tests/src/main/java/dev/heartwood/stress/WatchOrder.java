package dev.heartwood.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.heartwood.Delivery;
import dev.heartwood.Store;
import dev.heartwood.Subscription;
import dev.heartwood.stress.broken.NotifyBeforePublish;
import dev.heartwood.stress.broken.NotifyUnordered;
import dev.heartwood.stress.seam.Seam;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * Watchers get every state once, in version order, one call at a time, after the state is published. The listeners
 * keep what they hear in plain fields: each call sees what the one before it left.
 */
public final class WatchOrder {
    private WatchOrder() {}

    /** One that wants every state, beside two threads that count to four. */
    @JCStressTest
    @Outcome(id = "1234, 0", expect = ACCEPTABLE, desc = "1 -> 2 -> 3 -> 4, whoever counted")
    @Outcome(expect = FORBIDDEN, desc = "one is missing, doubled or out of order, or two calls at once")
    @State
    public static class EveryInOrder {
        private final Store store = Seam.store(Map.of("hits", 0));
        private final AtomicInteger inside = new AtomicInteger();
        private int heard;
        private int overlaps;

        {
            store.watch("hits", Delivery.every(Runnable::run), update -> {
                overlaps += inside.getAndIncrement();
                heard = 10 * heard + update.after().get("hits", Integer.class);
                inside.decrementAndGet();
            });
        }

        @Actor
        public void one() {
            store.increment("hits");
            store.increment("hits");
        }

        @Actor
        public void other() {
            store.increment("hits");
            store.increment("hits");
        }

        @Arbiter
        public void heard(II_Result r) {
            r.r1 = heard;
            r.r2 = overlaps;
        }
    }

    /** One that wants the latest state, beside two threads that count to four: goes forward without a gap, to the last. */
    @JCStressTest
    @Outcome(id = "4, 0", expect = ACCEPTABLE, desc = "each update starts where the one before it ended")
    @Outcome(
            expect = FORBIDDEN,
            desc = "the last is missing, or the old value of one is not the new value of the one before")
    @State
    public static class LatestIsAChain {
        private final Store store = Seam.store(Map.of("hits", 0));
        private int heard;
        private int gaps;

        {
            store.watch("hits", Delivery.latest(Runnable::run), update -> {
                if (update.before().get("hits", Integer.class) != heard) {
                    gaps++;
                }
                heard = update.after().get("hits", Integer.class);
            });
        }

        @Actor
        public void one() {
            store.increment("hits");
            store.increment("hits");
        }

        @Actor
        public void other() {
            store.increment("hits");
            store.increment("hits");
        }

        @Arbiter
        public void heard(II_Result r) {
            r.r1 = heard;
            r.r2 = gaps;
        }
    }

    /** One that wants every state of a leaf, beside commits that concern it and commits that do not. */
    @JCStressTest
    @Outcome(id = "12", expect = ACCEPTABLE, desc = "1 -> 2, and nothing of the other leaf")
    @Outcome(expect = FORBIDDEN, desc = "a commit elsewhere left a gap that nobody closed")
    @State
    public static class EveryBesideOthers {
        private final Store store = Seam.store(Map.of("hits", 0, "other", 0));
        private int heard;

        {
            store.watch(
                    "hits",
                    Delivery.every(Runnable::run),
                    update -> heard = 10 * heard + update.after().get("hits", Integer.class));
        }

        @Actor
        public void one() {
            store.increment("hits");
            store.increment("hits");
        }

        @Actor
        public void other() {
            store.increment("other");
        }

        @Arbiter
        public void heard(I_Result r) {
            r.r1 = heard;
        }
    }

    /** One that wants the latest state: whatever it skips, it goes forward, and hears the last. */
    @JCStressTest
    @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "some -> the last")
    @Outcome(expect = FORBIDDEN, desc = "it did not hear the last state, or went back")
    @State
    public static class LatestHearsTheLast {
        private final Store store = Seam.store(Map.of("hits", 0));
        private long heard;
        private int wentBack;

        {
            store.watch("hits", Delivery.latest(Runnable::run), update -> {
                wentBack += update.after().version() > heard ? 0 : 1;
                heard = update.after().version();
            });
        }

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
        public void heard(II_Result r) {
            r.r1 = heard == store.version() ? 1 : 0;
            r.r2 = wentBack;
        }
    }

    /** A listener looks at the store: what it is told of is there. */
    @JCStressTest
    @Outcome(id = "0, 2", expect = ACCEPTABLE, desc = "each told after it was published")
    @Outcome(expect = FORBIDDEN, desc = "told of a state that was not there")
    @State
    public static class ToldAfterPublished {
        private final Store store = Seam.store(Map.of("hits", 0));
        private final AtomicInteger early = new AtomicInteger();
        private final AtomicInteger calls = new AtomicInteger();

        {
            store.watch("hits", Delivery.every(Runnable::run), update -> {
                calls.incrementAndGet();
                if (store.version() < update.after().version()) {
                    early.incrementAndGet();
                }
            });
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
        public void early(II_Result r) {
            r.r1 = early.get();
            r.r2 = calls.get();
        }
    }

    /** A watcher that is closed beside a commit, by a thread that then commits itself. */
    @JCStressTest
    @Outcome(id = "0", expect = ACCEPTABLE, desc = "close -> both commits")
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "commit of 1 -> close -> commit of 2")
    @Outcome(expect = FORBIDDEN, desc = "told of a commit that came after the close")
    @State
    public static class NothingAfterClose {
        private final Store store = Seam.store(Map.of("leaf", 0));
        private int heard;
        private final Subscription watching = store.watch(
                "leaf",
                Delivery.latest(Runnable::run),
                update -> heard = Math.max(heard, update.after().get("leaf", Integer.class)));

        @Actor
        public void commit() {
            store.put("leaf", 1);
        }

        @Actor
        public void closeAndCommit() {
            watching.close();
            store.put("leaf", 2);
        }

        @Arbiter
        public void heard(I_Result r) {
            r.r1 = heard;
        }
    }

    /** On a store whose committers tell the listeners in whatever order they come. */
    @JCStressTest
    @Outcome(id = "12", expect = ACCEPTABLE, desc = "1 -> 2, whoever counted")
    @Outcome(id = "21", expect = ACCEPTABLE_INTERESTING, desc = "commit 1 -> commit 2 -> tell 2 -> tell 1")
    @Outcome(id = "1", expect = ACCEPTABLE_INTERESTING, desc = "two calls at once, of which one overwrote the other")
    @Outcome(id = "2", expect = ACCEPTABLE_INTERESTING, desc = "two calls at once, of which one overwrote the other")
    @Outcome(expect = FORBIDDEN, desc = "neither a history nor the known fault")
    @State
    public static class NotifyUnorderedControl {
        private final NotifyUnordered store = new NotifyUnordered(Map.of("hits", 0));
        private volatile int heard;

        {
            store.watch(state -> heard = 10 * heard + state.get("hits", Integer.class));
        }

        @Actor
        public void one() {
            store.batch(tx -> tx.increment("hits"));
        }

        @Actor
        public void other() {
            store.batch(tx -> tx.increment("hits"));
        }

        @Arbiter
        public void heard(I_Result r) {
            r.r1 = heard;
        }
    }

    /** A thread that was told of a state looks for it, on a store that tells before it publishes. */
    @JCStressTest
    @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "look -> tell")
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "tell -> publish -> look")
    @Outcome(id = "1, 0", expect = ACCEPTABLE_INTERESTING, desc = "tell -> look -> publish: told of what was not there")
    @Outcome(expect = FORBIDDEN, desc = "neither a history nor the known fault")
    @State
    public static class NotifyBeforePublishControl {
        private final NotifyBeforePublish store = new NotifyBeforePublish(Map.of("leaf", 0));
        private volatile int heard;

        {
            store.watch(state -> heard = state.get("leaf", Integer.class));
        }

        @Actor
        public void commit() {
            store.batch(tx -> tx.put("leaf", 1));
        }

        @Actor
        public void look(II_Result r) {
            r.r1 = heard;
            r.r2 = r.r1 == 0 ? 0 : store.number("leaf");
        }
    }
}
