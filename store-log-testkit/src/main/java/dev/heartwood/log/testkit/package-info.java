/**
 * The contract suites of shared logs: {@link dev.heartwood.log.testkit.LogContract} of the log itself, and
 * {@link dev.heartwood.log.testkit.LogRootContract} of a store over it.
 */
@NullMarked
package dev.heartwood.log.testkit;

import org.jspecify.annotations.NullMarked;
