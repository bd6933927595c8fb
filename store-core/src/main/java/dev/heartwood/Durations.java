package dev.heartwood;

import java.time.Duration;

/** Durations as nanoseconds that can be added to a clock. */
final class Durations {
    private static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE / 2);

    private Durations() {}

    /**
     * The nanoseconds: 0 for a negative duration; at most half of {@code Long.MAX_VALUE}, which is more than a century.
     */
    static long of(Duration duration) {
        if (duration.isNegative()) {
            return 0;
        }
        return duration.compareTo(LONGEST) > 0 ? LONGEST.toNanos() : duration.toNanos();
    }
}
