package dev.heartwood.stress.crowd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.heartwood.Store;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** A thread that is stopped in the middle of a batch leaves nothing behind: no change, no claim, no store in use. */
class DyingThreadTest {
    @Test
    void aThreadThatIsStoppedMidBatchHarmsNobody() throws Exception {
        requireThreadsThatCanBeStopped();
        Store store = Store.of(Map.of("x", 0, "batches", 0));
        CountDownLatch inside = new CountDownLatch(1);
        Thread victim = new Thread(() -> store.batch(tx -> {
            tx.increment("batches");
            inside.countDown();
            sleepForEver();
        }));

        die(victim, inside);

        assertThat(store.version()).isZero();
        store.increment("batches");
        assertThat(store.get("batches", Integer.class)).isEqualTo(1);
    }

    /** It has lost three races on purpose, so that it dies while others give way to it. */
    @Test
    void aThreadThatIsStoppedWithTheRightOfWayLetsTheOthersGoOn() throws Exception {
        requireThreadsThatCanBeStopped();
        Store store = Store.options().rightOfWay(Duration.ofHours(1)).of(Map.of("x", 0, "batches", 0));
        CountDownLatch claimed = new CountDownLatch(1);
        int[] runs = new int[1];
        Thread victim = new Thread(() -> store.batch(tx -> {
            tx.get("x");
            tx.increment("batches");
            LockSupport.parkNanos(1_000_000);
            if (++runs[0] <= 3) {
                Void ignored =
                        CompletableFuture.runAsync(() -> store.increment("x")).join();
            } else {
                claimed.countDown();
                sleepForEver();
            }
        }));

        die(victim, claimed);
        Thread other = new Thread(() -> store.increment("x"));
        other.start();
        other.join(60_000);

        assertThat(other.isAlive()).isFalse();
        assertThat(store.get("x", Integer.class)).isEqualTo(4);
        assertThat(store.get("batches", Integer.class)).isZero();
    }

    @SuppressWarnings({"deprecation", "removal"})
    private static void die(Thread victim, CountDownLatch ready) throws InterruptedException {
        AtomicReference<Throwable> last = new AtomicReference<>();
        victim.setUncaughtExceptionHandler((thread, e) -> last.set(e));
        victim.start();
        ready.await();
        victim.stop();
        victim.join(60_000);
        assertThat(victim.isAlive()).isFalse();
        assertThat(last.get()).isInstanceOf(ThreadDeath.class);
    }

    private static void sleepForEver() {
        for (; ; ) {
            LockSupport.park();
        }
    }

    private static void requireThreadsThatCanBeStopped() {
        assumeTrue(Runtime.version().feature() < 20, "this JDK stops no threads");
    }
}
