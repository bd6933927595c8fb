package dev.heartwood.langgraph4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heartwood.KeyPath;
import dev.heartwood.Store;
import dev.heartwood.history.History;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import org.bsc.langgraph4j.RunnableConfig;
import org.bsc.langgraph4j.checkpoint.BaseCheckpointSaver;
import org.bsc.langgraph4j.checkpoint.Checkpoint;
import org.bsc.langgraph4j.checkpoint.MemorySaver;
import org.bsc.langgraph4j.serializer.PlainTextStateSerializer;
import org.junit.jupiter.api.Test;

class HeartwoodCheckpointSaverTest {
    private static final RunnableConfig TODAY = Graphs.thread("today");

    private final Store store = Store.create();
    private final HeartwoodCheckpointSaver saver = HeartwoodCheckpointSaver.of(store.under("graphs"), Graphs.TEXT);

    @Test
    void checkpointsAreListedNewestFirstAsTheFrameworkListsThem() throws Exception {
        MemorySaver theirs = new MemorySaver();
        for (String node : List.of("one", "two", "three")) {
            Checkpoint checkpoint = Graphs.checkpoint(node, node);
            saver.put(TODAY, checkpoint);
            theirs.put(TODAY, checkpoint);
        }

        assertThat(saver.list(TODAY))
                .usingRecursiveFieldByFieldElementComparator()
                .containsExactlyElementsOf(theirs.list(TODAY));
        assertThat(saver.get(TODAY).orElseThrow().getNodeId()).isEqualTo("three");
    }

    @Test
    void threadsAreApartAndOneWithoutANameIsTheDefault() {
        saver.put(TODAY, Graphs.checkpoint("one"));
        saver.put(RunnableConfig.builder().build(), Graphs.checkpoint("two"));

        assertThat(saver.list(TODAY)).hasSize(1);
        assertThat(saver.list(Graphs.thread(BaseCheckpointSaver.THREAD_ID_DEFAULT)))
                .hasSize(1);
        assertThat(saver.list(Graphs.thread("tomorrow"))).isEmpty();
        assertThat(saver.get(Graphs.thread("tomorrow"))).isEmpty();
    }

    @Test
    void aCheckpointIsFoundAndReplacedByItsId() {
        RunnableConfig first = saver.put(TODAY, Graphs.checkpoint("one"));
        saver.put(TODAY, Graphs.checkpoint("two"));

        saver.put(first, Graphs.checkpoint("instead of one"));

        assertThat(saver.list(TODAY)).extracting(Checkpoint::getNodeId).containsExactly("two", "instead of one");
        assertThat(saver.get(first)).isEmpty();
    }

    @Test
    void aCheckpointThatIsNotThereIsNotReplacedAndNothingChanges() {
        saver.put(TODAY, Graphs.checkpoint("one"));
        long before = store.version();
        RunnableConfig unknown =
                RunnableConfig.builder(TODAY).checkPointId("unknown").build();

        assertThatThrownBy(() -> saver.put(unknown, Graphs.checkpoint("two")))
                .isInstanceOf(NoSuchElementException.class)
                .hasMessageContaining("\"today\"")
                .hasMessageContaining("unknown");
        assertThatThrownBy(() -> saver.update(Graphs.thread("tomorrow"), each -> each))
                .isInstanceOf(NoSuchElementException.class);

        assertThat(store.version()).isEqualTo(before);
    }

    @Test
    void ofTwoCheckpointsWithOneIdTheNewerIsFoundAndReplacedAsInTheFrameworksSaver() throws Exception {
        MemorySaver theirs = new MemorySaver();
        RunnableConfig one = RunnableConfig.builder(TODAY).checkPointId("1").build();
        for (BaseCheckpointSaver each : List.of(saver, theirs)) {
            each.put(TODAY, withId("1", "older"));
            each.put(TODAY, withId("1", "newer"));

            assertThat(each.get(one)).map(Graphs::words).contains(List.of("newer"));
            each.put(one, withId("1", "instead"));

            assertThat(each.list(TODAY))
                    .extracting(Graphs::words)
                    .containsExactly(List.of("instead"), List.of("older"));
        }
    }

    @Test
    void anUpdateThatGivesTheIdOfAnyCheckpointOfTheThreadGetsANewOne() {
        saver.put(TODAY, withId("1", "first"));
        saver.put(TODAY, withId("2", "second"));

        RunnableConfig updated = saver.update(TODAY, last -> withId("1", "third"));

        assertThat(saver.list(TODAY)).extracting(Checkpoint::getId).doesNotHaveDuplicates();
        assertThat(saver.get(updated)).map(Graphs::words).contains(List.of("third"));
        assertThat(saver.get(RunnableConfig.builder(TODAY).checkPointId("1").build()))
                .map(Graphs::words)
                .contains(List.of("first"));
    }

    @Test
    void anUpdateThatGivesAnIdOfItsOwnKeepsIt() {
        saver.put(TODAY, withId("1", "first"));

        assertThat(saver.update(TODAY, last -> withId("mine", "second")).checkPointId())
                .contains("mine");
    }

    @Test
    void anUpdateIsANewCheckpointAndTheOneBeforeItStays() {
        saver.put(TODAY, Graphs.checkpoint("one", "a"));

        RunnableConfig updated = saver.update(TODAY, before -> {
            Graphs.words(before).add("b");
            return before;
        });

        assertThat(saver.list(TODAY)).extracting(Graphs::words).containsExactly(List.of("a", "b"), List.of("a"));
        assertThat(saver.get(updated)).map(Graphs::words).contains(List.of("a", "b"));
        assertThat(saver.list(TODAY)).extracting(Checkpoint::getId).doesNotHaveDuplicates();
    }

