/**
 * One nested, JSON-like tree that many threads read and change at once, without locks and without torn reads; any past
 * state you keep stays whole.
 *
 * <p>Two types are all that most programs need: a {@link dev.heartwood.Store} holds the tree, a
 * {@link dev.heartwood.KeyPath} names a place in it. A {@link dev.heartwood.Snapshot} is one state of the tree, kept for
 * as long as you like; a {@link dev.heartwood.Diff} says what changed between two of them.
 *
 * <p>Storage plugs in through {@link dev.heartwood.Root}.
 */
@NullMarked
package dev.heartwood;

import org.jspecify.annotations.NullMarked;
