/** The contract suite of shared logs: {@link dev.heartwood.log.testkit.LogContract}. */
@NullMarked
package dev.heartwood.log.testkit;

import org.jspecify.annotations.NullMarked;
