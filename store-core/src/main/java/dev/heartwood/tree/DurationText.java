package dev.heartwood.tree;

import java.time.Duration;

/** Durations in words, for messages: {@code 20 s}, {@code 1 h 30 min}, {@code 1.5 s}. */
public final class DurationText {
    private DurationText() {}

    /** The whole duration, in days, hours, minutes and seconds, or in one smaller unit where it is below a second. */
    public static String of(Duration duration) {
        if (duration.isZero()) {
            return "0 s";
        } else if (duration.isNegative()) {
            // The smallest duration has no positive counterpart.
            return duration.toSeconds() == Long.MIN_VALUE ? "a negative time" : "-" + of(duration.negated());
        }
        return duration.toSeconds() == 0 ? belowASecond(duration.toNanosPart()) : fromASecondOn(duration);
    }

    private static String belowASecond(int nanos) {
        return nanos >= 1_000_000
                ? decimal(nanos / 1_000_000, nanos % 1_000_000, 6) + " ms"
                : nanos >= 1_000 ? decimal(nanos / 1_000, nanos % 1_000, 3) + " µs" : nanos + " ns";
    }

    private static String fromASecondOn(Duration duration) {
        StringBuilder text = new StringBuilder();
        append(text, duration.toDaysPart(), " d");
        append(text, duration.toHoursPart(), " h");
        append(text, duration.toMinutesPart(), " min");
        if (duration.toSecondsPart() > 0 || duration.toNanosPart() > 0) {
            text.append(text.length() == 0 ? "" : " ")
                    .append(decimal(duration.toSecondsPart(), duration.toNanosPart(), 9))
                    .append(" s");
        }
        return text.toString();
    }

    private static void append(StringBuilder text, long count, String unit) {
        if (count > 0) {
            text.append(text.length() == 0 ? "" : " ").append(count).append(unit);
        }
    }

    /** A number with {@code places} decimal places, without trailing zeros. */
    private static String decimal(long whole, long rest, int places) {
        if (rest == 0) {
            return Long.toString(whole);
        }
        String digits = Long.toString(rest);
        return whole + "." + ("0".repeat(places - digits.length()) + digits).replaceAll("0+$", "");
    }
}
