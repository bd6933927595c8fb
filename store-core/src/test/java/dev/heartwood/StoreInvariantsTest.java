package dev.heartwood;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.InvocationTargetException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many threads run all operations concurrently; the invariants hold at every instant, and at the end. */
@Timeout(120)
class StoreInvariantsTest {
    private static final int ACCOUNTS = 10;

    private final Store store = Store.of(start());
    private final AtomicLong counted = new AtomicLong();
    private final AtomicLong appended = new AtomicLong();

    private static Map<String, Object> start() {
        Map<String, Object> accounts = new HashMap<>();
        for (int i = 0; i < ACCOUNTS; i++) {
            accounts.put("n" + i, 100);
        }
        return Map.of("accounts", accounts, "count", 0, "log", List.of(), "pair", Map.of("x", 0, "y", 0));
    }

    @Test
    void theInvariantsHoldUnder64Threads() {
        AtomicBoolean over = new AtomicBoolean();
        Crew auditor = new Crew();
        auditor.start(() -> {
            long version = -1;
            while (!over.get()) {
                Snapshot now = store.snapshot();
                assertThat(now.version()).isGreaterThanOrEqualTo(version);
                version = now.version();
                audit(now);
            }
        });
        Crew.together(64, index -> work(new Random(index), 60));
        over.set(true);
        auditor.join();
        finish();
    }

    @Test
    void theInvariantsHoldUnderAThousandVirtualThreads() throws Exception {
        ThreadFactory factory = virtualThreads();
        Crew crew = new Crew(factory);
        for (int i = 0; i < 1_000; i++) {
            long seed = i;
            crew.start(() -> work(new Random(seed), 5));
        }
        crew.join();
        finish();
    }

    /** The factory of virtual threads, by reflection: the library is built for a JDK that has none. */
    private static ThreadFactory virtualThreads() throws IllegalAccessException, InvocationTargetException {
        try {
            Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
            return (ThreadFactory) Class.forName("java.lang.Thread$Builder")
                    .getMethod("factory")
                    .invoke(builder);
        } catch (NoSuchMethodException | ClassNotFoundException e) {
            return Assumptions.abort("this JDK has no virtual threads");
        }
    }

    private void work(Random random, int steps) {
        for (int i = 0; i < steps; i++) {
            switch (random.nextInt(7)) {
                case 0 -> {
                    store.increment("count");
                    counted.incrementAndGet();
                }
                case 1 -> {
                    store.update("count", Long.class, n -> {
                        LockSupport.parkNanos(1_000);
                        return n + 1;
                    });
                    counted.incrementAndGet();
                }
                case 2 -> {
                    store.append("log", appended.incrementAndGet());
                }
                case 3 ->
                    store.batch(tx -> {
                        long x = tx.get(KeyPath.of("pair", "x"), Long.class);
                        tx.put(KeyPath.of("pair", "x"), x + 1);
                        tx.decrement(KeyPath.of("pair", "y"));
                    });
                case 4 -> {
                    while (!raise()) {
                        Thread.onSpinWait();
                    }
                    counted.incrementAndGet();
                }
                default -> transfer(random.nextInt(ACCOUNTS), random.nextInt(ACCOUNTS), random.nextInt(20));
            }
        }
    }

    private boolean raise() {
        Snapshot now = store.snapshot();
        return store.compareAndSet(now, now.edit(tx -> tx.increment("count")));
    }

    private void transfer(int from, int to, long amount) {
        store.batch(tx -> {
            tx.decrement(KeyPath.of("accounts", "n" + from), amount);
            tx.increment(KeyPath.of("accounts", "n" + to), amount);
        });
    }

    private static void audit(TreeView tree) {
        long sum = 0;
        for (Object balance : tree.getMap("accounts").values()) {
            sum += (long) balance;
        }
        assertThat(sum).isEqualTo(100L * ACCOUNTS);
        long x = tree.get(KeyPath.of("pair", "x"), Long.class);
        assertThat(tree.get(KeyPath.of("pair", "y"))).isEqualTo(-x);
    }

    private void finish() {
        audit(store);
        assertThat(store.get("count")).isEqualTo(counted.get());
        assertThat(store.getList("log")).hasSize((int) appended.get()).doesNotHaveDuplicates();
        assertThat(store.rightOfWay.isFree()).isTrue();
    }
}
