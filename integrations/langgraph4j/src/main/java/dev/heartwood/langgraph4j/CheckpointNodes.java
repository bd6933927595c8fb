package dev.heartwood.langgraph4j;

import dev.heartwood.json.Json;
import io.vavr.collection.HashMap;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import org.bsc.langgraph4j.checkpoint.Checkpoint;
import org.bsc.langgraph4j.serializer.PlainTextStateSerializer;
import org.bsc.langgraph4j.serializer.StateSerializer;
import org.jspecify.annotations.Nullable;

/**
 * Checkpoints as values of the tree. The state is what the serializer of the graph makes of it: JSON that people can read, or
 * else its bytes as Base64.
 */
record CheckpointNodes(StateSerializer<?> serializer) {
    private static final String ID = "id";
    private static final String NODE = "nodeId";
    private static final String NEXT = "nextNodeId";
    private static final String STATE = "state";
    private static final String BYTES = "bytes";

    HashMap<String, @Nullable Object> write(Checkpoint checkpoint) {
        HashMap<String, @Nullable Object> node =
                HashMap.of(ID, checkpoint.getId(), NODE, checkpoint.getNodeId(), NEXT, checkpoint.getNextNodeId());
        try {
            return serializer instanceof PlainTextStateSerializer<?> text
                    ? node.put(STATE, Json.readValue(text.writeDataAsString(checkpoint.getState())))
                    : node.put(
                            BYTES, Base64.getEncoder().encodeToString(serializer.dataToBytes(checkpoint.getState())));
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "The state of the checkpoint " + checkpoint.getId() + " after the node \"" + checkpoint.getNodeId()
                            + "\" cannot be written by the serializer of the graph. Nothing was changed.",
                    e);
        }
    }

    Checkpoint read(@Nullable Object node) {
        if (!(node instanceof HashMap<?, ?> map)) {
            throw new IllegalStateException("No checkpoint of LangGraph4j: " + Json.write(node)
                    + ". Nothing was changed." + " Remove that element from the tree, or release the thread.");
        }
        return Checkpoint.builder()
                .id(text(map, ID))
                .nodeId(text(map, NODE))
                .nextNodeId(text(map, NEXT))
                .state(state(map))
                .build();
    }

    /** The id of the checkpoint that the value stands for; null where it stands for none. */
    static @Nullable Object id(@Nullable Object node) {
        return node instanceof HashMap<?, ?> map ? find(map, ID) : null;
    }

    private Map<String, Object> state(HashMap<?, ?> node) {
        Object bytes = find(node, BYTES);
        try {
            if (bytes instanceof String base64) {
                return serializer.dataFromBytes(Base64.getDecoder().decode(base64));
            }
            if (serializer instanceof PlainTextStateSerializer<?> text) {
                return text.readDataFromString(Json.write(find(node, STATE)));
            }
        } catch (IOException | ClassNotFoundException | IllegalArgumentException e) {
            throw new IllegalStateException(
                    "The state of the checkpoint " + text(node, ID) + " cannot be read by the"
                            + " serializer of this graph. Nothing was changed.",
                    e);
        }
        throw new IllegalStateException(
                "The state of the checkpoint " + text(node, ID) + " is JSON, and the serializer of this"
                        + " graph does not read text. Nothing was changed. Give the saver the serializer that wrote it.");
    }

    private static String text(HashMap<?, ?> node, String key) {
        return String.valueOf(Objects.requireNonNull(find(node, key), key));
    }

    @SuppressWarnings("unchecked") // maps of a tree have strings as keys
    private static @Nullable Object find(HashMap<?, ?> node, String key) {
        return ((HashMap<String, @Nullable Object>) node).getOrElse(key, null);
    }
}
