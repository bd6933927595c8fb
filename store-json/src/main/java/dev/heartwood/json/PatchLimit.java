package dev.heartwood.json;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The limit of the size that a patch may create beyond its own text. A patch of a few hundred bytes can double a list
 * with each of its copies; in memory the copies share everything, but as a text they would fill a disk.
 */
final class PatchLimit {
    /** In (approximate) characters of JSON. */
    static final long DEFAULT = 1L << 24;

    private final long limit;
    private final ExpandedSize sizes = new ExpandedSize();
    private long created;

    PatchLimit(long limit) {
        this.limit = limit;
    }

    static long requireLimit(long characters) {
        if (characters < 0) {
            throw new IllegalArgumentException("expected a limit of zero or more characters, not " + characters);
        }
        return characters;
    }

    /** Whether a copy of the value is within the limit, with all copies before it. */
    boolean takes(@Nullable Object copied) {
        created += Math.min(sizes.of(copied), Long.MAX_VALUE - created);
        return created <= limit;
    }

    /** Whether the value repeats no more of itself than the limit allows. */
    static boolean allows(long limit, @Nullable Object value) {
        ExpandedSize sizes = new ExpandedSize();
        return sizes.of(value) - sizes.once() <= limit;
    }

    /** The message for a patch that exceeds the limit. */
    String refusal(String type) {
        return refusal(limit, type);
    }

    /** The same, without a count. */
    static String refusal(long limit, String type) {
        return String.format(
                Locale.ROOT,
                "creates more than %,d characters of JSON beyond its own text. Nothing is changed; %s.maxCreated"
                        + " sets the limit",
                limit,
                type);
    }
}
