/** Helpers that the tests of several modules share. */
@NullMarked
package dev.heartwood.testsupport;

import org.jspecify.annotations.NullMarked;
