/**
 * The files of an open store, and how the readable file follows its journal.
 *
 * <p>Begin with {@link dev.heartwood.file.checkpoint.Storage}: the order of steps that everything rests on stands there.
 * {@link dev.heartwood.file.checkpoint.TreeFile} is the file that people read, and
 * {@link dev.heartwood.file.checkpoint.BackgroundCheckpoint} writes a large one beside commits.
 *
 * <p>Uses: {@code context}, {@code disk}, {@code edits}, {@code journal}, {@code text}.
 */
@NullMarked
package dev.heartwood.file.checkpoint;

import org.jspecify.annotations.NullMarked;
