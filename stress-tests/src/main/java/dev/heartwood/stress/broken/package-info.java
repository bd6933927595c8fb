/**
 * Stores with one defect each, over the same {@code Root} seam as the real one: what the suites must be able to see.
 */
@NullMarked
package dev.heartwood.stress.broken;

import org.jspecify.annotations.NullMarked;
