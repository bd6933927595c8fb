package dev.heartwood.langchain4j;

import dev.heartwood.langchain4j.MessageNodes.Entry;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.model.TokenCountEstimator;
import java.util.List;
import java.util.function.IntSupplier;

/**
 * Which messages a memory keeps: the rules of LangChain4j's {@code MessageWindowChatMemory} and
 * {@code TokenWindowChatMemory}. One system message, which stays; beyond the limit the oldest others go, and with a request
 * of tools the results that follow it.
 */
final class MessageWindow {
    private final IntSupplier limit;
    private final Measure measure;
    private final boolean systemMessageFirst;

    private MessageWindow(IntSupplier limit, Measure measure, boolean systemMessageFirst) {
        this.limit = limit;
        this.measure = measure;
        this.systemMessageFirst = systemMessageFirst;
    }

    static MessageWindow ofMessages(IntSupplier limit, boolean systemMessageFirst) {
        return new MessageWindow(limit, new MessageCount(), systemMessageFirst);
    }

    static MessageWindow ofTokens(int limit, TokenCountEstimator estimator, boolean systemMessageFirst) {
        return new MessageWindow(() -> limit, new TokenCount(estimator), systemMessageFirst);
    }

    /** Whether so many messages fit for sure, regardless of their contents. */
    boolean keepsAll(int messages) {
        return measure instanceof MessageCount && messages <= limit.getAsInt();
    }

    /** Adds a message to those that are kept. */
    void add(List<Entry> kept, Entry added) {
        if (added.message() instanceof SystemMessage system) {
            for (Entry entry : kept) {
                if (entry.message() instanceof SystemMessage present) {
                    if (present.equals(system)) {
                        return;
                    }
                    kept.remove(entry);
                    break;
                }
            }
            kept.add(systemMessageFirst ? 0 : kept.size(), added);
        } else {
            kept.add(added);
        }
        trim(kept);
    }

    /** Drops the oldest until the rest fits. */
    void trim(List<Entry> kept) {
        if (kept.isEmpty()) {
            return;
        }
        int most = limit.getAsInt();
        for (int size = measure.all(kept); size > most && !kept.isEmpty(); ) {
            int oldest = kept.get(0).message() instanceof SystemMessage ? 1 : 0;
            if (oldest == kept.size()) {
                return;
            }
            Entry gone = kept.remove(oldest);
            size -= measure.one(gone);
            if (gone.message() instanceof AiMessage request && request.hasToolExecutionRequests()) {
                while (oldest < kept.size() && kept.get(oldest).message() instanceof ToolExecutionResultMessage) {
                    size -= measure.one(kept.remove(oldest));
                }
            }
        }
    }

    /** The size of messages, in the unit of the limit. */
    private interface Measure {
        int all(List<Entry> entries);

        int one(Entry entry);
    }

    private static final class MessageCount implements Measure {
        @Override
        public int all(List<Entry> entries) {
            return entries.size();
        }

        @Override
        public int one(Entry entry) {
            return 1;
        }
    }

    private static final class TokenCount implements Measure {
        private final TokenCountEstimator estimator;

        TokenCount(TokenCountEstimator estimator) {
            this.estimator = estimator;
        }

        @Override
        public int all(List<Entry> entries) {
            return estimator.estimateTokenCountInMessages(MessageNodes.messages(entries));
        }

        @Override
        public int one(Entry entry) {
            return estimator.estimateTokenCountInMessage(entry.message());
        }
    }
}
