/** Programs that the README runs. */
@NullMarked
package dev.heartwood.examples;

import org.jspecify.annotations.NullMarked;
