package dev.heartwood.log.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heartwood.Store;
import dev.heartwood.testkit.ProcessHistory;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** The promises between stores of several processes while the network between them and the server is cut. */
abstract class LogProcessesContract extends LogFaultsBench {
    LogProcessesContract(EngineFixture fixture) {
        super(fixture);
    }

    private LogWorker worker(TcpProxy at, String program, String who) throws Exception {
        return closing(LogWorker.start(fixture, at.port(), tree, program, who));
    }

    /** Cuts all connections some times, so that a process is in the middle of something at one of them. */
    private static void cutSomeTimes(TcpProxy network) throws InterruptedException {
        for (int i = 0; i < 5; i++) {
            Thread.sleep(40);
            network.cut();
        }
    }

    @Test
    void takersOfTwoProcessesTakeEachJobOnceWhileTheirConnectionsAreCut() throws Exception {
        int jobs = 40;
        Store store = near();
        store.put(LogWorker.JOBS, List.of());
        LogWorker one = worker(closing(new TcpProxy(server.port())), "take", "one");
        LogWorker two = worker(network, "take", "two");
        for (int i = 0; i < jobs; i++) {
            store.append(LogWorker.JOBS, "job" + i);
            if (i % 10 == 5) {
                network.cut();
            }
        }
        store.append(LogWorker.JOBS, "stop");
        store.append(LogWorker.JOBS, "stop");
        cutSomeTimes(network);
        assertThat(one.end()).isZero();
        assertThat(two.end()).isZero();
        assertThat(store.fresh().getMap("done").values())
                .hasSize(jobs)
                .allSatisfy(times -> assertThat(times).isEqualTo(1L));
        assertThat(store.fresh().size(LogWorker.JOBS)).isZero();
    }

    @Test
    void aWatcherInAnotherProcessIsToldEachCommitInOrderWhileItsConnectionsAreCut() throws Exception {
        long last = 30;
        Store store = near();
        store.put("n", 0L);
        LogWorker watching = worker(network, "watch", "any");
        assertThat(watching.line()).isEqualTo("watches");
        for (long n = 1; n <= last; n++) {
            store.put("n", n);
            if (n % 6 == 0) {
                network.cut();
            }
        }
        List<String> told = new ArrayList<>();
        while (!told.contains("saw " + last)) {
            told.add(watching.line());
        }
        assertThat(told)
                .isEqualTo(LongStream.rangeClosed(1, last)
                        .mapToObj(n -> "saw " + n)
                        .toList());
    }

    @Test
    void theJobOfAProcessThatIsKilledComesBackAndThatOfOneWhoseConnectionsAreCutDoesNot() throws Exception {
        Store store = near();
        store.onSessionEnd("give back", LogWorker::giveBack);
        store.put(LogWorker.JOBS, List.of("job"));
        LogWorker owner = worker(network, "own", "any");
        assertThat(owner.line()).isEqualTo("owns");
        cutSomeTimes(network);
        assertThat(store.fresh().contains(LogWorker.TAKEN)).isTrue();
        owner.kill();
        store.await(view -> view.size(LogWorker.JOBS) == 1 && !view.contains(LogWorker.TAKEN), PATIENCE);
        assertThat(store.fresh().getList(LogWorker.JOBS)).containsExactly("job");
    }

    /**
     * The process is alive, but the others have ended its session without its knowledge: from then on it commits
     * nothing for that session.
     */
    @Test
    @EnabledIfSystemProperty(named = LONG, matches = TRUE)
    void aProcessBehindASilentNetworkLosesItsSessionAndCommitsNothingForItAfterwards() throws Exception {
        Store store = near();
        store.onSessionEnd("give back", LogWorker::giveBack);
        store.put(LogWorker.JOBS, List.of("job"));
        LogWorker owner = worker(network, "own", "any");
        assertThat(owner.line()).isEqualTo("owns");
        store.await(view -> view.contains(LogWorker.WORKED), PATIENCE);
        network.requests(TcpProxy.Traffic.HOLD);
        network.answers(TcpProxy.Traffic.HOLD);
        var returned = store.await(view -> !view.contains(LogWorker.TAKEN), PATIENCE);
        long worked = returned.get(LogWorker.WORKED, Long.class);
        network.heal();
        assertThat(owner.line()).isEqualTo("ended");
        assertThat(store.fresh().get(LogWorker.WORKED, Long.class)).isEqualTo(worked);
    }

