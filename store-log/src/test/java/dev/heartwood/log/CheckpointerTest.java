package dev.heartwood.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.heartwood.Store;
import dev.heartwood.log.SharedLog.Entry;
import dev.heartwood.log.SharedLog.Position;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A checkpoint, and the trim of the log after it. */
class CheckpointerTest {
    private static final int LARGEST = 1_000;
    private static final Duration DEADLINE = Duration.ofSeconds(60);

    private final SharedLog log = new InMemoryLog(LARGEST).connect();
    private final LogOptions options = LogOptions.DEFAULT.checkpointEvery(0).keepEntries(2);
    private final Wiring wiring = Wiring.system();
    private final LogRoot root = LogRoot.open(log, options, wiring);

    private final JumpingClock clock = new JumpingClock();
    private final LogRequests requests = new LogRequests(clock, new Random(1), DEADLINE, () -> false);

    private static void kill() {
        throw new IllegalStateException("killed");
    }

    private Checkpointer checkpointer(SharedLog over) {
        return checkpointer(over, options.rememberWriters());
    }

    private Checkpointer checkpointer(SharedLog over, int rememberedWriters) {
        return checkpointer(over, options.rememberWriters(rememberedWriters));
    }

    private Checkpointer checkpointer(SharedLog over, LogOptions options) {
        return new Checkpointer(
                over, requests, options.checkpointEvery(1), root.replica(), new ReentrantLock(), () -> false);
    }

