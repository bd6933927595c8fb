package dev.heartwood;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
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
                false,
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

    @Test
    void aFailureIsToldOnceUntilTheWorkSucceedsAndOnlyTheCloseOfTheStoreEndsTheThread() throws Exception {
        List<Throwable> told = new CopyOnWriteArrayList<>();
        AssertionError error = new AssertionError("a fault");
        IllegalStateException again = new IllegalStateException("full again");
        CompletableFuture<Thread> thread = new CompletableFuture<>();
        AtomicInteger runs = new AtomicInteger();
        SessionThread ignored = SessionThread.start(
                "the thread of this test",
                false,
                () -> {
                    thread.complete(Thread.currentThread());
                    return switch (runs.incrementAndGet()) {
                        case 1 -> throw error;
                        case 2 -> throw new IllegalStateException("full");
                        case 3 -> 1;
                        case 4 -> throw again;
                        default -> throw new StoreClosedException();
                    };
                },
                told::add);

        thread.get(20, TimeUnit.SECONDS).join(20_000);

        assertThat(thread.join().isAlive()).isFalse();
        assertThat(runs).hasValue(5);
        assertThat(told).containsExactly(error, again);
    }
}
