package dev.heartwood.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.heartwood.CommitOutcome;
import dev.heartwood.Delivery;
import dev.heartwood.IndeterminateCommitException;
import dev.heartwood.KeyPath;
import dev.heartwood.Root;
import dev.heartwood.Store;
import dev.heartwood.StoreClosedException;
import dev.heartwood.StoreIOException;
import dev.heartwood.Token;
import dev.heartwood.Update;
import dev.heartwood.testsupport.StreamEnd;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import org.assertj.core.api.ThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Faults of networks, servers and client libraries, one at a time, on real threads: the result of the caller, and the
 * true outcome.
 */
@Timeout(120)
class LogFaultsTest extends StoresOverALog {
    @Test
    void anAppendThatLandsAfterItsTimeOutCountsOnce() throws Exception {
        Store store = open(options().deadline(PATIENCE), connection);
        store.put("n", 0);
        connection.mode = FaultyLog.Mode.LATE;
        Thread rescuer = new Thread(() -> connection.mode = FaultyLog.Mode.SOUND);
        rescuer.start();
        assertThat(store.increment("n")).isEqualTo(1L);
        rescuer.join();
        assertThat(open(log.connect()).get("n")).isEqualTo(1L);
        assertThat(store.increment("n")).isEqualTo(2L);
    }

    @Test
    void anAppendThatWasGivenUpIsDecidedByWhoAsksAndNeverComesAfterThat() throws Exception {
        Store store = open(connection);
        store.put("n", 0);
        connection.mode = FaultyLog.Mode.LATE;
        IndeterminateCommitException doubt =
                catchThrowableOfType(IndeterminateCommitException.class, () -> store.increment("n"));
        assertThat(doubt).isNotNull();
        connection.mode = FaultyLog.Mode.SOUND;
        assertThat(store.outcomeOf(doubt)).isEqualTo(CommitOutcome.NOT_COMMITTED);
        assertThat(connection.arrive()).isInstanceOf(SharedLog.Lost.class);
        assertThat(open(log.connect()).get("n")).isEqualTo(0L);
        assertThat(store.increment("n")).isEqualTo(1L);
    }

    @Test
    void anAppendThatWasGivenUpAndLandedIsSaidToBeThere() throws Exception {
        Store store = open(connection);
        store.put("n", 0);
        connection.mode = FaultyLog.Mode.LATE;
        IndeterminateCommitException doubt =
                catchThrowableOfType(IndeterminateCommitException.class, () -> store.increment("n"));
        assertThat(connection.arrive()).isInstanceOf(SharedLog.Appended.class);
        connection.mode = FaultyLog.Mode.SOUND;
        assertThat(store.outcomeOf(doubt)).isEqualTo(CommitOutcome.COMMITTED);
        assertThat(store.increment("n")).isEqualTo(2L);
    }

    /** Its number is filled there, by an entry of somebody else, or comes long after the end. */
    @ParameterizedTest
    @ValueSource(longs = {1, 5})
    void theOutcomeOfACommitOfAnotherLogIsUnknown(long length) throws Exception {
        Store store = open(connection);
        for (int i = 0; i < 3; i++) {
            store.put("n", i);
        }
        connection.mode = FaultyLog.Mode.LATE;
        IndeterminateCommitException doubt =
                catchThrowableOfType(IndeterminateCommitException.class, () -> store.increment("n"));
        SharedLog elsewhere = new InMemoryLog().connect();
        Store other = open(elsewhere);
        for (int i = 0; i < length; i++) {
            other.put("n", i);
        }
        long end = elsewhere.last().number();
        assertThat(other.outcomeOf(doubt)).isEqualTo(CommitOutcome.UNKNOWN);
        assertThat(elsewhere.last().number()).as("nothing is written").isEqualTo(end);
    }

