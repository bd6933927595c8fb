package dev.heartwood.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heartwood.Snapshot;
import dev.heartwood.Store;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Any client may send a wake-up, and a wake-up may be of another log: it is only a hint. */
@Timeout(30)
class WrongWakeUpTest {
    private final InMemoryLog log = new InMemoryLog();
    private final AtomicReference<LongConsumer> wake = new AtomicReference<>();
    private final AtomicInteger reads = new AtomicInteger();
    private final AtomicReference<Error> failure = new AtomicReference<>();

    /** A connection whose wake-ups come from the test alone. */
    private SharedLog connect() {
        SharedLog connection = log.connect();
        return (SharedLog) Proxy.newProxyInstance(
                SharedLog.class.getClassLoader(), new Class<?>[] {SharedLog.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("listen")) {
                        wake.set((LongConsumer) arguments[0]);
                        return connection.listen(number -> {});
                    }
                    if (method.getName().equals("read")) {
                        reads.incrementAndGet();
                        Error error = failure.get();
                        if (error != null) {
                            throw error;
                        }
                    }
                    try {
                        return method.invoke(connection, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    @Test
    void aNumberThatTheLogDoesNotHaveHoldsUpNothing() throws Exception {
        LogOptions patient = LogStore.options().deadline(Duration.ofHours(1)).pollInterval(Duration.ofHours(1));
        try (Store store = patient.over(connect());
                Store other = LogStore.over(log.connect())) {
            for (long n = 1; n <= 20; n++) {
                wake.get().accept(n * 1_000_000);
                store.put("n", n);
            }
            other.put("m", 1L);
            wake.get().accept(21);
            assertThat(store.await(view -> view.contains("m"), Duration.ofSeconds(20))
                            .get("n"))
                    .isEqualTo(20L);
        }
    }

    /** As of a connection that listens anew, and does not know what it has missed. */
    @Test
    void aWakeUpWithoutANumberAsksTheLog() throws Exception {
        LogOptions local = LogStore.options().reads(Reads.LOCAL).pollInterval(Duration.ofHours(1));
        try (Store store = local.over(connect());
                Store other = LogStore.over(log.connect())) {
            other.put("m", 1L);
            wake.get().accept(-1);

            Snapshot seen = store.await(view -> view.contains("m"), Duration.ofSeconds(20));

            assertThat(seen.get("m")).isEqualTo(1L);
        }
    }

    /** Such as an exhausted heap, for which another component is to blame. */
    @Test
    void anErrorDuringALookDoesNotEndTheFollowing() throws Exception {
        LogOptions local = LogStore.options().reads(Reads.LOCAL).pollInterval(Duration.ofHours(1));
        try (Store store = local.over(connect());
                Store other = LogStore.over(log.connect())) {
            failure.set(new OutOfMemoryError("planted"));
            other.put("m", 1L);
            int before = reads.get();
            wake.get().accept(1);
            while (reads.get() == before) {
                Thread.onSpinWait();
            }
            failure.set(null);
            other.put("m", 2L);
            wake.get().accept(2);
            Snapshot ignored = store.await(view -> view.getOrDefault("m", 0L).equals(2L), Duration.ofSeconds(20));
        }
    }

    @Test
    void aWakeUpThatComesLateDoesNotHideTheNewerOneBeforeIt() {
        Wiring system = Wiring.system();
        Wiring byHand = new Wiring(
                system.clock(), system.writer(), system.random(), new NoBackground(system.threads()::listeners));
        LogRoot root = LogRoot.open(connect(), LogStore.options().pollInterval(Duration.ofHours(1)), byHand);
        try (Store store = Store.over(root);
                Store other = LogStore.over(log.connect())) {
            other.put("n", 1L);
            wake.get().accept(1);
            long ignored = root.follow();
            other.put("n", 2L);
            wake.get().accept(2);
            wake.get().accept(1);
            ignored = root.follow();
            assertThat(root.replica().position().number()).isEqualTo(2);
            assertThat(store.fresh().get("n")).isEqualTo(2L);
        }
    }

    /** Else it would cost each later commit a request, for as long as the store is open. */
    @Test
    void aNumberThatTheLogDoesNotHaveIsAskedForOnce() {
        Wiring system = Wiring.system();
        Wiring byHand = new Wiring(
                system.clock(), system.writer(), system.random(), new NoBackground(system.threads()::listeners));
        LogRoot root = LogRoot.open(connect(), LogStore.options().pollInterval(Duration.ofHours(1)), byHand);
        try (Store store = Store.over(root)) {
            int before = reads.get();
            wake.get().accept(1_000_000);
            long ignored = root.follow();
            assertThat(reads).hasValue(before + 1);
            store.put("n", 1);
            ignored = root.follow();
            assertThat(reads).hasValue(before + 1);
        }
    }
}
