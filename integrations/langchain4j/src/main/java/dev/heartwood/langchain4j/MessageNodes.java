package dev.heartwood.langchain4j;

import dev.heartwood.json.Json;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.ChatMessageDeserializer;
import dev.langchain4j.data.message.ChatMessageSerializer;
import io.vavr.collection.Vector;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Chat messages as values of the tree: the JSON that LangChain4j's own codec writes. */
final class MessageNodes {
    private MessageNodes() {}

    /** A message, and the value of the tree that stands for it. */
    record Entry(ChatMessage message, @Nullable Object node) {
        static Entry of(ChatMessage message) {
            return new Entry(message, write(message));
        }
    }

    /** The value that stands for the message. */
    static @Nullable Object write(ChatMessage message) {
        Objects.requireNonNull(message, "a chat message is not null");
        return Json.readValue(ChatMessageSerializer.messageToJson(message));
    }

    /** Vavr vector of the values that stand for these messages. */
    static Vector<@Nullable Object> nodes(List<Entry> entries) {
        return Vector.ofAll(entries).map(Entry::node);
    }

    /** The messages of a chat; {@code key} names it where one of its values is no message. */
    static List<Entry> read(Iterable<? extends @Nullable Object> nodes, String key) {
        List<Entry> entries = new ArrayList<>();
        for (Object node : nodes) {
            entries.add(new Entry(read(node, key, entries.size()), node));
        }
        return entries;
    }

    /** The messages alone. */
    static List<ChatMessage> messages(List<Entry> entries) {
        List<ChatMessage> messages = new ArrayList<>(entries.size());
        entries.forEach(entry -> messages.add(entry.message()));
        return messages;
    }

    private static ChatMessage read(@Nullable Object node, String key, int index) {
        try {
            return Objects.requireNonNull(ChatMessageDeserializer.messageFromJson(Json.write(node)));
        } catch (RuntimeException e) {
            throw new IllegalStateException(
                    "Element " + index + " of the chat \"" + key + "\" is no chat message of LangChain4j. Nothing was"
                            + " changed. Remove that element from the tree, or delete the chat.",
                    e);
        }
    }
}