    /** The table of writers has its later entry only. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theOutcomeOfACommitWhosePlaceIsTrimmedAndWhoseWriterWentOnIsKnownToItsStore(boolean arrives) throws Exception {
        Store store = open(connection);
        store.put("n", 0);
        connection.mode = FaultyLog.Mode.LATE;
        IndeterminateCommitException doubt =
                catchThrowableOfType(IndeterminateCommitException.class, () -> store.increment("n"));
        if (arrives) {
            assertThat(connection.arrive()).isInstanceOf(SharedLog.Appended.class);
        }
        connection.mode = FaultyLog.Mode.SOUND;
        store.increment("n");
        store.increment("n");
        trimAll(arrives ? 4 : 3);

        assertThat(store.outcomeOf(doubt)).isEqualTo(arrives ? CommitOutcome.COMMITTED : CommitOutcome.NOT_COMMITTED);
        assertThat(open(log.connect()).outcomeOf(doubt))
                .as("the outcome that another store knows")
                .isEqualTo(CommitOutcome.UNKNOWN);
    }

    /** The store learns both at once, from a checkpoint. */
    @Test
    void theOutcomesOfCommitsWhosePlacesAreTrimmedBeforeTheirStoreLooksAreKnown() throws Exception {
        Store store = open(options().pollInterval(Duration.ofHours(1)), connection);
        store.put("n", 0);
        connection.mode = FaultyLog.Mode.LATE;
        IndeterminateCommitException first =
                catchThrowableOfType(IndeterminateCommitException.class, () -> store.increment("n"));
        IndeterminateCommitException second =
                catchThrowableOfType(IndeterminateCommitException.class, () -> store.increment("n"));
        connection.hears = false;
        assertThat(connection.arrive()).isInstanceOf(SharedLog.Appended.class);
        connection.mode = FaultyLog.Mode.SOUND;
        trimAll(2);

        assertThat(store.increment("n")).isEqualTo(2L);
        assertThat(store.outcomeOf(first)).isEqualTo(CommitOutcome.NOT_COMMITTED);
        assertThat(store.outcomeOf(second)).isEqualTo(CommitOutcome.COMMITTED);
    }

    /** Another process adds a commit, and trims everything up to a number. */
    private void trimAll(long number) throws Exception {
        LogRoot root = LogRoot.open(log.connect(), options().checkpointEvery(1).keepEntries(0), Wiring.system());
        Store trimming = Store.over(root);
        open.add(trimming);
        for (int i = 0; i < 3; i++) {
            trimming.merge("m", Long.class, 1L, Long::sum);
        }
        long ignored = root.writeCheckpoint();
        assertThat(log.connect().read(1).entries())
                .as("what is left")
                .allMatch(entry -> entry.at().number() > number);
    }

    /** Whether its entry was there, no table of writers tells: to make it anew could make it twice. */
    @Test
    void aCommitWhosePlaceIsTrimmedAndWhoseWriterIsForgottenIsInDoubt() {
        Store store = open(connection);
        store.put("n", 0);
        connection.mode = FaultyLog.Mode.TWICE;
        connection.afterNextAppend.set(() -> {
            LogRoot root = LogRoot.open(
                    log.connect(), options().checkpointEvery(1).keepEntries(0).rememberWriters(0), Wiring.system());
            try (Store rival = Store.over(root)) {
                rival.put("m", 1);
                long ignored = root.writeCheckpoint();
            }
        });
        assertThatThrownBy(() -> store.increment("n"))
                .isInstanceOf(IndeterminateCommitException.class)
                .hasMessageContaining("its place in the log was trimmed");
        connection.mode = FaultyLog.Mode.SOUND;
        assertThat(store.fresh().get("n")).isEqualTo(1L);
    }

    @Test
    void aClientThatSendsTwiceCountsOnce() {
        Store store = open(connection);
        store.put("n", 0);
        connection.mode = FaultyLog.Mode.TWICE;
        for (long i = 1; i <= 20; i++) {
            assertThat(store.increment("n")).isEqualTo(i);
        }
        assertThat(open(log.connect()).get("n")).isEqualTo(20L);
        assertThat(store.version()).isEqualTo(21);
    }

