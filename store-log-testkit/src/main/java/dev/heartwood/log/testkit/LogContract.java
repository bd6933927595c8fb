package dev.heartwood.log.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heartwood.log.LogException;
import dev.heartwood.log.SharedLog;
import dev.heartwood.log.SharedLog.Appended;
import dev.heartwood.log.SharedLog.Claim;
import dev.heartwood.log.SharedLog.Entry;
import dev.heartwood.log.SharedLog.Position;
import dev.heartwood.log.SharedLog.Tail;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.assertj.core.api.ThrowableAssert;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The promises of every {@link SharedLog}, as tests. Subclass it, implement {@link #connect}, and run:
 *
 * <pre>{@code
 * class MyLogTest extends LogContract {
 *     private final MyServer server = MyServer.start();
 *
 *     @Override
 *     protected SharedLog connect(String name) {
 *         return server.connect(name);
 *     }
 * }
 * }</pre>
 */
@Timeout(120)
public abstract class LogContract extends LogRacingContract {
    private static final int LARGE = 1 << 20;

    /** For subclasses. */
    protected LogContract() {}

    /**
     * A new connection to the log of a name, which is made where there is none; called by several threads at once. Names are
     * letters and digits, and some begin with others. The suite closes the connection.
     */
    @Override
    protected abstract SharedLog connect(String name) throws Exception;

    /** Whether the server itself tells of appends. False for an engine of which stores only ask once in a poll interval. */
    protected boolean hasWakeUps() {
        return true;
    }

    /** How long a wake-up may be on its way. */
    Duration longestWakeUp() {
        return Duration.ofSeconds(30);
    }

    @Test
    void aNewLogIsAtNumberZeroAndHasAnIdentity() throws Exception {
        SharedLog one = log();
        Position beginning = one.last();
        assertThat(beginning.number()).isZero();
        assertThat(beginning.id()).isNotBlank().doesNotContain("/");
        assertThat(log().last()).isEqualTo(beginning);
        assertThat(one.read(1)).isEqualTo(new Tail(beginning, List.of()));
        assertThat(one.checkpoint()).isEmpty();
        SharedLog other = log(name() + "other");
        assertThat(other.last().id()).isNotEqualTo(beginning.id());
    }

    @Test
    void anEntryIsAppendedAtTheEndAndReadEverywhere() throws Exception {
        SharedLog one = log();
        SharedLog other = log();
        List<Position> all = fill(one, 3);
        assertThat(other.last()).isEqualTo(all.get(3));
        assertThat(other.read(2)).isEqualTo(new Tail(all.get(3), List.of(entry(2, "w:2"), entry(3, "w:3"))));
        assertThat(other.read(4)).isEqualTo(new Tail(all.get(3), List.of()));
    }

    @Test
    void aBodyMayHoldAnyText() throws Exception {
        SharedLog log = log();
        String body =
                "quote \" backslash \\ line\nfeed\ttab \u0001 umlaut \u00e4 euro \u20ac emoji \ud83c\udf33 $1 % '";
        Position on = log.last();
        log.append(on, new Entry(new Position(1, "w:1"), body), null);
        assertThat(log.read(1).entries().get(0).body()).isEqualTo(body);
        log.put("part/1", body);
        assertThat(log.get("part/1")).isEqualTo(body);
    }

    @Test
    void anAppendOnAnotherEndLosesAndIsToldWhatCame() throws Exception {
        SharedLog log = log();
        Position beginning = fill(log, 2).get(0);
        Tail since = since(log.append(beginning, entry(1, "late:1"), null));
        assertThat(since.last()).isEqualTo(new Position(2, "w:2"));
        assertThat(since.entries()).containsExactly(entry(1, "w:1"), entry(2, "w:2"));
        assertThat(log.last()).isEqualTo(new Position(2, "w:2"));
    }

    @Test
    void anAppendComparesTheIdOfTheEndAndNotTheNumberAlone() throws Exception {
        SharedLog log = log();
        fill(log, 2);
        Tail since = since(log.append(new Position(2, "restored:2"), entry(3, "late:1"), null));
        assertThat(since.last()).isEqualTo(new Position(2, "w:2"));
        assertThat(since.entries()).isEmpty();
        assertThat(since(log.append(new Position(0, "another log"), entry(1, "late:2"), null))
                        .last())
                .isEqualTo(new Position(2, "w:2"));
    }

    @Test
    void anAppendThatIsRepeatedIsNotAppliedTwice() throws Exception {
        SharedLog log = log();
        Position on = fill(log, 1).get(1);
        Entry next = entry(2, "w:2");
        log.append(on, next, null);
        assertThat(since(log.append(on, next, null)).entries()).containsExactly(next);
        assertThat(log.last()).isEqualTo(next.at());
    }

    @Test
    void readingGoesOnUntilTheEnd() throws Exception {
        SharedLog log = log();
        List<Position> all = fill(log, 250);
        assertThat(log.read(1).last()).isEqualTo(all.get(250));
        assertThat(readAll(log)).isEqualTo(all.subList(1, all.size()));
        assertThat(log.read(251)).isEqualTo(new Tail(all.get(250), List.of()));
        assertThat(log.read(1_000)).isEqualTo(new Tail(all.get(250), List.of()));
    }

    @Test
    void entriesOfTheLargestSizeAreReadToTheEndAndByOneWhoLoses() throws Exception {
        SharedLog log = log();
        Position on = log.last();
        String body = "x".repeat(Math.min(log.largestValue(), LARGE));
        for (int i = 1; i <= 9; i++) {
            Position at = new Position(i, "w:" + i);
            assertThat(log.append(on, new Entry(at, body), null)).isInstanceOf(Appended.class);
            on = at;
        }
        assertThat(readAll(log)).hasSize(9);
        Tail since = since(log.append(new Position(0, "passed"), entry(1, "late:1"), null));
        assertThat(since.last()).isEqualTo(on);
        assertThat(since.entries().get(0)).isEqualTo(new Entry(new Position(1, "w:1"), body));
    }

    @Test
    void anAppendBeyondTheEndLoses() throws Exception {
        SharedLog log = log();
        Position last = fill(log, 2).get(2);
        Tail since = since(log.append(new Position(10, "w:10"), entry(11, "w:11"), null));
        assertThat(since).isEqualTo(new Tail(last, List.of()));
        assertThat(log.last()).isEqualTo(last);
    }

    @Test
    void idsAndNamesAreComparedCharForChar() throws Exception {
        SharedLog log = log();
        Position last = fill(log, 2).get(2);
        for (String alike : List.of("W:2", "w:2 ", " w:2", "w:02", "w:2\n")) {
            since(log.append(new Position(2, alike), entry(3, "late:1"), null));
        }
        assertThat(log.last()).isEqualTo(last);
        log.put("part/a", "lower");
        log.put("part/A", "upper");
        assertThat(log.get("part/a")).isEqualTo("lower");
        assertThat(log.get("part/A")).isEqualTo("upper");
        assertThat(log.get("part/a ")).isNull();
        assertThat(log.checkpoint(null, "pointer")).isTrue();
        assertThat(log.checkpoint("POINTER", "other")).isFalse();
        assertThat(log.checkpoint("pointer ", "other")).isFalse();
    }

    @Test
    void aRangeOfNamesIsThatOfTheirChars() throws Exception {
        SharedLog log = log();
        // A natural-language order would ignore punctuation and case, and 10 would come after 2.
        List<String> names = List.of("part/1", "part/1/w:1/0", "part/10", "part/15");
        List<String> others = List.of("part-1", "part-15", "part", "part/", "part/2", "part0", "part:1", "Part/1", "q");
        for (String name : names) {
            log.put(name, "deleted");
        }
        for (String name : others) {
            log.put(name, name);
        }
        log.delete("part/1", "part/2");
        for (String name : names) {
            assertThat(log.get(name)).as(name).isNull();
        }
        for (String name : others) {
            assertThat(log.get(name)).as(name).isEqualTo(name);
        }
        log.delete("part/2", "part/2");
        assertThat(log.get("part/2")).isEqualTo("part/2");
    }

    @Test
    void anEmptyTextIsAText() throws Exception {
        SharedLog log = log();
        log.put("empty", "");
        assertThat(log.get("empty")).isEmpty();
        Position on = log.last();
        assertThat(log.append(on, new Entry(new Position(1, "w:1"), ""), null)).isInstanceOf(Appended.class);
        assertThat(log.read(1).entries().get(0).body()).isEmpty();
        assertThat(log.checkpoint(null, "")).isTrue();
        assertThat(log.checkpoint()).contains("");
        assertThat(log.checkpoint(null, "other")).isFalse();
        assertThat(log.checkpoint("", "other")).isTrue();
    }

    @Test
    void whatIsStoredOutlivesItsConnections() throws Exception {
        Position beginning = log().last();
        Position last = fill(log(), 3).get(3);
        log().put("part/1", "text");
        log().checkpoint(null, "pointer");
        log().trim(100);
        closeAll();
        SharedLog again = log();
        assertThat(again.last()).isEqualTo(last);
        assertThat(again.get("part/1")).isEqualTo("text");
        assertThat(again.checkpoint()).contains("pointer");
        assertThat(since(again.append(beginning, entry(1, "late:1"), null)).last())
                .isEqualTo(last);
        assertThat(since(again.append(new Position(2, "w:2"), entry(3, "w:3"), null))
                        .last())
                .isEqualTo(last);
        assertThat(again.last()).isEqualTo(last);
        append(again, last, "w:4");
    }

    @Test
    void logsOfOtherNamesAreLeftAlone() throws Exception {
        SharedLog log = log();
        SharedLog other = log(name() + "0");
        for (SharedLog each : List.of(log, other)) {
            fill(each, 3);
            each.put("part/1", "text");
            each.checkpoint(null, "pointer");
        }
        Position beginning = new Position(0, "passed");
        since(log.append(beginning, entry(1, "far:1"), new Claim("far", 1, 1, 6_000, 9)));
        log.trim(3);
        log.delete("", "z");
        log.checkpoint("pointer", "newer");
        assertThat(log.get("part/1")).isNull();
        assertThat(other.read(1).entries()).hasSize(3);
        assertThat(other.get("part/1")).isEqualTo("text");
        assertThat(other.checkpoint()).contains("pointer");
        won(other, new Position(3, "w:3"), "w:4", null);
    }

    /**
     * An interrupt is for the caller, which checks it later. A request that is cut off by it would add an indeterminate
     * commit.
     */
    @Test
    void anInterruptEndsNoRequest() throws Exception {
        SharedLog log = log();
        Position on = log.last();
        Thread.currentThread().interrupt();
        try {
            Position at = append(log, on, "w:1");
            assertThat(log.last()).isEqualTo(at);
            assertThat(log.read(1).entries()).containsExactly(entry(1, "w:1"));
            log.put("part", "text");
            assertThat(log.get("part")).isEqualTo("text");
            assertThat(log.checkpoint(null, "pointer")).isTrue();
            assertThat(log.checkpoint()).contains("pointer");
            log.delete("part", "q");
            log.trim(1);
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
        append(log, new Position(1, "w:1"), "w:2");
        assertThat(log.get("part")).isNull();
    }

    @Test
    void aTrimDropsEntriesAndNeverTheEnd() throws Exception {
        SharedLog log = log();
        Position last = fill(log, 5).get(5);
        log.trim(4);
        assertThat(log.read(1)).isEqualTo(new Tail(last, List.of(entry(4, "w:4"), entry(5, "w:5"))));
        log.trim(100);
        assertThat(log.last()).isEqualTo(last);
        assertThat(since(log.append(new Position(3, "w:3"), entry(4, "late:1"), null))
                        .last())
                .isEqualTo(last);
        Position next = append(log, last, "w:6");
        assertThat(log.last()).isEqualTo(next);
        assertThat(log.read(6).entries()).containsExactly(entry(6, "w:6"));
    }

    @Test
    void partsAreStoredReplacedAndDeletedByRange() throws Exception {
        SharedLog log = log();
        for (String part : List.of("a/1", "a/2", "a/3", "b/1")) {
            log.put(part, "first " + part);
        }
        log.put("a/2", "second");
        assertThat(log.get("a/2")).isEqualTo("second");
        assertThat(log.get("a/4")).isNull();
        log.delete("a/1", "a/3");
        log.delete("a/1", "a/3");
        assertThat(log.get("a/1")).isNull();
        assertThat(log.get("a/2")).isNull();
        assertThat(log().get("a/3")).isEqualTo("first a/3");
        assertThat(log.get("b/1")).isEqualTo("first b/1");
        // Ranges without a name: servers take some of them for one name, or for all of them.
        log.delete("a/3", "a/3");
        log.delete("a/3", "");
        log.delete("b/1", "a/3");
        assertThat(log.get("a/3")).isEqualTo("first a/3");
        assertThat(log.get("b/1")).isEqualTo("first b/1");
    }

    @Test
    void theCheckpointIsReplacedOnlyByOneWhoKnowsIt() throws Exception {
        SharedLog log = log();
        assertThat(log.checkpoint("none", "first")).isFalse();
        assertThat(log.checkpoint(null, "first")).isTrue();
        assertThat(log.checkpoint(null, "second")).isFalse();
        assertThat(log.checkpoint("other", "second")).isFalse();
        assertThat(log().checkpoint()).contains("first");
        assertThat(log.checkpoint("first", "second")).isTrue();
        assertThat(log.checkpoint()).contains("second");
    }

    @Test
    void aValueOfTheLargestSizeFitsAndALargerEntryIsRefused() throws Exception {
        SharedLog log = log();
        int largest = log.largestValue();
        assertThat(largest).isGreaterThanOrEqualTo(1_000);
        // Such that a form with escapes would be twice as long, or more.
        String body = "\u00e4\"\u0001".repeat(largest / 4);
        log.put("large", body);
        assertThat(log.get("large")).isEqualTo(body);
        String wide = "\ud83c\udf33".repeat(largest / 4);
        log.put("wide", wide);
        assertThat(log.get("wide")).isEqualTo(wide);
        Position on = log.last();
        log.append(on, new Entry(new Position(1, "w:1"), body), null);
        assertThat(log.read(1).entries().get(0).body()).isEqualTo(body);
        // Of fewer chars than there may be bytes.
        String larger = body + "\u00e4\u00e4";
        assertThatThrownBy(() -> log.append(new Position(1, "w:1"), new Entry(new Position(2, "w:2"), larger), null))
                .isInstanceOf(LogException.Refused.class);
        assertThatThrownBy(() -> log.put("larger", larger)).isInstanceOf(LogException.Refused.class);
        assertThatThrownBy(() -> log.checkpoint(null, larger)).isInstanceOf(LogException.Refused.class);
        assertThat(log.last()).isEqualTo(new Position(1, "w:1"));
    }

    @Test
    void anAppendOfAnotherConnectionIsHeardSoon() throws Exception {
        Ear ear = new Ear(log());
        SharedLog log = log();
        Position on = fill(log, 2).get(2);
        append(log, on, "w:3");
        ear.awaitNumber(3);
        ear.listening.close();
        ear.listening.close();
    }

    /** A new connection of the listener tells of one append at most: of the other only a wake-up does. */
    @Test
    void commitsOfOthersAreHeardWithoutAsking() throws Exception {
        Assumptions.assumeTrue(hasWakeUps(), "an engine whose server tells of appends");
        Ear ear = new Ear(log());
        SharedLog log = log();
        Position on = log.last();
        for (int i = 1; i <= 2; i++) {
            on = append(log, on, "w:" + i);
            assertThat(ear.hears(i, longestWakeUp()))
                    .as("entry %s is heard of", i)
                    .isTrue();
        }
    }

    @Test
    void aListenerHearsNothingOnceItIsClosedAndOthersGoOn() throws Exception {
        SharedLog listened = log();
        Ear closed = new Ear(listened);
        Ear other = new Ear(listened);
        SharedLog log = log();
        Position on = fill(log, 1).get(1);
        closed.awaitNumber(1);
        closed.listening.close();
        on = append(log, on, "w:2");
        other.awaitNumber(2);
        long calls = closed.calls.get();
        append(log, on, "w:3");
        other.awaitNumber(3);
        assertThat(closed.calls).hasValue(calls);
    }

    @Test
    void aListenerHearsNothingOnceItsConnectionIsClosed() throws Exception {
        SharedLog listened = log();
        Ear closed = new Ear(listened);
        Ear other = new Ear(log());
        SharedLog log = log();
        Position on = fill(log, 1).get(1);
        closed.awaitNumber(1);
        listened.close();
        long before = closed.calls.get();
        append(log, on, "w:2");
        other.awaitNumber(2);
        assertThat(closed.calls).hasValue(before);
    }

    /** A listener that polls if it receives no wake-up: wake-ups are hints. */
    private static final class Ear {
        private final AtomicLong calls = new AtomicLong();
        private final Semaphore heard = new Semaphore(0);
        private final AtomicLong newest = new AtomicLong();
        private final SharedLog.Listening listening;
        private final SharedLog log;

        Ear(SharedLog log) {
            this.log = log;
            this.listening = log.listen(number -> {
                calls.incrementAndGet();
                newest.accumulateAndGet(number, Math::max);
                heard.release();
            });
        }

        /**
         * Waits until a wake-up has brought the number, or until the log has the number after a wake-up without one.
         */
        void awaitNumber(long number) throws Exception {
            for (int i = 0; i < PATIENCE_SECONDS; i++) {
                if (hears(number, Duration.ofSeconds(1))) {
                    return;
                }
                listening.kick();
            }
            assertThat(newest).hasValueGreaterThanOrEqualTo(number);
        }

        /** The same without a new connection; false if no wake-up comes for so long. */
        boolean hears(long number, Duration longest) throws Exception {
            while (newest.get() < number) {
                if (!heard.tryAcquire(longest.toMillis(), TimeUnit.MILLISECONDS)) {
                    return false;
                } else if (log.last().number() >= number) {
                    return true;
                }
            }
            return true;
        }
    }

    /** A silent connection may be dead, so closing it must not wait for data from it. */
    @Test
    void aKickReturnsWhileNothingComesAndAppendsAreHeardAfterIt() throws Exception {
        SharedLog log = log();
        Position on = log.last();
        Ear ear = new Ear(log);
        for (int i = 1; i <= 3; i++) {
            on = append(log, on, "w:" + i);
            ear.awaitNumber(i);
            Thread.sleep(100);
            ear.listening.kick();
        }
        assertThat(append(log, on, "w:4").number()).isEqualTo(4);
        ear.awaitNumber(4);
    }

    @Test
    void theLongestLosingStreakIsToldToTheWinners() throws Exception {
        SharedLog log = log();
        Position beginning = log.last();
        Position last = append(log, beginning, "near:1");
        Claim far = new Claim("far", 7, 1, 6_000, 4);
        Claim farther = new Claim("farther", 3, 1, 9_000, 5);
        since(log.append(beginning, entry(1, "far:7"), far));
        since(log.append(beginning, entry(1, "farther:3"), farther));
        since(log.append(beginning, entry(1, "far:8"), far));
        since(log.append(beginning, entry(1, "other:1"), null));
        last = won(log, last, "near:2", farther);
        last = won(log, last, "near:3", farther);
        last = won(log, last, "farther:4", null);
        won(log, last, "near:4", null);
    }

    @Test
    void aClaimOfADeadWriterLapses() throws Exception {
        SharedLog log = log();
        Position beginning = log.last();
        Position last = append(log, beginning, "near:1");
        Claim dead = new Claim("dead", 1, 1, 6_000, 1_000);
        since(log.append(beginning, entry(1, "dead:1"), dead));
        for (int i = 2; i <= Claim.LIFETIME + 1; i++) {
            last = won(log, last, "near:" + i, dead);
        }
        won(log, last, "near:" + (Claim.LIFETIME + 2), null);
    }

    private static Position won(SharedLog log, Position on, String id, @Nullable Claim rival) throws LogException {
        Entry next = entry(on.number() + 1, id);
        assertThat(log.append(on, next, null)).isEqualTo(new Appended(rival));
        return next.at();
    }

    @Test
    void aClosedConnectionRefusesAndOthersGoOn() throws Exception {
        SharedLog log = log();
        SharedLog other = log();
        Position on = fill(log, 1).get(1);
        log.close();
        log.close();
        requireRefused(log::last);
        requireRefused(() -> log.read(1));
        requireRefused(() -> log.append(on, entry(2, "late:2"), null));
        requireRefused(() -> log.put("part", "text"));
        requireRefused(() -> log.get("part"));
        requireRefused(() -> log.delete("a", "z"));
        requireRefused(log::checkpoint);
        requireRefused(() -> log.checkpoint(null, "pointer"));
        requireRefused(() -> log.trim(1));
        append(other, on, "w:2");
        assertThat(other.last()).isEqualTo(new Position(2, "w:2"));
        assertThat(other.get("part")).isNull();
        assertThat(other.checkpoint()).isEmpty();
    }

    private static void requireRefused(ThrowableAssert.ThrowingCallable request) {
        assertThatThrownBy(request).isInstanceOfAny(LogException.class, IllegalStateException.class);
    }
}
