package dev.heartwood.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.heartwood.Delivery;
import dev.heartwood.Store;
import dev.heartwood.Subscription;
import dev.heartwood.stress.broken.LookThenRegister;
import dev.heartwood.stress.seam.Seam;
import dev.heartwood.stress.seam.Unscheduled;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * A commit races with the registration of a watcher: the watcher starts from the commit, or gets it as an update, and
 * never neither or both.
 */
public final class WatchRegistration {
    private WatchRegistration() {}

    private static int watch(Store store, Delivery delivery, Consumer<Integer> told) {
        Subscription watching = store.watch(
                "leaf", delivery, update -> told.accept(update.after().get("leaf", Integer.class)));
        return watching.base().get("leaf", Integer.class);
    }

    /** One that wants every state. */
    @JCStressTest
    @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "watch -> commit -> told")
    @Outcome(id = "1, -1", expect = ACCEPTABLE, desc = "commit -> watch")
    @Outcome(id = "0, -1", expect = FORBIDDEN, desc = "neither in the base nor told")
    @Outcome(expect = FORBIDDEN, desc = "told of what is in the base, or of what never was")
    @State
    public static class Every {
        private final Store store = Seam.store(Map.of("leaf", 0));
        private volatile int told = -1;

        @Actor
        public void commit() {
            store.put("leaf", 1);
        }

        @Actor
        public void watch(II_Result r) {
            r.r1 = WatchRegistration.watch(store, Delivery.every(Runnable::run), value -> told = value);
        }

        @Arbiter
        public void told(II_Result r) {
            r.r2 = told;
        }
    }

    /** One that wants the latest state. */
    @JCStressTest
    @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "watch -> commit -> told")
    @Outcome(id = "1, -1", expect = ACCEPTABLE, desc = "commit -> watch")
    @Outcome(id = "0, -1", expect = FORBIDDEN, desc = "neither in the base nor told")
    @Outcome(expect = FORBIDDEN, desc = "told of what is in the base, or of what never was")
    @State
    public static class Latest {
        private final Store store = Seam.store(Map.of("leaf", 0));
        private volatile int told = -1;

        @Actor
        public void commit() {
            store.put("leaf", 1);
        }

        @Actor
        public void watch(II_Result r) {
            r.r1 = WatchRegistration.watch(store, Delivery.latest(Runnable::run), value -> told = value);
        }

        @Arbiter
        public void told(II_Result r) {
            r.r2 = told;
        }
    }

    /** A thread that waits for what the commit brings. */
    @JCStressTest
    @Unscheduled("the waiting thread is woken by another, not by its turn")
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "commit -> await, or await -> commit wakes it")
    @Outcome(expect = FORBIDDEN, desc = "it slept through the commit")
    @State
    public static class Await {
        private final Store store = Seam.store(Map.of());

        @Actor
        public void commit() {
            store.put("leaf", 1);
        }

        @Actor
        public void await(I_Result r) {
            try {
                r.r1 = store.await(view -> view.contains("leaf"), Duration.ofSeconds(20))
                        .get("leaf", Integer.class);
            } catch (TimeoutException | InterruptedException e) {
                r.r1 = -1;
            }
        }
    }

    /** On a store that takes the base first, and then registers. */
    @JCStressTest
    @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "watch -> commit -> told")
    @Outcome(id = "1, -1", expect = ACCEPTABLE, desc = "commit -> watch")
    @Outcome(id = "0, -1", expect = ACCEPTABLE_INTERESTING, desc = "base -> commit -> register: neither")
    @Outcome(id = "1, 1", expect = ACCEPTABLE_INTERESTING, desc = "commit -> base -> register -> tell: both")
    @Outcome(expect = FORBIDDEN, desc = "neither a history nor the known fault")
    @State
    public static class LookThenRegisterControl {
        private final LookThenRegister store = new LookThenRegister(Map.of("leaf", 0));
        private volatile int told = -1;

        @Actor
        public void commit() {
            store.batch(tx -> tx.put("leaf", 1));
        }

        @Actor
        public void watch(II_Result r) {
            r.r1 = store.watch(state -> told = state.get("leaf", Integer.class)).get("leaf", Integer.class);
        }

        @Arbiter
        public void told(II_Result r) {
            r.r2 = told;
        }
    }
}
