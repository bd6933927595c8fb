package dev.heartwood.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heartwood.Dialect;
import dev.heartwood.Snapshot;
import dev.heartwood.Timeline;
import io.vavr.collection.HashMap;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Records that are read while one thread links states. */
class StateChainTest {
    private static final long STATES = 400_000;

    private final Timeline timeline = new Timeline(0, Map.of(), Dialect.ANYTHING);

    /** A state before the newest one is the last of its sessions: else their steps would count as part of the next commit. */
    @Test
    void aStateOfSessionsThatAnotherFollowsIsTheirLast() throws InterruptedException {
        StateChain chain = new StateChain(4);
        chain.start(timeline.newest());
        Thread linking = new Thread(() -> {
            for (long version = 1; version <= STATES; version++) {
                // Two steps of sessions, which share a link, and a commit.
                chain.append(timeline.state(version, HashMap.empty()), false, version % 3 != 0);
            }
        });
        linking.start();
        long newest = 0;
        while (newest < STATES) {
            List<Snapshot> states = Records.of(chain, Instant.EPOCH).states();
            for (Snapshot state : states.subList(1, states.size() - 1)) {
                assertThat(state.version() % 3)
                        .as("the version %d is followed", state.version())
                        .isNotEqualTo(1);
            }
            newest = states.get(states.size() - 1).version();
        }
        linking.join();
    }
}
