package dev.heartwood.langchain4j;

import dev.heartwood.KeyPath;
import dev.heartwood.TreeEditor;
import dev.heartwood.TreeView;
import dev.heartwood.TypeMismatchException;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.store.memory.chat.ChatMemoryStore;
import io.vavr.collection.Vector;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * LangChain4j's {@link ChatMemoryStore} in a tree: each chat is a list of messages, at the key that its memory id spells,
 * under the place that was given.
 *
 * <p>The messages are JSON objects as LangChain4j writes them, so that a person can read them and edit them in a JSON file.
 * Two ids with one string form, such as {@code 1} and {@code "1"}, are one chat.
 *
 * <p><b>Atomicity.</b> Each call is one read or one commit, as durable as the store promises when the call returns.
 * {@link #updateMessages} replaces the whole list, as the interface demands: the memories of LangChain4j read and replace in
 * two steps, so of two turns at the same time the later one wins. {@link HeartwoodChatMemory} appends instead.
 *
 * <p>Thread-safe.
 */
public final class HeartwoodChatMemoryStore implements ChatMemoryStore {
    private final TreeEditor place;

    private HeartwoodChatMemoryStore(TreeEditor place) {
        this.place = Objects.requireNonNull(place);
    }

    /**
     * Chats at this place: a store, or better a part of one, as in {@code of(store.under("chats"))}.
     *
     * @param place not a transaction, which ends
     */
    public static HeartwoodChatMemoryStore of(TreeEditor place) {
        return new HeartwoodChatMemoryStore(place);
    }

    /**
     * The messages of the chat, oldest first; empty when there is none. The list is the caller's to change.
     *
     * @throws TypeMismatchException when something other than a list is at the place of the chat
     */
    @Override
    public List<ChatMessage> getMessages(Object memoryId) {
        String key = MemoryIds.key(memoryId);
        return MessageNodes.messages(MessageNodes.read(present(place, key), key));
    }

    /** Replaces the messages of the chat, in one commit. */
    @Override
    public void updateMessages(Object memoryId, List<ChatMessage> messages) {
        place.set(KeyPath.of(MemoryIds.key(memoryId)), Vector.ofAll(messages).map(MessageNodes::write));
    }

    /** Removes the chat, if there is one. */
    @Override
    public void deleteMessages(Object memoryId) {
        place.discard(KeyPath.of(MemoryIds.key(memoryId)));
    }

    /** The list at the key, in one read; empty where nothing is. */
    static Vector<@Nullable Object> present(TreeView view, String key) {
        KeyPath path = KeyPath.of(key);
        Object value = view.getOrDefault(path, Vector.empty());
        return value instanceof Vector<?> ? narrow(value) : view.vectorAt(path); // its exception names the actual value
    }

    @SuppressWarnings("unchecked") // vectors of a tree hold any value
    private static Vector<@Nullable Object> narrow(Object vector) {
        return (Vector<@Nullable Object>) vector;
    }
}
