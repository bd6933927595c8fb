package dev.heartwood.history;

import dev.heartwood.Change;
import dev.heartwood.Snapshot;
import dev.heartwood.history.StateChain.Link;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Releases states beyond the bounds of time and bytes. This runs on reading threads and on one background thread, not
 * on committing threads: measuring a step takes longer than committing it.
 */
final class Retention {
    /** The cost of a level of a path: the nodes of a hash map that are copied for one key. */
    private static final long BYTES_A_LEVEL = 250;

    private static final long BYTES_A_VALUE = 64;
    private static final long BYTES_A_STATE = 120;

    private final StateChain chain;
    private final @Nullable Duration time;
    private final long bytes;
    private final Clock clock;
    private @Nullable Link weighed;

    Retention(StateChain chain, HistoryOptions options, Clock clock) {
        this.chain = chain;
        this.time = options.time();
        this.bytes = options.bytes();
        this.clock = clock;
    }

    /** Whether there is a bound at all. */
    boolean isNeeded() {
        return time != null || bytes > 0;
    }

    synchronized void trim() {
        if (time != null) {
            trimByTime(clock.instant().minus(time));
        }
        if (bytes > 0) {
            weigh();
            trimByBytes();
        }
    }

    /** The state before a commit that is kept is kept with it. */
    private void trimByTime(Instant limit) {
        Link first = chain.oldest();
        for (Link next = first.next(); next != null && isBefore(next, limit); next = first.next()) {
            chain.dropUpTo(first, next);
            first = chain.oldest();
        }
    }

    private static boolean isBefore(Link link, Instant limit) {
        Instant made = link.state().origin().time();
        return made == null || made.isBefore(limit);
    }

    private void weigh() {
        Link last = weighed;
        if (last == null || last.number < chain.oldest().number) {
            last = chain.oldest();
        }
        for (Link next = last.next(); next != null; next = next.next()) {
            next.replaced = last.replaced + weight(last.state(), next.state());
            last = next;
        }
        weighed = last;
    }

    private void trimByBytes() {
        Link last = weighed;
        Link first = chain.oldest();
        while (last != null && last.number - first.number > 1 && last.replaced - first.replaced > bytes) {
            Link next = first.next();
            if (next == null) {
                return;
            }
            chain.dropUpTo(first, next);
            first = chain.oldest();
        }
    }

    /** The approximate number of bytes of the state before a step that the state after it does not share. */
    static long weight(Snapshot before, Snapshot after) {
        long bytes = BYTES_A_STATE;
        for (Change change : before.diff(after)) {
            bytes += BYTES_A_LEVEL * change.path().size();
            if (change instanceof Change.Removed removed) {
                bytes += weight(removed.value());
            } else if (change instanceof Change.Replaced replaced) {
                bytes += weight(replaced.before());
            }
        }
        return bytes;
    }

    private static long weight(@Nullable Object value) {
        return TreeWeight.of(value) * BYTES_A_VALUE;
    }
}
