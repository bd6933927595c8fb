package dev.heartwood;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vavr.collection.HashMap;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Claims, and the threads that give way to them. */
@Timeout(60)
class RightOfWayTest {
    private static final long LONG = TimeUnit.HOURS.toNanos(1);
    private static final HashMap<String, Object> BEFORE = HashMap.of("a", 1L, "b", 1L);
    private static final HashMap<String, Object> A_CHANGED = BEFORE.put("a", 2L);
    private static final HashMap<String, Object> B_CHANGED = BEFORE.put("b", 2L);
    private static final ReadSet READS_A = (before, after) -> before.get("a").equals(after.get("a"));

    private final RightOfWay rightOfWay = new RightOfWay(Duration.ofDays(1));
    private final Crew crew = new Crew();

    @Test
    void aWriterWhoseCommitWouldUndoTheClaimWaitsUntilItIsReleased() {
        RightOfWay.Claim claim = rightOfWay.claim(READS_A, LONG);
        Thread writer = crew.start(() -> {
            rightOfWay.giveWay(BEFORE, A_CHANGED);
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
        });
        untilWaiting(writer);
        rightOfWay.release(claim);
        crew.join();
        assertThat(rightOfWay.isFree()).isTrue();
    }

    @Test
    void aWriterElsewherePasses() {
        RightOfWay.Claim claim = rightOfWay.claim(READS_A, LONG);
        Crew.elsewhere(() -> rightOfWay.giveWay(BEFORE, B_CHANGED));
        rightOfWay.release(claim);
    }

    @Test
    void theHolderPasses() {
        RightOfWay.Claim claim = rightOfWay.claim(READS_A, LONG);
        rightOfWay.giveWay(BEFORE, A_CHANGED);
        rightOfWay.release(claim);
    }

    @Test
    void whatTheHolderReadsNowIsWhatCounts() {
        RightOfWay.Claim claim = rightOfWay.claim(READS_A, LONG);
        claim.renew((before, after) -> before.get("b").equals(after.get("b")));
        Crew.elsewhere(() -> rightOfWay.giveWay(BEFORE, A_CHANGED));
        Thread writer = crew.start(() -> rightOfWay.giveWay(BEFORE, B_CHANGED));
        untilWaiting(writer);
        rightOfWay.release(claim);
        crew.join();
    }

    @Test
    void aHolderThatWaitsPastItsOwnTimeHoldsNobody() {
        RightOfWay.Claim claim = rightOfWay.claim(READS_A, 0);
        // While others look at it, its holder waits for them.
        Crew.elsewhere(() -> untilLapsed(claim));
        claim.renew(READS_A);
        Crew.elsewhere(() -> untilLapsed(claim));
        Crew.elsewhere(() -> rightOfWay.giveWay(BEFORE, A_CHANGED));
        RightOfWay.Claim next = rightOfWay.claim(READS_A, LONG);
        rightOfWay.release(claim);
        assertThat(rightOfWay.isFree()).isFalse();
        rightOfWay.release(next);
        assertThat(rightOfWay.isFree()).isTrue();
    }

    @Test
    void aDeadlineReleasesThoseWhoWait() {
        RightOfWay.Claim claim = rightOfWay.claim(READS_A, TimeUnit.MILLISECONDS.toNanos(10));
        Crew.elsewhere(() -> rightOfWay.giveWay(BEFORE, A_CHANGED));
        Crew.elsewhere(() -> untilLapsed(claim));
    }

    @Test
    void aHolderThatIsAtWorkPastItsOwnTimeKeepsItsClaim() {
        RightOfWay.Claim claim = rightOfWay.claim(READS_A, 0);
        Thread writer = crew.start(() -> rightOfWay.giveWay(BEFORE, A_CHANGED));
        // This thread looks on and never waits, whenever the scheduler lets it.
        untilWaiting(writer);
        assertThat(claim.hasLapsed()).isFalse();
        rightOfWay.release(claim);
        crew.join();
    }

    @Test
    void aClaimWaitsForOneWhoseHolderIsAtWorkPastItsOwnTime() {
        RightOfWay.Claim claim = rightOfWay.claim(READS_A, 0);
        Thread claimant = crew.start(() -> rightOfWay.release(rightOfWay.claim(READS_A, LONG)));
        untilWaiting(claimant);
        rightOfWay.release(claim);
        crew.join();
        assertThat(rightOfWay.isFree()).isTrue();
    }

    @Test
    void aHolderThatIsAtWorkHoldsOthersUpToTheCapAndNoLonger() {
        RightOfWay capped = new RightOfWay(Duration.ofMillis(5));
        RightOfWay.Claim claim = capped.claim(READS_A, LONG);
        Thread writer = crew.start(() -> capped.giveWay(BEFORE, A_CHANGED));
        while (writer.isAlive()) {
            Thread.onSpinWait();
        }
        assertThat(claim.hasLapsed()).isTrue();
        crew.join();
    }

    @Test
    void theTimeOfAClaimBeginsWithItsTurn() {
        long cap = TimeUnit.MILLISECONDS.toNanos(100);
        RightOfWay capped = new RightOfWay(Duration.ofNanos(cap));
        long began = System.nanoTime();
        RightOfWay.Claim first = capped.claim(READS_A, LONG);
        AtomicLong lapsed = new AtomicLong();
        Thread claimant = crew.start(() -> {
            RightOfWay.Claim second = capped.claim(READS_A, LONG);
            while (!second.hasLapsed()) {
                Thread.onSpinWait();
            }
            lapsed.set(System.nanoTime());
        });
        untilWaiting(claimant);
        long queued = System.nanoTime();
        while (System.nanoTime() - queued < cap / 2) {
            Thread.onSpinWait();
        }
        long released = System.nanoTime();
        capped.release(first);
        crew.join();
        // On a slow machine the first has lapsed before it is released.
        long turn = Math.min(released, began + cap);
        assertThat(lapsed.get() - turn).isGreaterThanOrEqualTo(cap);
    }

