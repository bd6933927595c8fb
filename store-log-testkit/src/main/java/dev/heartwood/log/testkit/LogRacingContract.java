package dev.heartwood.log.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heartwood.log.LogException;
import dev.heartwood.log.SharedLog;
import dev.heartwood.log.SharedLog.Appended;
import dev.heartwood.log.SharedLog.Entry;
import dev.heartwood.log.SharedLog.Lost;
import dev.heartwood.log.SharedLog.Outcome;
import dev.heartwood.log.SharedLog.Position;
import dev.heartwood.log.SharedLog.Tail;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The promises of a log while others read, append, trim and connect at the same moment. */
abstract class LogRacingContract extends LogBench {
    private static final int THREADS = 4;

    @Test
    void oneOfManyAppendsOnTheSameEndWins() throws Exception {
        int rounds = 10;
        List<SharedLog> logs = connections(THREADS);
        for (int round = 0; round < rounds; round++) {
            Position on = logs.get(0).last();
            List<Callable<Outcome>> appends = new ArrayList<>();
            for (SharedLog log : logs) {
                Entry mine = entry(on.number() + 1, "t" + appends.size() + ":" + round);
                appends.add(() -> log.append(on, mine, null));
            }
            assertThat(atOnce(appends)).filteredOn(Appended.class::isInstance).hasSize(1);
        }
        assertThat(logs.get(0).last().number()).isEqualTo(rounds);
    }

    @Test
    void oneOfManyCheckpointsOnTheSameWins() throws Exception {
        List<SharedLog> logs = connections(THREADS);
        String before = null;
        for (int round = 0; round < 10; round++) {
            String expected = before;
            List<Callable<String>> swaps = new ArrayList<>();
            for (SharedLog log : logs) {
                String mine = "pointer " + swaps.size() + " of round " + round;
                swaps.add(() -> log.checkpoint(expected, mine) ? mine : "");
            }
            List<String> won = new ArrayList<>(atOnce(swaps));
            won.removeIf(String::isEmpty);
            assertThat(won).hasSize(1);
            assertThat(logs.get(0).checkpoint()).contains(won.get(0));
            before = won.get(0);
        }
    }

    @Test
    void everyAnswerIsKnownToAllFromThatMomentOn() throws Exception {
        List<SharedLog> logs = connections(2);
        Position on = logs.get(0).last();
        String pointer = null;
        for (int i = 1; i <= 50; i++) {
            SharedLog one = logs.get(i % 2);
            SharedLog other = logs.get(1 - i % 2);
            on = append(one, on, "w:" + i);
            assertThat(other.last()).isEqualTo(on);
            assertThat(other.read(i)).isEqualTo(new Tail(on, List.of(entry(i, "w:" + i))));
            one.put("part", "text " + i);
            assertThat(other.get("part")).isEqualTo("text " + i);
            assertThat(one.checkpoint(pointer, "pointer " + i)).isTrue();
            pointer = "pointer " + i;
            assertThat(other.checkpoint()).contains(pointer);
            if (i % 10 == 0) {
                one.trim(i);
                assertThat(other.read(1).entries()).containsExactly(entry(i, "w:" + i));
            }
        }
    }

    /** Where a read starts, relative to the end of a moment ago: the further ahead, the longer it finds nothing there. */
    private static final int[] AHEAD = {-1, 0, 1, 2, 4, 8, 16};

    /** Entries and end are read in one step: otherwise "trimmed" and "empty" look alike. */
    @Test
    void aTailIsThatOfOneMoment() throws Exception {
        List<SharedLog> logs = connections(3);
        AtomicInteger reads = new AtomicInteger();
        AtomicInteger losses = new AtomicInteger();
        AtomicBoolean done = new AtomicBoolean();
        Callable<Long> writing = () -> {
            try {
                Position on = logs.get(0).last();
                while (!done.get() && (on.number() < 100 || reads.get() < 50 || losses.get() < 50)) {
                    on = append(logs.get(0), on, "w:" + (on.number() + 1));
                    logs.get(0).trim(on.number() - 5);
                }
                return on.number();
            } finally {
                done.set(true);
            }
        };
        Callable<Long> reading = () -> untilDone(done, reads, () -> {
            for (int ahead : AHEAD) {
                long from = Math.max(1, logs.get(1).last().number() + ahead);
                requireOneMoment(from, logs.get(1).read(from));
            }
        });
        Callable<Long> losing = () -> untilDone(done, losses, () -> {
            long end = logs.get(2).last().number();
            Entry late = entry(end + 1, "late:" + end);
            requireOneMoment(end + 1, since(logs.get(2).append(new Position(end, "late:1"), late, null)));
        });
        List<Long> answers = atOnce(List.of(writing, reading, losing));
        assertThat(logs.get(0).last().number()).isEqualTo(answers.get(0));
    }

