package dev.heartwood.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A task that runs from time to time, and when it is woken. */
@Timeout(30)
class BackgroundTaskTest {
    private final CountDownLatch again = new CountDownLatch(2);
    private LongSupplier work = () -> Long.MAX_VALUE;

    private final BackgroundTask task = new BackgroundTask("the task of this test", () -> {
        again.countDown();
        return work.getAsLong();
    });

    @Test
    void aWakeUpWhileARunWaitsForSomethingIsNotLost() throws InterruptedException {
        work = () -> {
            if (again.getCount() == 1) {
                task.wake();
                takePermit();
            }
            return Long.MAX_VALUE;
        };
        task.wake();
        assertThat(again.await(20, TimeUnit.SECONDS)).isTrue();
        task.stop();
    }

    /** A program that does not close its store comes to its end nevertheless. */
    @Test
    void itsThreadIsADaemon() throws InterruptedException {
        AtomicBoolean daemon = new AtomicBoolean();
        work = () -> {
            daemon.set(Thread.currentThread().isDaemon());
            again.countDown();
            return Long.MAX_VALUE;
        };
        task.wake();
        assertThat(again.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(daemon).isTrue();
        task.stop();
    }

    @Test
    void aTaskThatThrowsRunsAgain() throws InterruptedException {
        runsAgainAfter(new OutOfMemoryError("planted"));
    }

    @Test
    void aTaskThatThrowsRunsAgainThoughTheHeapHasNoRoomForTheLogEither() throws InterruptedException {
        runsAgainAfter(new UntellableError());
    }

    private void runsAgainAfter(Error failure) throws InterruptedException {
        work = () -> {
            if (again.getCount() == 1) {
                throw failure;
            }
            return Long.MAX_VALUE;
        };
        task.wake();
        assertThat(again.await(20, TimeUnit.SECONDS)).isTrue();
        task.stop();
    }

    /** Writing this error into a log fails. */
    private static final class UntellableError extends Error {
        private static final long serialVersionUID = 1L;

        @Override
        public String getMessage() {
            throw new OutOfMemoryError("planted");
        }
    }

    @Test
    void itEndsAlsoWhereItIsStoppedWhileARunWaitsForSomething() throws InterruptedException {
        Thread[] own = new Thread[1];
        work = () -> {
            own[0] = Thread.currentThread();
            task.stop();
            takePermit();
            again.countDown();
            return Long.MAX_VALUE;
        };
        task.wake();
        assertThat(again.await(20, TimeUnit.SECONDS)).isTrue();
        own[0].join(TimeUnit.SECONDS.toMillis(20));
        assertThat(own[0].isAlive()).isFalse();
    }

    /** As a thread does that waits for a lock, and is not its owner when it wakes. */
    private static void takePermit() {
        LockSupport.park();
    }
}