    /** The log; something happens before the pointer is moved to a new checkpoint. */
    private SharedLog beforeThePointer(Runnable meanwhile) {
        return (SharedLog) Proxy.newProxyInstance(
                SharedLog.class.getClassLoader(), new Class<?>[] {SharedLog.class}, (proxy, method, arguments) -> {
                    boolean moves = method.getName().equals("checkpoint") && arguments != null;
                    if (moves && !String.valueOf(arguments[1]).contains("\"announced\"")) {
                        meanwhile.run();
                    }
                    try {
                        return method.invoke(log, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    @Test
    void aPartThatIsInDoubtIsStoredAgain() throws Exception {
        FaultyLog faulty = new FaultyLog(log, 1);
        Checkpointer checkpointer = checkpointer(faulty);
        Store store = Store.over(root);
        store.put("first", "more than one value holds ".repeat(LARGEST));
        store.put("second", 2); // a checkpoint of another replica's entries is due after twice as many
        checkpointer.writeIfDue("another writer"); // the parts of the beginning are written, too
        put(store, 2);
        faulty.partsInDoubt.set(3);

        checkpointer.writeIfDue("another writer");

        assertThat(pointer().at().number()).isEqualTo(4);
        assertThat(faulty.partsInDoubt).hasNegativeValue();
        store.close();
    }

    @Test
    void anotherReplicaWritesNoneWhileTheWriterOfTheEntriesWritesItsOwn() throws Exception {
        FaultyLog watched = new FaultyLog(log, 1);
        Checkpointer ofTheWriter = checkpointer(log);
        Checkpointer ofAnother = checkpointer(watched);
        watched.partsInDoubt.set(0);
        Store store = Store.over(root);
        store.put("n", 1);
        ofTheWriter.writeIfDue(wiring.writer());
        Optional<String> first = log.checkpoint();
        store.put("n", 2);

        ofAnother.writeIfDue("another writer");

        assertThat(watched.partsInDoubt).as("parts that it wrote").hasValue(0);
        assertThat(log.checkpoint()).isPresent().isEqualTo(first);

        store.put("n", 3); // the writer has left two entries without one
        ofAnother.writeIfDue("another writer");

        assertThat(log.checkpoint()).isPresent().isNotEqualTo(first);
        store.close();
    }

    @Test
    void twoReplicasWithOtherOptionsDoNotMixTheirCheckpointsOfOneState() throws Exception {
        Checkpointer first = checkpointer(log);
        Checkpointer dying = checkpointer(beforeThePointer(CheckpointerTest::kill), 0);
        Checkpointer slow = checkpointer(beforeThePointer(() -> dying.writeIfDue("another writer")), 100);
        Store store = Store.over(root);
        put(store, 2);
        first.writeIfDue("another writer");
        put(store, 2);

        slow.writeIfDue("another writer");

        assertThat(pointer().at().number()).isEqualTo(4);
        assertThat(load().tree().get("n")).contains(2L);
        store.close();
    }

    @Test
    void aReplicaThatDiesInItsCheckpointDelaysTheNextOnlyUntilItIsDue() throws Exception {
        Checkpointer first = checkpointer(log);
        Checkpointer dying = checkpointer(beforeThePointer(CheckpointerTest::kill), 0);
        Checkpointer next = checkpointer(log, 100);
        Store store = Store.over(root);
        put(store, 2);
        first.writeIfDue("another writer");
        put(store, 2);

        dying.writeIfDue("another writer");
        next.writeIfDue("another writer");

        assertThat(pointer().at().number()).isEqualTo(2);
        assertThat(pointer().announced()).isEqualTo(4);
        put(store, 2);
        next.writeIfDue("another writer");
        assertThat(pointer().at().number()).isEqualTo(6);
        assertThat(load().at().number()).isEqualTo(6);
        store.close();
    }

    @Test
    void aCheckpointThatIsReadyDoesNotWaitForALaterOneThatHasBegun() throws Exception {
        Checkpointer first = checkpointer(log);
        Checkpointer later = checkpointer(beforeThePointer(CheckpointerTest::kill), 0);
        Store store = Store.over(root);
        Checkpointer slow = checkpointer(
                beforeThePointer(() -> {
                    put(store, 2);
                    later.writeIfDue("another writer");
                }),
                100);
        put(store, 2);
        first.writeIfDue("another writer");
        put(store, 2);
        slow.writeIfDue("another writer");

        assertThat(pointer().at().number()).isEqualTo(4);
        assertThat(pointer().announced()).as("nobody else writes that one").isEqualTo(6);
        assertThat(load().at().number()).isEqualTo(4);
        store.close();
    }

    @Test
    void theFirstCheckpointOfALogIsAnnouncedToo() throws Exception {
        Checkpointer dying = checkpointer(beforeThePointer(CheckpointerTest::kill), 0);
        Checkpointer slow = checkpointer(beforeThePointer(() -> dying.writeIfDue("another writer")), 100);
        Store store = Store.over(root);
        put(store, 2);

        slow.writeIfDue("another writer");

        assertThat(pointer().at().number()).isEqualTo(2);
        assertThat(load().tree().get("n")).contains(2L);
        store.close();
    }

    @Test
    void aCheckpointIsCompressedAboveTheSizeAndNotAtIt() throws Exception {
        Store store = Store.over(root);
        put(store, 2);
        long bytes = size();
        Checkpointer plain = checkpointer(log, options.compressCheckpointsAbove(bytes));
        Checkpointer compressing = checkpointer(log, options.compressCheckpointsAbove(bytes - 1));

        put(store, 2);
        assertThat(size()).isEqualTo(bytes);
        plain.writeIfDue("another writer");
        assertThat(log.checkpoint().orElseThrow()).doesNotContain("requires");

        put(store, 2);
        assertThat(size()).isEqualTo(bytes);
        compressing.writeIfDue("another writer");
        assertThat(log.checkpoint().orElseThrow()).contains("\"requires\":[\"zlib\"]");
        store.close();
    }

    /** The size of the checkpoint that is written next. */
    private long size() {
        return StagedText.bytes(
                root.replica().checkpoint(options.rememberWriters()).text());
    }

    @Test
    void aCheckpointThatWasOvertakenDoesNotReplaceTheLaterOne() throws Exception {
        Store store = Store.over(root);
        LogOptions keeping = options.keepEntries(100);
        Checkpointer quick = checkpointer(log, keeping);
        AtomicBoolean overtaken = new AtomicBoolean();
        Checkpointer slow = checkpointer(
                beforeThePointer(() -> {
                    if (overtaken.compareAndSet(false, true)) {
                        put(store, 4);
                        quick.writeIfDue("another writer");
                    }
                }),
                keeping);
        put(store, 2);

        slow.writeIfDue("another writer");

        assertThat(overtaken).isTrue();
        assertThat(pointer().at().number()).isEqualTo(6);
        store.close();
    }

    @Test
    void nobodyCompressesCheckpointsOfLessThanNothing() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> options.compressCheckpointsAbove(-1))
                .withMessageContaining("must not be negative: -1");
    }

    /** A replica that does not compress its own announces and replaces one that is. */
    @Test
    void compressedAndPlainCheckpointsFollowEachOther() throws Exception {
        Checkpointer compressing = checkpointer(log, options.compressCheckpointsAbove(0));
        Checkpointer plain = checkpointer(log);
        Checkpointer dying = checkpointer(beforeThePointer(CheckpointerTest::kill), 0);
        Store store = Store.over(root);
        store.put("text", "more than one value holds ".repeat(LARGEST));
        store.put("n", 0);
        compressing.writeIfDue("another writer");
        assertThat(pointer().staged().parts()).as("parts of 26,000 bytes").isEqualTo(1);
        assertThat(log.checkpoint().orElseThrow()).contains("\"requires\":[\"zlib\"]");
        assertThat(load().tree()).isEqualTo(root.replica().checkpoint(0).tree());

        put(store, 2);
        dying.writeIfDue("another writer");
        assertThat(pointer().announced()).isEqualTo(4);
        assertThat(load().at().number()).isEqualTo(2);

        put(store, 2);
        plain.writeIfDue("another writer");
        assertThat(pointer().at().number()).isEqualTo(6);
        assertThat(pointer().staged().uncompressed()).isZero();
        assertThat(LogHeader.parse("checkpoint-pointer", log.checkpoint().orElseThrow())
                        .has("requires"))
                .isFalse();
        assertThat(load().tree()).isEqualTo(root.replica().checkpoint(0).tree());
        store.close();
    }

    private static void put(Store store, int entries) {
        for (int i = 1; i <= entries; i++) {
            store.put("n", i);
        }
    }

    private Checkpoint load() throws LogException {
        return Replica.load(log, log::get, requests.checkpointRetries());
    }

    private Checkpoint.Pointer pointer() throws LogException {
        return Checkpoint.Pointer.parse(log.checkpoint().orElseThrow());
    }

    private Checkpoint.Pointer next(Checkpointer checkpointer, Store store) throws LogException {
        put(store, 2);
        checkpointer.writeIfDue("another writer");
        return pointer();
    }

    /** And the entries after it, or the one who has read it would have to read another one. */
    @Test
    void oneEarlierCheckpointStaysForTwiceTheDeadlineWithTheEntriesAfterIt() throws Exception {
        Checkpointer checkpointer = checkpointer(log);
        Store store = Store.over(root);
        Checkpoint.Pointer second = next(checkpointer, store);
        assertThat(second.kept()).as("the empty tree").isNull();
        assertThat(firstEntry()).isEqualTo(1);
        Checkpoint.Pointer fourth = next(checkpointer, store);
        Checkpoint.Pointer sixth = next(checkpointer, store);
        clock.pass(DEADLINE.multipliedBy(2));
        Checkpoint.Pointer eighth = next(checkpointer, store);

        assertThat(eighth.at().number()).isEqualTo(8);
        assertThat(eighth.kept()).isEqualTo(second);
        assertThat(fourth.kept()).isEqualTo(second);
        assertThat(textOf(second)).isNotNull();
        assertThat(textOf(fourth)).isNull();
        assertThat(textOf(sixth)).isNull();
        assertThat(textOf(eighth)).isNotNull();
        assertThat(firstEntry()).isEqualTo(3);

        clock.pass(Duration.ofNanos(1));
        Checkpoint.Pointer tenth = next(checkpointer, store);

        assertThat(tenth.kept()).isNotNull();
        assertThat(tenth.kept().at()).isEqualTo(eighth.at());
        assertThat(tenth.kept().kept()).isNull();
        assertThat(textOf(second)).isNull();
        assertThat(textOf(eighth)).isNotNull();
        assertThat(textOf(tenth)).isNotNull();
        assertThat(firstEntry())
                .as("two entries before the checkpoint are kept")
                .isEqualTo(8);
        clock.pass(DEADLINE.multipliedBy(2));
        assertThat(next(checkpointer, store).kept()).isEqualTo(tenth.kept());
        store.close();
    }

    private long firstEntry() throws LogException {
        return log.read(1).entries().get(0).at().number();
    }

    /** Else it would stay for ever where each process ends sooner. */
    @Test
    void aReplicaLetsTheCheckpointGoThatStayedBeforeItWasOpened() throws Exception {
        Checkpointer first = checkpointer(log);
        Store store = Store.over(root);
        next(first, store);
        Checkpoint.Pointer fourth = next(first, store);
        assertThat(fourth.kept()).isNotNull();

        Checkpoint.Pointer sixth = next(checkpointer(log), store);

        assertThat(sixth.kept()).isNotNull();
        assertThat(sixth.kept().at()).isEqualTo(fourth.at());
        store.close();
    }

    @Test
    void aReplicaThatHasSeenNoCheckpointYetKeepsTheOneThatStaysSinceItWasOpened() throws Exception {
        Checkpointer first = checkpointer(log);
        Checkpointer other = checkpointer(log);
        Store store = Store.over(root);
        Checkpoint.Pointer second = next(first, store);
        next(first, store);
        clock.pass(DEADLINE);

        assertThat(next(other, store).kept()).isEqualTo(second);
        clock.pass(DEADLINE);
        assertThat(next(other, store).kept())
                .as("for twice the deadline since it has seen it")
                .isEqualTo(second);
        clock.pass(DEADLINE.plusNanos(1));
        assertThat(next(other, store).kept()).isNotEqualTo(second);
        store.close();
    }

    private @Nullable String textOf(Checkpoint.Pointer pointer) throws LogException {
        return StagedText.get(log::get, StagedText.CHECKPOINTS, pointer.at(), pointer.staged());
    }

    /** Its state never was one of the log that is there now, though that has an entry of this number, too. */
    @Test
    void aReplicaThatHasNotNoticedARestoreWritesNoCheckpoint() throws Exception {
        Entry other = new Entry(new Position(2, "other:2"), "{}");
        Entry last = new Entry(new Position(3, "other:3"), "{}");
        SharedLog restored = (SharedLog) Proxy.newProxyInstance(
                SharedLog.class.getClassLoader(), new Class<?>[] {SharedLog.class}, (proxy, method, arguments) -> {
                    return method.getName().equals("read")
                            ? new SharedLog.Tail(last.at(), List.of(other, last))
                            : method.invoke(log, arguments);
                });
        Checkpointer checkpointer = checkpointer(restored);
        Store store = Store.over(root);
        put(store, 2);
        assertThat(checkpointer.isDue("another writer")).isTrue();

        checkpointer.writeIfDue("another writer");

        assertThat(log.checkpoint()).isEmpty();
        store.close();
    }

    @Test
    void theEntriesThatATrimKeepsAreWhole() throws Exception {
        Checkpointer checkpointer = checkpointer(log);
        Store store = Store.over(root);
        for (int i = 1; i <= 5; i++) {
            store.put("text", ("more than one value holds " + i).repeat(LARGEST));
        }

        checkpointer.writeIfDue("another writer");

        List<Entry> kept = log.read(1).entries();
        assertThat(kept).extracting(entry -> entry.at().number()).containsExactly(3L, 4L, 5L);
        for (Entry entry : kept) {
            assertThat(EntryText.read(log::get, entry)).isNotNull();
        }
        store.close();
    }
}
