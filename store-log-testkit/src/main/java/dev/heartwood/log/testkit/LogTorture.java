package dev.heartwood.log.testkit;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heartwood.Store;
import dev.heartwood.log.SharedLog;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Three processes count, each through a network of its own, while faults of all kinds befall them; at the end the
 * counts are exact. A killed process may have made one commit per thread that it could not report.
 */
final class LogTorture implements AutoCloseable {
    private static final int PROCESSES = 3;

    /** {@code -Dheartwood.torture.seed=SEED} has the same faults come in the same order. */
    private final long seed = Long.getLong("heartwood.torture.seed", System.nanoTime());

    private final Random random = new Random(seed);
    private final EngineFixture fixture;
    private final ServerProcess server;
    private final String tree;
    private final boolean onMachinesOfTheirOwn;
    private final List<Place> places = new ArrayList<>();
    private final List<Place> gone = new ArrayList<>();
    private final Map<Fault, Integer> happened = new EnumMap<>(Fault.class);
    private int workers;

    /** The faults. */
    enum Fault {
        SERVER_KILLED,
        SERVER_PAUSED,
        CONNECTIONS_CUT,
        REQUESTS_HELD_BACK,
        ANSWERS_HELD_BACK,
        ANSWERS_LOST,
        NETWORK_SLOW,
        PROCESS_KILLED,
        /** By {@code SIGSTOP}, until the log has trimmed the last entry that the process knew. */
        PROCESS_STOPPED_PAST_RETENTION,
        PACKETS_TO_SERVER_LOST,
        PACKETS_FROM_SERVER_LOST,
        PACKETS_LOST_BOTH_WAYS;

        /** Whether it is a fault of a network between machines. */
        boolean isOfPackets() {
            return compareTo(PACKETS_TO_SERVER_LOST) >= 0;
        }
    }

    /** The faults that befall processes on one machine. */
    static List<Fault> faultsOfOneMachine() {
        return Arrays.stream(Fault.values())
                .filter(fault -> !fault.isOfPackets())
                .toList();
    }

    /** A process, its network, and its output. */
    private static final class Place {
        private final TcpProxy network;
        private final LogWorker worker;
        /** The machine of the process; null for this one. */
        private final @Nullable NetworkNamespace machine;

        private final Thread reader;
        private final Map<String, Long> begun = new TreeMap<>();
        private final Map<String, Long> done = new TreeMap<>();
        private long doubts;
        private long refusals;
        private long total;
        private boolean ended;

        Place(TcpProxy network, LogWorker worker, @Nullable NetworkNamespace machine) {
            this.network = network;
            this.worker = worker;
            this.machine = machine;
            this.reader = new Thread(this::read);
            reader.setDaemon(true);
            reader.start();
        }

        private void read() {
            try {
                for (String line = worker.line(); line != null; line = worker.line()) {
                    hear(line.split(" ", -1));
                }
            } catch (IOException e) {
                // It was killed: its output until then is known.
            }
        }

        private synchronized void hear(String[] words) {
            switch (words[0]) {
                case "begin" -> begun.put(words[1], Long.parseLong(words[2]));
                case "done" -> {
                    done.put(words[1], Long.parseLong(words[2]));
                    total++;
                }
                case "doubt" -> doubts++;
                case "refused" -> refusals++;
                case "end" -> ended = true;
                default -> throw new IllegalArgumentException(words[0]);
            }
        }

        private synchronized long total() {
            return total;
        }
    }

    /** Each process is on this machine, or on one of its own, which needs {@link NetworkNamespace#isPossible}. */
    LogTorture(EngineFixture fixture, ServerProcess server, String tree, boolean onMachinesOfTheirOwn) {
        this.onMachinesOfTheirOwn = onMachinesOfTheirOwn;
        this.fixture = fixture;
        this.server = server;
        this.tree = tree;
    }

    void run(int rounds) throws Exception {
        for (int i = 0; i < PROCESSES; i++) {
            places.add(place());
        }
        awaitProgress();
        List<Fault> kinds = onMachinesOfTheirOwn ? List.of(Fault.values()) : faultsOfOneMachine();
        List<Fault> faults = new ArrayList<>();
        for (int i = 0; i < rounds; i++) {
            faults.add(kinds.get(i % kinds.size()));
        }
        Collections.shuffle(faults, random);
        for (Fault fault : faults) {
            happen(fault);
            happened.merge(fault, 1, Integer::sum);
            awaitProgress();
        }
        for (Place place : places) {
            place.worker.stop();
        }
        for (Place place : places) {
            assertThat(place.worker.end()).as("seed %d", seed).isZero();
            place.reader.join();
            assertThat(place.ended).isTrue();
        }
        check();
    }

