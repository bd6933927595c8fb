/**
 * Edits that people make in the file while the store is open, merged as commits.
 *
 * <p>Begin with {@link dev.heartwood.file.edits.EditMerger}, the thread that looks for edits;
 * {@link dev.heartwood.file.edits.HandEdits} is the only object that it shares with the thread that writes the file.
 *
 * <p>Uses: {@code context}, {@code disk}, {@code text}.
 */
@NullMarked
package dev.heartwood.file.edits;

import org.jspecify.annotations.NullMarked;
