package dev.heartwood.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heartwood.Store;
import dev.heartwood.log.SharedLog.Claim;
import dev.heartwood.log.SharedLog.Entry;
import dev.heartwood.log.SharedLog.Lost;
import dev.heartwood.log.SharedLog.Outcome;
import dev.heartwood.log.SharedLog.Position;
import dev.heartwood.storage.NanoClock;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A writer 6 ms away from the log beside two that are half a millisecond away, all without pause, in virtual time. */
@Timeout(300)
class FarWriterTest {
    private static final long END = Duration.ofSeconds(2).toNanos();
    private static final long NEAR = 250_000;
    private static final long FAR = 3_000_000;
    private static final long ON_ANOTHER_CONTINENT = 30_000_000;

    private final VirtualTime time = new VirtualTime();
    private final InMemoryLog log = new InMemoryLog();

    /** How long the commits of a writer took, the one that the end cut off included. */
    private record Waits(long count, long worst) {}

    @Test
    void itsWorstWaitIsBounded() throws Exception {
        List<Waits> waits = run(true, FAR, NEAR, NEAR);
        assertThat(waits.get(0).worst).isLessThan(Duration.ofMillis(500).toNanos());
        assertThat(waits.get(0).count).isGreaterThan(4);
        // The near writers go on meanwhile, with most of the throughput that they would have alone.
        assertThat(waits.get(1).count + waits.get(2).count).isGreaterThan(1_000);
    }

    /** While one of its requests travels, the near ones append a hundred entries. */
    @Test
    void oneThatIsSixtyMillisecondsAwayIsServedToo() throws Exception {
        List<Waits> waits = run(true, ON_ANOTHER_CONTINENT, NEAR, NEAR);
        assertThat(waits.get(0).worst).isLessThan(Duration.ofMillis(1_500).toNanos());
        assertThat(waits.get(1).count + waits.get(2).count).isGreaterThan(1_000);
    }

    @Test
    void noneOfManyWritersAtTheSameDistanceStarves() throws Exception {
        long[] latencies = new long[16];
        Arrays.fill(latencies, 2 * NEAR);
        List<Waits> waits = run(true, latencies);
        assertThat(waits)
                .allSatisfy(one ->
                        assertThat(one.worst).isLessThan(Duration.ofMillis(500).toNanos()));
        // They make as much in all as one of them would alone.
        assertThat(waits.stream().mapToLong(Waits::count).sum()).isGreaterThan(1_500);
    }

    @Test
    void withoutClaimsItWouldStarve() throws Exception {
        List<Waits> waits = run(false, FAR, NEAR, NEAR);
        assertThat(waits.get(0).worst).isGreaterThan(Duration.ofSeconds(1).toNanos());
    }

    /** Not a test: prints the throughput of one log, for {@code docs/scale.md}. */
    @ParameterizedTest
    @CsvSource({
        "1, 1000",
        "2, 1000",
        "4, 1000",
        "8, 1000",
        "1, 10000",
        "2, 10000",
        "4, 10000",
        "8, 10000",
        "16, 1000",
        "16, 10000"
    })
    @EnabledIfSystemProperty(named = "heartwood.figures", matches = "true")
    void figures(int writers, long roundTripMicros) throws Exception {
        long[] latencies = new long[writers];
        Arrays.fill(latencies, roundTripMicros * 1_000 / 2);
        List<Waits> waits = run(true, latencies);
        System.out.printf(
                "figures: %d writers at a round trip of %d us make %d commits/s, the slowest commit takes %d ms%n",
                writers,
                roundTripMicros,
                waits.stream().mapToLong(Waits::count).sum() * 1_000_000_000 / END,
                waits.stream().mapToLong(Waits::worst).max().orElseThrow() / 1_000_000);
    }

    private List<Waits> run(boolean claims, long... latencies) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(latencies.length);
        time.begin(latencies.length);
        List<Future<Waits>> running = new ArrayList<>();
        for (int i = 0; i < latencies.length; i++) {
            int number = i;
            running.add(pool.submit(() -> write("writer" + number, latencies[number], claims)));
        }
        List<Waits> waits = new ArrayList<>();
        for (Future<Waits> writer : running) {
            waits.add(writer.get(200, TimeUnit.SECONDS));
        }
        pool.shutdown();
        return waits;
    }

    private Waits write(String writer, long latency, boolean claims) {
        try {
            HearingClock clock = new HearingClock();
            Wiring wiring = new Wiring(
                    clock, writer, new Random(writer.hashCode()), new NoBackground(name -> new DirectExecutor()));
            LogRoot root = LogRoot.open(
                    distant(log.connect(), latency, claims, writer.hashCode()),
                    LogStore.options().checkpointEvery(0),
                    wiring);
            clock.root = root;
            Store store = Store.over(root);
            store.init("c", 0L);
            long count = 0;
            long worst = 0;
            while (time.now() < END) {
                long began = time.now();
                store.update("c", Long.class, c -> c + 1);
                worst = Math.max(worst, time.now() - began);
                count++;
            }
            return new Waits(count, worst);
        } finally {
            time.end();
        }
    }

    /** The connection of a writer at this distance. */
    private SharedLog distant(SharedLog near, long mean, boolean claims, int seed) {
        Random jitter = new Random(seed);
        InvocationHandler travel = (proxy, method, arguments) -> {
            // Otherwise all writers go in step, and the one that comes last always does.
            long latency = mean * (80 + jitter.nextInt(41)) / 100;
            boolean travels = !List.of("listen", "largestValue", "close").contains(method.getName());
            if (method.getName().equals("append") && !claims) {
                arguments[2] = null;
            }
            if (travels) {
                time.sleep(latency);
            }
            try {
                return method.getName().equals("append") && arguments[2] != null
                        ? appendWithClaim(near, latency, arguments)
                        : method.invoke(near, arguments);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            } finally {
                if (travels) {
                    time.sleep(latency);
                }
            }
        };
        return (SharedLog)
                Proxy.newProxyInstance(SharedLog.class.getClassLoader(), new Class<?>[] {SharedLog.class}, travel);
    }

    /** As over the engines, a request of its own brings the claim of an append that has lost. */
    private Object appendWithClaim(SharedLog near, long latency, Object[] arguments) throws LogException {
        Position on = (Position) arguments[0];
        Entry next = (Entry) arguments[1];
        Claim mine = (Claim) arguments[2];
        Outcome outcome = near.append(on, next, null);
        if (outcome instanceof Lost lost) {
            long end = lost.since().last().number();
            Claim fromTheEnd = new Claim(mine.writer(), mine.attempt(), end, mine.micros(), mine.losses());
            if (Claim.kept(log.claim(), fromTheEnd) == fromTheEnd) {
                time.sleep(2 * latency);
                Outcome ignored = near.append(on, next, fromTheEnd);
            }
        }
        return outcome;
    }

    /** While it gives way to a rival, a replica receives the appended entries. */
    private final class HearingClock implements NanoClock {
        private LogRoot root;

        @Override
        public long nanoTime() {
            return time.now();
        }

        @Override
        public void pause(long nanos) {
            time.sleep(nanos);
            if (nanos == ClaimGate.STEP_NANOS) {
                long ignored = root.follow();
            }
        }
    }
}
