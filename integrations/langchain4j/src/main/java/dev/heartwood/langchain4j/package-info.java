/**
 * Chat memories and agentic scopes of LangChain4j in a Heartwood tree.
 *
 * <p>{@link dev.heartwood.langchain4j.HeartwoodChatMemory} is the class that most programs need: a chat memory to which
 * several threads may add at once, and several processes if the store is shared. The other two are the framework's own
 * interfaces for storage.
 */
@NullMarked
package dev.heartwood.langchain4j;

import org.jspecify.annotations.NullMarked;
