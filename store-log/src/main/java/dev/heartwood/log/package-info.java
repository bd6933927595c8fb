/**
 * A tree on several machines: each process has a replica in memory, and commits are appended to a log that all share.
 *
 * <p>{@link dev.heartwood.log.LogStore} opens a store over a {@link dev.heartwood.log.SharedLog}, which an engine implements:
 *
 * <pre>{@code
 * InMemoryLog log = new InMemoryLog();
 * Store one = LogStore.over(log.connect());
 * Store other = LogStore.over(log.connect());
 * one.put("greeting", "hello");
 * other.fresh().get("greeting");
 * }</pre>
 */
@NullMarked
package dev.heartwood.log;

import org.jspecify.annotations.NullMarked;
