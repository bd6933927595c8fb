package dev.heartwood.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heartwood.StoreException;
import dev.heartwood.log.SharedLog.Entry;
import dev.heartwood.log.SharedLog.Position;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Texts of a log that cannot be read: the message names the text, so that an operator finds it. */
class DamagedTextsTest {
    private static final Position AT = new Position(3, "writer:3");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "no header",
                "{\"format\":1,\"heartwood\":\"checkpoint\"}",
                "{\"completeFrom\":0,\"format\":1,\"heartwood\":\"checkpoint\",\"writers\":{}}",
                "{\"completeFrom\":0,\"format\":1,\"heartwood\":\"checkpoint\",\"writers\":{}}\n[1, 2]",
                "{\"completeFrom\":0,\"format\":1,\"heartwood\":\"checkpoint\",\"writers\":{}}\n{\"a\": ",
                "{\"completeFrom\":0,\"format\":1,\"heartwood\":\"checkpoint\",\"writers\":{\"a\":1}}\n{}",
                "{\"completeFrom\":0,\"format\":1,\"heartwood\":\"checkpoint\",\"writers\":{\"a\":[1]}}\n{}"
            })
    void aCheckpointIsNamedByItsPlace(String text) throws Exception {
        SharedLog log = new InMemoryLog().connect();
        StagedText.put(log, StagedText.CHECKPOINTS, AT, text);
        String pointer = Checkpoint.beginning("log").pointer(StagedText.reference(log, text), 0, null);
        assertThat(log.checkpoint(
                        null,
                        pointer.replace("\"id\":\"log\"", "\"id\":\"writer:3\"")
                                .replace("\"number\":0", "\"number\":3")))
                .isTrue();

        assertThatThrownBy(() -> LogStore.over(log))
                .isInstanceOf(StoreException.class)
                .hasMessageStartingWith("the checkpoint at 3 writer:3 of the log cannot be read: ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "no header",
                "{\"commits\":1,\"first\":1,\"format\":1,\"heartwood\":\"entry\",\"on\":\"ON\"}",
                "{\"commits\":1,\"first\":1,\"format\":1,\"heartwood\":\"entry\",\"on\":\"ON\"}\nno edits",
                "{\"commits\":1,\"first\":1,\"format\":1,\"heartwood\":\"entry\",\"on\":\"ON\"}\n[{\"put\":\"/a/b\",\"value\":1}]"
            })
    void anEntryIsNamedByItsPlace(String body) throws Exception {
        SharedLog log = new InMemoryLog().connect();
        Position start = log.last();
        Position at = new Position(1, "writer:1");
        assertThat(log.append(start, new Entry(at, body.replace("ON", start.id())), null))
                .isInstanceOf(SharedLog.Appended.class);

        assertThatThrownBy(() -> LogStore.over(log))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("entry 1 writer:1 of the log cannot be read: ");
    }

    @Test
    void theHistoryNamesThemToo() throws Exception {
        SharedLog log = new InMemoryLog().connect();
        Position start = log.last();
        Entry damaged = new Entry(
                new Position(1, "writer:1"),
                "{\"commits\":1,\"first\":1,\"format\":1,\"heartwood\":\"entry\",\"on\":\"" + start.id()
                        + "\"}\nno edits");
        assertThat(log.append(start, damaged, null)).isInstanceOf(SharedLog.Appended.class);

        assertThatThrownBy(() -> LogStore.history(log))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("entry 1 writer:1 of the log cannot be read: ");
    }
}
