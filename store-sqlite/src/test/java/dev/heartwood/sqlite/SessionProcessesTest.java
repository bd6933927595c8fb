package dev.heartwood.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.heartwood.KeyPath;
import dev.heartwood.Session;
import dev.heartwood.Store;
import dev.heartwood.testkit.RecentCommits;
import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sessions of several processes on one file, some of which are killed or suspended. Long with {@code -Dheartwood.long=true}. */
class SessionProcessesTest {
    private static final boolean LONG = Boolean.getBoolean("heartwood.long");
    private static final Duration PATIENCE = Duration.ofMinutes(LONG ? 20 : 2);
    private static final Duration TTL = Duration.ofMillis(400);

    @TempDir
    Path directory;

    @Test
    void noJobIsLostOrDoneTwiceWhicheverTakersAreKilledOrSuspended() throws Exception {
        assumeThat(File.separatorChar).as("a system with signals").isEqualTo('/');
        Path file = directory.resolve("jobs.db");
        int jobs = LONG ? 2_000 : 150;
        int rounds = LONG ? 60 : 3;
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<Neighbour> takers = new ArrayList<>();
        try (Store store = SqliteStore.open(file);
                RecentCommits commits = RecentCommits.of(store)) {
            Supplier<String> why = () -> "seed " + seed + "; " + commits;
            store.putAll(
                    KeyPath.root(),
                    Map.of("jobs", names(jobs), "taken", Map.of(), "done", Map.of(), "twice", List.of()));
            for (int i = 0; i < 2; i++) {
                takers.add(taker(file));
            }
            for (int round = 0; round < rounds; round++) {
                Neighbour suspended = takers.get(0);
                suspended.signal("STOP");
                TimeUnit.MILLISECONDS.sleep(random.nextInt(50));
                takers.get(1).kill();
                // It opens its session when it can: a process that is suspended within a commit holds the lock of the
                // file.
                takers.set(1, start(file));
                // Longer than a session lives, and in the middle of anything.
                TimeUnit.MILLISECONDS.sleep(TTL.toMillis() * 3);
                suspended.signal("CONT");
                TimeUnit.MILLISECONDS.sleep(random.nextInt(200));
            }
            store.await(view -> view.size("done") == jobs, PATIENCE);

            assertThat(store.getMap("done")).as(why).containsOnlyKeys(names(jobs));
            assertThat(store.getList("twice")).as(why).isEmpty();
            assertThat(store.size("jobs")).as(why).isZero();
        } finally {
            takers.forEach(Neighbour::close);
        }
    }

    @Test
    void thePlaceOfAKilledProcessIsFreedAndThoseWhoWaitForItAreWoken() throws Exception {
        Path file = directory.resolve("leader.db");
        KeyPath leader = KeyPath.of("taken", "leader");
        try (Store store = SqliteStore.open(file);
                Session mine = store.session("test", TTL);
                Neighbour neighbour = Neighbour.start(file, "lead", TTL.toMillis())) {
            assertThat(neighbour.line()).isEqualTo("leads");
            long fence = store.get(leader, Long.class);
            neighbour.kill();

            boolean ignored = store.<Boolean, RuntimeException>awaitTransact(
                    tx -> {
                        tx.require(mine);
                        tx.check(!tx.contains(leader));
                        tx.put(leader, mine.fence());
                        mine.own(tx, leader);
                        return true;
                    },
                    PATIENCE);

            assertThat(fence).isNotEqualTo(mine.fence());
            assertThat(store.get(leader)).isEqualTo(mine.fence());
        }
    }

    @Test
    void aProcessThatWasSuspendedForLongerThanItsSessionIsRefusedAndLearnsOfIt() throws Exception {
        assumeThat(File.separatorChar).as("a system with signals").isEqualTo('/');
        Path file = directory.resolve("leader.db");
        try (Store store = SqliteStore.open(file);
                Session mine = store.session("test", TTL);
                Neighbour neighbour = Neighbour.start(file, "lead", TTL.toMillis())) {
            assertThat(neighbour.line()).isEqualTo("leads");
            neighbour.signal("STOP");
            store.await(view -> !view.contains(KeyPath.of("taken", "leader")), PATIENCE);
            neighbour.signal("CONT");
            neighbour.step();

            assertThat(neighbour.line()).startsWith("SessionEndedException the session \"leader\"");
            assertThat(neighbour.line()).isEqualTo("ended");
            assertThat(store.contains("result")).isFalse();
            assertThat(mine.isOpen()).isTrue();
        }
    }

    @Test
    void aDatabaseInMemoryBelongsToOneProcessAndNeedsNoHeartbeats() {
        try (Store store = SqliteStore.open(Path.of(":memory:"));
                Session session = store.session("test", Duration.ofMillis(100))) {
            store.batch(tx -> tx.require(session));
            assertThat(store.get(KeyPath.of("$sessions", "open", Long.toString(session.fence()), "beat")))
                    .isEqualTo(0L);
        }
    }

    private static Neighbour start(Path file) throws Exception {
        return Neighbour.start(file, "work off", TTL.toMillis());
    }

    private static Neighbour taker(Path file) throws Exception {
        Neighbour taker = start(file);
        assertThat(taker.line()).startsWith("open ");
        return taker;
    }

    private static List<String> names(int jobs) {
        return IntStream.range(0, jobs).mapToObj(i -> "job " + i).toList();
    }
}
