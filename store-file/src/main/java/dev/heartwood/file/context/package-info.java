/**
 * The context that the parts of a store share from its opening on: the options, the receiver of the news, and the check
 * that refuses trees.
 *
 * <p>{@link dev.heartwood.file.context.Settings} has the options, {@link dev.heartwood.file.context.Reporter} passes
 * news on.
 *
 * <p>Uses: {@code disk}.
 */
@NullMarked
package dev.heartwood.file.context;

import org.jspecify.annotations.NullMarked;
