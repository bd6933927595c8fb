package dev.heartwood.log.testkit;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heartwood.CommitOutcome;
import dev.heartwood.Delivery;
import dev.heartwood.IndeterminateCommitException;
import dev.heartwood.Store;
import dev.heartwood.StoreIOException;
import dev.heartwood.TreeView;
import dev.heartwood.log.LogException;
import dev.heartwood.log.LogOptions;
import dev.heartwood.log.LogReplacedException;
import dev.heartwood.log.LogStore;
import dev.heartwood.log.SharedLog;
import dev.heartwood.log.SharedLog.Entry;
import dev.heartwood.log.SharedLog.Position;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * The promises of stores over an engine's log while the server is killed, paused or restarted, and while the network to
 * it is cut or goes silent. The tests run against a real server. Subclass it with an {@link EngineFixture}.
 */
public abstract class LogFaultsContract extends LogProcessesContract {
    /** For subclasses. */
    protected LogFaultsContract(EngineFixture fixture) {
        super(fixture);
    }

    private interface Fault {
        void happen() throws Exception;
    }

    /** Counts with four threads while something happens; afterwards the count is exact. */
    private void countsExactlyWhile(Store store, Fault fault) throws Exception {
        store.put("count", 0L);
        AtomicBoolean stopped = new AtomicBoolean();
        AtomicLong made = new AtomicLong();
        ExecutorService pool = closing(new Pool()).threads;
        List<Future<?>> counting = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            counting.add(pool.submit(() -> {
                while (!stopped.get()) {
                    if (isMade(store, () -> store.increment("count"))) {
                        made.incrementAndGet();
                    }
                }
            }));
        }
        fault.happen();
        // Commits are made again.
        long before = made.get();
        awaitTrue(() -> made.get() > before + 8);
        stopped.set(true);
        for (Future<?> each : counting) {
            each.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
        assertThat(store.fresh().get("count", Long.class)).isEqualTo(made.get());
        assertThat(near().get("count", Long.class)).isEqualTo(made.get());
    }

    @Test
    void aServerKilledInTheMiddleOfCommitsLosesNothingAndRepeatsNothing() throws Exception {
        countsExactlyWhile(near(), () -> {
            for (int i = 0; i < 2; i++) {
                Thread.sleep(200);
                server.kill();
                Thread.sleep(100);
                server.start();
            }
        });
    }

    @Test
    void connectionsCutInTheMiddleOfCommitsLoseNothingAndRepeatNothing() throws Exception {
        countsExactlyWhile(far(), () -> {
            for (int i = 0; i < 20; i++) {
                Thread.sleep(25);
                network.cut();
            }
        });
    }

    @Test
    void commitsWhoseAnswersAreLostAreMadeOnce() throws Exception {
        countsExactlyWhile(far(), () -> {
            Thread.sleep(100);
            network.answers(TcpProxy.Traffic.LOSE);
            Thread.sleep(1_500);
            network.heal();
        });
    }

    @Test
    @EnabledIfSystemProperty(named = LONG, matches = TRUE)
    void aPausedServerHoldsUpCommitsAndNotLocalReads() throws Exception {
        Store store = near();
        countsExactlyWhile(store, () -> {
            Thread.sleep(100);
            server.pause();
            Thread.sleep(1_500);
            long known = store.get("count", Long.class);
            assertThat(store.snapshot().get("count", Long.class)).isGreaterThanOrEqualTo(known);
            server.resume();
        });
    }

    @Test
    void aRequestHeldBackPastItsTimeOutTakesEffectOnceAtMost() throws Exception {
        SharedLog log = closing(fixture.connect(network.port(), tree));
        SharedLog other = closing(fixture.connect(server.port(), tree));
        Position beginning = log.last();
        Entry first = new Entry(new Position(1, "w:1"), "first");
        assertThat(log.append(beginning, first, null)).isInstanceOf(SharedLog.Appended.class);
        Entry late = new Entry(new Position(2, "w:2"), "late");
        network.requests(TcpProxy.Traffic.HOLD);
        assertThatThrownBy(() -> log.append(first.at(), late, null)).isInstanceOf(LogException.InDoubt.class);
        assertThat(other.last()).isEqualTo(first.at());
        // Another entry takes the number, so an append that is still on its way can no longer succeed.
        Entry filling = new Entry(new Position(2, "x:1"), "filling");
        assertThat(other.append(first.at(), filling, null)).isInstanceOf(SharedLog.Appended.class);
        network.heal();
        awaitTrue(() -> answers(log));
        Thread.sleep(200);
        assertThat(other.read(1).entries()).containsExactly(first, filling);
    }

