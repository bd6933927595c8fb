package dev.heartwood.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heartwood.GuardException;
import dev.heartwood.KeyPath;
import dev.heartwood.Store;
import dev.heartwood.StoreOptions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Guards of stores over a log, which other replicas may write without them. */
class GuardedLogTest {
    private static final KeyPath COUNT = KeyPath.of("count");
    private static final StoreOptions SMALL =
            Store.options().guard("small", COUNT, view -> view.getOrDefault("count", Long.class, 0L) < 5);

    private final InMemoryLog log = new InMemoryLog();

    private Store open(StoreOptions options) {
        return LogStore.options().over(log.connect(), options);
    }

    @Test
    void aTreeThatBreaksItIsRefusedAndTheLogStaysAsItIs() throws Exception {
        try (Store store = open(Store.options())) {
            store.put(COUNT, 7);
        }
        SharedLog.Position last = log.connect().last();

        assertThatThrownBy(() -> open(SMALL)).isInstanceOf(GuardException.class).hasMessageContaining("/count is 7");
        assertThat(log.connect().last()).isEqualTo(last);
    }

    @Test
    void anEmptyTreeThatBreaksItLeavesALogThatOthersUseAsANewOne() throws Exception {
        StoreOptions there = Store.options().guard("is there", COUNT, view -> view.contains(COUNT));
        assertThatThrownBy(() -> open(there)).isInstanceOf(GuardException.class);
        try (Store store = open(Store.options())) {
            assertThat(store.version()).isZero();
        }
    }

    @Test
    void aRefusedOpeningClosesTheConnection() {
        try (Store store = open(Store.options())) {
            store.put(COUNT, 7);
        }
        SharedLog connection = log.connect();

        assertThatThrownBy(() -> LogStore.options().over(connection, SMALL)).isInstanceOf(GuardException.class);

        assertThatThrownBy(connection::last).isInstanceOf(LogException.Refused.class);
    }

    @Test
    void aPlaceThatAnotherReplicaHasBrokenMayOnlyBeMended() {
        try (Store guarded = open(SMALL);
                Store other = open(Store.options())) {
            other.put(COUNT, 9);
            guarded.put("elsewhere", 1);
            assertThatThrownBy(() -> guarded.put(COUNT, 8)).isInstanceOf(GuardException.class);
            assertThatThrownBy(() -> guarded.putAll(KeyPath.root(), Map.of("list", List.of(), "count", 6)))
                    .isInstanceOf(GuardException.class);
            assertThat(other.fresh().contains("list")).isFalse();
            guarded.batch(tx -> tx.commute(COUNT, Long.class, count -> 1L));
            assertThat(other.fresh().get(COUNT)).isEqualTo(1L);
        }
    }

    @Test
    void aBatchThatAnotherReplicaOvertakesIsAskedForOnWhatIsThere() {
        Store elsewhere = open(Store.options());
        try (Store guarded = open(Store.options()
                        .guard(
                                "sum",
                                COUNT,
                                view -> view.getOrDefault("count", Long.class, 0L)
                                                + view.getOrDefault("other", Long.class, 0L)
                                        <= 10));
                elsewhere) {
            boolean[] overtaken = new boolean[1];
            assertThatThrownBy(() -> guarded.batch(tx -> {
                        tx.set(COUNT, 6); // blind: the body does not run again
                        if (!overtaken[0]) {
                            overtaken[0] = true;
                            overtake(elsewhere);
                        }
                    }))
                    .isInstanceOf(GuardException.class);
            assertThat(elsewhere.fresh().contains(COUNT)).isFalse();
        }
    }

    /** On a thread of its own: a body must not use another store of its thread. */
    private static void overtake(Store store) {
        Thread thread = new Thread(() -> store.put("other", 6));
        thread.start();
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
