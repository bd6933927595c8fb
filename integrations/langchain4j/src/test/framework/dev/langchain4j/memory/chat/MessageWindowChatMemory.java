package dev.langchain4j.memory.chat;

import dev.heartwood.Store;
import dev.heartwood.langchain4j.HeartwoodChatMemory;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.memory.ChatMemory;
import java.util.List;
import java.util.function.Function;

/** In place of LangChain4j's class of this name: the same builder, over a memory of ours. */
public final class MessageWindowChatMemory implements ChatMemory {
    private final HeartwoodChatMemory memory;

    private MessageWindowChatMemory(HeartwoodChatMemory memory) {
        this.memory = memory;
    }

    public static MessageWindowChatMemory withMaxMessages(int maxMessages) {
        return builder().maxMessages(maxMessages).build();
    }

    public static Builder builder() {
        return new Builder();
    }

    @Override
    public Object id() {
        return memory.id();
    }

    @Override
    public void add(ChatMessage message) {
        memory.add(message);
    }

    @Override
    public void set(Iterable<ChatMessage> messages) {
        memory.set(messages);
    }

    @Override
    public List<ChatMessage> messages() {
        return memory.messages();
    }

    @Override
    public void clear() {
        memory.clear();
    }

    public static final class Builder {
        private Object id = "default";
        private final HeartwoodChatMemory.Builder memory =
                HeartwoodChatMemory.in(Store.create().under("chats"));

        public Builder id(Object id) {
            this.id = id;
            memory.id(id);
            return this;
        }

        public Builder maxMessages(Integer maxMessages) {
            memory.maxMessages(maxMessages);
            return this;
        }

        public Builder dynamicMaxMessages(Function<Object, Integer> maxMessages) {
            memory.maxMessages(() -> maxMessages.apply(id));
            return this;
        }

        public Builder alwaysKeepSystemMessageFirst(Boolean first) {
            memory.alwaysKeepSystemMessageFirst(first);
            return this;
        }

        public MessageWindowChatMemory build() {
            return new MessageWindowChatMemory(memory.build());
        }
    }
}
