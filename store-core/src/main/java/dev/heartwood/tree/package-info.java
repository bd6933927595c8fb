/**
 * The value side at its lowest: plain nodes of an immutable tree, without paths, errors or threads.
 *
 * <p>A node is a Vavr {@code HashMap} with {@code String} keys, a Vavr {@code Vector}, or a leaf. This package is
 * not exported to users; the storage modules share it.
 */
@NullMarked
package dev.heartwood.tree;

import org.jspecify.annotations.NullMarked;