    /** It waits while the other thread looks; where that one is too late for its second look, it sees nothing. */
    @Test
    void aHolderThatWaitsHoldsOthersForTwiceTheDurationOfItsRun() {
        long run = TimeUnit.MILLISECONDS.toNanos(100);
        long begun = System.nanoTime();
        RightOfWay.Claim claim = rightOfWay.claim(READS_A, run);
        Crew.elsewhere(() -> {
            boolean lapsed = false;
            while (System.nanoTime() - begun < 2 * run) {
                boolean now = claim.hasLapsed();
                lapsed |= now && System.nanoTime() - begun < 2 * run;
            }
            assertThat(lapsed).isFalse();
        });
        rightOfWay.release(claim);
    }

    @Test
    void aWonRaceEndsTheClaimForItAndNoOther() {
        Snapshot mine = Store.create().snapshot();
        RightOfWay.Claim claim = rightOfWay.claim(READS_A, LONG);
        claim.tries(mine);
        rightOfWay.won(Store.create().snapshot());
        assertThat(rightOfWay.isFree()).isFalse();
        rightOfWay.won(mine);
        assertThat(rightOfWay.isFree()).isTrue();
        rightOfWay.release(claim);
    }

    @Test
    void noDeadlineIsLaterThanTheCap() {
        RightOfWay.Claim claim = new RightOfWay(Duration.ZERO).claim(READS_A, LONG);
        assertThat(claim.hasLapsed()).isTrue();
    }

    @Test
    void claimsAreServedInTheOrderInWhichTheyCame() {
        List<Integer> served = Collections.synchronizedList(new ArrayList<>());
        RightOfWay.Claim first = rightOfWay.claim(READS_A, LONG);
        for (int i = 0; i < 5; i++) {
            int index = i;
            untilWaiting(crew.start(() -> {
                RightOfWay.Claim mine = rightOfWay.claim(READS_A, LONG);
                served.add(index);
                rightOfWay.release(mine);
            }));
        }
        rightOfWay.release(first);
        crew.join();
        assertThat(served).containsExactly(0, 1, 2, 3, 4);
        assertThat(rightOfWay.isFree()).isTrue();
    }

    @Test
    void whoGaveWayToOneClaimGivesWayToTheNext() {
        RightOfWay.Claim first = rightOfWay.claim(READS_A, LONG);
        Thread writer = crew.start(() -> rightOfWay.giveWay(BEFORE, A_CHANGED));
        untilWaiting(writer);
        AtomicInteger asked = new AtomicInteger();
        // A thread does not wait for a claim of its own: the second one takes the place of the first at once.
        RightOfWay.Claim second = rightOfWay.claim(
                (before, after) -> {
                    asked.incrementAndGet();
                    return READS_A.same(before, after);
                },
                LONG);
        while (asked.get() == 0) {
            assertThat(writer.isAlive()).as("it asks the second claim").isTrue();
            Thread.onSpinWait();
        }
        rightOfWay.release(first);
        untilWaiting(writer);
        rightOfWay.release(second);
        crew.join();
    }

    @Test
    void anInterruptIsKeptAndEndsNoWait() {
        RightOfWay.Claim claim = rightOfWay.claim(READS_A, LONG);
        Thread writer = crew.start(() -> {
            rightOfWay.giveWay(BEFORE, A_CHANGED);
            assertThat(Thread.interrupted()).isTrue();
        });
        Thread claimant = crew.start(() -> {
            RightOfWay.Claim mine = rightOfWay.claim(READS_A, LONG);
            rightOfWay.release(mine);
            assertThat(Thread.interrupted()).isTrue();
        });
        untilWaiting(writer);
        untilWaiting(claimant);
        interruptAndUntilWaitingAgain(writer);
        interruptAndUntilWaitingAgain(claimant);
        rightOfWay.release(claim);
        crew.join();
    }

    @Test
    void aClaimWhoseReadsFailOnAnotherThreadHarmsThatThreadAlone() {
        RightOfWay.Claim claim = rightOfWay.claim(
                (before, after) -> {
                    throw new IllegalStateException("mine");
                },
                LONG);
        Crew.elsewhere(() ->
                assertThatThrownBy(() -> rightOfWay.giveWay(BEFORE, A_CHANGED)).hasMessage("mine"));
        rightOfWay.release(claim);
        assertThat(rightOfWay.isFree()).isTrue();
    }

    /** The holder of the claim may not yet have begun to wait for this thread. */
    private static void untilLapsed(RightOfWay.Claim claim) {
        while (!claim.hasLapsed()) {
            Thread.onSpinWait();
        }
    }

    /** A thread that waits takes the interrupt before it goes on: until then it seems to wait still. */
    private static void interruptAndUntilWaitingAgain(Thread thread) {
        thread.interrupt();
        while (thread.isInterrupted()) {
            Thread.onSpinWait();
        }
        untilWaiting(thread);
    }

    private static void untilWaiting(Thread thread) {
        while (thread.getState() != Thread.State.TIMED_WAITING) {
            assertThat(thread.isAlive()).as("it waits").isTrue();
            Thread.onSpinWait();
        }
    }
}