    @Test
    @Timeout(value = 20, unit = TimeUnit.MINUTES)
    void everythingThatTwoProcessesWereToldUnderFaultsHasOneExplanation() throws Exception {
        boolean isLong = Boolean.getBoolean(LONG);
        int rounds = isLong ? 10 : 1;
        int calls = isLong ? 60 : 15;
        long seed = Long.getLong("heartwood.history.seed", System.nanoTime());
        int all = 0;
        for (int round = 0; round < rounds; round++) {
            all += race(tree + "round" + round, seed + round, calls, isLong);
        }
        System.out.println("whole histories of " + fixture.getClass().getSimpleName() + ", seed " + seed + ": " + rounds
                + " of two processes and this one, " + all + " calls, each with one explanation");
    }

    private int race(String place, long seed, int calls, boolean hasAllFaults) throws Exception {
        Queue<String> told = new ConcurrentLinkedQueue<>();
        try (Store start = LogWorker.OPTIONS.over(fixture.connect(server.port(), place))) {
            start.batch(tx -> ProcessHistory.tree().forEach(tx::put));
        }
        try (Store mine = ProcessHistory.guarded(LogWorker.OPTIONS.root(fixture.connect(server.port(), place)));
                TcpProxy other = new TcpProxy(server.port());
                LogWorker one = LogWorker.start(fixture, network.port(), place, "history", "1:" + seed + ":" + calls);
                LogWorker two = LogWorker.start(fixture, other.port(), place, "history", "2:" + seed + ":" + calls);
                Pool pool = new Pool()) {
            List<Future<?>> working = new ArrayList<>();
            for (LogWorker worker : List.of(one, two)) {
                working.add(pool.threads.submit(() -> {
                    for (String line = worker.line(); line != null && !line.equals("end"); line = worker.line()) {
                        told.add(line);
                    }
                    return null;
                }));
            }
            // A limited number of cuts: on a slow machine no process would make progress under endless cuts.
            Future<?> faults = pool.threads.submit(() -> {
                for (int i = 0; i < (hasAllFaults ? 12 : 3); i++) {
                    disturb(other, hasAllFaults);
                }
                return null;
            });
            ProcessHistory history = new ProcessHistory(0, mine, told::add);
            while (working.stream().anyMatch(worker -> !worker.isDone())) {
                history.wake();
                Thread.sleep(20);
            }
            faults.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            for (Future<?> worker : working) {
                worker.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            }
            assertThat(one.end()).as("-Dheartwood.history.seed=%d", seed).isZero();
            assertThat(two.end()).as("-Dheartwood.history.seed=%d", seed).isZero();
            assertThat(told).hasSizeGreaterThan(calls);
            assertThat(ProcessHistory.fault(List.copyOf(told), false, mine.fresh()))
                    .as("-Dheartwood.history.seed=%d runs the same programs again, in another order", seed)
                    .isEmpty();
        }
        return told.size();
    }

    private void disturb(TcpProxy other, boolean hasAllFaults) throws Exception {
        Thread.sleep(150);
        network.cut();
        Thread.sleep(100);
        other.answers(TcpProxy.Traffic.LOSE);
        Thread.sleep(50);
        other.heal();
        other.cut();
        if (hasAllFaults) {
            network.requests(TcpProxy.Traffic.HOLD);
            Thread.sleep(1_500);
            network.heal();
            server.kill();
            Thread.sleep(100);
            server.start();
            server.pause();
            Thread.sleep(1_200);
            server.resume();
            Thread.sleep(2_000);
        }
    }

    /**
     * In long runs each process is on a machine of its own where that is possible, so that packets are lost, too. {@code
     * -Dheartwood.torture.faults=COUNT} has more or fewer faults.
     */
    @Test
    @Timeout(value = 1, unit = TimeUnit.HOURS)
    void processesUnderFaultsOfAllKindsCountExactly() throws Exception {
        boolean isLong = Boolean.getBoolean(LONG);
        int usual = isLong ? 200 : LogTorture.faultsOfOneMachine().size();
        boolean onMachinesOfTheirOwn = isLong && NetworkNamespace.isPossible();
        try (LogTorture torture = new LogTorture(fixture, server, tree, onMachinesOfTheirOwn)) {
            torture.run(Integer.getInteger("heartwood.torture.faults", usual));
        }
    }
}