    /** Neither an engine with a fault nor an exhausted heap says whether the request has reached the log. */
    @ParameterizedTest
    @ValueSource(classes = {OutOfMemoryError.class, StackOverflowError.class, IllegalStateException.class})
    void aCommitWhoseRequestEndsWithAnyOtherFailureIsInDoubt(Class<? extends Throwable> type) throws Exception {
        Throwable failure = type.getConstructor().newInstance();
        Store store = open(connection);
        connection.afterNextAppend.set(() -> {
            if (failure instanceof Error error) {
                throw error;
            }
            throw (RuntimeException) failure;
        });
        IndeterminateCommitException doubt =
                catchThrowableOfType(IndeterminateCommitException.class, () -> store.put("n", 1));
        assertThat(doubt).isNotNull().hasCause(failure);
        assertThat(store.outcomeOf(doubt)).isEqualTo(CommitOutcome.COMMITTED);
        assertThat(store.increment("n")).isEqualTo(2L);
    }

    /** The entry in doubt is not its own: it loses its place, and is made anew. */
    @Test
    void aCommitThatWasAcceptedBehindOneInDoubtIsMade() throws Exception {
        LogRoot root = LogRoot.open(connection, options().deadline(PATIENCE), Wiring.system());
        Store store = Store.over(root);
        open.add(store);
        store.put("n", 1);
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread behind = new Thread(() -> store.put("behind", 1));
        behind.setUncaughtExceptionHandler((thread, e) -> failure.set(e));
        connection.afterNextAppend.set(() -> {
            behind.start();
            while (!root.head().root().containsKey("behind")) {
                Thread.onSpinWait();
            }
            throw new IllegalStateException("an engine with a fault");
        });
        assertThatThrownBy(() -> store.put("n", 2)).isInstanceOf(IndeterminateCommitException.class);
        behind.join();
        assertThat(failure).hasValue(null);
        assertThat(store.fresh().get("behind")).isEqualTo(1L);
    }

    @Test
    void aSilentConnectionMissesNothingAndIsMadeAnew() throws Exception {
        Store one = open(log.connect());
        one.put("n", 0);
        Store other = open(connection);
        ConcurrentLinkedQueue<Object> told = new ConcurrentLinkedQueue<>();
        other.watch("n", Delivery.every(Runnable::run), (Update update) -> told.add(update.newValue()));
        connection.hears = false;
        for (long i = 1; i <= 20; i++) {
            one.put("n", i);
            Thread.sleep(20);
        }
        other.await(view -> Long.valueOf(20).equals(view.get("n")), PATIENCE);
        assertThat(told)
                .containsExactlyElementsOf(LongStream.rangeClosed(1, 20).boxed().toList());
        assertThat(connection.kicks).hasPositiveValue();
    }

    @Test
    void aTimeThatNoClockCountsIsForEver() throws Exception {
        Duration forEver = Duration.ofSeconds(Long.MAX_VALUE);
        Store store = open(options().pollInterval(forEver).deadline(forEver), connection);
        open(log.connect()).put("n", 1);
        assertThat(store.await(view -> view.contains("n"), Duration.ofSeconds(10))
                        .get("n"))
                .isEqualTo(1L);
    }

    /** A store subscribes before it reads: otherwise the commit between the two would wait for the next poll. */
    @Test
    void aStoreThatOpensBesideACommitHearsOfItWithoutAPoll() throws Exception {
        Store rival = open(log.connect());
        // The log is empty both times that the store reads it: for its identity, and for the entries.
        connection.afterNextAnswer.set(() -> connection.afterNextAnswer.set(() -> rival.put("n", 1)));
        Store store = open(options().pollInterval(Duration.ofHours(1)), connection);
        assertThat(store.await(view -> view.contains("n"), Duration.ofSeconds(10))
                        .get("n"))
                .isEqualTo(1L);
    }

