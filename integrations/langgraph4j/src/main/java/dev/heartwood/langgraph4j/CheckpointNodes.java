package dev.heartwood.langgraph4j;

import dev.heartwood.KeyPath;
import dev.heartwood.json.Json;
import io.vavr.collection.HashMap;
import java.io.IOException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.Map;
import org.bsc.langgraph4j.checkpoint.Checkpoint;
import org.bsc.langgraph4j.serializer.PlainTextStateSerializer;
import org.bsc.langgraph4j.serializer.StateSerializer;
import org.jspecify.annotations.Nullable;

/**
 * Checkpoints as values of the tree. The state is stored as the graph's serializer writes it: JSON that people can
 * read, or else its bytes as Base64. A checkpoint is accepted only if the serializer reads it back.
 */
record CheckpointNodes(StateSerializer<?> serializer) {
    private static final String ID = "id";
    private static final String NODE = "nodeId";
    private static final String NEXT = "nextNodeId";
    private static final String STATE = "state";
    private static final String BYTES = "bytes";

    /**
     * The serializers recurse, several frames a level. Those of LangGraph4j for Jackson fail at some 700 levels on a stack of
     * 1 MB, so a state that one thread could just write, another one could not read.
     */
    private static final int MOST_NESTED = 200;

    /**
     * The value that stands for the checkpoint.
     *
     * @throws IllegalArgumentException if the serializer cannot write its state, or not read it back
     */
    HashMap<String, @Nullable Object> write(Checkpoint checkpoint) {
        requireDepth(checkpoint, checkpoint.getState(), 1);
        try {
            HashMap<String, @Nullable Object> node = toNode(checkpoint);
            toCheckpoint(node);
            return node;
        } catch (IOException | ClassNotFoundException | RuntimeException | StackOverflowError e) {
            throw refusal(checkpoint, "cannot be written and read back by the serializer of the graph: " + e, e);
        }
    }

    private HashMap<String, @Nullable Object> toNode(Checkpoint checkpoint) throws IOException {
        HashMap<String, @Nullable Object> node =
                HashMap.of(ID, checkpoint.getId(), NODE, checkpoint.getNodeId(), NEXT, checkpoint.getNextNodeId());
        return serializer instanceof PlainTextStateSerializer<?> text
                ? node.put(STATE, Json.readValue(text.writeDataAsString(checkpoint.getState())))
                : node.put(BYTES, Base64.getEncoder().encodeToString(serializer.dataToBytes(checkpoint.getState())));
    }

    private static void requireDepth(Checkpoint checkpoint, @Nullable Object value, int levels) {
        if (!(value instanceof Map || value instanceof Collection || value instanceof Object[])) {
            return;
        }
        if (levels > MOST_NESTED) {
            throw refusal(checkpoint, "has more than 200 nested maps and lists, or one that contains itself", null);
        }
        Collection<?> inner = value instanceof Map<?, ?> map
                ? map.values()
                : value instanceof Collection<?> collection ? collection : Arrays.asList((Object[]) value);
        for (Object each : inner) {
            requireDepth(checkpoint, each, levels + 1);
        }
    }

    private static IllegalArgumentException refusal(Checkpoint checkpoint, String reason, @Nullable Throwable cause) {
        return new IllegalArgumentException(
                "The state of the checkpoint " + checkpoint.getId() + " after the node \"" + checkpoint.getNodeId()
                        + "\" " + reason + ". Nothing was changed.",
                cause);
    }

    /**
     * The checkpoint that stands at the path.
     *
     * @throws IllegalStateException if none stands there, or one that the serializer cannot read
     */
    Checkpoint read(@Nullable Object node, KeyPath path) {
        try {
            if (!(node instanceof HashMap<?, ?> map)) {
                throw new IllegalStateException("it is " + Json.write(node));
            }
            return toCheckpoint(map);
        } catch (IOException | ClassNotFoundException | RuntimeException | StackOverflowError e) {
            throw new IllegalStateException(
                    "Checkpoint " + path.last() + " of the thread \""
                            + path.tokens().get(0) + "\" cannot be read: " + e.getMessage()
                            + ". Nothing was changed. Mend or remove what stands at " + path
                            + " below the place of the saver; the other checkpoints are read by their ids.",
                    e);
        }
    }

    private Checkpoint toCheckpoint(HashMap<?, ?> node) throws IOException, ClassNotFoundException {
        return Checkpoint.builder()
                .id(text(node, ID))
                .nodeId(text(node, NODE))
                .nextNodeId(text(node, NEXT))
                .state(state(node))
                .build();
    }

    /** The id of the checkpoint that the value stands for; null where it stands for none. */
    static @Nullable Object id(@Nullable Object node) {
        return node instanceof HashMap<?, ?> map ? find(map, ID) : null;
    }

    private Map<String, Object> state(HashMap<?, ?> node) throws IOException, ClassNotFoundException {
        if (find(node, BYTES) instanceof String base64) {
            return serializer.dataFromBytes(Base64.getDecoder().decode(base64));
        }
        if (serializer instanceof PlainTextStateSerializer<?> text) {
            return text.readDataFromString(Json.write(find(node, STATE)));
        }
        throw new IllegalStateException(
                "its state is JSON, and the serializer of this graph does not read text; give the"
                        + " saver the serializer that wrote it");
    }

    private static String text(HashMap<?, ?> node, String key) {
        if (find(node, key) instanceof String text) {
            return text;
        }
        throw new IllegalStateException("it has no \"" + key + "\"");
    }

    @SuppressWarnings("unchecked") // maps of a tree have strings as keys
    private static @Nullable Object find(HashMap<?, ?> node, String key) {
        return ((HashMap<String, @Nullable Object>) node).getOrElse(key, null);
    }
}
