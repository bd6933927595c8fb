package dev.heartwood.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heartwood.Store;
import dev.heartwood.StoreIOException;
import dev.heartwood.history.History;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A process reads a checkpoint so slowly that others write the next one while it reads a part. */
@Timeout(60)
class SlowReaderTest {
    private static final Duration DEADLINE = Duration.ofSeconds(10);

    private final JumpingClock clock = new JumpingClock();
    private final InMemoryLog log = new InMemoryLog(1_000);
    private final AtomicInteger count = new AtomicInteger();
    private final AtomicInteger pointers = new AtomicInteger();
    private LogRoot writing = open(Long.MAX_VALUE);
    private Store writer = Store.over(writing);
    /** Happens before each part of a checkpoint is read. */
    private Runnable beforePart = this::writeCheckpoint;

    private LogRoot open(long compressAbove) {
        LogOptions options =
                LogStore.options().deadline(DEADLINE).checkpointEvery(1).keepEntries(0);
        return LogRoot.open(log.connect(), options.compressCheckpointsAbove(compressAbove), wiring("writer"));
    }

    private Wiring wiring(String id) {
        return new Wiring(clock, id, new Random(1), new NoBackground(name -> new DirectExecutor()));
    }

    private Store slowStore() {
        return Store.over(
                LogRoot.open(slow(), LogStore.options().deadline(DEADLINE).checkpointEvery(0), wiring("reader")));
    }

    private SharedLog slow() {
        SharedLog connection = log.connect();
        return (SharedLog) Proxy.newProxyInstance(
                SharedLog.class.getClassLoader(), new Class<?>[] {SharedLog.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("get")) {
                        beforePart.run();
                    } else if (method.getName().equals("checkpoint")) {
                        pointers.incrementAndGet();
                    }
                    try {
                        return method.invoke(connection, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    /** A tree whose checkpoint takes several parts, also a compressed one. */
    private void fill() {
        Random random = new Random(1);
        for (int i = 0; i < 10; i++) {
            StringBuilder text = new StringBuilder();
            for (int j = 0; j < 500; j++) {
                text.append((char) ('a' + random.nextInt(26)));
            }
            writer.put("text" + i, text.toString());
        }
        // The newest one is not the one that stays.
        for (int i = 0; i < 3; i++) {
            writeCheckpoint();
        }
    }

    private void writeCheckpoint() {
        writer.put("n", count.incrementAndGet());
        long ignored = writing.writeCheckpoint();
    }

    @AfterEach
    void close() {
        writer.close();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, Long.MAX_VALUE})
    void aStoreOpensThoughEachPartTakesAsLongAsACheckpoint(long compressAbove) {
        writer.close();
        writing = open(compressAbove);
        writer = Store.over(writing);
        fill();
        try (Store store = slowStore()) {
            assertThat(store.size()).isEqualTo(11);
            assertThat(store.get("n")).isEqualTo((long) count.get());
        }
        assertThat(count).hasValueGreaterThan(6);
        assertThat(pointers)
                .as("the newest checkpoint is gone, and the one that stays is read")
                .hasValue(2);
    }

    /** Of the processes that write checkpoints, one compresses them and another does not. */
    @ParameterizedTest
    @ValueSource(longs = {0, Long.MAX_VALUE})
    void theOneThatStaysMayBeOfTheOtherKind(long compressAbove) {
        writer.close();
        writing = open(compressAbove);
        writer = Store.over(writing);
        fill();
        writer.close();
        writing = open(Long.MAX_VALUE - compressAbove);
        writer = Store.over(writing);
        writeCheckpoint();
        try (Store store = slowStore()) {
            assertThat(store.get("n")).isEqualTo((long) count.get());
        }
    }

    @Test
    void aReplicaThatWasAwayForLongGoesOnThoughEachPartTakesAsLongAsACheckpoint() {
        fill();
        beforePart = () -> {};
        try (Store store = slowStore()) {
            for (int i = 0; i < 3; i++) {
                clock.pass(DEADLINE.multipliedBy(3));
                writeCheckpoint();
            }
            beforePart = this::writeCheckpoint;
            int before = count.get();
            assertThat((Long) store.fresh().get("n")).isGreaterThanOrEqualTo(before);
        }
        assertThat(count).hasValueGreaterThan(5);
    }

    @Test
    void theHistoryOfALogIsReadThoughEachPartTakesAsLongAsACheckpoint() {
        fill();
        try (History history = LogStore.history(slow())) {
            assertThat(history.states()).isNotEmpty();
        }
        assertThat(count).hasValueGreaterThan(6);
    }

    @Test
    void anOpeningThatIsTooSlowAlsoForTheOneThatStaysEndsAndCallsTheLogSound() {
        fill();
        beforePart = () -> {
            clock.pass(DEADLINE.multipliedBy(2).plusNanos(1));
            writeCheckpoint();
            writeCheckpoint();
        };
        assertThatThrownBy(this::slowStore)
                .isInstanceOf(StoreIOException.class)
                .hasMessageContaining("The log is sound")
                .hasMessageNotContaining("backup");
        assertThat(pointers).hasValue(1);
    }

    /** The pointer leads to checkpoints whose parts nobody had a reason to delete. */
    @Test
    void aLogThatLacksThePartsOfItsCheckpointsIsDamagedAndNotReadAgainAndAgain() throws Exception {
        fill();
        beforePart = () -> {};
        log.connect().delete("checkpoint/", "checkpoint0");
        assertThatThrownBy(this::slowStore)
                .isInstanceOf(StoreIOException.class)
                .hasMessageContaining("Restore the log from a backup");
        assertThat(pointers)
                .as("the newest one, the one that stays, and the newest one again")
                .hasValue(3);
    }

    @Test
    void aLogThatLacksAPartOfItsNewestCheckpointIsReadFromTheOneThatStays() throws Exception {
        fill();
        beforePart = () -> {};
        Checkpoint.Pointer pointer =
                Checkpoint.Pointer.parse(log.connect().checkpoint().orElseThrow());
        log.connect().delete(StagedText.name(StagedText.CHECKPOINTS, pointer.at()), "checkpoint0");
        try (Store store = slowStore()) {
            assertThat(store.get("n")).isEqualTo((long) count.get());
        }
    }
}
