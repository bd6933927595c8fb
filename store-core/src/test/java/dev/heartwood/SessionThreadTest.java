package dev.heartwood;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The threads of sessions, which rest until there is something to do. */
@Timeout(30)
class SessionThreadTest {
    @Test
    void aWakeUpWhileItsWorkWaitsForTheStorageEndsTheNextRest() throws InterruptedException {
        CompletableFuture<SessionThread> self = new CompletableFuture<>();
        CountDownLatch runs = new CountDownLatch(2);
        self.complete(SessionThread.start(
                "the thread of this test",
                () -> {
                    runs.countDown();
                    if (runs.getCount() == 0) {
                        return -1;
                    }
                    self.join().wake();
                    LockSupport.park(); // as a thread does that waits for a lock, and is not its owner when it wakes
                    return Long.MAX_VALUE;
                },
                failure -> {}));
        assertThat(runs.await(20, TimeUnit.SECONDS)).isTrue();
    }
}
