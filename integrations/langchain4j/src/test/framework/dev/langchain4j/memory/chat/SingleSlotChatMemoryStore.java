package dev.langchain4j.memory.chat;

import dev.heartwood.Store;
import dev.heartwood.langchain4j.HeartwoodChatMemoryStore;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.store.memory.chat.ChatMemoryStore;
import java.util.List;

/** In place of LangChain4j's class of this name: a store of ours, which its window of tokens then uses. */
public final class SingleSlotChatMemoryStore implements ChatMemoryStore {
    private final ChatMemoryStore store =
            HeartwoodChatMemoryStore.of(Store.create().under("chats"));

    public SingleSlotChatMemoryStore(Object id) {}

    @Override
    public List<ChatMessage> getMessages(Object id) {
        return store.getMessages(id);
    }

    @Override
    public void updateMessages(Object id, List<ChatMessage> messages) {
        store.updateMessages(id, messages);
    }

    @Override
    public void deleteMessages(Object id) {
        store.deleteMessages(id);
    }
}