    private interface Round {
        void run() throws LogException;
    }

    /** Repeats a round until one of the threads is done, and counts the rounds; a failed round ends all threads. */
    private static long untilDone(AtomicBoolean done, AtomicInteger rounds, Round round) throws LogException {
        try {
            while (!done.get()) {
                round.run();
                rounds.incrementAndGet();
            }
            return rounds.get();
        } finally {
            done.set(true);
        }
    }

    private static void requireOneMoment(long from, Tail tail) {
        long last = tail.last().number();
        if (tail.entries().isEmpty()) {
            assertThat(last)
                    .as("the end where nothing from %s on is there", from)
                    .isLessThan(from);
            return;
        }
        long number = tail.entries().get(0).at().number();
        assertThat(number).isGreaterThanOrEqualTo(from);
        for (Entry entry : tail.entries()) {
            assertThat(entry).isEqualTo(entry(number, "w:" + number));
            number++;
        }
        assertThat(number - 1).as("the last entry beside the end").isLessThanOrEqualTo(last);
    }

    /** An engine that compared the previous entry, instead of the recorded end, would accept some of these. */
    @Test
    void anAppendOnAPassedEndLosesBesideATrim() throws Exception {
        List<SharedLog> logs = connections(2);
        List<Position> all = new ArrayList<>(fill(logs.get(0), 4));
        for (int round = 0; round < 20; round++) {
            int end = all.size() - 1;
            int passed = end - 1;
            Entry late = entry(passed + 1, "late:" + round);
            Callable<Boolean> append = () -> logs.get(1).append(all.get(passed), late, null) instanceof Lost;
            Callable<Boolean> trim = () -> {
                logs.get(0).trim(end);
                return true;
            };
            assertThat(atOnce(List.of(append, trim))).containsExactly(true, true);
            assertThat(logs.get(0).last()).isEqualTo(all.get(end));
            all.add(append(logs.get(0), all.get(end), "w:" + (end + 1)));
        }
    }

    @Test
    void threadsMayShareAConnection() throws Exception {
        int each = 10;
        SharedLog log = log();
        List<Callable<List<Position>>> threads = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            String writer = "t" + i;
            threads.add(() -> {
                List<Position> mine = new ArrayList<>();
                while (mine.size() < each) {
                    String part = "part/" + writer + "/" + mine.size();
                    log.put(part, writer);
                    assertThat(log.get(part)).isEqualTo(writer);
                    Position on = log.last();
                    Entry next = entry(on.number() + 1, writer + ":" + mine.size());
                    if (log.append(on, next, null) instanceof Appended) {
                        mine.add(next.at());
                    }
                }
                return mine;
            });
        }
        List<Position> appended = new ArrayList<>();
        atOnce(threads).forEach(appended::addAll);
        assertThat(readAll(log)).containsExactlyInAnyOrderElementsOf(appended);
        assertThat(log.last().number()).isEqualTo((long) THREADS * each);
    }

    @Test
    void manyWhoMakeALogAtOnceMakeOne() throws Exception {
        List<Callable<Position>> openings = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            openings.add(() -> log().last());
        }
        List<Position> beginnings = atOnce(openings);
        assertThat(beginnings).containsOnly(beginnings.get(0));
        append(log(), beginnings.get(0), "w:1");
    }

    private List<SharedLog> connections(int count) throws Exception {
        List<SharedLog> logs = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            logs.add(log());
        }
        return logs;
    }

    /** The positions of all entries, page by page. */
    static List<Position> readAll(SharedLog log) throws LogException {
        List<Position> all = new ArrayList<>();
        while (all.size() < log.last().number()) {
            Tail tail = log.read(all.size() + 1);
            assertThat(tail.entries()).isNotEmpty();
            tail.entries().forEach(entry -> all.add(entry.at()));
        }
        return all;
    }
}
