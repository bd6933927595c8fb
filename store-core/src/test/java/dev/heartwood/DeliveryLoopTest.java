package dev.heartwood;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The turn of a watcher, with an executor that runs each round on the thread that asks for it. */
@Timeout(60)
class DeliveryLoopTest {
    private final AtomicInteger rounds = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();
    private final CountDownLatch othersRound = new CountDownLatch(1);
    private final CountDownLatch end = new CountDownLatch(1);
    private final Crew crew = new Crew();
    private DeliveryLoop loop;

    /** After the round of the first thread, another one takes the turn while the first looks for remaining work. */
    private final class Worker extends ScheduledFollower<Object> {
        private final Thread first = Thread.currentThread();
        private int looks;

        Worker() {
            super(new Timeline(0, Map.of(), Dialect.ANYTHING), Delivery.latest(Runnable::run), "a listener");
        }

        @Override
        boolean hasNothing() {
            if (Thread.currentThread() != first) {
                return true;
            }
            looks++;
            if (looks == 2) {
                crew.start(loop::ask);
                await(othersRound);
            }
            return looks > 2;
        }

        @Override
        boolean tellNext(Ties<Object> mine) {
            most.accumulateAndGet(rounds.incrementAndGet(), Math::max);
            if (Thread.currentThread() != first) {
                othersRound.countDown();
                await(end);
            }
            rounds.decrementAndGet();
            return false;
        }

        @Override
        void forget(Snapshot base) {}

        @Override
        void add(Snapshot before, Snapshot after, boolean differs) {}

        @Override
        void drop() {}
    }

    private static void await(CountDownLatch latch) {
        while (latch.getCount() > 0) {
            Thread.onSpinWait();
        }
    }

    @Test
    void aTaskThatIsNotBegunForTenSecondsCountsAsDroppedWhereNothingElseWasChosen() {
        for (Delivery delivery : List.of(Delivery.latest(Runnable::run), Delivery.every(Runnable::run))) {
            assertThat(delivery.backlog(5).failureHandler(failure -> {}).patienceNanos())
                    .isEqualTo(TimeUnit.SECONDS.toNanos(10));
        }
    }

    @Test
    void aTurnThatAnotherThreadTakesDuringTheLookIsItsOwn() {
        loop = new DeliveryLoop(new Worker());
        loop.begin();
        loop.ask();
        end.countDown();
        crew.join();
        assertThat(most).hasValue(1);
    }

    /** Another thread adds a change while the first round looks whether there is more, and finds nothing. */
    private final class Asked extends ScheduledFollower<Object> {
        private int looks;

        Asked() {
            super(new Timeline(0, Map.of(), Dialect.ANYTHING), Delivery.latest(Runnable::run), "a listener");
        }

        @Override
        boolean hasNothing() {
            if (++looks == 1) {
                Crew.elsewhere(loop::ask);
            }
            return true;
        }

        @Override
        boolean tellNext(Ties<Object> mine) {
            rounds.incrementAndGet();
            return false;
        }

        @Override
        void forget(Snapshot base) {}

        @Override
        void add(Snapshot before, Snapshot after, boolean differs) {}

        @Override
        void drop() {}
    }

    @Test
    void aChangeThatComesWhileARoundLooksForMoreGetsARound() {
        loop = new DeliveryLoop(new Asked());
        loop.begin();
        loop.ask();
        assertThat(rounds).hasValue(2);
    }
}