    @Test
    void aReleasedThreadBeginsAnewAndItsCheckpointsHaveATag() {
        saver.put(TODAY, Graphs.checkpoint("one"));
        saver.put(TODAY, Graphs.checkpoint("two"));

        assertThat(saver.release(TODAY).checkpoints())
                .extracting(Checkpoint::getNodeId)
                .containsExactly("two", "one");
        saver.put(TODAY, Graphs.checkpoint("three"));
        saver.release(TODAY);
        assertThat(saver.release(TODAY).checkpoints()).isEmpty();

        assertThat(saver.list(TODAY)).isEmpty();
        assertThat(saver.versionsByThreadId("today")).containsExactly(1, 2);
        assertThat(saver.lastVersionByThreadId(TODAY)).contains(2);
        assertThat(saver.tag("today", 1).orElseThrow().checkpoints()).hasSize(2);
        assertThat(saver.tag("today", 3)).isEmpty();
        assertThat(saver.versionsByThreadId("tomorrow")).isEmpty();
        assertThat(saver.lastVersionByThreadId("tomorrow")).isEmpty();
    }

    @Test
    void aReleaseOverwritesNoTagAlsoWhereAnOlderOneWasRemoved() {
        for (String node : List.of("one", "two", "three")) {
            saver.put(TODAY, Graphs.checkpoint(node));
            if (node.equals("three")) {
                store.remove(KeyPath.of("graphs", "today", "tags", "1"));
            }
            saver.release(TODAY);
        }

        assertThat(saver.versionsByThreadId("today")).containsExactly(2, 3);
        assertThat(saver.tag("today", 2).orElseThrow().checkpoints())
                .extracting(Checkpoint::getNodeId)
                .containsExactly("two");
    }

    @Test
    void whatAReaderDoesToAStateChangesNoCheckpointThoughItDoesInTheFrameworksSaver() throws Exception {
        MemorySaver theirs = new MemorySaver();
        for (BaseCheckpointSaver each : List.of(saver, theirs)) {
            each.put(TODAY, Graphs.checkpoint("one", "a"));
            Graphs.words(each.get(TODAY).orElseThrow()).add("b");
        }

        assertThat(Graphs.words(saver.get(TODAY).orElseThrow())).containsExactly("a");
        assertThat(Graphs.words(theirs.get(TODAY).orElseThrow())).containsExactly("a", "b");
    }

    @Test
    void aHistoryHasTheCheckpointsThatWereReplacedAndReleased() {
        try (History history = History.of(store)) {
            RunnableConfig first = saver.put(TODAY, Graphs.checkpoint("one"));
            long version = store.version();
            saver.put(first, Graphs.checkpoint("instead of one"));
            saver.release(TODAY);

            assertThat(saver.list(history.at(version).under("graphs"), TODAY))
                    .extracting(Checkpoint::getNodeId)
                    .containsExactly("one");
        }
    }

    @Test
    void aStateComesBackAsTheSerializerReadsItsOwnText() throws Exception {
        Map<String, Object> state = new HashMap<>();
        state.put("null", null);
        state.put("long", Long.MAX_VALUE);
        state.put("whole", new BigInteger("123456789012345678901234567890"));
        state.put("doubles", List.of(-0.0, 1.0, 0.1f, 1e300, Double.NaN));
        state.put("decimals", List.of(new BigDecimal("18446744073709551617.1"), new BigDecimal("0.10")));
        state.put("bytes", new byte[] {1});
        state.put("set", Set.of(1));
        state.put("nested", Map.of("b", List.of(Map.of()), "a", "\u0000"));
        PlainTextStateSerializer<?> text = (PlainTextStateSerializer<?>) Graphs.TEXT;

        saver.put(
                TODAY,
                Checkpoint.builder().nodeId("n").nextNodeId("m").state(state).build());

        assertThat(saver.get(TODAY).orElseThrow().getState())
                .isEqualTo(text.readDataFromString(text.writeDataAsString(state)))
                .containsKeys("null", "long", "set");
    }

    @Test
    void aStateIsReadableWhereTheSerializerWritesTextAndElseItsBytes() {
        HeartwoodCheckpointSaver bytes = HeartwoodCheckpointSaver.of(store.under("bytes"), Graphs.BYTES);
        saver.put(TODAY, Graphs.checkpoint("one", "a", 1));
        bytes.put(TODAY, Graphs.checkpoint("one", "a", 1));

        assertThat(store.get(KeyPath.parse("/graphs/today/checkpoints/0/state/words/0")))
                .isEqualTo("a");
        assertThat(store.contains(KeyPath.parse("/bytes/today/checkpoints/0/bytes")))
                .isTrue();
        assertThat(Graphs.words(saver.get(TODAY).orElseThrow())).containsExactly("a", 1);
        assertThat(Graphs.words(bytes.get(TODAY).orElseThrow())).containsExactly("a", 1);
    }

    @Test
    void aStateThatTheSerializerCannotReadIsRefusedInWords() {
        saver.put(TODAY, Graphs.checkpoint("one"));

        assertThatThrownBy(() -> HeartwoodCheckpointSaver.of(store.under("graphs"), Graphs.BYTES)
                        .get(TODAY))
                .hasMessageContaining("give the saver the serializer that wrote it");
    }

    private static Checkpoint withId(String id, String word) {
        return Checkpoint.builder()
                .id(id)
                .nodeId("n")
                .nextNodeId("m")
                .state(Graphs.checkpoint("n", word).getState())
                .build();
    }
}
