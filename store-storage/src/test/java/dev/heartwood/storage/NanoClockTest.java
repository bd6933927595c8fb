package dev.heartwood.storage;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The waits of threads that commit. */
class NanoClockTest {
    @Test
    void anInterruptDoesNotGetLostInAPause() {
        Thread.currentThread().interrupt();
        NanoClock.SYSTEM.pause(1);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void aPauseInterruptsNobody() {
        NanoClock.SYSTEM.pause(1);
        assertThat(Thread.interrupted()).isFalse();
    }
}
