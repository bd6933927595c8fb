package dev.heartwood.file.commit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Requests that come during a turn of the writer thread, which is the thread of the test here. */
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WriterSignalsTest {
    @Test
    void aRequestIsNotLostThoughTheTurnWaitsForSomethingElseAfterIt() {
        WriterSignals signals = new WriterSignals(Thread.currentThread());
        signals.beginTurn();
        long number = signals.askForLook();
        LockSupport.park(); // takes the permit, as waiting for a lock does
        signals.rest(() -> false, Long.MAX_VALUE);
        assertThat(signals.looksAsked()).isEqualTo(number);
    }

    @Test
    void aRequestEndsTheTimeInWhichCommitsGather() {
        WriterSignals signals = new WriterSignals(Thread.currentThread());
        signals.beginTurn();
        signals.hurry();
        LockSupport.park();
        signals.gatherCommits(Long.MAX_VALUE);
        assertThat(signals.isHurried()).isTrue();
    }
}
