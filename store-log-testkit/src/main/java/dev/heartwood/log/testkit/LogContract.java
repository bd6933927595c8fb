package dev.heartwood.log.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heartwood.log.LogException;
import dev.heartwood.log.SharedLog;
import dev.heartwood.log.SharedLog.Appended;
import dev.heartwood.log.SharedLog.Claim;
import dev.heartwood.log.SharedLog.Entry;
import dev.heartwood.log.SharedLog.Lost;
import dev.heartwood.log.SharedLog.Outcome;
import dev.heartwood.log.SharedLog.Position;
import dev.heartwood.log.SharedLog.Tail;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
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
public abstract class LogContract {
    private static final long PATIENCE_SECONDS = 60;
    private static final AtomicLong NAMES = new AtomicLong(System.nanoTime());

    private final List<SharedLog> open = new ArrayList<>();
    private final String name = "contract" + NAMES.incrementAndGet();

    /** For subclasses. */
    protected LogContract() {}

    /** A new connection to the log of a name, which is made where there is none. The suite closes it. */
    protected abstract SharedLog connect(String name) throws Exception;

    private SharedLog log() throws Exception {
        SharedLog log = connect(name);
        open.add(log);
        return log;
    }

    /** Closes what the test has opened. */
    @AfterEach
    final void closeAll() {
        open.forEach(SharedLog::close);
    }

    private static Entry entry(long number, String id) {
        return new Entry(new Position(number, id), "{\"entry\":\"" + id + "\"}");
    }

    private static Position append(SharedLog log, Position on, String id) throws LogException {
        Entry next = entry(on.number() + 1, id);
        assertThat(log.append(on, next, null)).isInstanceOf(Appended.class);
        return next.at();
    }

    /** So many entries on a new log. */
    private static List<Position> fill(SharedLog log, int count) throws LogException {
        List<Position> all = new ArrayList<>(List.of(log.last()));
        for (int i = 1; i <= count; i++) {
            all.add(append(log, all.get(i - 1), "w:" + i));
        }
        return all;
    }

    private static Tail since(Outcome outcome) {
        assertThat(outcome).isInstanceOf(Lost.class);
        return ((Lost) outcome).since();
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
        SharedLog other = connect(name + "other");
        open.add(other);
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
    void oneOfManyAppendsOnTheSameEndWins() throws Exception {
        int threads = 4;
        int rounds = 10;
        List<SharedLog> logs = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            logs.add(log());
        }
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            for (int round = 0; round < rounds; round++) {
                Position on = logs.get(0).last();
                CountDownLatch start = new CountDownLatch(1);
                List<Future<Outcome>> outcomes = new ArrayList<>();
                for (int i = 0; i < threads; i++) {
                    SharedLog log = logs.get(i);
                    Entry mine = entry(on.number() + 1, "t" + i + ":" + round);
                    outcomes.add(pool.submit(() -> {
                        start.await();
                        return log.append(on, mine, null);
                    }));
                }
                start.countDown();
                int won = 0;
                for (Future<Outcome> outcome : outcomes) {
                    won += outcome.get(PATIENCE_SECONDS, TimeUnit.SECONDS) instanceof Appended ? 1 : 0;
                }
                assertThat(won).isEqualTo(1);
            }
        } finally {
            pool.shutdownNow();
        }
        assertThat(logs.get(0).last().number()).isEqualTo(rounds);
    }

    @Test
    void readingGoesOnUntilTheEnd() throws Exception {
        SharedLog log = log();
        List<Position> all = fill(log, 250);
        List<Position> read = new ArrayList<>();
        read.add(all.get(0));
        while (read.size() < all.size()) {
            Tail tail = log.read(read.size());
            assertThat(tail.last()).isEqualTo(all.get(250));
            assertThat(tail.entries()).isNotEmpty();
            tail.entries().forEach(entry -> read.add(entry.at()));
        }
        assertThat(read).isEqualTo(all);
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
        String body = "\u00e4".repeat(largest / 2);
        log.put("large", body);
        assertThat(log.get("large")).isEqualTo(body);
        Position on = log.last();
        log.append(on, new Entry(new Position(1, "w:1"), body), null);
        assertThat(log.read(1).entries().get(0).body()).isEqualTo(body);
        Entry larger = new Entry(new Position(2, "w:2"), body + body);
        assertThatThrownBy(() -> log.append(new Position(1, "w:1"), larger, null))
                .isInstanceOf(LogException.Refused.class);
        assertThat(log.last()).isEqualTo(new Position(1, "w:1"));
    }

    @Test
    void anAppendOfAnotherConnectionIsHeardSoon() throws Exception {
        SharedLog log = log();
        SharedLog other = log();
        CountDownLatch heard = new CountDownLatch(1);
        SharedLog.Listening listening = other.listen(number -> {
            if (number == 3 || number < 0) {
                heard.countDown();
            }
        });
        Position on = fill(log, 2).get(2);
        append(log, on, "w:3");
        // Wake-ups are hints, so more may be needed where one is lost.
        for (int i = 0; i < PATIENCE_SECONDS && !heard.await(1, TimeUnit.SECONDS); i++) {
            listening.kick();
        }
        assertThat(heard.getCount()).isZero();
        listening.close();
        listening.close();
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
        assertThatThrownBy(log::last).isInstanceOfAny(LogException.class, IllegalStateException.class);
        append(other, on, "w:2");
        assertThat(Collections.singletonList(other.last())).containsExactly(new Position(2, "w:2"));
    }
}
