/**
 * The opening of a store: the state of its files, and the decision when they contradict each other.
 *
 * <p>Begin with {@link dev.heartwood.file.recovery.Recovery}; {@link dev.heartwood.file.recovery.RecoveryScan} holds
 * its findings, and {@link dev.heartwood.file.recovery.OpenErrors} has the words of each refusal.
 *
 * <p>Uses: {@code checkpoint}, {@code context}, {@code disk}, {@code edits}, {@code journal}, {@code text}.
 */
@NullMarked
package dev.heartwood.file.recovery;

import org.jspecify.annotations.NullMarked;
