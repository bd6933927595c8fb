/**
 * A tree on several machines: each process has a replica in memory, and commits are appended to a log that all share.
 *
 * <p>Begin with {@link dev.heartwood.log.LogStore}, which opens a store over a log, and
 * {@link dev.heartwood.log.InMemoryLog}, a log within one process. {@link dev.heartwood.log.LogOptions} sets the
 * freshness of reads, and the time that a commit waits for its answer.
 *
 * <pre>{@code
 * InMemoryLog log = new InMemoryLog();
 * Store one = LogStore.over(log.connect());
 * Store other = LogStore.options().reads(Reads.FRESH).over(log.connect());
 *
 * Commit commit = one.batch(tx -> tx.put("greeting", "hello"));
 * System.out.println(other.get("greeting"));                        // asks the log: knows every answered commit
 * Store third = LogStore.over(log.connect());
 * third.atLeast(commit.token(), Duration.ofSeconds(5));             // a local read that knows this commit
 * }</pre>
 *
 * <h2>For authors of engines</h2>
 *
 * <p>{@link dev.heartwood.log.SharedLog} is the boundary to a log: append if the log still ends where the writer expects,
 * read from a number, and keep a checkpoint. The package {@link dev.heartwood.log.engine} has the common parts of engines. The
 * contract suite in {@code heartwood-log-testkit} checks an engine.
 */
@NullMarked
package dev.heartwood.log;

import org.jspecify.annotations.NullMarked;
