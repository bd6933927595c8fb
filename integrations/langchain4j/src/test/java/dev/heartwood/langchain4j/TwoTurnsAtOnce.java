package dev.heartwood.langchain4j;

import dev.heartwood.Store;
import dev.heartwood.json.Json;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.service.AiServices;
import dev.langchain4j.service.MemoryId;
import dev.langchain4j.service.UserMessage;
import java.io.PrintStream;
import java.util.List;

/** Two people write into one chat at the same time, with a model that needs no network. No message is lost. */
final class TwoTurnsAtOnce {
    interface Assistant {
        String chat(@MemoryId String room, @UserMessage String text);
    }

    /** Answers with the number of messages that it was shown. */
    static final class ScriptedModel implements ChatModel {
        @Override
        public ChatResponse doChat(ChatRequest request) {
            AiMessage answer = AiMessage.from("I see " + request.messages().size() + " messages.");
            return ChatResponse.builder().aiMessage(answer).build();
        }
    }

    public static void main(String[] args) throws InterruptedException {
        run(System.out);
    }

    static void run(PrintStream out) throws InterruptedException {
        try (Store store = Store.create()) {
            Assistant assistant = AiServices.builder(Assistant.class)
                    .chatModel(new ScriptedModel())
                    .chatMemoryProvider(room -> HeartwoodChatMemory.in(store.under("chats"))
                            .id(room)
                            .maxMessages(100)
                            .build())
                    .build();
            Thread ann = new Thread(() -> List.of("Hello", "Rain?").forEach(text -> assistant.chat("kitchen", text)));
            Thread bob =
                    new Thread(() -> List.of("Good morning", "Tea?").forEach(text -> assistant.chat("kitchen", text)));
            ann.start();
            bob.start();
            ann.join();
            bob.join();
            out.println(Json.pretty(store)); // 4 questions, 4 answers
        }
    }
}
