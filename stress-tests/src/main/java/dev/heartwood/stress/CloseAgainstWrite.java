package dev.heartwood.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.heartwood.Delivery;
import dev.heartwood.KeyPath;
import dev.heartwood.Snapshot;
import dev.heartwood.Store;
import dev.heartwood.StoreClosedException;
import dev.heartwood.stress.broken.CloseByFlag;
import dev.heartwood.stress.seam.Seam;
import dev.heartwood.stress.seam.Unscheduled;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * A write races with the close of its store: the write is committed and watchers see it, or it is refused and has no
 * effect.
 */
public final class CloseAgainstWrite {
    private CloseAgainstWrite() {}

    /** A single operation. */
    @JCStressTest
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "write -> close")
    @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "close -> write is refused")
    @Outcome(expect = FORBIDDEN, desc = "refused but there, or accepted but gone")
    @State
    public static class OfAnOperation {
        private final Store store = Seam.store(Map.of("leaf", 0));
        private volatile int told;

        {
            store.watch("leaf", Delivery.every(Runnable::run), update -> told = number(update.after(), "leaf"));
        }

        @Actor
        public void write(II_Result r) {
            try {
                r.r1 = store.increment("leaf").intValue();
            } catch (StoreClosedException e) {
                r.r1 = 0;
            }
        }

        @Actor
        public void close() {
            store.close();
        }

        @Arbiter
        public void told(II_Result r) {
            r.r2 = told;
        }
    }

    /** A batch. */
    @JCStressTest
    @Outcome(id = "1, 1, 1", expect = ACCEPTABLE, desc = "batch -> close")
    @Outcome(id = "0, 0, 0", expect = ACCEPTABLE, desc = "close -> batch is refused")
    @Outcome(expect = FORBIDDEN, desc = "half a batch, or refused but there, or accepted but gone")
    @State
    public static class OfABatch {
        private final Store store = Seam.store(Map.of("a", 0, "b", 0));
        private volatile @Nullable Snapshot told;

        {
            store.watch(KeyPath.root(), Delivery.every(Runnable::run), update -> told = update.after());
        }

        @Actor
        public void batch(III_Result r) {
            try {
                store.batch(tx -> {
                    tx.increment("a");
                    tx.increment("b");
                });
                r.r1 = 1;
            } catch (StoreClosedException e) {
                r.r1 = 0;
            }
        }

        @Actor
        public void close() {
            store.close();
        }

        @Arbiter
        public void told(III_Result r) {
            Snapshot heard = told;
            r.r2 = heard == null ? 0 : number(heard, "a");
            r.r3 = heard == null ? 0 : number(heard, "b");
        }
    }

    /** A wait for something that will never be: the close ends it. */
    @JCStressTest
    @Unscheduled("the waiting thread is woken by another, not by its turn")
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "await -> close wakes it, or close -> await is refused")
    @Outcome(expect = FORBIDDEN, desc = "it slept on")
    @State
    public static class OfAWait {
        private final Store store = Seam.store(Map.of());

        @Actor
        public void await(I_Result r) {
            try {
                store.await(view -> view.contains("never"), Duration.ofSeconds(20));
            } catch (StoreClosedException e) {
                r.r1 = 1;
            } catch (TimeoutException | InterruptedException e) {
                r.r1 = 2;
            }
        }

        @Actor
        public void close() {
            store.close();
        }
    }

    /** A single operation, on a store that asks whether it is closed after it has committed. */
    @JCStressTest
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "write -> close")
    @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "close -> write is refused")
    @Outcome(id = "0, 1", expect = ACCEPTABLE_INTERESTING, desc = "refused, but there")
    @Outcome(expect = FORBIDDEN, desc = "neither a history nor the known fault")
    @State
    public static class CloseByFlagControl {
        private final CloseByFlag store = new CloseByFlag(Map.of("leaf", 0));

        @Actor
        public void write(II_Result r) {
            r.r1 = store.tryBatch(tx -> tx.increment("leaf")) ? 1 : 0;
        }

        @Actor
        public void close() {
            store.close();
        }

        @Arbiter
        public void left(II_Result r) {
            r.r2 = store.number("leaf");
        }
    }

    private static int number(Snapshot state, String key) {
        return state.get(key, Integer.class);
    }
}