    @Test
    void aStoreOpensThoughOthersAppendAtEachOfItsRequests() {
        Store rival = open(log.connect());
        rival.put("n", 0);
        AtomicInteger reads = new AtomicInteger();
        connection.afterNextAnswer.set(new Runnable() {
            @Override
            public void run() {
                assertThat(reads.incrementAndGet()).isLessThan(10);
                rival.increment("n");
                connection.afterNextAnswer.set(this);
            }
        });
        Store store = open(options().pollInterval(Duration.ofHours(1)), connection);
        assertThat(store.get("n", Long.class)).isPositive();
    }

    @Test
    void aPlainReadOfAStoreWithFreshReadsSeesACommitOfWhichNobodyTells() throws Exception {
        connection.hears = false;
        Store store = open(options().reads(Reads.FRESH).pollInterval(Duration.ofHours(1)), connection);
        Store other = open(log.connect());
        other.put("n", 1);
        assertThat(store.get("n")).isEqualTo(1L);
        other.put("n", 2);
        assertThat(store.snapshot().get("n")).isEqualTo(2L);
    }

    @Test
    void aTokenOfALogWithoutEntriesIsReachedByEveryStore() throws Exception {
        Store first = open(connection);
        Token token = first.batch(tx -> {}).token();
        assertThat(first.atLeast(token, PATIENCE).version())
                .isEqualTo(first.snapshot().version());
        first.put("n", 1);
        Store other = open(log.connect());
        assertThat(other.atLeast(token, PATIENCE).get("n")).isEqualTo(1L);
    }

    @Test
    void aTokenIsWaitedForWhileNobodyTellsOfItsCommit() throws Exception {
        connection.hears = false;
        Store other = open(connection);
        Token token = open(log.connect()).batch(tx -> tx.put("n", 1)).token();
        assertThat(other.atLeast(token, PATIENCE).get("n")).isEqualTo(1L);
    }

