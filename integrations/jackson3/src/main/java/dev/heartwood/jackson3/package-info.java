/** The types of Heartwood for Jackson 3: {@link dev.heartwood.jackson3.HeartwoodModule}. */
@NullMarked
package dev.heartwood.jackson3;

import org.jspecify.annotations.NullMarked;
