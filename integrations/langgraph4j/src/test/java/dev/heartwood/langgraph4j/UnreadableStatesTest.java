package dev.heartwood.langgraph4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heartwood.KeyPath;
import dev.heartwood.Store;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.bsc.langgraph4j.RunnableConfig;
import org.bsc.langgraph4j.checkpoint.Checkpoint;
import org.bsc.langgraph4j.serializer.StateSerializer;
import org.bsc.langgraph4j.state.AgentState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A checkpoint that could not be read again is not accepted. A checkpoint that was damaged later is named, and the
 * others stay readable.
 */
class UnreadableStatesTest {
    private static final RunnableConfig TODAY = Graphs.thread("today");
    private static final KeyPath STORED = KeyPath.parse("/graphs/today/checkpoints");

    private final Store store = Store.create();
    private final HeartwoodCheckpointSaver saver = saver(Graphs.TEXT);

    static Stream<Arguments> unreadable() {
        List<Object> cycle = new ArrayList<>();
        cycle.add(cycle);
        return Stream.of(
                Arguments.of(Graphs.TEXT, Map.of("@type", "x")),
                Arguments.of(Graphs.TEXT, nested(200)), // in the map of the state: one level too many
                Arguments.of(Graphs.TEXT, nestedArrays(200)),
                Arguments.of(Graphs.TEXT, nested(900)),
                Arguments.of(Graphs.TEXT, nested(5_000)),
                Arguments.of(Graphs.TEXT, cycle),
                Arguments.of(Graphs.TEXT, "half of a pair: \ud83d"),
                Arguments.of(Graphs.TEXT, Map.of("k".repeat(50_001), 1)),
                Arguments.of(Graphs.TEXT, "x".repeat(20_000_001)),
                Arguments.of(Graphs.TEXT, new Object()),
                Arguments.of(Graphs.BYTES, nested(900)),
                Arguments.of(Graphs.BYTES, nested(5_000)),
                Arguments.of(Graphs.BYTES, new Object()),
                Arguments.of(Graphs.BYTES, new Unreadable()));
    }