    private Place place() throws Exception {
        String who = "worker" + workers++;
        if (!onMachinesOfTheirOwn) {
            TcpProxy network = new TcpProxy(server.port());
            return new Place(network, LogWorker.start(fixture, network.port(), tree, "count", who), null);
        }
        NetworkNamespace machine = NetworkNamespace.create();
        TcpProxy network = new TcpProxy(server.port(), machine.host());
        String host = machine.host().getHostAddress();
        LogWorker worker = LogWorker.start(fixture, machine.prefix(), host, network.port(), tree, "count", who);
        return new Place(network, worker, machine);
    }

    /** Each process has made some commits more: it goes on after each fault. */
    private void awaitProgress() throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        for (Place place : List.copyOf(places)) {
            long before = place.total();
            while (place.total() < before + 4) {
                assertThat(System.nanoTime())
                        .as("seed %d: a process does not go on after %s", seed, happened)
                        .isLessThan(end);
                Thread.sleep(5);
            }
        }
    }

    private void happen(Fault fault) throws Exception {
        Place place = places.get(random.nextInt(places.size()));
        switch (fault) {
            case SERVER_KILLED -> {
                server.kill();
                sleep(300);
                server.start();
            }
            case SERVER_PAUSED -> {
                server.pause();
                sleep(1_500);
                server.resume();
            }
            case CONNECTIONS_CUT -> place.network.cut();
            case REQUESTS_HELD_BACK -> {
                place.network.requests(TcpProxy.Traffic.HOLD);
                sleep(2_000);
                place.network.heal();
            }
            case ANSWERS_HELD_BACK -> {
                place.network.answers(TcpProxy.Traffic.HOLD);
                sleep(2_000);
                place.network.heal();
            }
            case ANSWERS_LOST -> {
                place.network.answers(TcpProxy.Traffic.LOSE);
                sleep(2_000);
                place.network.heal();
            }
            case NETWORK_SLOW -> {
                place.network.delay(Duration.ofMillis(20));
                sleep(500);
                place.network.heal();
            }
            case PROCESS_KILLED -> {
                place.worker.kill();
                place.reader.join();
                places.remove(place);
                gone.add(place);
                places.add(place());
            }
            case PROCESS_STOPPED_PAST_RETENTION -> {
                place.worker.pause();
                awaitTrimmed();
                place.worker.resume();
            }
            case PACKETS_TO_SERVER_LOST, PACKETS_FROM_SERVER_LOST, PACKETS_LOST_BOTH_WAYS -> {
                NetworkNamespace machine = requireNonNull(place.machine);
                if (fault != Fault.PACKETS_FROM_SERVER_LOST) {
                    machine.loseRequests();
                }
                if (fault != Fault.PACKETS_TO_SERVER_LOST) {
                    machine.loseAnswers();
                }
                sleep(3_000);
                machine.heal();
            }
        }
    }

    /** Waits until the others have written so much that the current entry is trimmed. */
    private void awaitTrimmed() throws Exception {
        try (SharedLog log = fixture.connect(server.port(), tree)) {
            long number = log.last().number();
            server.awaitTrue(() -> {
                List<SharedLog.Entry> page = log.read(number + 1).entries();
                return !page.isEmpty() && page.get(0).at().number() > number + 1;
            });
        }
    }

    private void sleep(int millis) throws InterruptedException {
        Thread.sleep(random.nextInt(millis) + 1L);
    }

    private void check() throws Exception {
        long made = 0;
        long unheard = 0;
        long doubts = 0;
        long refusals = 0;
        try (Store store = LogWorker.OPTIONS.over(fixture.connect(server.port(), tree))) {
            for (Place place : places) {
                for (Map.Entry<String, Long> done : place.done.entrySet()) {
                    assertThat(store.get(done.getKey(), Long.class))
                            .as("seed %d: %s", seed, done.getKey())
                            .isEqualTo(done.getValue());
                    made += done.getValue();
                }
                doubts += place.doubts;
                refusals += place.refusals;
            }
            for (Place place : gone) {
                for (Map.Entry<String, Long> begun : place.begun.entrySet()) {
                    long done = place.done.getOrDefault(begun.getKey(), 0L);
                    long is = store.contains(begun.getKey()) ? store.get(begun.getKey(), Long.class) : 0;
                    assertThat(is).as("seed %d: %s", seed, begun.getKey()).isBetween(done, begun.getValue());
                    made += is;
                    unheard += is - done;
                }
                doubts += place.doubts;
                refusals += place.refusals;
            }
            assertThat(store.get("count", Long.class)).as("seed %d", seed).isEqualTo(made);
        }
        System.out.println("torture of " + fixture.getClass().getSimpleName() + ", seed " + seed + ": " + PROCESSES
                + " processes made "
                + made + " commits, all exact; in doubt and asked for " + doubts + ", failed and made again " + refusals
                + ", made by killed processes that could not tell " + unheard + "; faults " + happened);
    }

    @Override
    public void close() throws IOException {
        places.addAll(gone);
        for (Place place : places) {
            place.network.heal();
            place.worker.close();
            place.network.close();
            if (place.machine != null) {
                place.machine.close();
            }
        }
    }
}
