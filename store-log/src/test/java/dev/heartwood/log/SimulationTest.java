package dev.heartwood.log;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Replicas over a simulated log keep their promises under all faults, seed after seed. A failure prints its seed; to run that
 * seed alone, say {@code -Dsimulation.first=SEED -Dsimulation.seeds=1}.
 */
@Timeout(600)
class SimulationTest {
    private static final long FIRST = Long.getLong("simulation.first", 1);
    private static final long SEEDS = Long.getLong("simulation.seeds", 10_000);

    @Test
    void everySeedKeepsThePromises() {
        LongStream.range(FIRST, FIRST + SEEDS).parallel().forEach(Simulation::run);
    }

    @Test
    void everySeedOfALogThatIsOftenRestoredKeepsThePromises() {
        LongStream.rangeClosed(1, SEEDS / 5).parallel().forEach(seed -> Simulation.run(-seed));
    }
}
