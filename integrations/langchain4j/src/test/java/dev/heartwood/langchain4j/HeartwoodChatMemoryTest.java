package dev.heartwood.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heartwood.KeyPath;
import dev.heartwood.Root;
import dev.heartwood.Snapshot;
import dev.heartwood.Store;
import dev.heartwood.TypeMismatchException;
import dev.heartwood.json.Json;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.memory.ChatMemory;
import dev.langchain4j.memory.chat.MessageWindowChatMemory;
import dev.langchain4j.memory.chat.TokenWindowChatMemory;
import dev.langchain4j.model.TokenCountEstimator;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeartwoodChatMemoryTest {
    private final Store store = Store.create();

    @Test
    void messagesAreReadableJsonUnderTheIdOfTheChat() {
        HeartwoodChatMemory memory = memory("ann", 10);

        memory.add(UserMessage.from("Is it raining?"), AiMessage.from("No."));

        assertThat(Json.write(store))
                .isEqualTo("{\"chats\":{\"ann\":["
                        + "{\"contents\":[{\"text\":\"Is it raining?\",\"type\":\"TEXT\"}],\"type\":\"USER\"},"
                        + "{\"attributes\":{},\"text\":\"No.\",\"toolExecutionRequests\":[],\"type\":\"AI\"}]}}");
        assertThat(memory.messages()).containsExactly(UserMessage.from("Is it raining?"), AiMessage.from("No."));
    }

    @Test
    void severalMessagesAreOneCommit() {
        long before = store.version();

        memory("ann", 10).add(UserMessage.from("one"), UserMessage.from("two"), UserMessage.from("three"));

        assertThat(store.version()).isEqualTo(before + 1);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void keepsWhatTheWindowOfMessagesOfTheFrameworkKeeps(long seed) {
        Random random = new Random(seed);
        int limit = 1 + random.nextInt(6);
        boolean systemFirst = random.nextBoolean();
        assertSameAfterEachStep(
                random,
                MessageWindowChatMemory.builder()
                        .maxMessages(limit)
                        .alwaysKeepSystemMessageFirst(systemFirst)
                        .build(),
                HeartwoodChatMemory.in(store.under("chats"))
                        .maxMessages(limit)
                        .alwaysKeepSystemMessageFirst(systemFirst)
                        .build());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void keepsWhatTheWindowOfTokensOfTheFrameworkKeeps(long seed) {
        Random random = new Random(seed);
        int limit = 1 + random.nextInt(20);
        boolean systemFirst = random.nextBoolean();
        assertSameAfterEachStep(
                random,
                TokenWindowChatMemory.builder()
                        .maxTokens(limit, new Letters())
                        .alwaysKeepSystemMessageFirst(systemFirst)
                        .build(),
                HeartwoodChatMemory.in(store.under("chats"))
                        .maxTokens(limit, new Letters())
                        .alwaysKeepSystemMessageFirst(systemFirst)
                        .build());
    }

    @Test
    void theFrameworksMemoryAndOursSeeTheSameChat() {
        ChatMemory theirs = MessageWindowChatMemory.builder()
                .id("ann")
                .maxMessages(10)
                .chatMemoryStore(HeartwoodChatMemoryStore.of(store.under("chats")))
                .build();

        theirs.add(UserMessage.from("hello"));
        memory("ann", 10).add(AiMessage.from("hi"));

        assertThat(theirs.messages()).containsExactly(UserMessage.from("hello"), AiMessage.from("hi"));
    }

    @Test
    void aPastStateOfTheTreeHasThePastChat() {
        HeartwoodChatMemory memory = memory("ann", 2);
        memory.add(UserMessage.from("one"), UserMessage.from("two"));
        Snapshot then = store.snapshot();

        memory.add(UserMessage.from("three"));

        assertThat(memory.messages(then.under("chats")))
                .containsExactly(UserMessage.from("one"), UserMessage.from("two"));
    }

    @Test
    void aClearedChatIsNotInTheTree() {
        HeartwoodChatMemory memory = memory("ann", 10);
        HeartwoodChatMemoryStore chats = HeartwoodChatMemoryStore.of(store.under("chats"));
        memory.add(UserMessage.from("hello"));
        chats.updateMessages("bob", List.of(UserMessage.from("hello")));

        memory.clear();
        chats.deleteMessages("bob");

        assertThat(store.keys(KeyPath.of("chats"))).isEmpty();
    }

    @Test
    void aSetOfNoMessagesIsRefused() {
        HeartwoodChatMemory memory = memory("ann", 10);
        memory.add(UserMessage.from("hello"));

        assertThatThrownBy(() -> memory.set(List.of())).isInstanceOf(IllegalArgumentException.class);
        assertThat(memory.messages()).hasSize(1);
    }

    @Test
    void addingNothingLeavesTheTreeAsItIs() {
        HeartwoodChatMemory memory = memory("ann", 10);
        memory.add(UserMessage.from("hello"));
        long before = store.version();

        memory.add((Iterable<ChatMessage>) null);
        memory.add((ChatMessage[]) null);
        memory.add(List.<ChatMessage>of());

        assertThat(store.version()).isEqualTo(before);
    }

    @Test
    void anElementThatIsNoMessageIsNamed() {
        store.put(KeyPath.of("chats", "ann"), List.of(java.util.Map.of("type", "POEM")));

        assertThatThrownBy(memory("ann", 10)::messages)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("Element 0 of the chat \"ann\"");
    }

    @Test
    void aChatThatIsNoListIsNamedByItsPath() {
        store.put(KeyPath.of("chats", "ann"), "hello");

        assertThatThrownBy(memory("ann", 10)::messages)
                .isInstanceOf(TypeMismatchException.class)
                .hasMessageContaining("/chats/ann");
        assertThatThrownBy(() -> memory("ann", 10).add(UserMessage.from("hello")))
                .isInstanceOf(TypeMismatchException.class)
                .hasMessageContaining("/chats/ann");
    }

    @Test
    void anIdWithoutAStringFormOfItsOwnIsRefused() {
        HeartwoodChatMemory.Builder builder = HeartwoodChatMemory.in(store);

        assertThatThrownBy(() -> builder.id(new Object())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.id(new int[1])).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aMemoryWithoutALimitIsRefused() {
        assertThatThrownBy(HeartwoodChatMemory.in(store)::build)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("maxMessages");
        assertThatThrownBy(() -> HeartwoodChatMemory.in(store).maxMessages(0))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aLimitThatAnswersLessThanOneIsRefusedAndChangesNothing() {
        AtomicInteger limit = new AtomicInteger(2);
        HeartwoodChatMemory memory =
                HeartwoodChatMemory.in(store).maxMessages(limit::get).build();
        memory.add(UserMessage.from("hello"));
        Snapshot before = store.snapshot();

        limit.set(0);

        assertThatThrownBy(() -> memory.add(UserMessage.from("bye"))).isInstanceOf(IllegalArgumentException.class);
        assertThat(store.snapshot()).isEqualTo(before);
    }

    @Test
    void theLimitThatWasGivenLastCounts() {
        HeartwoodChatMemory memory = HeartwoodChatMemory.in(store)
                .maxMessages(1)
                .maxTokens(100, new Letters())
                .build();

        memory.add(UserMessage.from("hello"), UserMessage.from("bye"));

        assertThat(memory.messages()).hasSize(2);
    }

    @Test
    void whatTheWindowHasDroppedIsNotInTheTree() {
        HeartwoodChatMemory memory = memory("ann", 2);
        for (String text : List.of("one", "two", "three", "four")) {
            memory.add(UserMessage.from(text));
            assertThat(store.size(KeyPath.of("chats", "ann"))).isLessThanOrEqualTo(2);
        }

        memory.set(List.of(UserMessage.from("one"), UserMessage.from("two"), UserMessage.from("three")));

        assertThat(store.size(KeyPath.of("chats", "ann"))).isEqualTo(2);
    }

    /** A full window is written anew, by what it holds at the commit. */
    @Test
    void anAddToAFullWindowLosesNoMessageThatCameMeanwhile() {
        AtomicReference<Runnable> rival = new AtomicReference<>(() -> {});
        Store raced = Store.options()
                .guard("a rival comes once", KeyPath.root(), view -> {
                    rival.getAndSet(() -> {}).run();
                    return true;
                })
                .over(Root.inMemory(Map.of()));
        HeartwoodChatMemory memory =
                HeartwoodChatMemory.in(raced).id("ann").maxMessages(2).build();
        memory.add(UserMessage.from("one"), UserMessage.from("two"));
        rival.set(() -> CompletableFuture.runAsync(() -> memory.add(UserMessage.from("three")))
                .join());

        memory.add(UserMessage.from("four"));

        assertThat(memory.messages()).containsExactly(UserMessage.from("three"), UserMessage.from("four"));
    }

    @Test
    void aMemoryWithASmallerWindowSeesTheNewestMessagesAlone() {
        memory("ann", 3).add(UserMessage.from("one"), UserMessage.from("two"), UserMessage.from("three"));

        assertThat(memory("ann", 2).messages()).containsExactly(UserMessage.from("two"), UserMessage.from("three"));
    }

    private HeartwoodChatMemory memory(Object id, int limit) {
        return HeartwoodChatMemory.in(store.under("chats"))
                .id(id)
                .maxMessages(limit)
                .build();
    }

    private static void assertSameAfterEachStep(Random random, ChatMemory theirs, ChatMemory ours) {
        for (int step = 0; step < 60; step++) {
            List<ChatMessage> messages = someMessages(random);
            int kind = random.nextInt(20);
            if (kind == 0) {
                theirs.clear();
                ours.clear();
            } else if (kind == 1) {
                theirs.set(messages);
                ours.set(messages);
            } else {
                theirs.add(messages);
                ours.add(messages);
            }
            assertThat(ours.messages()).as("step %s", step).isEqualTo(new ArrayList<>(theirs.messages()));
        }
    }

    private static List<ChatMessage> someMessages(Random random) {
        List<ChatMessage> messages = new ArrayList<>();
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            String text = "x".repeat(1 + random.nextInt(4));
            ToolExecutionRequest request = ToolExecutionRequest.builder()
                    .id("1")
                    .name("calculator")
                    .arguments("{}")
                    .build();
            messages.add(
                    switch (random.nextInt(6)) {
                        case 0 -> SystemMessage.from(text);
                        case 1 -> AiMessage.from(request);
                        case 2, 3 -> ToolExecutionResultMessage.from(request, text);
                        case 4 -> AiMessage.from(text);
                        default -> UserMessage.from(text);
                    });
        }
        return messages;
    }

    /** As many tokens as the text of a message has letters, and one. */
    private static final class Letters implements TokenCountEstimator {
        @Override
        public int estimateTokenCountInText(String text) {
            return text.length();
        }

        @Override
        public int estimateTokenCountInMessage(ChatMessage message) {
            return 1 + message.toString().replaceAll("[^x]", "").length();
        }

        @Override
        public int estimateTokenCountInMessages(Iterable<ChatMessage> messages) {
            int sum = 0;
            for (ChatMessage message : messages) {
                sum += estimateTokenCountInMessage(message);
            }
            return sum;
        }
    }
}
