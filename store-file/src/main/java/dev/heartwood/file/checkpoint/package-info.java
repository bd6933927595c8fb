/**
 * The files of an open store, and how the readable file follows its journal.
 *
 * <p>Begin with {@link dev.heartwood.file.checkpoint.Storage}: it documents the order of steps that the whole protocol
 * rests on. {@code OpenFiles} holds the current file, its journal and its generation. A commit goes to the journal, or
 * the {@code SmallFileWriter} replaces the file; {@code Checkpoints} let the file follow the journal. {@code TreeFile}
 * replaces the file, with {@code FileRights}, {@code ExternalEdit} and {@code ReplacedFile} for the three concerns of a
 * file that other programs use, too.
 *
 * <p>Uses: {@code context}, {@code disk}, {@code edits}, {@code journal}, {@code text}.
 */
@NullMarked
package dev.heartwood.file.checkpoint;

import org.jspecify.annotations.NullMarked;
