package dev.heartwood.stress.crowd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heartwood.KeyPath;
import dev.heartwood.Origins;
import dev.heartwood.ReentrantUseException;
import dev.heartwood.Snapshot;
import dev.heartwood.Store;
import dev.heartwood.history.Entry;
import dev.heartwood.history.History;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** 64 threads on any number of processors, some of the threads hostile: the invariants hold at every check. */
class SixtyFourThreadsTest {
    private static final int ACCOUNTS = 8;
    private static final int EACH = 100;

    private final Store store = Store.options().origins(Origins.WHO).of(Map.of("hits", 0, "log", List.of()));
    private final History history = History.options().keep(200).of(store);
    private final LongAdder counted = new LongAdder();
    private final LongAdder appended = new LongAdder();
    private final AtomicInteger refused = new AtomicInteger();

    @Test
    void sumsHoldAndNothingIsLost() throws InterruptedException {
        for (int i = 0; i < ACCOUNTS; i++) {
            store.put(account(i), EACH);
        }

        new Crew()
                .add(20, "transfer", this::transfer)
                .add(12, "count", this::count)
                .add(8, "append", this::append)
                .add(8, "slow", this::slowOnItsOwnPath)
                .add(8, "hostile", this::hostile)
                .add(4, "interrupted", this::interrupted)
                .add(4, "audit", this::audit)
                .work();

        audit(new Random(0));
        assertThat(store.get("hits", Long.class)).isEqualTo(counted.sum());
        assertThat((long) store.size("log")).isEqualTo(appended.sum());
        assertThat(refused).hasPositiveValue();
    }

    private void transfer(Random random) {
        KeyPath from = account(random.nextInt(ACCOUNTS));
        KeyPath to = account(random.nextInt(ACCOUNTS));
        int amount = random.nextInt(5);
        store.batch(tx -> {
            if (tx.get(from, Integer.class) >= amount) {
                tx.decrement(from, amount);
                tx.increment(to, amount);
            }
        });
    }

    private void count(Random random) {
        if (random.nextBoolean()) {
            store.increment("hits");
        } else {
            store.batch(tx -> tx.merge("hits", Integer.class, 1, Integer::sum));
        }
        counted.increment();
    }

    private void append(Random random) throws InterruptedException {
        store.append("log", random.nextInt());
        appended.increment();
        Thread.sleep(1);
    }

    private void slowOnItsOwnPath(Random random) {
        KeyPath mine = KeyPath.of("slow", Thread.currentThread().getName());
        store.init(mine, 0);
        int before = store.get(mine, Integer.class);
        int after = store.update(mine, Integer.class, value -> {
            LockSupport.parkNanos(random.nextInt(1_000_000));
            return value + 1;
        });
        assertThat(after).isEqualTo(before + 1);
    }

    /** Functions and bodies that fail at any attempt, in any way: none of their effects are visible. */
    private void hostile(Random random) {
        Throwable thrown = random.nextBoolean() ? new IllegalStateException("on purpose") : new Error("on purpose");
        try {
            if (random.nextBoolean()) {
                store.update("hits", hits -> Failing.with(thrown));
            } else {
                store.batch(tx -> {
                    tx.put("hits", -1);
                    tx.put(account(0), EACH * ACCOUNTS);
                    Failing.with(thrown);
                });
            }
            throw new AssertionError("the failure was swallowed");
        } catch (IllegalStateException | Error e) {
            assertThat(e).isSameAs(thrown);
        }
        assertThatThrownBy(() -> store.batch(tx -> store.get("hits"))).isInstanceOf(ReentrantUseException.class);
        refused.incrementAndGet();
    }

    /** A thread that is interrupted beforehand commits all the same, and stays interrupted. */
    private void interrupted(Random random) {
        Thread.currentThread().interrupt();
        transfer(random);
        store.increment("hits");
        counted.increment();
        assertThat(Thread.interrupted()).isTrue();
    }

    private void audit(Random random) {
        Snapshot now = store.snapshot();
        try {
            requireRight(now);
        } catch (AssertionError e) {
            throw new AssertionError(
                    e.getMessage() + " in version " + now.version() + "; who wrote what: " + newest(), e);
        }
        LockSupport.parkNanos(random.nextInt(100_000));
    }

    /** The newest commits that changed an account, each with its thread. */
    private List<Entry> newest() {
        List<Entry> changes = history.of(KeyPath.of("accounts"));
        return changes.subList(Math.max(0, changes.size() - 20), changes.size());
    }

    private static void requireRight(Snapshot now) {
        int sum = 0;
        for (int i = 0; i < ACCOUNTS; i++) {
            int balance = now.get(account(i), Integer.class);
            assertThat(balance).isNotNegative();
            sum += balance;
        }
        assertThat(sum).isEqualTo(ACCOUNTS * EACH);
        assertThat(now.get("hits", Integer.class)).isNotNegative();
    }

    private static KeyPath account(int number) {
        return KeyPath.of("accounts", "a" + number);
    }

    private static final class Failing {
        static Object with(Throwable thrown) {
            if (thrown instanceof Error error) {
                throw error;
            }
            throw (RuntimeException) thrown;
        }
    }
}
