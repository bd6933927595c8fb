package dev.heartwood.file.checkpoint;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.heartwood.file.checkpoint.CheckpointHandOver.Decision;
import dev.heartwood.file.commit.WriterRest;
import dev.heartwood.stress.broken.SignalThenHandOver;
import dev.heartwood.stress.seam.Sleeper;
import dev.heartwood.stress.seam.Unscheduled;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/** The checkpoint thread hands files over to the writer thread, which hands them back when it has decided. */
public final class CheckpointBesideCommits {
    private CheckpointBesideCommits() {}

    /** Both threads use one journal and one file without any lock: neither sees the other's work half done. */
    @JCStressTest
    @Unscheduled("no root stands under the hand-over")
    @Outcome(id = "1, 2", expect = ACCEPTABLE, desc = "each finds all that the other had done before")
    @Outcome(expect = FORBIDDEN, desc = "one found the other's work half done")
    @State
    public static class HandOver {
        private final CheckpointHandOver<Object> handOver = new CheckpointHandOver<>();
        private int journal;

        @Actor
        public void checkpoint(II_Result r) {
            journal = 1;
            handOver.prepared(this);
            try {
                r.r2 = handOver.awaitDecision().installed() ? journal : -1;
            } catch (InterruptedException e) {
                throw new AssertionError("nobody interrupts a checkpoint", e);
            }
        }

        @Actor
        public void write(II_Result r) {
            while (handOver.files() == null) {
                Thread.onSpinWait();
            }
            r.r1 = journal;
            journal = 2;
            handOver.decide(new Decision(true, true, null));
        }
    }

    /** The same where each gives its signal first. */
    @JCStressTest
    @Unscheduled("no root stands under the hand-over")
    @Outcome(id = "1, 2", expect = ACCEPTABLE, desc = "each finds all that the other had done before")
    @Outcome(
            id = {"0, 2", "1, 1", "0, 1", "0, 0", "1, 0"},
            expect = ACCEPTABLE_INTERESTING,
            desc = "signal -> the other goes on -> work: it was found half done")
    @Outcome(expect = FORBIDDEN, desc = "neither a history nor the known fault")
    @State
    public static class SignalThenHandOverControl {
        private final SignalThenHandOver handOver = new SignalThenHandOver();
        private int journal;

        @Actor
        public void checkpoint(II_Result r) {
            handOver.prepare(() -> journal = 1);
            while (!handOver.isDecided()) {
                Thread.onSpinWait();
            }
            r.r2 = journal;
        }

        @Actor
        public void write(II_Result r) {
            while (!handOver.isPrepared()) {
                Thread.onSpinWait();
            }
            r.r1 = journal;
            handOver.decide(() -> journal = 2);
        }
    }

    /** The writer thread looks for files, finds none, and goes to rest, while the checkpoint prepares them. */
    @JCStressTest
    @Unscheduled("the resting thread is woken by another, not by its turn")
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "prepared -> look, or look -> prepared wakes it")
    @Outcome(expect = FORBIDDEN, desc = "it slept beside prepared files")
    @State
    public static class WakeUp {
        private final CheckpointHandOver<Object> handOver = new CheckpointHandOver<>();
        private final WriterRest rest = new WriterRest();
        private final Sleeper writer = Sleeper.ofStore();
        private volatile @Nullable Thread thread;

        @Actor
        public void rest() {
            thread = Thread.currentThread();
            writer.sleep(() -> {
                while (handOver.files() == null) {
                    rest.rest(() -> false, Long.MAX_VALUE);
                }
                return 1;
            });
        }

        @Actor
        public void prepare(I_Result r) {
            Thread writing = awaited();
            handOver.prepared(this);
            LockSupport.unpark(writing);
            r.r1 = writer.answer();
        }

        private Thread awaited() {
            for (; ; Thread.onSpinWait()) {
                Thread found = thread;
                if (found != null) {
                    return found;
                }
            }
        }
    }

    /** The same where the checkpoint wakes the writer thread only if that rests already, as a commit does. */
    @JCStressTest
    @Unscheduled("the resting thread is woken by another, not by its turn")
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "prepared -> look, or rest -> prepared wakes it")
    @Outcome(
            id = "0",
            expect = ACCEPTABLE_INTERESTING,
            desc = "look -> prepared -> rest: it slept beside prepared files")
    @Outcome(expect = FORBIDDEN, desc = "neither a history nor the known fault")
    @State
    public static class WakeOnlyARestingThreadControl {
        private final CheckpointHandOver<Object> handOver = new CheckpointHandOver<>();
        private final WriterRest rest = new WriterRest();
        private final Sleeper writer = Sleeper.ofControl();

        @Actor
        public void rest() {
            writer.sleep(() -> {
                while (handOver.files() == null) {
                    rest.rest(() -> false, Long.MAX_VALUE);
                }
                return 1;
            });
        }

        @Actor
        public void prepare(I_Result r) {
            handOver.prepared(this);
            rest.wake();
            r.r1 = writer.answer();
        }
    }
}
