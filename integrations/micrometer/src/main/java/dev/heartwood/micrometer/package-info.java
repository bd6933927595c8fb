/** Meters of stores for Micrometer: {@link dev.heartwood.micrometer.HeartwoodMetrics}. */
@NullMarked
package dev.heartwood.micrometer;

import org.jspecify.annotations.NullMarked;
