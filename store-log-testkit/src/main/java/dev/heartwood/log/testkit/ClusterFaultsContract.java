package dev.heartwood.log.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heartwood.Delivery;
import dev.heartwood.Store;
import dev.heartwood.StoreIOException;
import dev.heartwood.log.LogOptions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * The promises of stores over a cluster of three members, each on a machine of its own, while packets between them are
 * lost: one way or both, at one link, at all links of a member, everywhere. Subclass it with a {@link ClusterFixture}. Skipped
 * where no network namespaces can be made.
 */
@Timeout(value = 20, unit = TimeUnit.MINUTES)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class ClusterFaultsContract {
    private static final int MEMBERS = 3;
    /** Longer than the time-outs of a request and of an election. */
    private static final long CUT_MILLIS = 2_000;

    private static final AtomicLong NAMES = new AtomicLong(System.nanoTime());
    /** A watcher can be told each commit: none is trimmed meanwhile. */
    private static final LogOptions OPTIONS = LogWorker.OPTIONS.keepEntries(1_000_000);

    private final ClusterFixture fixture;
    private final List<AutoCloseable> open = new ArrayList<>();
    private String tree = "";
    private MachineNetwork network;
    private List<ServerProcess> members = List.of();

    /** For subclasses. */
    protected ClusterFaultsContract(ClusterFixture fixture) {
        this.fixture = fixture;
    }

    @BeforeAll
    final void startCluster() throws Exception {
        Assumptions.assumeTrue(NetworkNamespace.isPossible(), "network namespaces");
        network = MachineNetwork.of(MEMBERS);
        members = fixture.start(network.machines());
    }

    @AfterEach
    final void closeAll() throws Exception {
        network.heal();
        Collections.reverse(open);
        for (AutoCloseable each : open) {
            each.close();
        }
        open.clear();
        tree = "";
    }

    @AfterAll
    final void endCluster() throws Exception {
        for (ServerProcess member : members) {
            member.close();
        }
        if (network != null) {
            network.close();
        }
    }

    /** From one member to another; their numbers count from a first one on. */
    private record Link(int from, int to) {
        private static int member(int number, int first) {
            return number == MachineNetwork.HERE ? number : (number + first) % MEMBERS;
        }

        void cut(MachineNetwork network, int first) throws Exception {
            network.lose(member(from, first), member(to, first));
        }
    }

    /** The links at which packets are lost. */
    private enum Cut {
        LINK_ONE_WAY(new Link(0, 1)),
        LINK_OTHER_WAY(new Link(1, 0)),
        LINK_BOTH_WAYS(new Link(0, 1), new Link(1, 0)),
        MEMBER_TO_OTHERS(new Link(0, 1), new Link(0, 2)),
        MEMBER_FROM_OTHERS(new Link(1, 0), new Link(2, 0)),
        MEMBER_OFF(new Link(0, 1), new Link(0, 2), new Link(1, 0), new Link(2, 0)),
        CLIENTS_TO_MEMBER(new Link(MachineNetwork.HERE, 0)),
        MEMBER_TO_CLIENTS(new Link(0, MachineNetwork.HERE)),
        EACH_FROM_EACH(new Link(0, 1), new Link(1, 0), new Link(1, 2), new Link(2, 1), new Link(0, 2), new Link(2, 0));

        @SuppressWarnings("ImmutableEnumChecker") // List.of gives an immutable one
        private final List<Link> links;

        Cut(Link... links) {
            this.links = List.of(links);
        }

        boolean leavesMajority() {
            return this != EACH_FROM_EACH;
        }

        void happen(MachineNetwork network, int first) throws Exception {
            for (Link link : links) {
                link.cut(network, first);
            }
        }
    }

    /** A store that asks the members from this one on. */
    private Store from(int first) throws Exception {
        List<ServerProcess> order = new ArrayList<>(members);
        Collections.rotate(order, -first);
        return closing(OPTIONS.over(fixture.connect(order, name())));
    }

    private String name() {
        if (tree.isEmpty()) {
            tree = "cluster" + NAMES.incrementAndGet();
        }
        return tree;
    }

    private <T extends AutoCloseable> T closing(T resource) {
        open.add(resource);
        return resource;
    }

    /** A store whose threads count, and the commits that were acknowledged to them. */
    private static final class Counting {
        private static final int THREADS = 2;
        private final AtomicLong made = new AtomicLong();
        private final AtomicBoolean stopped = new AtomicBoolean();
        private final List<Future<?>> threads = new ArrayList<>();

        Counting(Store store, LogFaultsBench.Pool pool) {
            for (int i = 0; i < THREADS; i++) {
                threads.add(pool.threads.submit(() -> {
                    while (!stopped.get()) {
                        if (LogFaultsBench.isMade(store, () -> store.increment("count"))) {
                            made.incrementAndGet();
                        }
                    }
                }));
            }
        }

        void awaitProgress(Object after) throws Exception {
            long before = made.get();
            long end = System.nanoTime() + LogFaultsBench.PATIENCE.toNanos();
            while (made.get() < before + 2 * THREADS) {
                assertThat(System.nanoTime()).as("no commits after %s", after).isLessThan(end);
                Thread.sleep(5);
            }
        }

        long stop() throws Exception {
            stopped.set(true);
            for (Future<?> thread : threads) {
                thread.get(LogFaultsBench.PATIENCE.toSeconds(), TimeUnit.SECONDS);
            }
            return made.get();
        }
    }

    /** Some cuts in an ordinary build; in a long run all of them, and each member is the first one of each. */
    @Test
    void whileLinksOfMembersLosePacketsCommitsGoOnAndAreCountedExactly() throws Exception {
        boolean isLong = Boolean.getBoolean(LogFaultsBench.LONG);
        List<Long> told = Collections.synchronizedList(new ArrayList<>());
        Store watching = from(0);
        watching.put("count", 0L);
        watching.watch(
                "count",
                Delivery.every(Runnable::run),
                update -> told.add(update.after().get("count", Long.class)));
        LogFaultsBench.Pool pool = closing(new LogFaultsBench.Pool());
        List<Counting> counting = new ArrayList<>();
        for (int i = 0; i < MEMBERS; i++) {
            counting.add(new Counting(from(i), pool));
        }
        int cuts = 0;
        for (Cut cut : isLong ? Cut.values() : new Cut[] {Cut.LINK_ONE_WAY, Cut.MEMBER_OFF}) {
            for (int first = 0; first < (isLong ? MEMBERS : 1); first++) {
                cut.happen(network, first);
                Thread.sleep(CUT_MILLIS);
                if (cut.leavesMajority()) {
                    awaitProgress(counting, "in the cut " + cut + " of member " + first);
                }
                network.heal();
                awaitProgress(counting, "after the cut " + cut + " of member " + first);
                cuts++;
            }
        }
        long made = 0;
        for (Counting each : counting) {
            made += each.stop();
        }
        assertThat(watching.fresh().get("count", Long.class)).isEqualTo(made);
        long last = made;
        LogFaultsBench.awaitTrue(() -> told.contains(last));
        assertThat(told).isEqualTo(LongStream.rangeClosed(1, made).boxed().toList());
        System.out.println("cluster of " + fixture.getClass().getSimpleName() + ": " + made
                + " commits of three stores, all exact, each told once; " + cuts + " cuts");
    }

    private static void awaitProgress(List<Counting> counting, String when) throws Exception {
        for (Counting each : counting) {
            each.awaitProgress(when);
        }
    }

    /** The others may be about to elect a leader. */
    private static void put(Store store, long n) throws Exception {
        LogFaultsBench.awaitTrue(() -> LogFaultsBench.isMade(store, () -> store.put("n", n)));
    }

    @Test
    @EnabledIfSystemProperty(named = LogFaultsBench.LONG, matches = LogFaultsBench.TRUE)
    void aMemberThatIsCutOffFromTheOthersGivesNoOutdatedAnswer() throws Exception {
        List<Cut> cuts = List.of(Cut.MEMBER_OFF, Cut.MEMBER_TO_OTHERS, Cut.MEMBER_FROM_OTHERS);
        Store store = from(1);
        store.put("n", -1L);
        Store alone = closing(OPTIONS.over(fixture.connect(members.subList(0, 1), name())));
        for (int i = 0; i < cuts.size(); i++) {
            long before = i - 1L;
            cuts.get(i).happen(network, 0);
            put(store, i);
            assertThatThrownBy(alone::fresh)
                    .as("%s", cuts.get(i))
                    .isInstanceOf(StoreIOException.class)
                    .hasMessageContaining("Nothing was changed");
            assertThat(alone.get("n", Long.class)).isEqualTo(before);
            network.heal();
            LogFaultsBench.awaitTrue(() -> alone.get("n", Long.class) == before + 1);
        }
    }

    @Test
    void aWatcherAtAMemberThatIsCutOffHearsEachCommitFromTheNextOne() throws Exception {
        Store store = from(1);
        store.put("n", 0L);
        Store watching = from(0);
        List<Long> told = Collections.synchronizedList(new ArrayList<>());
        watching.watch(
                "n",
                Delivery.every(Runnable::run),
                update -> told.add(update.after().get("n", Long.class)));
        store.put("n", 1L);
        LogFaultsBench.awaitTrue(() -> told.contains(1L));
        Cut.MEMBER_OFF.happen(network, 0);
        for (long n = 2; n <= 5; n++) {
            put(store, n);
        }
        LogFaultsBench.awaitTrue(() -> told.contains(5L));
        assertThat(told).containsExactly(1L, 2L, 3L, 4L, 5L);
    }
}
