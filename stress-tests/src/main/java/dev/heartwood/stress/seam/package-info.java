/**
 * What the suites stand on: where they get their trees from, so that a test can stand between a store and its root, and
 * how they end where a thread sleeps that nobody wakes.
 */
@NullMarked
package dev.heartwood.stress.seam;

import org.jspecify.annotations.NullMarked;
