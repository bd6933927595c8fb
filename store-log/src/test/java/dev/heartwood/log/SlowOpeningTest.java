package dev.heartwood.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heartwood.Store;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A store opens with a checkpoint of many parts though the log does not answer each request. */
@Timeout(60)
class SlowOpeningTest {
    private static final int KEYS = 300;

    private final InMemoryLog log = new InMemoryLog(1_000);
    private final Map<String, Integer> asked = new HashMap<>();

    /** The first request for each part fails. */
    private SharedLog failingOnce() {
        SharedLog connection = log.connect();
        return (SharedLog) Proxy.newProxyInstance(
                SharedLog.class.getClassLoader(), new Class<?>[] {SharedLog.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("get") && asked.merge((String) arguments[0], 1, Integer::sum) == 1) {
                        throw new LogException.Unavailable("the answer is late", null);
                    }
                    try {
                        return method.invoke(connection, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    @Test
    void aRequestThatFailsDoesNotBeginTheCheckpointAgain() {
        LogRoot root = LogRoot.open(log.connect(), LogStore.options().checkpointEvery(1), Wiring.system());
        try (Store store = Store.over(root)) {
            store.batch(tx -> {
                for (int i = 0; i < KEYS; i++) {
                    tx.put("key" + i, "value ".repeat(100));
                }
            });
            long ignored = root.writeCheckpoint();
        }
        try (Store store = LogStore.options().deadline(Duration.ofSeconds(1)).over(failingOnce())) {
            assertThat(store.size()).isEqualTo(KEYS);
        }
        assertThat(asked).hasSizeGreaterThan(KEYS / 2);
        assertThat(asked.values()).containsOnly(2);
    }
}
