/** Where the suites get their trees from, so that a test can stand between a store and its root. */
@NullMarked
package dev.heartwood.stress.seam;

import org.jspecify.annotations.NullMarked;
