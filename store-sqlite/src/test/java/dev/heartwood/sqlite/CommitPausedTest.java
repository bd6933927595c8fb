package dev.heartwood.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heartwood.KeyPath;
import dev.heartwood.Store;
import dev.heartwood.json.Json;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A commit of mine is durable, and its thread is not told yet; somebody else commits meanwhile, and is told. Whatever I am
 * asked from then on must know of that.
 */
@Timeout(60)
class CommitPausedTest {
    @TempDir
    Path directory;

    private final CountDownLatch committed = new CountDownLatch(1);
    private final CountDownLatch toldOf = new CountDownLatch(1);
    private final AtomicBoolean pauses = new AtomicBoolean();
    private Store mine;
    private Store theirs;
    private FutureTask<Boolean> paused;

    @BeforeEach
    void pauseMineAfterItsCommit() throws Exception {
        Path file = directory.resolve("shared.db");
        theirs = SqliteStore.open(file);
        mine = Store.over(SqliteRoot.open(
                HookedConnection.database(file, this::pauseOnce), Json.options().dialect()));
        mine.batch(tx -> {
            tx.put("x", "old");
            tx.put("y", 0);
            tx.put("list", List.of());
        });
        pauses.set(true);
        paused = new FutureTask<>(() -> mine.replace("y", 0, 1));
        new Thread(paused).start();
        committed.await();
    }

    @AfterEach
    void close() throws Exception {
        toldOf.countDown();
        assertThat(paused.get(20, TimeUnit.SECONDS)).isTrue();
        assertThat(theirs.get("y")).isEqualTo(1L);
        theirs.close();
        mine.close();
    }

    @Test
    void replaceSeesTheNewValue() throws Exception {
        theirs.put("x", "new");
        assertThat(meanwhile(() -> mine.replace("x", "new", "won"))).isTrue();
        assertThat(theirs.get("x")).isEqualTo("won");
    }

    @Test
    void replaceOfTheOldValueIsRefused() throws Exception {
        theirs.put("x", "new");
        assertThat(meanwhile(() -> mine.replace("x", "old", "won"))).isFalse();
        assertThat(theirs.get("x")).isEqualTo("new");
    }

    @Test
    void putOfTheOldValueIsMade() throws Exception {
        theirs.put("x", "new");
        meanwhile(() -> {
            mine.put("x", "old");
            return true;
        });
        assertThat(theirs.get("x")).isEqualTo("old");
    }

    @Test
    void initSeesTheRemoval() throws Exception {
        theirs.remove("x");
        assertThat(meanwhile(() -> mine.init("x", "won"))).isTrue();
        assertThat(theirs.get("x")).isEqualTo("won");
    }

    @Test
    void discardSeesWhatWasAdded() throws Exception {
        theirs.put("added", 1);
        assertThat(meanwhile(() -> mine.discard("added"))).isTrue();
        assertThat(theirs.contains("added")).isFalse();
    }

    @Test
    void incrementSeesThatTheValueBecameANumber() throws Exception {
        theirs.put("x", 41);
        assertThat(meanwhile(() -> mine.increment("x"))).isEqualTo(42L);
    }

    @Test
    void bodyThatOnlyReadsSeesTheNewState() throws Exception {
        theirs.put("x", "new");
        String seen = meanwhile(() -> mine.transact(tx -> tx.get("x", String.class)));
        assertThat(seen).isEqualTo("new");
    }

    @Test
    void readsAndWaitingSeeTheNewState() throws Exception {
        theirs.put("x", "new");
        assertThat(meanwhile(() -> mine.get("x", String.class))).isEqualTo("new");
        assertThat(mine.await(view -> "new".equals(view.get("x")), Duration.ofSeconds(20))
                        .get("y"))
                .isEqualTo(1L);
    }

    @Test
    void changesAreMadeOnTheNewState() throws Exception {
        theirs.append(KeyPath.of("list"), "theirs");
        meanwhile(() -> {
            mine.append(KeyPath.of("list"), "mine");
            return true;
        });
        assertThat(theirs.getList("list")).containsExactly("theirs", "mine");
    }

    /** What the call answers, made while my commit is paused: that goes on once the call cannot without it. */
    private <T> T meanwhile(Callable<T> call) throws Exception {
        FutureTask<T> answer = new FutureTask<>(call);
        Thread thread = new Thread(answer);
        thread.start();
        while (!answer.isDone() && !waits(thread)) {
            Thread.sleep(1);
        }
        toldOf.countDown();
        return answer.get(20, TimeUnit.SECONDS);
    }

    private void pauseOnce() throws InterruptedException {
        if (pauses.compareAndSet(true, false)) {
            committed.countDown();
            toldOf.await();
        }
    }

    private static boolean waits(Thread thread) {
        Thread.State state = thread.getState();
        return state == Thread.State.WAITING || state == Thread.State.TIMED_WAITING;
    }
}
