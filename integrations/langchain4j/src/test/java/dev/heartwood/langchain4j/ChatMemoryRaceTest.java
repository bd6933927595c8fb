package dev.heartwood.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heartwood.Store;
import dev.heartwood.file.JsonFile;
import dev.heartwood.sqlite.SqliteStore;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.memory.ChatMemory;
import dev.langchain4j.memory.chat.MessageWindowChatMemory;
import dev.langchain4j.store.memory.chat.ChatMemoryStore;
import dev.langchain4j.store.memory.chat.InMemoryChatMemoryStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several turns of one chat at the same time. */
class ChatMemoryRaceTest {
    private static final int THREADS = 4;
    private static final int TURNS = 25;

    @TempDir
    Path folder;

    @Test
    void nothingIsLostInMemory() throws Exception {
        try (Store store = Store.create()) {
            assertNothingIsLost(() -> memory(store));
        }
    }

    @Test
    void nothingIsLostInAFileAndItIsThereAfterARestart() throws Exception {
        Path file = folder.resolve("chats.json");
        try (Store store = JsonFile.open(file)) {
            assertNothingIsLost(() -> memory(store));
        }
        try (Store store = JsonFile.open(file)) {
            assertThat(memory(store).messages()).hasSize(THREADS * TURNS);
        }
    }

    @Test
    void nothingIsLostWhereTwoStoresShareASqliteFile() throws Exception {
        Path file = folder.resolve("chats.db");
        try (Store one = SqliteStore.open(file);
                Store other = SqliteStore.open(file)) {
            Iterator<Store> turns = Stream.generate(() -> List.of(one, other))
                    .flatMap(List::stream)
                    .iterator();
            assertNothingIsLost(() -> memory(turns.next()));
        }
    }

    /** The race that the classes of the framework lose: the same two steps, one after the other, in the order of a race. */
    @Test
    void theFrameworksMemoryLosesATurnThatFallsBetweenItsReadAndItsWrite() {
        ChatMemoryStore store = new InMemoryChatMemoryStore();
        MessageWindowChatMemory other = window(store);
        MessageWindowChatMemory interrupted = window(new ChatMemoryStore() {
            @Override
            public List<ChatMessage> getMessages(Object id) {
                List<ChatMessage> read = List.copyOf(store.getMessages(id));
                other.add(UserMessage.from("the other turn"));
                return read;
            }

            @Override
            public void updateMessages(Object id, List<ChatMessage> messages) {
                store.updateMessages(id, messages);
            }

            @Override
            public void deleteMessages(Object id) {
                store.deleteMessages(id);
            }
        });

        interrupted.add(UserMessage.from("this turn"));

        assertThat(store.getMessages("default")).doesNotContain(UserMessage.from("the other turn"));
    }

    @Test
    void theSameRaceOnThreadsIsLostByTheFrameworksMemory() throws Exception {
        ChatMemoryStore slow = new SlowStore(new InMemoryChatMemoryStore());

        assertThat(race(() -> window(slow))).hasSizeLessThan(THREADS * TURNS);
    }

    private static void assertNothingIsLost(Supplier<ChatMemory> memories) throws Exception {
        Set<String> expected = IntStream.range(0, THREADS * TURNS)
                .mapToObj(i -> text(i / TURNS, i % TURNS))
                .collect(Collectors.toSet());

        List<ChatMessage> messages = race(memories);

        List<String> texts = messages.stream()
                .map(message -> ((UserMessage) message).singleText())
                .toList();
        assertThat(texts).containsExactlyInAnyOrderElementsOf(expected);
        for (int thread = 0; thread < THREADS; thread++) {
            String mine = "thread " + thread + ",";
            assertThat(texts.stream().filter(text -> text.startsWith(mine)))
                    .as("each thread's messages in its order")
                    .isEqualTo(IntStream.range(0, TURNS)
                            .mapToObj(turn -> text(Integer.parseInt(mine.replaceAll("\\D", "")), turn))
                            .toList());
        }
    }

    /** All threads add to the same chat, each through a memory of its own. */
    private static List<ChatMessage> race(Supplier<ChatMemory> memories) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(THREADS);
        CyclicBarrier start = new CyclicBarrier(THREADS);
        List<Future<?>> running = new ArrayList<>();
        try {
            for (int i = 0; i < THREADS; i++) {
                int thread = i;
                ChatMemory memory = memories.get();
                running.add(pool.submit(() -> {
                    start.await();
                    for (int turn = 0; turn < TURNS; turn++) {
                        memory.add(UserMessage.from(text(thread, turn)));
                    }
                    return null;
                }));
            }
            for (Future<?> thread : running) {
                thread.get();
            }
        } finally {
            pool.shutdownNow();
        }
        return memories.get().messages();
    }

    private static String text(int thread, int turn) {
        return "thread " + thread + ", turn " + turn;
    }

    private static HeartwoodChatMemory memory(Store store) {
        return HeartwoodChatMemory.in(store.under("chats"))
                .maxMessages(Integer.MAX_VALUE)
                .build();
    }

    private static MessageWindowChatMemory window(ChatMemoryStore store) {
        return MessageWindowChatMemory.builder()
                .maxMessages(Integer.MAX_VALUE)
                .chatMemoryStore(store)
                .build();
    }

    /** A store that yields after a read, so that the race is lost on any machine. */
    private record SlowStore(ChatMemoryStore store) implements ChatMemoryStore {
        @Override
        public List<ChatMessage> getMessages(Object id) {
            List<ChatMessage> read = List.copyOf(store.getMessages(id));
            try {
                Thread.sleep(1);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return read;
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
}
