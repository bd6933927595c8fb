package dev.heartwood.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heartwood.Root;
import dev.heartwood.Store;
import dev.heartwood.StoreIOException;
import dev.heartwood.log.LogException.Refused;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WakeUpsOfOwnCommitsTest {
    private static final LogOptions NEVER_ASKS =
            LogStore.options().deadline(Duration.ofHours(1)).pollInterval(Duration.ofHours(1));

    private final InMemoryLog log = new InMemoryLog();

    /** A log in memory wakes in the middle of the append, as PostgreSQL does. */
    @Test
    void aCommitDoesNotWakeTheFollower() {
        AtomicInteger runs = new AtomicInteger();
        Wiring system = Wiring.system();
        Wiring counting = new Wiring(
                system.clock(), system.writer(), system.random(), new CountedThreads(system.threads(), runs));
        Root root = LogRoot.open(log.connect(), NEVER_ASKS.checkpointEvery(0), counting);
        try (Store store = Store.over(root)) {
            int before = runs.get();
            for (int i = 0; i < 500; i++) {
                store.put("n", i);
            }
            assertThat(runs.get() - before).isLessThan(10);
        }
    }

    private record CountedThreads(Wiring.Threads threads, AtomicInteger wakes) implements Wiring.Threads {
        @Override
        public ExecutorService listeners(String name) {
            return threads.listeners(name);
        }

        @Override
        public Wiring.Background background(String name, LongSupplier task) {
            Wiring.Background background = threads.background(name, task);
            return new Wiring.Background() {
                @Override
                public void wake() {
                    wakes.incrementAndGet();
                    background.wake();
                }

                @Override
                public void stop() {
                    background.stop();
                }
            };
        }
    }

    @Test
    void anotherProcessesCommitThatIsHeardInTheMiddleOfAnAppendIsKnownAfterIt() throws Exception {
        try (Store other = LogStore.over(log.connect())) {
            AtomicReference<Runnable> meanwhile = new AtomicReference<>(() -> {});
            SharedLog connection = log.connect();
            SharedLog refusing = (SharedLog) Proxy.newProxyInstance(
                    SharedLog.class.getClassLoader(), new Class<?>[] {SharedLog.class}, (proxy, method, arguments) -> {
                        if (method.getName().equals("append")) {
                            meanwhile.get().run();
                            throw new Refused("full", null);
                        }
                        try {
                            return method.invoke(connection, arguments);
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        }
                    });
            try (Store store = NEVER_ASKS.over(refusing)) {
                meanwhile.set(() -> other.put("m", 1L));
                assertThatThrownBy(() -> store.put("n", 1L)).isInstanceOf(StoreIOException.class);
                assertThat(store.await(view -> view.contains("m"), Duration.ofSeconds(30))
                                .get("m"))
                        .isEqualTo(1L);
            }
        }
    }
}
