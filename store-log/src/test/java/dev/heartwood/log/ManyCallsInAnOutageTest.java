package dev.heartwood.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heartwood.Store;
import dev.heartwood.StoreIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A log does not answer: each of many calls that wait at the same time ends by twice the deadline. */
@Timeout(60)
class ManyCallsInAnOutageTest {
    private static final Duration DEADLINE = Duration.ofSeconds(10);
    private static final int CALLS = 8;

    private final JumpingClock clock = new JumpingClock();
    private final InMemoryLog log = new InMemoryLog();
    private final List<Thread> calls = new ArrayList<>();
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean allWait = new AtomicBoolean();
    private volatile boolean isSilent;

    /** While the log is silent, the first request fails once all other calls wait, and the others at once. */
    private Store store(Reads reads) {
        SharedLog connection = log.connect();
        SharedLog failing = (SharedLog) Proxy.newProxyInstance(
                SharedLog.class.getClassLoader(), new Class<?>[] {SharedLog.class}, (proxy, method, arguments) -> {
                    if (isSilent && List.of("append", "last", "read").contains(method.getName())) {
                        if (!allWait.getAndSet(true)) {
                            awaitOthers();
                        }
                        throw new LogException.Unavailable("connection refused", null);
                    }
                    try {
                        return method.invoke(connection, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
        LogOptions options =
                LogStore.options().deadline(DEADLINE).checkpointEvery(0).reads(reads);
        return Store.over(LogRoot.open(
                failing,
                options,
                new Wiring(clock, "writer", new Random(1), new NoBackground(name -> new DirectExecutor()))));
    }

    private void awaitOthers() {
        for (Thread call : List.copyOf(calls)) {
            while (call != Thread.currentThread()
                    && call.getState() != Thread.State.WAITING
                    && call.getState() != Thread.State.TIMED_WAITING
                    && call.getState() != Thread.State.TERMINATED) {
                Thread.onSpinWait();
            }
        }
    }

    private void callAtOnce(Store store, BiConsumer<Store, String> call) throws InterruptedException {
        isSilent = true;
        for (int i = 0; i < CALLS; i++) {
            String name = "key" + i;
            Thread thread = new Thread(() -> call.accept(store, name), name);
            thread.setUncaughtExceptionHandler((failed, e) -> failures.add(e));
            calls.add(thread);
        }
        calls.forEach(Thread::start);
        for (Thread thread : calls) {
            thread.join();
        }
    }

    private void requireAllFailedInTime() {
        assertThat(failures).hasSize(CALLS).allSatisfy(e -> assertThat(e).isInstanceOf(StoreIOException.class));
        // One that came while the first of them waited may try for its own time.
        assertThat(Duration.ofNanos(clock.nanoTime())).isLessThan(DEADLINE.multipliedBy(3));
    }

    @Test
    void eachCommitEndsAtTheDeadlineAndNotAfterThoseOfAllBeforeIt() throws Exception {
        try (Store store = store(Reads.LOCAL)) {
            callAtOnce(store, (to, name) -> to.put(name, 1));
            requireAllFailedInTime();
            isSilent = false;
            assertThat(store.fresh().size()).as("nothing was made").isZero();
            store.put("n", 1);
            assertThat(store.fresh().get("n")).isEqualTo(1L);
        }
    }

    @Test
    void eachFreshReadEndsAtTheDeadlineAndNotAfterThoseOfAllBeforeIt() throws Exception {
        try (Store store = store(Reads.LOCAL)) {
            callAtOnce(store, (of, name) -> of.fresh());
            requireAllFailedInTime();
            isSilent = false;
            assertThat(store.fresh().size()).isZero();
        }
    }

    @Test
    void eachReadOfAStoreWithFreshReadsEndsAtTheDeadline() throws Exception {
        try (Store store = store(Reads.FRESH)) {
            callAtOnce(store, Store::get);
            requireAllFailedInTime();
            isSilent = false;
        }
    }

    @Test
    void eachBatchThatChangesNothingEndsAtTheDeadline() throws Exception {
        try (Store store = store(Reads.LOCAL)) {
            callAtOnce(store, (of, name) -> of.batch(tx -> {}));
            requireAllFailedInTime();
            isSilent = false;
        }
    }
}
