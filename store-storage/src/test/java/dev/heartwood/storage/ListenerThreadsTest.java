package dev.heartwood.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Listeners are called by threads that hold up neither each other nor the end of the program. */
class ListenerThreadsTest {
    @Test
    @Timeout(60)
    void aListenerThatIsBlockedHoldsUpNoOther() throws Exception {
        ExecutorService threads = ListenerThreads.named("listeners");
        CountDownLatch released = new CountDownLatch(1);
        CompletableFuture<Thread> first = CompletableFuture.supplyAsync(
                () -> {
                    try {
                        released.await();
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                    return Thread.currentThread();
                },
                threads);
        Thread second =
                CompletableFuture.supplyAsync(Thread::currentThread, threads).get();
        released.countDown();
        assertThat(first.get()).isNotSameAs(second);
        assertThat(second.getName()).isEqualTo("listeners");
        assertThat(second.isDaemon()).isTrue();
        threads.shutdown();
        threads.execute(() -> {
            throw new AssertionError("it is shut down");
        });
        assertThat(threads.isShutdown()).isTrue();
    }
}
