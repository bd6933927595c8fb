/**
 * The opening of a store: what its files say, and what becomes of it where they contradict each other.
 *
 * <p>Begin with {@link dev.heartwood.file.recovery.Recovery}; {@link dev.heartwood.file.recovery.RecoveryScan} is what it finds, and
 * {@link dev.heartwood.file.recovery.OpenErrors} has the words of each refusal.
 *
 * <p>Uses: {@code checkpoint}, {@code context}, {@code disk}, {@code edits}, {@code journal}, {@code text}.
 */
@NullMarked
package dev.heartwood.file.recovery;

import org.jspecify.annotations.NullMarked;
