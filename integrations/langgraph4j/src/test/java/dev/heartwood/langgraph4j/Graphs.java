package dev.heartwood.langgraph4j;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bsc.langgraph4j.RunnableConfig;
import org.bsc.langgraph4j.checkpoint.Checkpoint;
import org.bsc.langgraph4j.serializer.StateSerializer;
import org.bsc.langgraph4j.serializer.plain_text.jackson.JacksonStateSerializer;
import org.bsc.langgraph4j.serializer.std.ObjectStreamStateSerializer;
import org.bsc.langgraph4j.state.AgentState;

/** Serializers, checkpoints and configurations for tests. */
final class Graphs {
    static final StateSerializer<AgentState> BYTES = new ObjectStreamStateSerializer<>(AgentState::new);
    static final StateSerializer<AgentState> TEXT = new JacksonStateSerializer<>(AgentState::new) {};

    private Graphs() {}

    static RunnableConfig thread(String id) {
        return RunnableConfig.builder().threadId(id).build();
    }

    static Checkpoint checkpoint(String node, Object... words) {
        Map<String, Object> state = new HashMap<>();
        state.put("words", new ArrayList<>(List.of(words)));
        return Checkpoint.builder().nodeId(node).nextNodeId("next").state(state).build();
    }

    @SuppressWarnings("unchecked")
    static List<Object> words(Checkpoint checkpoint) {
        return (List<Object>) checkpoint.getState().get("words");
    }

    /** The checkpoint with one more word. */
    static Checkpoint with(Checkpoint checkpoint, String word) {
        List<Object> words = new ArrayList<>(words(checkpoint));
        words.add(word);
        return checkpoint(checkpoint.getNodeId(), words.toArray());
    }
}
