package dev.heartwood.stress.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heartwood.stress.seam.Seam;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Two operations at once, for all pairs of them and in every order of their steps, and three at once in orders that a
 * seed picks: the outcome is that of one after the other.
 */
class EveryPairOfOperationsTest {
    private static final int MOST_SCHEDULES = 10_000;
    private static final int TRIPLES = 150;
    private static final int SCHEDULES_OF_A_TRIPLE = 30;

    @AfterEach
    void stepAside() {
        Seam.between(null);
    }

    @Test
    void everyPairIsLinearizableUnderEverySchedule() {
        Seam.between(ScheduledRoot::everyStep);
        List<Operation> all = Operation.all();
        int pairs = 0;
        int schedules = 0;

        for (int i = 0; i < all.size(); i++) {
            for (int j = i; j < all.size(); j++) {
                Linearizable pair = new Linearizable(List.of(all.get(i), all.get(j)));
                schedules += Schedule.every(MOST_SCHEDULES, pair::check);
                pairs++;
            }
        }

        System.out.println(pairs + " pairs of operations, " + schedules + " schedules");
        assertThat(schedules).isGreaterThan(20 * pairs);
    }

    @Test
    void triplesAreLinearizableUnderSchedulesThatASeedPicks() {
        Seam.between(ScheduledRoot::everyStep);
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<Operation> all = Operation.all();

        for (int i = 0; i < TRIPLES; i++) {
            Linearizable triple = new Linearizable(
                    random.ints(3, 0, all.size()).mapToObj(all::get).toList());
            Schedule.some(SCHEDULES_OF_A_TRIPLE, seed + i, triple::check);
        }

        System.out.println(
                TRIPLES + " triples of operations, " + TRIPLES * SCHEDULES_OF_A_TRIPLE + " schedules, seed " + seed);
    }

    @Test
    void aRootThatOverwritesIsCaught() {
        Seam.between(root -> ScheduledRoot.everyStep(new OverwritingRoot(root)));
        Operation increment = Operation.all().stream()
                .filter(operation -> operation.name().equals("increment"))
                .findFirst()
                .orElseThrow();
        Linearizable twice = new Linearizable(List.of(increment, increment));

        assertThatThrownBy(() -> Schedule.every(MOST_SCHEDULES, twice::check))
                .isInstanceOf(AssertionError.class)
                .hasRootCauseMessage("[increment, increment] gave Ending[answers=[2, 2], left="
                        + "[/list/0=1, /list/1=2, /map/key=1, /n=2, /text=x]], and one after another "
                        + "{[0, 1]=Ending[answers=[2, 3], left=[/list/0=1, /list/1=2, /map/key=1, /n=3, /text=x]], "
                        + "[1, 0]=Ending[answers=[3, 2], left=[/list/0=1, /list/1=2, /map/key=1, /n=3, /text=x]]}");
    }
}
