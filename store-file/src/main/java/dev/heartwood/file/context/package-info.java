/**
 * What the parts of a store are told when it is opened: the options, who hears the news, and which trees are refused.
 *
 * <p>{@link dev.heartwood.file.context.Settings} has the options, {@link dev.heartwood.file.context.Reporter} passes news on.
 *
 * <p>Uses: {@code disk}.
 */
@NullMarked
package dev.heartwood.file.context;

import org.jspecify.annotations.NullMarked;
