/**
 * The way of a commit from the thread that makes it to the disk.
 *
 * <p>Begin with {@link dev.heartwood.file.commit.FileRoot}, the view that many threads have of the store. They put commits onto a
 * {@code CommitChain}. On the {@code WriterThread} the {@code WriterLoop} decides when they are written, and the
 * {@code CommitWriter} writes them and tells the {@code DurabilityTracker} that they are durable.
 *
 * <p>Uses: {@code checkpoint}, {@code context}, {@code disk}, {@code edits}, {@code journal}, {@code recovery}.
 */
@NullMarked
package dev.heartwood.file.commit;

import org.jspecify.annotations.NullMarked;