    private static boolean answers(SharedLog log) throws LogException {
        try {
            return log.last().number() > 0;
        } catch (LogException.Unavailable e) {
            return false;
        }
    }

    @Test
    @EnabledIfSystemProperty(named = LONG, matches = TRUE)
    void aReplicaBehindASilentNetworkMissesNothingAndItsReadsGoOn() throws Exception {
        Store near = near();
        near.put("n", 0L);
        Store far = far();
        List<Long> told = Collections.synchronizedList(new ArrayList<>());
        far.watch(
                "n",
                Delivery.every(Runnable::run),
                update -> told.add(update.after().get("n", Long.class)));
        near.put("n", 1L);
        awaitTrue(() -> told.contains(1L));
        network.requests(TcpProxy.Traffic.HOLD);
        network.answers(TcpProxy.Traffic.HOLD);
        for (long n = 2; n <= 10; n++) {
            near.put("n", n);
        }
        assertThat(far.get("n", Long.class)).isEqualTo(1L);
        assertThatThrownBy(() -> far.put("other", 1))
                .isInstanceOfAny(IndeterminateCommitException.class, StoreIOException.class);
        assertThat(far.get("n", Long.class)).isEqualTo(1L);
        network.heal();
        awaitTrue(() -> told.contains(10L));
        assertThat(told).isEqualTo(LongStream.rangeClosed(1, 10).boxed().toList());
    }

    @Test
    @EnabledIfSystemProperty(named = LONG, matches = TRUE)
    void aReplicaWhoseWakeUpsAreLostHearsByAsking() throws Exception {
        Store near = near();
        near.put("n", 0L);
        Store far = far();
        // Deaf: existing connections carry no more answers, and new ones do.
        network.answers(TcpProxy.Traffic.LOSE);
        near.put("n", 1L);
        Thread.sleep(200);
        network.answers(TcpProxy.Traffic.PASS);
        awaitTrue(() -> far.get("n", Long.class) == 1L);
        near.put("n", 2L);
        awaitTrue(() -> far.get("n", Long.class) == 2L);
    }

    @Test
    @EnabledIfSystemProperty(named = LONG, matches = TRUE)
    void whileTheServerIsAwayCommitsFailAndReadsGoOnAndAfterwardsAllIsKnown() throws Exception {
        Store store = near();
        store.put("n", 1L);
        server.kill();
        assertThat(store.get("n", Long.class)).isEqualTo(1L);
        assertThatThrownBy(store::fresh)
                .isInstanceOf(StoreIOException.class)
                .hasMessageContaining("Nothing was changed");
        AtomicBoolean made = new AtomicBoolean();
        try {
            store.put("n", 2L);
            made.set(true);
        } catch (IndeterminateCommitException doubt) {
            server.start();
            awaitTrue(() -> {
                try {
                    made.set(store.outcomeOf(doubt) == CommitOutcome.COMMITTED);
                    return true;
                } catch (StoreIOException e) {
                    return false;
                }
            });
        } catch (StoreIOException refused) {
            server.start();
        }
        assertThat(made).as("the server was away").isFalse();
        awaitTrue(() -> isMade(store, () -> store.put("n", 3L)));
        assertThat(near().get("n", Long.class)).isEqualTo(3L);
    }

