package dev.heartwood.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heartwood.Store;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Any client may send a wake-up, and a wake-up may be of another log: it is only a hint. */
@Timeout(30)
class WrongWakeUpTest {
    private final InMemoryLog log = new InMemoryLog();
    private final AtomicReference<LongConsumer> wake = new AtomicReference<>();

    /** A connection whose wake-ups come from the test alone. */
    private SharedLog connect() {
        SharedLog connection = log.connect();
        return (SharedLog) Proxy.newProxyInstance(
                SharedLog.class.getClassLoader(), new Class<?>[] {SharedLog.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("listen")) {
                        wake.set((LongConsumer) arguments[0]);
                        return connection.listen(number -> {});
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
}
