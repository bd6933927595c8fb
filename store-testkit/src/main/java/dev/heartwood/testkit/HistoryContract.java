package dev.heartwood.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * Whole histories: random bodies (they wait, choose, commute, meet guards, change nothing) race each other through the
 * stores over one storage, which is held up and rolls back meanwhile where it can. One serial order must explain all
 * recorded results. {@code -Dheartwood.history.rounds=1000} runs more rounds.
 */
interface HistoryContract extends Workbench {
    @Test
    default void everythingThatRandomBodiesWereToldHasOneExplanation() throws Exception {
        long seed = Long.getLong("heartwood.history.seed", System.nanoTime());
        int rounds = Integer.getInteger("heartwood.history.rounds", 3);
        for (long round = seed; round < seed + rounds; round++) {
            assertThat(HistoryRace.run(this, round, Duration.ofSeconds(PATIENCE_SECONDS)))
                    .as("-Dheartwood.history.seed=%d runs the same programs again, in another order", round)
                    .isEmpty();
        }
    }
}