    @Test
    void anInterruptedThreadCommitsAndStaysInterrupted() {
        Store store = near();
        Thread.currentThread().interrupt();
        store.put("n", 1L);
        assertThat(store.fresh().get("n", Long.class)).isEqualTo(1L);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void aStoreOpensWithABigCheckpoint() throws Exception {
        opensWithACheckpoint(
                LogStore.options().compressCheckpointsAbove(Long.MAX_VALUE),
                1,
                40_000,
                "a value of some length, as values are, with the number ");
    }

    /** Four times as large, so that it needs several parts, too. */
    @Test
    void aStoreOpensWithABigCheckpointThatIsCompressed() throws Exception {
        opensWithACheckpoint(LogStore.options(), 4, 40_000, "a value of some length, as values are, with the number ");
    }

    /** Some hundred times more than an engine takes at once. */
    @Test
    @Timeout(value = 20, unit = TimeUnit.MINUTES)
    @EnabledIfSystemProperty(named = LONG, matches = TRUE)
    void aStoreOpensWithACheckpointOf200Megabytes() throws Exception {
        if (Runtime.getRuntime().maxMemory() < 2L << 30) {
            System.out.println("SKIPPED: a checkpoint of 200 MB needs a heap of 2 GB");
            Assumptions.abort("a heap of 2 GB");
        }
        opensWithACheckpoint(
                LogStore.options().compressCheckpointsAbove(Long.MAX_VALUE),
                20,
                5_000,
                "a value of 2,000 characters ".repeat(71));
    }

    private void opensWithACheckpoint(LogOptions options, int batches, int keys, String value) throws Exception {
        LogOptions rare = options.checkpointEvery(batches + 2).keepEntries(0);
        try (Store store = rare.deadline(PATIENCE).over(fixture.connect(server.port(), tree))) {
            store.put("n", 0L);
            for (int batch = 0; batch < batches; batch++) {
                int first = batch * keys;
                store.batch(tx -> {
                    for (int i = first; i < first + keys; i++) {
                        tx.put("key" + i, value + i);
                    }
                });
            }
            for (int i = 0; i < batches + 2; i++) {
                store.increment("n");
            }
            SharedLog log = closing(fixture.connect(server.port(), tree));
            awaitTrue(() -> log.checkpoint().isPresent());
            Store other = near();
            assertThat(other.size()).isEqualTo(batches * keys + 1);
            assertThat(other.toMap()).isEqualTo(store.toMap());
            assertThat(other.version()).isEqualTo(store.version());
        }
    }

    /**
     * As if restored from a backup: entries that were acknowledged after the backup are gone, and others continue from
     * there.
     */
    @Test
    void aServerThatWasRestoredToAnEarlierStateIsRefusedByStoresThatKnewMore() throws Exception {
        Store one = near();
        Store other = near();
        one.put("n", 1L);
        server.kill();
        server.keepData();
        server.start();
        awaitTrue(() -> isMade(one, () -> one.put("n", 2L)));
        assertThat(other.fresh().get("n", Long.class)).isEqualTo(2L);
        server.kill();
        server.restoreData();
        server.start();
        assertThatThrownBy(() -> untilAnswered(() -> one.put("n", 3L))).isInstanceOf(LogReplacedException.class);
        Store anew = opened();
        assertThat(anew.get("n", Long.class)).isEqualTo(1L);
        for (long n = 10; n < 20; n++) {
            anew.put("n", n);
        }
        // Its version has been passed by now, by commits other than those that it knew.
        assertThatThrownBy(() -> untilAnswered(other::fresh)).isInstanceOf(LogReplacedException.class);
        assertThatThrownBy(() -> other.put("n", 4L)).isInstanceOf(LogReplacedException.class);
        assertThat(one.get("n", Long.class)).isEqualTo(2L);
        assertThat(other.get("n", Long.class)).isEqualTo(2L);
        assertThat(anew.fresh().get("n", Long.class)).isEqualTo(19L);
    }

    /** A server that has just been started may be away for a moment more. */
    private static void untilAnswered(Runnable call) throws Exception {
        awaitTrue(() -> {
            try {
                call.run();
                return true;
            } catch (LogReplacedException e) {
                throw e;
            } catch (IndeterminateCommitException | StoreIOException e) {
                return false;
            }
        });
    }

    private Store opened() throws Exception {
        AtomicReference<Store> store = new AtomicReference<>();
        awaitTrue(() -> {
            try {
                store.set(near());
                return true;
            } catch (StoreIOException e) {
                return false;
            }
        });
        return requireNonNull(store.get());
    }

    @Test
    void aBacklogOfManyThreadsIsCommittedExactlyWhileOthersWriteCheckpoints() throws Exception {
        int threads = 64;
        int each = 25;
        LogOptions busy = LogStore.options().checkpointEvery(3).keepEntries(1);
        List<Store> stores = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            stores.add(closing(busy.over(fixture.connect(server.port(), tree))));
        }
        stores.get(0).put("count", 0L);
        ExecutorService pool = closing(new Pool()).threads;
        List<Future<?>> counting = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            Store store = stores.get(i % stores.size());
            String mine = "thread" + i;
            counting.add(pool.submit(() -> {
                for (int n = 0; n < each; n++) {
                    store.batch(tx -> {
                        tx.merge("count", Long.class, 1L, Long::sum);
                        tx.merge(mine, Long.class, 1L, Long::sum);
                    });
                }
            }));
        }
        for (Future<?> thread : counting) {
            thread.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
        for (Store store : List.of(stores.get(0), stores.get(1), stores.get(2), near())) {
            TreeView now = store.fresh();
            assertThat(now.get("count", Long.class)).isEqualTo((long) threads * each);
            for (int i = 0; i < threads; i++) {
                assertThat(now.get("thread" + i, Long.class)).isEqualTo((long) each);
            }
        }
    }

    /** Not a test: prints the cost of commits beside the bare engine, of an opening, and the wait of a far writer. */
    @Test
    @Timeout(value = 20, unit = TimeUnit.MINUTES)
    @EnabledIfSystemProperty(named = "heartwood.figures", matches = TRUE)
    void figures() throws Exception {
        new LogFigures(fixture, server.port()).print();
    }
}