    /** The follower has applied it, and the thread that is to publish it is held up. */
    @Test
    void aTokenIsReachedWithItsCommitThoughNobodyHasPublishedThatYet() throws Exception {
        ExecutorService held = Executors.newSingleThreadExecutor();
        CompletableFuture<Void> goesOn = new CompletableFuture<>();
        held.execute(goesOn::join);
        Wiring system = Wiring.system();
        LogRoot root = LogRoot.open(
                log.connect(),
                options().pollInterval(Duration.ofHours(1)),
                new Wiring(system.clock(), system.writer(), system.random(), new NoBackground(name -> held)));
        Root followsWhenAsked = (Root) Proxy.newProxyInstance(
                Root.class.getClassLoader(), new Class<?>[] {Root.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("hasReached")) {
                        long ignored = root.follow();
                    }
                    return method.invoke(root, arguments);
                });
        try (Store store = Store.over(followsWhenAsked)) {
            Token token = open(log.connect()).batch(tx -> tx.put("n", 1)).token();
            assertThat(store.atLeast(token, PATIENCE).get("n")).isEqualTo(1L);
        } finally {
            goesOn.complete(null);
        }
    }

    @Test
    void aTokenThatIsReachedIsAnsweredWhileACommitWaitsForTheLog() throws Exception {
        Store store = open(connection);
        Token token = store.batch(tx -> tx.put("n", 1)).token();
        CompletableFuture<Void> arrived = new CompletableFuture<>();
        CompletableFuture<Void> answers = new CompletableFuture<>();
        connection.afterNextAppend.set(() -> {
            arrived.complete(null);
            answers.completeOnTimeout(null, 10, TimeUnit.SECONDS).join();
        });
        CompletableFuture<Void> commit = CompletableFuture.runAsync(() -> store.put("n", 2));
        arrived.join();
        assertThat(store.atLeast(token, PATIENCE).get("n")).isEqualTo(1L);
        assertThat(answers).as("the answer that the commit waits for").isNotDone();
        answers.complete(null);
        commit.join();
    }

    @Test
    void withoutTheLogPlainReadsGoOnAndCommitsAreRefusedUntilItIsBack() {
        Store store = open(connection);
        store.put("n", 1);
        connection.mode = FaultyLog.Mode.CUT;
        assertThat(store.get("n")).isEqualTo(1L);
        assertThatThrownBy(() -> store.increment("n"))
                .isInstanceOf(StoreIOException.class)
                .hasMessageContaining("connection refused")
                .hasMessageContaining("was not made");
        assertThatThrownBy(() -> store.fresh().get("n"))
                .isInstanceOf(StoreIOException.class)
                .hasMessageContaining("has not answered");
        assertThat(store.get("n")).isEqualTo(1L);
        connection.mode = FaultyLog.Mode.SOUND;
        assertThat(store.increment("n")).isEqualTo(2L);
    }

    @Test
    void aTokenOfAnotherLogIsRefused() throws Exception {
        Token other =
                open(new InMemoryLog().connect()).batch(tx -> tx.put("n", 1)).token();
        Store store = open(connection);
        store.put("n", 1);
        store.put("n", 2);

        assertThatThrownBy(() -> store.atLeast(other, PATIENCE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the token is of log");
    }

    @Test
    void theConnectionIsClosedWithTheStoreAndAlsoWhereNoneCanBeOpened() {
        AtomicInteger closed = new AtomicInteger();
        SharedLog counted = (SharedLog) Proxy.newProxyInstance(
                SharedLog.class.getClassLoader(), new Class<?>[] {SharedLog.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("close")) {
                        closed.incrementAndGet();
                    }
                    try {
                        return method.invoke(connection, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
        Store store = options().over(counted);
        assertThat(closed).hasValue(0);
        store.close();
        store.close();
        assertThat(closed).hasValue(1);

        connection.mode = FaultyLog.Mode.CUT;
        assertThatThrownBy(() -> options().over(counted)).isInstanceOf(StoreIOException.class);
        assertThat(closed).hasValue(2);
    }

    @Test
    void everyUseOfAClosedRootIsRefused() {
        LogRoot root = LogRoot.open(log.connect(), options(), Wiring.system());
        Token token = root.token(root.head());
        root.close();
        List<ThrowableAssert.ThrowingCallable> uses =
                List.of(root::head, root::visible, root::fresh, root::flush, () -> root.hasReached(token));
        assertThat(uses).allSatisfy(use -> assertThatThrownBy(use).isInstanceOf(StoreClosedException.class));
    }

    @Test
    void aFullLogRefusesWithItsReasonAndGoesOnOnceThereIsRoom() {
        Store store = open(options().deadline(PATIENCE), connection);
        store.put("n", 1);
        connection.mode = FaultyLog.Mode.REFUSING;
        assertThatThrownBy(() -> store.increment("n"))
                .isInstanceOf(StoreIOException.class)
                .isNotInstanceOf(IndeterminateCommitException.class)
                .hasMessageContaining("no space left on the server: free some");
        assertThat(store.get("n")).isEqualTo(1L);
        connection.mode = FaultyLog.Mode.SOUND;
        assertThat(store.increment("n")).isEqualTo(2L);
    }

    @Test
    void aStreamHasTheLastCommitsBeforeTheDamageOfTheLogThatEndsIt() throws Exception {
        for (int i = 0; i < 20; i++) {
            InMemoryLog damaged = new InMemoryLog();
            FaultyLog reading = new FaultyLog(damaged.connect(), 1);
            Store store = open(reading);
            store.put("n", 0);
            StreamEnd stream = new StreamEnd();
            store.publisher(KeyPath.of("n")).subscribe(stream);
            reading.mode = FaultyLog.Mode.CUT;
            SharedLog rival = damaged.connect();
            open(rival).put("n", 1);
            SharedLog.Position last = rival.last();
            SharedLog.Entry damage =
                    new SharedLog.Entry(new SharedLog.Position(last.number() + 1, "rival:2"), "no entry of a tree");
            assertThat(rival.append(last, damage, null)).isInstanceOf(SharedLog.Appended.class);

            reading.mode = FaultyLog.Mode.SOUND;

            assertThat(stream.awaitFailure()).hasMessageContaining("not a Heartwood entry");
            assertThat(store.get("n")).isEqualTo(1L);
            assertThat(stream.elements()).hasSize(1);
        }
    }

    @Test
    void theStreamOfAStoreThatIsClosedAfterItsLogWasReplacedIsNotComplete() throws Exception {
        connection.hears = false;
        Store store = open(options().pollInterval(Duration.ofHours(1)), connection);
        store.put("n", 1);
        StreamEnd stream = new StreamEnd();
        store.publisher(KeyPath.of("n")).subscribe(stream);
        connection.leadTo(new InMemoryLog().connect());
        assertThatThrownBy(store::fresh).isInstanceOf(LogReplacedException.class);

        store.close();

        assertThat(stream.awaitFailure()).isInstanceOf(LogReplacedException.class);
    }

    @Test
    void aValueLargerThanTheLogTakesIsCommittedWhole() {
        Store store = open(log.connect());
        String large = "five megabytes ".repeat(350_000);
        store.put("large", large);
        store.put("small", 1);
        Store other = open(log.connect());
        assertThat(other.get("large")).isEqualTo(large);
        assertThat(other.get("small")).isEqualTo(1L);
    }

    @Test
    void aValueThatIsTooLargeInBytesAndNotInCharactersIsCommittedWhole() {
        InMemoryLog small = new InMemoryLog(1_000);
        String wide = "\u00e4".repeat(800);
        open(small.connect()).put("wide", wide);
        assertThat(open(small.connect()).get("wide")).isEqualTo(wide);
    }

    @Test
    void aWriterThatSleptPastTheTrimGoesOnFromTheCheckpoint() {
        connection.hears = false;
        LogOptions asleep = options().pollInterval(Duration.ofHours(1));
        Store sleeper = open(asleep, connection);
        sleeper.put("n", 0);
        LogRoot root = LogRoot.open(log.connect(), options().checkpointEvery(1).keepEntries(0), Wiring.system());
        Store busy = Store.over(root);
        open.add(busy);
        for (int i = 0; i < 20; i++) {
            busy.increment("n");
            long ignored = root.writeCheckpoint();
        }
        assertThat(sleeper.get("n")).isEqualTo(0L);
        assertThat(sleeper.increment("n")).isEqualTo(21L);
        assertThat(busy.fresh().get("n")).isEqualTo(21L);
    }

    /** Else a body that has read it would run again. */
    @Test
    void whatNobodyChangedStaysTheSameInstanceWhereACheckpointIsRead() {
        connection.hears = false;
        Store sleeper = open(options().pollInterval(Duration.ofHours(1)), connection);
        sleeper.put("stays", Map.of("list", List.of(1, 2)));
        Object stays = sleeper.get("stays");
        LogRoot root = LogRoot.open(log.connect(), options().checkpointEvery(1).keepEntries(0), Wiring.system());
        Store busy = Store.over(root);
        open.add(busy);
        for (int i = 1; i <= 20; i++) {
            busy.put("n", i);
            long ignored = root.writeCheckpoint();
        }

        assertThat(sleeper.fresh().get("n")).isEqualTo(20L);
        assertThat(sleeper.get("stays")).isSameAs(stays);
    }

    @Test
    void aStepOverTrimmedEntriesHasTheOriginOfNone() {
        connection.hears = false;
        Store sleeper = open(options().pollInterval(Duration.ofHours(1)), connection);
        sleeper.as("sleeper").put("n", 0);
        LogRoot root = LogRoot.open(log.connect(), options().checkpointEvery(1).keepEntries(0), Wiring.system());
        Store busy = Store.over(root);
        open.add(busy);
        for (int i = 0; i < 20; i++) {
            busy.as("busy").increment("n");
            long ignored = root.writeCheckpoint();
        }
        assertThat(sleeper.snapshot().origin().author()).isEqualTo("sleeper");
        assertThat(sleeper.fresh().get("n")).isEqualTo(20L);
        assertThat(sleeper.snapshot().origin().isEmpty()).isTrue();
    }

    @Test
    void aReplicaWhoseNextEntriesAreGoneWithoutACheckpointAfterItSaysSo() throws LogException {
        connection.hears = false;
        Store sleeper = open(options().pollInterval(Duration.ofHours(1)), connection);
        LogRoot root = LogRoot.open(log.connect(), options().checkpointEvery(1), Wiring.system());
        try (Store first = Store.over(root)) {
            first.put("n", 0);
            long ignored = root.writeCheckpoint();
        }
        assertThat(sleeper.fresh().get("n")).isEqualTo(0L);
        Store busy = open(log.connect());
        busy.increment("n");
        busy.increment("n");
        log.connect().trim(4);
        assertTimeoutPreemptively(
                PATIENCE,
                () -> assertThatThrownBy(sleeper::fresh)
                        .isInstanceOf(StoreIOException.class)
                        .hasMessageContaining("neither the entry after"));
        assertThat(sleeper.get("n")).isEqualTo(0L);
    }

    @Test
    void aCommitOfOnesOwnWhileAnAnswerIsOnItsWayIsNotTakenForARestore() {
        Store store = open(options().pollInterval(Duration.ofHours(1)), connection);
        store.put("n", 0);
        connection.afterNextLast.set(
                () -> CompletableFuture.runAsync(() -> store.put("n", 1)).join());
        assertThat(store.fresh().get("n")).isEqualTo(1L);
        assertThat(store.increment("n")).isEqualTo(2L);
    }

    @Test
    void aStoreThatClosesWaitsForTheCheckpointThatItHasBegun() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch goesOn = new CountDownLatch(1);
        connection.beforeNextPart.set(() -> {
            begun.countDown();
            try {
                goesOn.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        Store store = open(options().checkpointEvery(1), connection);
        store.put("n", 1);
        begun.await();
        Thread closing = new Thread(store::close);
        closing.start();
        while (closing.getState() != Thread.State.WAITING && closing.isAlive()) {
            Thread.onSpinWait();
        }
        assertThat(closing.isAlive()).isTrue();
        goesOn.countDown();
        closing.join();
        assertThat(Checkpoint.Pointer.parse(log.connect().checkpoint().orElseThrow())
                        .at()
                        .number())
                .isEqualTo(1);
    }

    @Test
    void aCheckpointThatIsDueIsBegunWithItsCommitAndNotAtTheNextPoll() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        connection.beforeNextPart.set(begun::countDown);
        Store store = open(options().checkpointEvery(2).pollInterval(Duration.ofHours(1)), connection);
        store.put("n", 1);
        store.put("n", 2);
        assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aProcessThatLivesForOneCommitWritesTheCheckpointThatIsDue() throws Exception {
        for (int i = 1; i <= 3; i++) {
            try (Store store = options().checkpointEvery(3).over(log.connect())) {
                store.put("n", i);
            }
        }
        assertThat(Checkpoint.Pointer.parse(log.connect().checkpoint().orElseThrow())
                        .at()
                        .number())
                .isEqualTo(3);
    }

    @Test
    void aNeighbourOfABigMapWritesItsEditAndNotTheMap() throws Exception {
        Store store = open(log.connect());
        Map<String, Object> wide = new HashMap<>();
        for (int i = 0; i < 5_000; i++) {
            wide.put("key" + i, "a small document of some hundred characters, or nearly so, as agents keep them");
        }
        store.put("wide", wide);
        store.put(KeyPath.of("wide", "key7"), "new");
        try (SharedLog look = log.connect()) {
            assertThat(look.read(look.last().number()).entries().get(0).body()).hasSizeLessThan(1_000);
        }
    }
}
