package dev.heartwood;

import static org.assertj.core.api.Assertions.assertThat;

import io.vavr.collection.HashMap;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A thread that commits may be overtaken before it tells of it: what a watcher of every state makes of that. */
class StepsOutOfOrderTest {
    private final Timeline timeline = new Timeline(0, HashMap.of("a", 0L), Dialect.ANYTHING);
    private final List<String> told = new ArrayList<>();

    private Snapshot state(long value) {
        return timeline.state(value, HashMap.of("a", value));
    }

    private EveryWatch watch() {
        Delivery delivery = Delivery.every(Runnable::run).backlog(1_000);
        EveryWatch watch = new EveryWatch(timeline, KeyPath.of("a"), delivery, update -> told.add(update.toString()));
        watch.begin();
        return watch;
    }

    private static void tell(EveryWatch watch, Snapshot[] states, int step) {
        watch.advanced(states[step], states[step + 1]);
    }

    /** The base, and so many states after it. */
    private Snapshot[] states(int steps) {
        Snapshot[] states = new Snapshot[steps + 1];
        states[0] = timeline.newest();
        for (int i = 1; i <= steps; i++) {
            states[i] = state(i);
        }
        return states;
    }

    @Test
    void aStepThatCameTooEarlyIsToldAfterTheOneThatLeadsToIt() {
        EveryWatch watch = watch();
        Snapshot[] states = states(3);
        tell(watch, states, 1);
        tell(watch, states, 2);
        assertThat(told).isEmpty();
        tell(watch, states, 0);
        assertThat(told).containsExactly("/a: 0 -> 1", "/a: 1 -> 2", "/a: 2 -> 3");
    }

    @Test
    void stepsInAnyOrderAreToldInOneOrder() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 500; round++) {
            told.clear();
            Snapshot[] states = states(random.nextInt(12));
            EveryWatch watch = watch();
            List<Integer> order = new ArrayList<>();
            List<String> expected = new ArrayList<>();
            for (int i = 0; i < states.length - 1; i++) {
                order.add(i);
                expected.add("/a: " + i + " -> " + (i + 1));
            }
            Collections.shuffle(order, random);
            order.forEach(step -> tell(watch, states, step));
            assertThat(told).as("seed %d", seed).isEqualTo(expected);
            watch.close();
        }
    }

    @Test
    void aStepToTheStateThatItStartedFromIsHistory() {
        Snapshot first = timeline.newest();
        Snapshot base = state(5);
        timeline.advance(first, base);
        EveryWatch watch = watch();
        watch.advanced(first, base);
        assertThat(told).isEmpty();
        timeline.advance(base, state(6));
        assertThat(told).containsExactly("/a: 5 -> 6");
    }

    @Test
    void theEndComesAfterTheLastStep() {
        EveryWatch watch = watch();
        Snapshot[] states = states(2);
        tell(watch, states, 1);
        watch.ended(states[2]);
        assertThat(timeline.isFollowed()).isTrue();
        tell(watch, states, 0);
        assertThat(told).containsExactly("/a: 0 -> 1", "/a: 1 -> 2");
        assertThat(timeline.isFollowed()).isFalse();
    }

    @Test
    void whatCameTooEarlyIsNotToldAfterTheSubscriptionIsClosed() {
        EveryWatch watch = watch();
        Snapshot[] states = states(2);
        tell(watch, states, 1);
        watch.close();
        tell(watch, states, 0);
        assertThat(told).isEmpty();
    }
}
