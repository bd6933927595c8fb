package dev.heartwood.stress.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class ScheduleTest {
    @Test
    void everyOrderOfTwoActorsComesUpOnce() {
        Set<String> orders = new HashSet<>();

        int count = Schedule.every(1000, schedule -> {
            StringBuilder order = new StringBuilder();
            Actors.run(schedule, List.of(steps(order, "a", 3), steps(order, "b", 2)));
            orders.add(order.toString());
        });

        // 5 steps in all, of which 2 are b's.
        assertThat(count).isEqualTo(10);
        assertThat(orders).hasSize(10).contains("aaabb", "ababa", "bbaaa");
    }

    @Test
    void everyOrderOfThreeActorsComesUpOnce() {
        int count = Schedule.every(1000, schedule -> {
            StringBuilder order = new StringBuilder();
            Actors.run(schedule, List.of(steps(order, "a", 2), steps(order, "b", 2), steps(order, "c", 2)));
        });

        assertThat(count).isEqualTo(90);
    }

    @Test
    void whoHasEndedBeforeAnotherBeganIsKnown() {
        Set<String> seen = new HashSet<>();

        int count = Schedule.every(1000, schedule -> {
            StringBuilder order = new StringBuilder();
            Actors actors = Actors.run(schedule, List.of(steps(order, "a", 1), steps(order, "b", 1)));
            seen.add(order + " " + actors.before(0, 1) + " " + actors.before(1, 0));
        });

        assertThat(count).isEqualTo(2);
        assertThat(seen).containsExactlyInAnyOrder("ab true false", "ba false true");
    }

    @Test
    void anActorThatWaitsForAnotherIsPassedOver() {
        Set<List<String>> orders = new HashSet<>();

        Schedule.every(1000, schedule -> {
            List<String> order = Collections.synchronizedList(new ArrayList<>());
            CountDownLatch done = new CountDownLatch(1);
            Callable<Void> waits = () -> {
                done.await();
                order.add("waited");
                return null;
            };
            Callable<Void> works = () -> {
                Actors.pause();
                order.add("worked");
                done.countDown();
                return null;
            };
            Actors.run(schedule, List.of(waits, works));
            orders.add(order);
        });

        assertThat(orders).containsExactly(List.of("worked", "waited"));
    }

    private static Callable<Void> steps(StringBuilder order, String name, int steps) {
        return () -> {
            for (int i = 0; i < steps; i++) {
                if (i > 0) {
                    Actors.pause();
                }
                order.append(name);
            }
            return null;
        };
    }
}