    @ParameterizedTest
    @MethodSource("unreadable")
    void aStateThatCouldNotBeReadAgainIsRefusedAndChangesNothing(StateSerializer<AgentState> serializer, Object value) {
        HeartwoodCheckpointSaver its = saver(serializer);
        its.put(TODAY, checkpoint("1", "fine"));
        long before = store.version();

        assertThatThrownBy(() -> its.put(TODAY, checkpoint("its id", value)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("its id")
                .hasMessageContaining("Nothing was changed");
        assertThatThrownBy(() -> its.update(TODAY, last -> checkpoint("its id", value)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Nothing was changed");

        assertThat(store.version()).isEqualTo(before);
        assertThat(its.list(TODAY)).hasSize(1);
        assertThat(its.release(TODAY).checkpoints()).hasSize(1);
    }

    @Test
    void aStateAsDeepAsIsAcceptedIsReadOnASmallStack() throws Exception {
        for (StateSerializer<AgentState> serializer : List.of(Graphs.TEXT, Graphs.BYTES)) {
            HeartwoodCheckpointSaver its = saver(serializer);
            its.put(TODAY, checkpoint("1", nested(199)));
            List<Throwable> failures = new ArrayList<>();
            Thread reader = new Thread(null, () -> its.list(TODAY), "small stack", 512 * 1024);
            reader.setUncaughtExceptionHandler((thread, failure) -> failures.add(failure));
            reader.start();
            reader.join();

            assertThat(failures).isEmpty();
            its.release(TODAY);
        }
    }

    @Test
    void aThreadWithADamagedCheckpointIsNotReleasedAndKeepsAllOfThem() {
        saver.put(TODAY, checkpoint("1", "fine"));
        saver.put(TODAY, checkpoint("2", "fine"));
        store.append(STORED, "damaged");
        long before = store.version();

        assertThatThrownBy(() -> saver.release(TODAY))
                .hasMessageContaining("Checkpoint 2 of the thread \"today\"")
                .hasMessageContaining("Nothing was changed");

        assertThat(store.version()).isEqualTo(before);
        assertThat(saver.versionsByThreadId("today")).isEmpty();
        store.remove(STORED.child(2));
        assertThat(saver.release(TODAY).checkpoints()).hasSize(2);
    }

    static Stream<Object> damaged() {
        return Stream.of(
                "damaged",
                Map.of("id", "x"),
                Map.of("id", "x", "nodeId", "n", "nextNodeId", "m"),
                Map.of("id", "x", "nodeId", "n", "nextNodeId", "m", "bytes", "no Base64!"),
                Map.of("id", "x", "nodeId", "n", "nextNodeId", "m", "bytes", "AAAA"),
                Map.of("id", "x", "nodeId", "n", "nextNodeId", "m", "state", "no map"),
                Map.of("id", "x", "nodeId", "n", "nextNodeId", "m", "state", Map.of("v", Map.of("@type", "x"))));
    }

    @ParameterizedTest
    @MethodSource("damaged")
    void aDamagedCheckpointIsNamedAndTheOthersAreReadByTheirIds(Object damaged) {
        saver.put(TODAY, checkpoint("1", "fine"));
        store.append(STORED, damaged);

        for (Runnable reading : List.<Runnable>of(
                () -> saver.list(TODAY),
                () -> saver.get(TODAY),
                () -> saver.update(TODAY, last -> last),
                () -> saver.release(TODAY))) {
            assertThatThrownBy(reading::run)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("Checkpoint 1 of the thread \"today\"")
                    .hasMessageContaining("/today/checkpoints/1")
                    .hasMessageContaining("Nothing was changed");
        }

        assertThat(saver.get(RunnableConfig.builder(TODAY).checkPointId("1").build()))
                .isPresent();
    }

    @Test
    void aTagThatSomebodyHasWrittenByHandIsNoTag() {
        store.put(KeyPath.parse("/graphs/today/tags/abc"), List.of());
        store.put(KeyPath.parse("/graphs/today/tags/07"), List.of());
        store.put(KeyPath.parse("/graphs/today/tags/-1"), List.of());
        saver.put(TODAY, checkpoint("1", "fine"));

        saver.release(TODAY);

        assertThat(saver.versionsByThreadId("today")).containsExactly(1);
        assertThat(saver.lastVersionByThreadId("today")).contains(1);
    }

    @Test
    void nothingIsNullButTheNameOfAThread() {
        assertThatThrownBy(() -> saver.put(TODAY, null)).hasMessage("checkpoint");
        assertThatThrownBy(() -> saver.put(null, checkpoint("1", 1))).hasMessage("config");
        assertThatThrownBy(() -> saver.list((RunnableConfig) null)).hasMessage("config");
        assertThatThrownBy(() -> saver.list(null, TODAY)).hasMessage("past");
        assertThatThrownBy(() -> saver.get(null)).hasMessage("config");
        assertThatThrownBy(() -> saver.release(null)).hasMessage("config");
        assertThatThrownBy(() -> saver.update(TODAY, null)).hasMessage("next");
        assertThatThrownBy(() -> saver.update(null, last -> last)).hasMessage("config");
        saver.put(TODAY, checkpoint("1", 1));
        assertThatThrownBy(() -> saver.update(TODAY, last -> null)).hasMessageContaining("the next checkpoint");

        saver.put(Graphs.thread(null), checkpoint("1", 1));
        saver.release(Graphs.thread(null));
        assertThatCode(() -> saver.tag(null, 1)).doesNotThrowAnyException();
        assertThat(saver.tag(null, 1)).isPresent();
        assertThat(saver.versionsByThreadId((String) null)).containsExactly(1);
    }

    private HeartwoodCheckpointSaver saver(StateSerializer<AgentState> serializer) {
        return HeartwoodCheckpointSaver.of(store.under("graphs"), serializer);
    }

    private static Checkpoint checkpoint(String id, Object value) {
        Map<String, Object> state = new HashMap<>();
        state.put("v", value);
        return Checkpoint.builder()
                .id(id)
                .nodeId("n")
                .nextNodeId("m")
                .state(state)
                .build();
    }

    private static Object nested(int levels) {
        Object value = "x";
        for (int i = 0; i < levels; i++) {
            value = new ArrayList<>(List.of(value));
        }
        return value;
    }

    private static Object nestedArrays(int levels) {
        Object value = "x";
        for (int i = 0; i < levels; i++) {
            value = new Object[] {value};
        }
        return value;
    }

    /** Can be written, and not read. */
    static final class Unreadable implements java.io.Serializable {
        private static final long serialVersionUID = 1;

        private void readObject(java.io.ObjectInputStream in) {
            throw new IllegalStateException("cannot be read");
        }
    }
}
