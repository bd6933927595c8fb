package dev.heartwood.langchain4j;

import dev.heartwood.KeyPath;
import dev.heartwood.Transaction;
import dev.heartwood.TreeEditor;
import dev.heartwood.TreeView;
import dev.heartwood.TypeMismatchException;
import dev.heartwood.langchain4j.MessageNodes.Entry;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.memory.ChatMemory;
import dev.langchain4j.model.TokenCountEstimator;
import io.vavr.collection.Vector;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A {@link ChatMemory} in a tree, to which any number of turns may add at once. No message is lost, except those that
 * the window drops.
 *
 * <p>It keeps the messages that LangChain4j's {@code MessageWindowChatMemory} ({@link Builder#maxMessages}) or
 * {@code TokenWindowChatMemory} ({@link Builder#maxTokens}) would keep, and lays them out in the tree as
 * {@link HeartwoodChatMemoryStore} does: memories and stores of one place see the same chats.
 *
 * <p><b>Atomicity.</b> {@code add}, {@code set} and {@code clear} are one commit each, also for several messages: a reader
 * sees all of them or none. An {@code add} to a window with room appends, so that a durable store writes the new messages and
 * not the list.
 *
 * <p><b>Retries.</b> Concurrent additions of others make an {@code add} run again on their result. Messages are written
 * as JSON once; an estimator of tokens may be asked again.
 *
 * <p><b>Durability.</b> When a call returns, its commit is as durable as the store promises.
 *
 * <p>Thread-safe. Any number of memories may have one id.
 */
public final class HeartwoodChatMemory implements ChatMemory {
    private final TreeEditor place;
    private final Object id;
    private final String key;
    private final MessageWindow window;

    private HeartwoodChatMemory(TreeEditor place, Object id, MessageWindow window) {
        this.place = place;
        this.id = id;
        this.key = MemoryIds.key(id);
        this.window = window;
    }

    /**
     * Builds a memory for a chat at this place: a store, or better a part of one, as in {@code in(store.under("chats"))}.
     *
     * @param place not a transaction, which ends
     */
    public static Builder in(TreeEditor place) {
        return new Builder(place);
    }

    @Override
    public Object id() {
        return id;
    }

    /** Adds a message, in one commit. A system message replaces another one; an equal one changes nothing. */
    @Override
    public void add(ChatMessage message) {
        add(List.of(message));
    }

    /** Adds messages as if one by one, in one commit. Adds none where {@code messages} is null. */
    @Override
    public void add(@Nullable Iterable<ChatMessage> messages) {
        if (messages != null) {
            List<Entry> added = entries(messages);
            place.atomically(tx -> addTo(tx, added));
        }
    }

    private void addTo(Transaction tx, List<Entry> added) {
        Vector<@Nullable Object> present = HeartwoodChatMemoryStore.present(tx, key);
        if (window.keepsAll(present.size() + added.size()) && added.stream().noneMatch(HeartwoodChatMemory::isSystem)) {
            append(tx, present, MessageNodes.nodes(added));
            return;
        }
        List<Entry> kept = MessageNodes.read(present, key);
        window.trim(kept);
        added.forEach(entry -> window.add(kept, entry));
        Vector<@Nullable Object> next = MessageNodes.nodes(kept);
        if (beginsWith(next, present)) {
            append(tx, present, next.drop(present.size()));
        } else {
            tx.set(path(), next);
        }
    }

    private void append(Transaction tx, Vector<@Nullable Object> present, Vector<@Nullable Object> more) {
        if (present.isEmpty()) {
            tx.init(path(), Vector.empty());
        }
        if (!more.isEmpty()) {
            tx.concat(path(), more);
        }
    }

    private static boolean beginsWith(Vector<@Nullable Object> next, Vector<@Nullable Object> present) {
        for (int i = 0; i < present.size(); i++) {
            if (i >= next.size() || next.get(i) != present.get(i)) {
                return false;
            }
        }
        return true;
    }

    /**
     * Replaces all messages, in one commit; those that do not fit are dropped.
     *
     * @throws IllegalArgumentException when there are none: that is {@link #clear}
     */
    @Override
    public void set(Iterable<ChatMessage> messages) {
        List<Entry> next = entries(messages);
        if (next.isEmpty()) {
            throw new IllegalArgumentException("messages must not be empty");
        }
        window.trim(next);
        place.set(path(), MessageNodes.nodes(next));
    }

    /**
     * The messages that the window has, oldest first, in one state of the tree. The list is the caller's to change.
     *
     * @throws TypeMismatchException when something other than a list is at the place of the chat
     */
    @Override
    public List<ChatMessage> messages() {
        return messages(place);
    }

    /** {@link #messages()} in another state of the same place: a snapshot, a state of a history. */
    public List<ChatMessage> messages(TreeView state) {
        List<Entry> kept = MessageNodes.read(HeartwoodChatMemoryStore.present(state, key), key);
        window.trim(kept);
        return MessageNodes.messages(kept);
    }

    /** Removes the chat from the tree. */
    @Override
    public void clear() {
        place.discard(path());
    }

    private KeyPath path() {
        return KeyPath.of(key);
    }

    private static boolean isSystem(Entry entry) {
        return entry.message() instanceof SystemMessage;
    }

    private static List<Entry> entries(Iterable<ChatMessage> messages) {
        List<Entry> entries = new ArrayList<>();
        messages.forEach(message -> entries.add(Entry.of(message)));
        return entries;
    }

    /** The builder of a memory. A limit must be given: {@link #maxMessages} or {@link #maxTokens}. */
    public static final class Builder {
        private final TreeEditor place;
        private Object id = "default";
        private @Nullable IntSupplier messages;
        private int tokens;
        private @Nullable TokenCountEstimator estimator;
        private boolean systemMessageFirst;

        private Builder(TreeEditor place) {
            this.place = Objects.requireNonNull(place);
        }

        /** The id of the chat: a string, a number, a UUID, a record. Default: {@code "default"}. */
        public Builder id(Object id) {
            MemoryIds.key(id);
            this.id = id;
            return this;
        }

        /** Keeps so many of the newest messages. {@code Integer.MAX_VALUE} keeps all. */
        public Builder maxMessages(int messages) {
            positive(messages);
            return maxMessages(() -> messages);
        }

        /** Keeps as many of the newest messages as this answers at each call: quick, at least 1, without side effects. */
        public Builder maxMessages(IntSupplier messages) {
            this.messages = () -> positive(messages.getAsInt());
            estimator = null;
            return this;
        }

        /**
         * Keeps the newest messages that have so many tokens.
         *
         * @param estimator asked within the commit: quick, and without side effects
         */
        public Builder maxTokens(int tokens, TokenCountEstimator estimator) {
            this.tokens = positive(tokens);
            this.estimator = Objects.requireNonNull(estimator);
            messages = null;
            return this;
        }

        /** Whether a new system message goes to the front instead of the end. Default: false. */
        public Builder alwaysKeepSystemMessageFirst(boolean first) {
            systemMessageFirst = first;
            return this;
        }

        /**
         * The memory.
         *
         * @throws IllegalStateException when no limit was given
         */
        public HeartwoodChatMemory build() {
            return new HeartwoodChatMemory(place, id, window());
        }

        private MessageWindow window() {
            if (messages != null) {
                return MessageWindow.ofMessages(messages, systemMessageFirst);
            } else if (estimator != null) {
                return MessageWindow.ofTokens(tokens, estimator, systemMessageFirst);
            }
            throw new IllegalStateException("A chat memory needs a limit: maxMessages or maxTokens.");
        }

        private static int positive(int limit) {
            if (limit < 1) {
                throw new IllegalArgumentException("The limit of a chat memory is at least 1, not " + limit + ".");
            }
            return limit;
        }
    }
}
