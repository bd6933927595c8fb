package dev.heartwood.file.commit;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.heartwood.storage.WaitQueue;
import dev.heartwood.stress.broken.LookThenRest;
import dev.heartwood.stress.broken.LookThenWait;
import dev.heartwood.stress.broken.OthersPutBack;
import dev.heartwood.stress.seam.Sleeper;
import dev.heartwood.stress.seam.Unscheduled;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * Threads wait for news while another thread publishes it: each wakes up when its news has come, and none sleeps on.
 */
public final class LostWakeUp {
    private LostWakeUp() {}

    /** One, told of the first while it begins to wait, and of the second while it is interrupted. */
    @JCStressTest
    @Unscheduled("the waiting thread is woken by another, not by its turn")
    @Outcome(id = "1, 2, 1", expect = ACCEPTABLE, desc = "woken by the first, then by the second; still interrupted")
    @Outcome(expect = FORBIDDEN, desc = "it slept on, went on before its time, or lost the interrupt")
    @State
    public static class OfOne {
        private final WaitQueue waiters = new WaitQueue();
        private final Sleeper first = Sleeper.ofStore();
        private final Sleeper second = Sleeper.ofStore();
        private volatile int told;

        @Actor
        public void await(III_Result r) {
            first.sleep(() -> await(1));
            second.sleep(() -> await(2));
            r.r3 = Thread.interrupted() ? 1 : 0;
        }

        @Actor
        public void tell(III_Result r) {
            tell(1);
            r.r1 = first.answer();
            second.interrupt();
            tell(2);
            r.r2 = second.answer();
        }

        private int await(int news) {
            waiters.await(() -> told >= news);
            return told;
        }

        private void tell(int news) {
            told = news;
            waiters.wake();
        }
    }

    /** One that looks first, and then lets itself be seen. */
    @JCStressTest
    @Unscheduled("the waiting thread is woken by another, not by its turn")
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "tell -> await, or await -> tell wakes it")
    @Outcome(id = "0", expect = ACCEPTABLE_INTERESTING, desc = "look -> tell -> be seen: it slept on")
    @Outcome(expect = FORBIDDEN, desc = "neither a history nor the known fault")
    @State
    public static class LookThenWaitControl {
        private final LookThenWait waiters = new LookThenWait();
        private final Sleeper only = Sleeper.ofControl();
        private volatile int told;

        @Actor
        public void await() {
            only.sleep(() -> {
                waiters.await(() -> told >= 1);
                return told;
            });
        }

        @Actor
        public void tell(I_Result r) {
            told = 1;
            waiters.wake();
            r.r1 = only.answer();
        }
    }

    /** One that goes on at the first, and comes back for the second, for which another waits already. */
    @JCStressTest
    @Unscheduled("the waiting threads are woken by another, not by their turns")
    @Outcome(id = "1, 2, 2", expect = ACCEPTABLE, desc = "the first wakes the one alone, the second wakes both")
    @Outcome(expect = FORBIDDEN, desc = "one slept on, or went on before its time")
    @State
    public static class OfSeveral {
        private final WaitQueue waiters = new WaitQueue();
        private final Sleeper first = Sleeper.ofStore();
        private final Sleeper second = Sleeper.ofStore();
        private final Sleeper other = Sleeper.ofStore();
        private volatile int told;

        @Actor
        public void await() {
            other.awaitSleep();
            first.sleep(() -> await(1));
            second.sleep(() -> await(2));
        }

        @Actor
        public void tell(III_Result r) {
            other.sleepElsewhere(() -> await(2));
            other.awaitSleep();
            tell(1);
            r.r1 = first.answer();
            tell(2);
            r.r2 = second.answer();
            r.r3 = other.answer();
        }

        private int await(int news) {
            waiters.await(() -> told >= news);
            return told;
        }

        private void tell(int news) {
            told = news;
            waiters.wake();
        }
    }

    /** The same where who tells puts back those who wait for more, whoever came meanwhile. */
    @JCStressTest
    @Unscheduled("the waiting threads are woken by another, not by their turns")
    @Outcome(id = "1, 2, 2", expect = ACCEPTABLE, desc = "the first wakes the one alone, the second wakes both")
    @Outcome(id = "1, 0, 2", expect = ACCEPTABLE_INTERESTING, desc = "it came back while the other was put back")
    @Outcome(expect = FORBIDDEN, desc = "neither a history nor the known fault")
    @State
    public static class OthersPutBackControl {
        private final OthersPutBack waiters = new OthersPutBack();
        private final Sleeper first = Sleeper.ofStore();
        private final Sleeper second = Sleeper.ofControl();
        private final Sleeper other = Sleeper.ofStore();
        private volatile int told;

        @Actor
        public void await() {
            other.awaitSleep();
            first.sleep(() -> await(1));
            second.sleep(() -> await(2));
        }

        @Actor
        public void tell(III_Result r) {
            other.sleepElsewhere(() -> await(2));
            other.awaitSleep();
            tell(1);
            r.r1 = first.answer();
            tell(2);
            r.r2 = second.answer();
            r.r3 = other.answer();
        }

        private int await(int news) {
            waiters.await(() -> told >= news);
            return told;
        }

        private void tell(int news) {
            told = news;
            waiters.wake();
        }
    }

    /** The writer thread, which goes to rest while a commit comes. */
    @JCStressTest
    @Unscheduled("the resting thread is woken by another, not by its turn")
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "commit -> rest, or rest -> commit wakes it")
    @Outcome(expect = FORBIDDEN, desc = "it slept beside a commit")
    @State
    public static class OfTheWriter {
        private final WriterRest rest = new WriterRest();
        private final Sleeper writer = Sleeper.ofStore();
        private volatile int commits;

        @Actor
        public void rest() {
            writer.sleep(() -> {
                while (commits == 0) {
                    rest.rest(() -> commits > 0, Long.MAX_VALUE);
                }
                return commits;
            });
        }

        @Actor
        public void commit(I_Result r) {
            commits = 1;
            rest.wake();
            r.r1 = writer.answer();
        }
    }

    /** The same with a thread that looks for a commit first, and then lets itself be seen. */
    @JCStressTest
    @Unscheduled("the resting thread is woken by another, not by its turn")
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "commit -> rest, or rest -> commit wakes it")
    @Outcome(id = "0", expect = ACCEPTABLE_INTERESTING, desc = "look -> commit -> be seen: it slept beside a commit")
    @Outcome(expect = FORBIDDEN, desc = "neither a history nor the known fault")
    @State
    public static class LookThenRestControl {
        private final LookThenRest rest = new LookThenRest();
        private final Sleeper writer = Sleeper.ofControl();
        private volatile int commits;

        @Actor
        public void rest() {
            writer.sleep(() -> {
                while (commits == 0) {
                    rest.rest(() -> commits > 0);
                }
                return commits;
            });
        }

        @Actor
        public void commit(I_Result r) {
            commits = 1;
            rest.wake();
            r.r1 = writer.answer();
        }
    }
}
