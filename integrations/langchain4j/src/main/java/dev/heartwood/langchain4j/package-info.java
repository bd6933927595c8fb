/**
 * Chat memories and agentic scopes of LangChain4j in a Heartwood tree.
 *
 * <p>{@link dev.heartwood.langchain4j.HeartwoodChatMemory} is the one that most programs need: a chat memory that several
 * threads, and where the store is shared several processes, may add to at once. The other two are the framework's own
 * interfaces for storage.
 */
@NullMarked
package dev.heartwood.langchain4j;

import org.jspecify.annotations.NullMarked;
