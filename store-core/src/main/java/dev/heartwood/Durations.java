package dev.heartwood;

import java.time.Duration;

/** Durations as nanoseconds that can be added to a clock. */
final class Durations {
    private static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE / 2);

    private Durations() {}

    /** The nanoseconds: 0 for what is negative, a century and more for what is longer than that. */
    static long of(Duration duration) {
        if (duration.isNegative()) {
            return 0;
        }
        return duration.compareTo(LONGEST) > 0 ? LONGEST.toNanos() : duration.toNanos();
    }
}
