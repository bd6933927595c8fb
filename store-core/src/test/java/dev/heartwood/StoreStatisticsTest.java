package dev.heartwood;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class StoreStatisticsTest {
    private final Store store = Store.of(Map.of("a", 0, "b", 0));

    @Test
    void aStoreThatNobodyDisturbsHasLostNothing() {
        store.increment("a");
        store.batch(tx -> tx.increment("b"));

        assertThat(store.statistics()).isEqualTo(new StoreStatistics(store.version(), 0, 0, 0, 0));
    }

    @Test
    void aRaceThatIsLostOnAnotherPlaceRepeatsNoRun() {
        rivalOf("b", "a");

        assertThat(store.statistics().lostRaces()).isEqualTo(1);
        assertThat(store.statistics().repeatedRuns()).isZero();
    }

    @Test
    void aRunThatIsInvalidatedIsCounted() {
        rivalOf("a", "a");

        assertThat(store.statistics().lostRaces()).isEqualTo(1);
        assertThat(store.statistics().repeatedRuns()).isEqualTo(1);
    }

    @Test
    void watchedPlacesAreCountedUntilTheyAreLeft() {
        Subscription one = store.watch("a", Delivery.latest(Runnable::run), update -> {});
        Subscription two = store.watch("b", Delivery.latest(Runnable::run), update -> {});
        assertThat(store.statistics().watchedPlaces()).isEqualTo(2);

        one.close();
        two.close();
        assertThat(store.statistics().watchedPlaces()).isZero();
    }

    @Test
    void handlesShareTheFigures() {
        store.as("ann").increment("a");

        assertThat(store.as("bob").statistics()).isEqualTo(store.statistics());
    }

    @Test
    void aClosedStoreHasNone() {
        store.close();

        assertThatThrownBy(store::statistics).isInstanceOf(StoreClosedException.class);
    }

    /** An update of {@code mine}, during whose first run another thread commits to {@code theirs}. */
    private void rivalOf(String theirs, String mine) {
        boolean[] first = {true};
        store.update(mine, Long.class, value -> {
            if (first[0]) {
                first[0] = false;
                Thread rival = new Thread(() -> store.increment(theirs));
                rival.start();
                try {
                    rival.join();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
            return value + 1;
        });
    }
}
