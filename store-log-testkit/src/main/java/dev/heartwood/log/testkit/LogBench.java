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
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;

/** A separate log for each test, and helper methods to use it. */
abstract class LogBench {
    static final long PATIENCE_SECONDS = 60;
    private static final AtomicLong NAMES = new AtomicLong(System.nanoTime());

    private final List<SharedLog> open = new CopyOnWriteArrayList<>();
    private final String name = "contract" + NAMES.incrementAndGet();

    protected abstract SharedLog connect(String name) throws Exception;

    /** The name of the log of this test. */
    final String name() {
        return name;
    }

    /** A new connection to the log of this test. */
    final SharedLog log() throws Exception {
        return log(name);
    }

    /** A new connection to a log. */
    final SharedLog log(String of) throws Exception {
        SharedLog log = connect(of);
        open.add(log);
        return log;
    }

    /** Closes all resources that the test has opened. */
    @AfterEach
    final void closeAll() {
        open.forEach(SharedLog::close);
        open.clear();
    }

    static Entry entry(long number, String id) {
        return new Entry(new Position(number, id), "{\"entry\":\"" + id + "\"}");
    }

    static Position append(SharedLog log, Position on, String id) throws LogException {
        Entry next = entry(on.number() + 1, id);
        assertThat(log.append(on, next, null)).isInstanceOf(Appended.class);
        return next.at();
    }

    /** So many entries on a new log. The first element of the answer is the beginning. */
    static List<Position> fill(SharedLog log, int count) throws LogException {
        List<Position> all = new ArrayList<>(List.of(log.last()));
        for (int i = 1; i <= count; i++) {
            all.add(append(log, all.get(i - 1), "w:" + i));
        }
        return all;
    }

    static Tail since(Outcome outcome) {
        assertThat(outcome).isInstanceOf(Lost.class);
        return ((Lost) outcome).since();
    }

    /** The answers of tasks that begin at the same moment, each on a thread of its own. */
    static <T> List<T> atOnce(List<Callable<T>> tasks) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(tasks.size());
        try {
            CyclicBarrier start = new CyclicBarrier(tasks.size());
            List<Future<T>> running = new ArrayList<>();
            for (Callable<T> task : tasks) {
                running.add(pool.submit(() -> {
                    start.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
                    return task.call();
                }));
            }
            List<T> answers = new ArrayList<>();
            for (Future<T> answer : running) {
                answers.add(answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS));
            }
            return answers;
        } finally {
            pool.shutdownNow();
        }
    }
}
