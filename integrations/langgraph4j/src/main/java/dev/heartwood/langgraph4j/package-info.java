/**
 * Checkpoints of LangGraph4j's graphs in a Heartwood tree: {@link dev.heartwood.langgraph4j.HeartwoodCheckpointSaver}.
 */
@NullMarked
package dev.heartwood.langgraph4j;

import org.jspecify.annotations.NullMarked;
