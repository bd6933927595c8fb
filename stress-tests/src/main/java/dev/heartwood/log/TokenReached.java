package dev.heartwood.log;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.heartwood.Store;
import dev.heartwood.Token;
import dev.heartwood.storage.NanoClock;
import dev.heartwood.stress.broken.PositionThenPublish;
import dev.heartwood.stress.seam.Sleeper;
import dev.heartwood.stress.seam.Unscheduled;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;
import org.openjdk.jcstress.infra.results.J_Result;

/**
 * A replica receives a commit while a thread asks for the commit's token: once the token is reached, local reads show
 * the commit.
 */
public final class TokenReached {
    private TokenReached() {}

    /** A replica without threads of its own, over a log in memory. */
    @JCStressTest
    @Unscheduled("the replica is below the seam of the root")
    @Outcome(id = "0", expect = ACCEPTABLE, desc = "asked -> heard: not reached yet")
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "heard -> asked: reached, and seen")
    @Outcome(expect = FORBIDDEN, desc = "the token is reached, and a read shows an older state")
    @State
    public static class OfALocalRead {
        private final InMemoryLog log = new InMemoryLog();
        private final LogRoot reader = open("reader");
        private final Token token = commit();

        private LogRoot open(String writer) {
            return LogRoot.open(
                    log.connect(),
                    LogStore.options(),
                    new Wiring(NanoClock.SYSTEM, writer, new Random(1), new Nobody()));
        }

        private Token commit() {
            try (Store writer = Store.over(open("writer"))) {
                return writer.batch(tx -> tx.put("a", 1)).token();
            }
        }

        @Actor
        public void hear() {
            long ignored = reader.follow();
        }

        @Actor
        public void ask(J_Result r) {
            r.r1 = reader.hasReached(token) ? reader.visible().version() == token.version() ? 1 : 2 : 0;
        }
    }

    /** A thread that waits for the token: it goes on once the commit is heard, and shows it. */
    @JCStressTest
    @Unscheduled("the waiting thread is woken by another, not by its turn")
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "waits -> heard, or heard -> waits: it goes on with the commit")
    @Outcome(expect = FORBIDDEN, desc = "it slept on, or went on without the commit")
    @State
    public static class OfAWait {
        private final Sleeper only = Sleeper.ofSlowStore();
        private final InMemoryLog log = new InMemoryLog();
        private final LogRoot root = LogRoot.open(
                log.connect(), LogStore.options(), new Wiring(NanoClock.SYSTEM, "reader", new Random(1), new Nobody()));
        private final Store reader = Store.over(root);
        private final Token token = commit(log);

        private static Token commit(InMemoryLog log) {
            Wiring wiring = new Wiring(NanoClock.SYSTEM, "writer", new Random(1), new Nobody());
            try (Store writer = Store.over(LogRoot.open(log.connect(), LogStore.options(), wiring))) {
                return writer.batch(tx -> tx.put("a", 1)).token();
            }
        }

        @Actor
        public void await() {
            only.sleep(() -> {
                try {
                    return reader.atLeast(token, Duration.ofSeconds(30)).contains("a") ? 1 : 2;
                } catch (InterruptedException | TimeoutException e) {
                    return Sleeper.THREW;
                }
            });
        }

        @Actor
        public void hear(I_Result r) {
            long ignored = root.follow();
            r.r1 = only.answer();
        }
    }

    /** The same where a state counts as reached before it is published. */
    @JCStressTest
    @Unscheduled("the replica is below the seam of the root")
    @Outcome(id = "0", expect = ACCEPTABLE, desc = "asked -> heard: not reached yet")
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "heard -> asked: reached, and seen")
    @Outcome(id = "2", expect = ACCEPTABLE_INTERESTING, desc = "applied -> asked and read -> published")
    @Outcome(expect = FORBIDDEN, desc = "neither a history nor the known fault")
    @State
    public static class PositionThenPublishControl {
        private final PositionThenPublish replica = new PositionThenPublish();

        @Actor
        public void hear() {
            replica.apply(1);
        }

        @Actor
        public void ask(J_Result r) {
            r.r1 = replica.hasReached(1) ? replica.visible() == 1 ? 1 : 2 : 0;
        }
    }

    /** No task runs by itself; there are no listeners. */
    private static final class Nobody implements Wiring.Threads {
        @Override
        public Wiring.Background background(String name, LongSupplier task) {
            return new Wiring.Background() {
                @Override
                public void wake() {}

                @Override
                public void stop() {}
            };
        }

        @Override
        public ExecutorService listeners(String name) {
            return ForkJoinPool.commonPool();
        }
    }
}
