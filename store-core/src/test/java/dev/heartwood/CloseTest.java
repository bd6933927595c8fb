package dev.heartwood;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Closing a store. */
@Timeout(120)
class CloseTest {
    @Test
    void itIsIdempotentAndFromThenOnEverythingIsRefused() {
        Store store = Store.of(Map.of("a", 1));
        Snapshot kept = store.snapshot();
        store.close();
        store.close();
        assertThatThrownBy(() -> store.get("a"))
                .isInstanceOf(StoreClosedException.class)
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> store.put("a", 1)).isInstanceOf(StoreClosedException.class);
        assertThatThrownBy(() -> store.batch(tx -> {})).isInstanceOf(StoreClosedException.class);
        assertThat(kept.get("a")).isEqualTo(1L);
        assertThat(kept.edit(tx -> tx.increment("a")).get("a")).isEqualTo(2L);
        assertThat(kept.diff(kept.edit(tx -> tx.put("b", 1))).toString()).isEqualTo("+ /b = 1");
    }

    @Test
    void itsNameTellsItsState() {
        Store store = Store.of(Map.of("a", 1));
        assertThat(store.toString()).isEqualTo("Store[version 0, {\"a\": 1}]");
        store.close();
        assertThat(store.toString()).isEqualTo("Store[closed]");
    }

    @Test
    void aBatchThatIsRunningIsRefusedWhenItComesToCommit() {
        Store store = Store.of(Map.of("a", 1));
        AtomicLong ran = new AtomicLong();
        assertThatThrownBy(() -> store.batch(tx -> {
                    tx.put("a", 2);
                    tx.afterCommit(ran::incrementAndGet);
                    Crew.elsewhere(store::close);
                }))
                .isInstanceOf(StoreClosedException.class);
        assertThat(ran).hasValue(0);
    }

    @Test
    void everyWriteInFlightIsCommittedOrRefusedAndToldOrNot() {
        for (int round = 0; round < 200; round++) {
            Store store = Store.of(Map.of("a", 0));
            AtomicLong committed = new AtomicLong();
            AtomicLong told = new AtomicLong();
            AtomicLong last = new AtomicLong();
            AtomicBoolean closed = new AtomicBoolean();
            store.watch("a", Delivery.every(Runnable::run), update -> told.incrementAndGet());
            store.watch(
                    "a",
                    Delivery.latest(Runnable::run),
                    update -> last.set(update.after().get("a", Long.class)));
            int spins = round * 20;
            Crew.together(4, index -> {
                if (index == 0) {
                    for (int i = 0; i < spins || committed.get() == 0; i++) {
                        Thread.onSpinWait();
                    }
                    store.close();
                    closed.set(true);
                    return;
                }
                while (true) {
                    // The thread in the listener may be suspended while the others commit. No committer runs further
                    // ahead than the backlog allows, since that would end the subscription.
                    while (!closed.get() && committed.get() - told.get() > Delivery.DEFAULT_BACKLOG / 2) {
                        Thread.onSpinWait();
                    }
                    try {
                        store.increment("a");
                        committed.incrementAndGet();
                    } catch (StoreClosedException refused) {
                        return;
                    }
                }
            });
            assertThat(told).hasValue(committed.get());
            assertThat(last).hasValue(committed.get());
        }
    }
}
