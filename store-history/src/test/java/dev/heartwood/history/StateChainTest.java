package dev.heartwood.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.heartwood.Dialect;
import dev.heartwood.Snapshot;
import dev.heartwood.Timeline;
import io.vavr.collection.HashMap;
import java.lang.invoke.MethodHandles;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Records that are read while one thread links states. */
class StateChainTest {
    private static final int ROUNDS = 50_000;
    /** Threads that share one processor need a slice of its time for each round. */
    private static final Duration LONGEST = Duration.ofSeconds(10);
    /** Ends the thread that links. */
    private static final StateChain END = new StateChain(0);

    private final Timeline timeline = new Timeline(0, Map.of(), Dialect.ANYTHING);
    private final Snapshot beat = timeline.state(1, HashMap.empty());
    private final Snapshot lastBeat = timeline.state(2, HashMap.empty());
    private final Snapshot commit = timeline.state(3, HashMap.empty());
    /** The chain of the round, as soon as both threads may begin. */
    private final AtomicReference<StateChain> begun = new AtomicReference<>();

    @Test
    void missingCommitsBetweenHeartbeatsAreAGapInAHistoryOfSomePlacesToo() {
        StateChain chain = new StateChain(10);
        chain.start(timeline.newest());
        chain.append(beat, false, true);
        chain.append(lastBeat, true, true);

        assertThat(Records.of(chain, Instant.EPOCH).entries())
                .singleElement()
                .matches(entry -> entry.isGap() && entry.version() == 2);
    }

    @Test
    void recordsThatWereReadStayAsTheyAreWhileTheirNewestStateIsReplaced() {
        StateChain chain = new StateChain(10);
        chain.start(timeline.newest());
        chain.append(beat, false, true);
        Records records = Records.of(chain, Instant.EPOCH);
        chain.append(lastBeat, false, true);

        assertThat(records.states()).extracting(Snapshot::version).containsExactly(0L, 1L);
        assertThat(Records.of(chain, Instant.EPOCH).states())
                .extracting(Snapshot::version)
                .containsExactly(0L, 2L);
    }

    /** A thread that is suspended between its two steps holds up nobody. */
    @Test
    void whoLinksAStateGoesOnFromOneWhoseThreadHasNotMadeItTheNewestYet() throws ReflectiveOperationException {
        StateChain chain = new StateChain(10);
        chain.start(timeline.newest());
        StateChain.Link linked = new StateChain.Link(beat, 1, false, false);
        MethodHandles.privateLookupIn(StateChain.Link.class, MethodHandles.lookup())
                .findVarHandle(StateChain.Link.class, "next", StateChain.Link.class)
                .setVolatile(chain.oldest(), linked);

        assertTimeoutPreemptively(LONGEST, () -> chain.add(beat, lastBeat));
        assertThat(Records.of(chain, Instant.EPOCH).states())
                .extracting(Snapshot::version)
                .containsExactly(0L, 1L, 2L);
    }

    /** A state before the newest one is the last of its sessions: else their steps would count as part of the next commit. */
    @Test
    void aStateOfSessionsThatAnotherFollowsIsTheirLast() throws InterruptedException {
        AtomicInteger linked = new AtomicInteger();
        Thread linking = new Thread(() -> {
            StateChain before = null;
            for (int round = 1; ; round++) {
                StateChain chain = begun.get();
                while (chain == before) {
                    Thread.onSpinWait();
                    chain = begun.get();
                }
                if (chain == END) {
                    return;
                }
                spin(round % 7);
                chain.append(lastBeat, false, true);
                chain.append(commit, false, false);
                before = chain;
                linked.set(round);
            }
        });
        linking.setDaemon(true);
        linking.start();
        long end = System.nanoTime() + LONGEST.toNanos();
        for (int round = 1; round <= ROUNDS && System.nanoTime() < end; round++) {
            StateChain chain = new StateChain(10);
            chain.start(timeline.newest());
            chain.append(beat, false, true);
            begun.set(chain);
            spin(round % 5);
            List<Snapshot> states = Records.of(chain, Instant.EPOCH).states();
            if (states.size() == 3) {
                assertThat(states.get(1).version()).as("round %d", round).isEqualTo(2);
            }
            while (linked.get() < round) {
                Thread.onSpinWait();
            }
        }
        begun.set(END);
        linking.join();
    }

    private static void spin(int times) {
        for (int i = 0; i < times; i++) {
            Thread.onSpinWait();
        }
    }
}
