/** Heartwood and its peers, side by side: each figure is a ratio within one run. */
@NullMarked
package dev.heartwood.benchmarks;

import org.jspecify.annotations.NullMarked;
