package dev.heartwood;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Ownership that ends, without a clock: heartbeats and looks are made by hand here. */
class SessionTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final KeyPath RECORDS = KeyPath.of("$sessions");
    private static final KeyPath TAKEN = KeyPath.of("taken");
    private static final KeyPath QUEUE = KeyPath.of("queue");

    private final InterposedRoot root = new InterposedRoot(Map.of("queue", List.of("job"), "n", 0));
    private final Store store = Store.over(root);
    private final List<Throwable> failures = new ArrayList<>();
    /** Another process, as far as sessions are concerned: one that has not opened those of the store. */
    private final Sessions elsewhere = new Sessions(store, true, failures::add);

    private long now = System.nanoTime();

    // ---- fencing

    @Test
    void aCommitMayRequireASessionWhileItIsOpen() {
        Session session = store.session("ann", HOUR);

        store.batch(tx -> {
            tx.require(session);
            tx.put("n", 1);
        });

        assertThat(store.get("n")).isEqualTo(1L);
        assertThat(session.isOpen()).isTrue();
    }

    @Test
    void aCommitThatRequiresAnEndedSessionIsRefusedAndChangesNothing() {
        Session session = store.session("ann", HOUR);
        session.close();
        Snapshot before = store.snapshot();

        assertThatThrownBy(() -> store.batch(tx -> {
                    tx.put("n", 1);
                    tx.require(session);
                }))
                .isInstanceOf(SessionEndedException.class)
                .hasMessageContaining("\"ann\" with fence " + session.fence() + " has ended: nothing is changed");
        assertThat(store.snapshot()).isSameAs(before);
        assertThat(session.isOpen()).isFalse();
    }

    @Test
    void anEndThatComesBetweenTheBodyAndTheCommitRefusesTheCommit() {
        Session session = store.session("ann", HOUR);
        root.beforeNextCommit(() -> silence());

        assertThatThrownBy(() -> store.batch(tx -> {
                    tx.require(session);
                    tx.put("n", 1);
                }))
                .isInstanceOf(SessionEndedException.class);
        assertThat(store.get("n")).isEqualTo(0L);
    }

    @Test
    void heartbeatsMakeNoCommitRunAgain() {
        Session session = store.session("ann", HOUR);
        root.beforeNextCommit(() -> store.sessions().beat());

        Commit commit = store.batch(tx -> {
            tx.require(session);
            session.own(tx, TAKEN);
            tx.put("n", 1);
        });

        assertThat(commit.attempts()).isEqualTo(1);
    }

    @Test
    void fencesGrow() {
        Session first = store.session("ann", HOUR);
        Session second = store.session("ann", HOUR);
        second.close();
        Session third = store.session("bob", HOUR);

        assertThat(second.fence()).isGreaterThan(first.fence());
        assertThat(third.fence()).isGreaterThan(second.fence());
    }

    @Test
    void fencesGrowAlsoAfterAnOlderTreeWasRestored() {
        Snapshot old = store.snapshot();
        long fence = store.session("ann", HOUR).fence();
        store.restore(old);

        assertThat(store.session("bob", HOUR).fence()).isGreaterThan(fence);
    }

    @Test
    void ofTwoSessionsThatAreOpenedAtOnceEachHasItsOwnNumber() {
        List<Session> rival = new ArrayList<>();
        root.beforeNextCommit(() -> rival.add(store.session("bob", HOUR)));

        Session session = store.session("ann", HOUR);

        assertThat(session.fence()).isGreaterThan(rival.get(0).fence());
        assertThat(rival.get(0).isOpen()).isTrue();
    }

    @Test
    void aSessionThatHasEndedStaysSoAlsoWhereAnOlderTreeIsRestored() {
        Session session = store.session("ann", HOUR);
        Snapshot open = store.snapshot();
        session.close();
        store.restore(open);

        assertThatThrownBy(() -> store.batch(tx -> tx.require(session))).isInstanceOf(SessionEndedException.class);
        assertThat(session.isOpen()).isFalse();
        assertThatThrownBy(() -> session.own(TAKEN)).isInstanceOf(SessionEndedException.class);
    }

    @Test
    void aSessionOfAnotherStoreIsRefused() {
        Session other = Store.create().session("ann", HOUR);

        assertThatThrownBy(() -> store.batch(tx -> tx.require(other)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("of another store");
        assertThatThrownBy(() -> store.batch(tx -> other.release(tx, TAKEN)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aHandleOfTheStoreMayRequireItsSessions() {
        Session session = store.as("ann").session("ann", HOUR);

        store.as("bob").batch(tx -> {
            tx.require(session);
            tx.under("inner").require(session);
        });
        store.under("inner").batch(tx -> tx.require(session));
    }

    // ---- places

    @Test
    void theEndRemovesThePlacesOfASessionAndItsRecordInOneCommit() {
        Session session = store.session("ann", HOUR);
        session.own(TAKEN);
        session.own(KeyPath.of("never", "there"));
        store.put(TAKEN, "job");
        long version = store.version();

        session.close();

        assertThat(store.version()).isEqualTo(version + 1);
        assertThat(store.toMap()).containsOnlyKeys("queue", "n", "$sessions");
        assertThat(store.size(RECORDS.child("open"))).isZero();
        assertThat(store.size(RECORDS.child("owners"))).isZero();
        assertThat(store.snapshot().origin().label()).isEqualTo("the session ann has ended");
    }

    @Test
    void thePlaceIsHandedToItsFunctionInTheSameCommit() {
        store.onSessionEnd("give back", SessionTest::giveBack);
        Session session = store.session("ann", HOUR);
        take(session);
        long version = store.version();

        session.close();

        assertThat(store.getList(QUEUE)).containsExactly("job");
        assertThat(store.contains(TAKEN)).isFalse();
        assertThat(store.version()).isEqualTo(version + 1);
    }

    @Test
    void aFunctionMayGiveThePlaceToAnotherSession() {
        Session bob = store.session("bob", HOUR);
        store.onSessionEnd("to bob", bob::own);
        Session ann = store.session("ann", HOUR);
        ann.own(TAKEN, "to bob");
        store.put(TAKEN, "job");

        ann.close();

        assertThatThrownBy(() -> store.session("eve", HOUR).own(TAKEN)).isInstanceOf(ConflictException.class);
        assertThat(bob.release(TAKEN)).isTrue();
    }

    @Test
    void aPlaceAtWhichNothingIsIsNotHandedOver() {
        store.onSessionEnd("give back", SessionTest::giveBack);
        Session session = store.session("ann", HOUR);
        take(session);
        store.batch(tx -> {
            tx.require(session);
            tx.remove(TAKEN);
        });

        session.close();

        assertThat(store.getList(QUEUE)).isEmpty();
    }

    @Test
    void aPlaceWithinAnotherPlaceOfTheSessionIsHandedOverBeforeTheOtherIsRemoved() {
        store.onSessionEnd("give back", (tx, place) -> tx.move(place, KeyPath.of("given back")));
        Session session = store.session("ann", HOUR);
        KeyPath outer = KeyPath.of("outer");
        store.batch(tx -> {
            tx.set(outer, Map.of("job", "a letter", "note", "of the session"));
            session.own(tx, outer);
            session.own(tx, outer.child("job"), "give back");
        });

        session.close();

        assertThat(store.get("given back")).isEqualTo("a letter");
        assertThat(store.contains(outer)).isFalse();
    }

    @Test
    void aPlaceThatCannotHaveAValueAnyMoreKeepsNoOtherOneOwned() {
        store.onSessionEnd("give back", SessionTest::giveBack);
        Session session = store.session("ann", HOUR);
        take(session);
        KeyPath below = KeyPath.of("leader", "queue");
        KeyPath inList = KeyPath.of("list", "name");
        store.put(below, "ann");
        store.put("list", List.of(1));
        for (KeyPath place : List.of(below, inList, KeyPath.of("list", 7), KeyPath.of("none", "at all"))) {
            session.own(place);
        }
        store.put("leader", "nobody");

        session.close();

        assertThat(store.getList(QUEUE)).hasSize(1);
        assertThat(store.get("leader")).isEqualTo("nobody");
        assertThat(store.getList("list")).containsExactly(1L);
        assertThat(store.session("bob", HOUR).isOpen()).isTrue();
    }

    @Test
    void aPlaceThatWasReleasedStays() {
        Session session = store.session("ann", HOUR);
        session.own(TAKEN);
        store.put(TAKEN, "job");

        assertThat(session.release(TAKEN)).isTrue();
        assertThat(session.release(TAKEN)).isFalse();
        session.close();

        assertThat(store.get(TAKEN)).isEqualTo("job");
    }

    @Test
    void whoDoesNotOwnAPlaceReleasesNothing() {
        Session ann = store.session("ann", HOUR);
        Session bob = store.session("bob", HOUR);
        ann.own(TAKEN);

        assertThat(bob.release(TAKEN)).isFalse();

        assertThatThrownBy(() -> bob.own(TAKEN)).isInstanceOf(ConflictException.class);
        assertThat(ann.release(TAKEN)).isTrue();
    }

    @Test
    void aPlaceHasOneOwnerAndIsFreeAtItsEnd() {
        Session ann = store.session("ann", HOUR);
        Session bob = store.session("bob", HOUR);
        ann.own(TAKEN);
        ann.own(TAKEN);

        assertThatThrownBy(() -> bob.own(TAKEN))
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining(
                        "/taken is owned by the session with fence " + ann.fence() + "; nothing is changed");
        assertThat(bob.release(TAKEN)).isFalse();
        ann.close();
        bob.own(TAKEN);
    }

    @Test
    void pathsOfAViewBeginAtItsPlace() {
        Session session = store.session("ann", HOUR);
        store.under("inner").batch(tx -> {
            tx.put("taken", "job");
            session.own(tx, TAKEN);
        });

        session.close();

        assertThat(store.size("inner")).isZero();
    }

    @Test
    void releasePathsOfAViewBeginAtItsPlaceToo() {
        Session session = store.session("ann", HOUR);
        session.own(KeyPath.of("inner", "taken"));

        store.under("inner").batch(tx -> assertThat(session.release(tx, TAKEN)).isTrue());

        store.session("bob", HOUR).own(KeyPath.of("inner", "taken"));
    }

    @Test
    void aPlaceThatIsOwnedAgainGoesToTheLastFunction() {
        store.onSessionEnd("give back", SessionTest::giveBack);
        Session session = store.session("ann", HOUR);
        take(session);
        session.own(TAKEN);

        session.close();

        assertThat(store.contains(TAKEN)).isFalse();
        assertThat(store.getList(QUEUE)).isEmpty();
    }

    @Test
    void aJsonNullIsHandedOverLikeAnyOtherValue() {
        store.onSessionEnd("give back", SessionTest::giveBack);
        Session session = store.session("ann", HOUR);
        take(session);
        store.put(TAKEN, null);

        session.close();

        assertThat(store.contains(TAKEN)).isFalse();
        assertThat(store.getList(QUEUE)).containsExactly((Object) null);
    }

    @Test
    void aPlaceOfASessionWhoseRecordWasRemovedByHandIsFree() {
        Session ann = store.session("ann", HOUR);
        ann.own(TAKEN);
        store.discard(RECORDS.child("open").child(String.valueOf(ann.fence())));

        Session bob = store.session("bob", HOUR);
        bob.own(TAKEN);

        assertThat(bob.release(TAKEN)).isTrue();
    }

    @Test
    void whoAsksForThePlaceOfAnotherEndsNoSession() {
        Session shared = elsewhere.open(store, "ann", HOUR);
        shared.own(TAKEN);
        assertThatThrownBy(() -> store.session("bob", HOUR).own(TAKEN)).isInstanceOf(ConflictException.class);
        assertThat(shared.isOpen()).as("of another process").isTrue();

        Store memory = Store.create();
        Session mine = memory.session("ann", HOUR);
        mine.own(TAKEN);
        assertThatThrownBy(() -> memory.session("bob", HOUR).own(TAKEN)).isInstanceOf(ConflictException.class);
        assertThat(mine.isOpen()).as("of this store").isTrue();
    }

    @Test
    void theRootAndTheRecordsCannotBeOwned() {
        Session session = store.session("ann", HOUR);

        assertThatThrownBy(() -> session.own(KeyPath.root()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no session can own the whole tree");
        assertThatThrownBy(() -> session.own(RECORDS.child("open")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the records of sessions: /$sessions/open");
        assertThatThrownBy(() -> session.own(TAKEN, "unknown"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("register it with Store.onSessionEnd first");
    }

    // ---- the end

    @Test
    void aSessionThatIsSilentIsEndedElsewhere() {
        elsewhere.know("give back", SessionTest::giveBack);
        store.onSessionEnd("give back", SessionTest::giveBack);
        Session session = store.session("ann", HOUR);
        take(session);

        silence();

        assertThat(store.getList(QUEUE)).containsExactly("job");
        assertThat(session.isOpen()).isFalse();
        assertThat(failures).isEmpty();
    }

    @Test
    void aSessionThatSendsHeartbeatsIsNotEnded() {
        Session session = store.session("ann", HOUR);
        for (int i = 0; i < 20; i++) {
            store.sessions().beat();
            passHalfATimeToLive();
        }

        assertThat(session.isOpen()).isTrue();
    }

    @Test
    void eachSessionOfAStoreSendsHeartbeats() {
        Session first = store.session("ann", HOUR);
        Session second = store.session("bob", HOUR);
        for (int i = 0; i < 4; i++) {
            store.sessions().beat();
            passHalfATimeToLive();
        }

        assertThat(first.isOpen()).isTrue();
        assertThat(second.isOpen()).isTrue();
    }

    @Test
    void theHeartbeatsFollowTheShortestTimeToLiveAlsoThatOfALaterSession() throws Exception {
        Session ignored = store.session("ann", HOUR);
        Session brief = store.session("bob", Duration.ofMillis(100));
        KeyPath beat =
                RECORDS.child("open").child(String.valueOf(brief.fence())).child("beat");

        Snapshot beaten = store.await(tree -> tree.get(beat, Long.class) >= 3, Duration.ofSeconds(30));

        assertThat(beaten.get(beat, Long.class)).isGreaterThanOrEqualTo(3);
    }

    @Test
    void aListenerThatDoesNotReturnKeepsNoHeartbeatBack() throws Exception {
        Session brief = store.session("bob", Duration.ofMillis(100));
        KeyPath beat =
                RECORDS.child("open").child(String.valueOf(brief.fence())).child("beat");
        CountDownLatch called = new CountDownLatch(1);
        CountDownLatch mayReturn = new CountDownLatch(1);
        Subscription slow = store.watch(beat, Delivery.latest(Runnable::run), update -> {
            called.countDown();
            await(mayReturn);
        });
        try {
            await(called);
            long before = store.get(beat, Long.class);
            store.await(tree -> tree.get(beat, Long.class) >= before + 3, Duration.ofSeconds(30));
        } finally {
            mayReturn.countDown();
            slow.close();
        }

        assertThat(brief.isOpen()).isTrue();
    }

    @Test
    void othersLookFourTimesInTheShortestTimeToLive() {
        Session ignored = store.session("ann", HOUR);
        assertThat(elsewhere.look(now)).isEqualTo(TimeUnit.SECONDS.toNanos(1));

        Session brief = store.session("bob", Duration.ofMillis(1_500));

        assertThat(elsewhere.look(now)).isEqualTo(Duration.ofMillis(375).toNanos());
        assertThat(brief.isOpen()).isTrue();
    }

    @Test
    void aStoreEndsNoSessionOfItsOwnForItsSilence() {
        Sessions alone = new Sessions(store, false, failures::add);
        Session session = alone.open(store, "ann", HOUR);
        for (int i = 0; i < 5; i++) {
            now += HOUR.toNanos() / 2;
            long ignored = alone.look(now);
        }

        assertThat(session.isOpen()).isTrue();
    }

    @Test
    void ofAHeartbeatAndAnEndTheFirstCommitWins() throws Exception {
        Session lives = store.session("ann", HOUR);
        passHalfATimeToLive();
        passHalfATimeToLive();
        passHalfATimeToLive();
        root.beforeNextCommit(() -> store.sessions().beat());
        passHalfATimeToLive();
        assertThat(lives.isOpen()).as("the heartbeat came first").isTrue();

        root.beforeNextCommit(() -> silence());
        store.sessions().beat();
        assertThat(lives.isOpen()).as("the end came first").isFalse();
        assertThat(lives.ended().get(20, TimeUnit.SECONDS)).isNull();
    }

    @Test
    void theOwnerLearnsOfTheEndByItsNextHeartbeat() throws Exception {
        Session ann = store.session("ann", HOUR);
        Session bob = store.session("bob", HOUR);
        store.discard(RECORDS.child("open").child(String.valueOf(ann.fence())));
        assertThat(ann.ended()).isNotDone();

        store.sessions().beat();

        assertThat(ann.ended().get(20, TimeUnit.SECONDS)).isNull();
        assertThat(bob.isOpen()).isTrue();
        assertThat(bob.ended()).isNotDone();
    }

    @Test
    void aProcessThatDoesNotKnowAFunctionLeavesTheSessionToOthers() {
        store.onSessionEnd("give back", SessionTest::giveBack);
        Session session = store.session("ann", HOUR);
        take(session);

        silence();

        assertThat(session.isOpen()).isTrue();
        assertThat(store.get(TAKEN)).isEqualTo("job");
    }

    @Test
    void aSessionOfWhichOneFunctionOfTwoIsNotKnownIsEndedByOthersAsAWhole() {
        elsewhere.know("give back", SessionTest::giveBack);
        store.onSessionEnd("give back", SessionTest::giveBack);
        store.onSessionEnd("unknown elsewhere", SessionTest::giveBack);
        Session session = store.session("ann", HOUR);
        take(session);
        store.put("z", "job");
        session.own(KeyPath.of("z"), "unknown elsewhere");

        silence();

        assertThat(session.isOpen()).isTrue();
        assertThat(store.get(TAKEN)).isEqualTo("job");
        assertThat(store.get("z")).isEqualTo("job");
    }

    @Test
    void aFunctionThatFailsLeavesAllAsItWasAndIsTriedAgain() {
        AtomicInteger calls = new AtomicInteger();
        elsewhere.know("give back", (tx, place) -> {
            if (calls.incrementAndGet() == 1) {
                throw new IllegalStateException("full");
            }
            giveBack(tx, place);
        });
        store.onSessionEnd("give back", SessionTest::giveBack);
        Session session = store.session("ann", HOUR);
        Session other = store.session("bob", HOUR);
        take(session);

        silence();
        assertThat(failures).singleElement().isInstanceOf(IllegalStateException.class);
        assertThat(session.isOpen()).isTrue();
        assertThat(other.isOpen()).as("others are ended all the same").isFalse();
        assertThat(store.get(TAKEN)).isEqualTo("job");

        silence();
        assertThat(store.getList(QUEUE)).containsExactly("job");
    }

    @Test
    void aRecordThatCannotBeReadIsToldOnceAndKeepsNoOtherOpen() {
        store.put(RECORDS.child("open").child("x"), Map.of("name", 1));
        store.put(RECORDS.child("open").child("5"), "nonsense");
        store.put(
                RECORDS.child("open").child("6"),
                Map.of("name", "ann", "beat", 0, "ttl", 100, "places", Map.of("/n", 17)));
        Session session = store.session("ann", HOUR);

        silence();

        assertThat(session.isOpen()).isFalse();
        assertThat(failures)
                .hasSize(3)
                .allSatisfy(failure -> assertThat(failure)
                        .hasMessageContaining("the record of a session at /$sessions/open/")
                        .hasMessageContaining("remove the record, and give back its places by hand"));
    }

    @Test
    void closingTheStoreEndsItsSessions() throws Exception {
        Session session = store.session("ann", HOUR);
        store.put(TAKEN, "job");
        session.own(TAKEN);
        AtomicInteger changes = new AtomicInteger();
        Subscription watch = store.watch(TAKEN, Delivery.every(Runnable::run), update -> {
            assertThat(update.newValue()).isNull();
            changes.incrementAndGet();
        });

        store.close();

        assertThat(watch.isClosed()).isTrue();
        assertThat(changes).hasValue(1);
        assertThat(session.ended().get(20, TimeUnit.SECONDS)).isNull();
        session.close();
    }

    @Test
    void aSessionThatIsOpenedWhileTheStoreIsClosedEndsToo() {
        List<Session> late = new ArrayList<>();
        store.onSessionEnd("open another", (tx, place) -> {
            if (late.isEmpty()) {
                late.add(Crew.elsewhere(() -> store.session("bob", HOUR)));
            }
        });
        store.put(TAKEN, "job");
        store.session("ann", HOUR).own(TAKEN, "open another");

        store.close();

        assertThat(late)
                .singleElement()
                .satisfies(session -> assertThat(session.ended()).isDone());
    }

    @Test
    void anEndThatNobodyAwaitsNeedsNoThreadAndOneThatIsAwaitedHoldsUpNobody() throws Exception {
        Session session = store.session("ann", HOUR);
        session.close();
        assertThat(session.ended()).isDone();

        Session awaited = store.session("bob", HOUR);
        CountDownLatch goOn = new CountDownLatch(1);
        CompletableFuture<Thread> told = awaited.ended().thenApply(none -> {
            await(goOn);
            return Thread.currentThread();
        });
        awaited.close();
        goOn.countDown();
        assertThat(told.get(20, TimeUnit.SECONDS)).isNotSameAs(Thread.currentThread());
    }

    @Test
    void closingTheStoreTakesOneCommitHoweverManySessionsItHas() {
        for (int i = 0; i < 1_000; i++) {
            Session session = store.session("ann", HOUR);
            session.own(KeyPath.of("places", Integer.toString(i)));
            store.put(KeyPath.of("places", Integer.toString(i)), i);
        }
        Snapshot before = store.snapshot();
        AtomicInteger states = new AtomicInteger();
        Subscription ignored = store.watch(KeyPath.root(), Delivery.every(Runnable::run), update -> {
            assertThat(update.after().size("places")).isZero();
            states.incrementAndGet();
        });

        store.close();

        assertThat(states).hasValue(1);
        assertThat(before.size("places")).isEqualTo(1_000);
    }

    /** Each try may take as long as the root's deadline. */
    @Test
    void aRootThatCannotCommitIsAskedOnceWhenTheStoreIsClosed() {
        List<Throwable> told = new ArrayList<>();
        InterposedRoot unreachable = new InterposedRoot(Map.of());
        Store closing = Store.options().failureHandler(told::add).over(unreachable);
        List<Session> open = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            open.add(closing.session("ann", HOUR));
        }
        AtomicInteger tries = new AtomicInteger();
        StoreIOException outage = new StoreIOException("the log has not answered", null);
        unreachable.onEdits((before, after, edits) -> {
            tries.incrementAndGet();
            throw outage;
        });

        closing.close();

        assertThat(tries).hasValue(1);
        assertThat(told).containsExactly(outage);
        // They are over for this process, whoever ends their records.
        assertThat(open).allSatisfy(session -> assertThat(session.ended()).succeedsWithin(20, TimeUnit.SECONDS));
    }

    @Test
    void aFunctionThatFailsWhenTheStoreIsClosedKeepsNoOtherSessionOpen() {
        List<Throwable> told = new ArrayList<>();
        Store failing = Store.options().failureHandler(told::add).over(Root.inMemory(Map.of("b", 1)));
        failing.onSessionEnd("fail", (tx, place) -> {
            throw new IllegalStateException("full");
        });
        failing.put(TAKEN, "job");
        failing.session("ann", HOUR).own(TAKEN, "fail");
        failing.session("bob", HOUR).own(KeyPath.of("b"));
        List<Object> left = new ArrayList<>();
        Subscription ignored = failing.watch(KeyPath.root(), Delivery.every(Runnable::run), update -> {
            left.clear();
            left.addAll(update.after().keys());
        });

        failing.close();

        assertThat(left).containsExactlyInAnyOrder("$sessions", "taken");
        assertThat(told).singleElement().isInstanceOf(IllegalStateException.class);
    }

    @Test
    void anErrorAtTheEndOfASessionKeepsNoStoreOpen() {
        Store memory = Store.of(Map.of("taken", "job"));
        AssertionError error = new AssertionError("of a function");
        memory.onSessionEnd("give back", (tx, place) -> {
            throw error;
        });
        memory.session("ann", HOUR).own(TAKEN, "give back");

        assertThatThrownBy(memory::close).isSameAs(error);

        assertThatThrownBy(memory::snapshot).isInstanceOf(StoreClosedException.class);
    }

    @Test
    void closingAHandleEndsNoSession() {
        Store handle = store.as("ann");
        Session session = handle.session("ann", HOUR);
        handle.close();

        store.batch(tx -> tx.require(session));
        session.close();
        assertThatThrownBy(() -> store.batch(tx -> tx.require(session))).isInstanceOf(SessionEndedException.class);
    }

    @Test
    void aSessionThatIsClosedInsideABatchIsRefusedAndStaysOpen() {
        Session session = store.session("ann", HOUR);

        assertThatThrownBy(() -> store.batch(tx -> session.close())).isInstanceOf(ReentrantUseException.class);
        assertThat(session.isOpen()).isTrue();
        assertThat(session.ended()).isNotDone();
    }

    // ---- one process

    @Test
    void inMemoryThereAreNoHeartbeatsAndNothingIsCommittedByItself() {
        Store memory = Store.create();
        Session session = memory.session("ann", Duration.ofMillis(100));
        session.own(TAKEN);
        memory.put(TAKEN, "job");
        long version = memory.version();

        assertThat(memory.sessions().hasThreads()).isFalse();
        assertThat(memory.version()).isEqualTo(version);
        session.close();
        assertThat(memory.contains(TAKEN)).isFalse();
    }

    @Test
    void theFirstSessionOfAProcessEndsThoseOfAnEarlierOne() {
        Store earlier = Store.of(Map.of("queue", List.of()));
        earlier.onSessionEnd("give back", SessionTest::giveBack);
        Session gone = earlier.session("ann", HOUR);
        gone.own(TAKEN, "give back");
        earlier.put(TAKEN, "job");
        Session empty = earlier.session("bob", HOUR);
        empty.own(KeyPath.of("leader"));
        earlier.put("leader", "bob");

        Store later = Store.of(earlier.snapshot().root());
        assertThat(later.contains("leader")).isTrue();
        Session session = later.session("cora", HOUR);
        assertThat(later.contains("leader")).isFalse();
        assertThat(later.contains(TAKEN)).as("until its function is known").isTrue();
        later.onSessionEnd("give back", SessionTest::giveBack);

        assertThat(later.getList(QUEUE)).containsExactly("job");
        assertThat(session.isOpen()).isTrue();
        assertThat(session.fence()).isGreaterThan(empty.fence());
    }

    /** In memory no other process has sessions, so one that is not known to be of this store was left by a process that is gone. */
    @Test
    void aSessionIsOfItsStoreFromTheMomentOnThatOthersSeeIt() {
        Store alone = Store.of(Map.of());
        List<Session> others = new ArrayList<>();
        Subscription ignored = alone.watch(RECORDS, Delivery.every(Runnable::run), update -> {
            if (others.isEmpty()) {
                others.add(Crew.elsewhere(() -> alone.session("bob", HOUR)));
            }
        });

        Session session = alone.session("ann", HOUR);

        assertThat(session.isOpen()).isTrue();
        assertThat(others).singleElement().matches(Session::isOpen);
    }

    @Test
    void sessionsThatManyThreadsOpenAtOnceDoNotEndEachOther() {
        Store memory = Store.create();
        Crew.together(4, index -> {
            for (int i = 0; i < 200; i++) {
                Session session = memory.session("ann", HOUR);
                assertThat(session.isOpen()).isTrue();
                session.close();
            }
        });
        assertThat(memory.size(RECORDS.child("open"))).isZero();
    }

    @Test
    void aSessionThatIsJustBeingOpenedIsNotTakenForOneThatWasLeft() {
        Sessions alone = new Sessions(store, false, failures::add);
        root.onNextAnswer(() -> {
            Crew.elsewhere(() -> alone.open(store, "bob", HOUR));
            return true;
        });

        Session session = alone.open(store, "ann", HOUR);

        assertThat(session.isOpen()).isTrue();
        assertThat(store.size(RECORDS.child("open"))).isEqualTo(2);
    }

    @Test
    void aSessionWhoseOpeningFailsAfterItsCommitIsEndedByTheNextThatIsOpened() {
        Sessions alone = new Sessions(store, false, failures::add);
        StoreIOException full = new StoreIOException("the disk is full", new IOException("no space"));
        root.onNextAnswer(() -> {
            Crew.elsewhere(() -> alone.open(store, "bob", HOUR)); // which has seen the record, as one of this store
            throw full;
        });
        assertThatThrownBy(() -> alone.open(store, "ann", HOUR)).isSameAs(full);
        assertThat(store.size(RECORDS.child("open"))).isEqualTo(2);

        alone.open(store, "cora", HOUR);

        assertThat(store.size(RECORDS.child("open"))).as("bob and cora").isEqualTo(2);
    }

    @Test
    void aNumberThatTwoCallsHaveTriedIsOfThisStoreUntilItsSessionIsKnown() {
        Sessions alone = new Sessions(store, false, failures::add);
        CountDownLatch bobHasTried = new CountDownLatch(1);
        CountDownLatch annHasCommitted = new CountDownLatch(1);
        root.beforeNextCommit(() -> {
            bobHasTried.countDown();
            await(annHasCommitted);
        });
        Crew crew = new Crew();
        crew.start(() -> alone.open(store, "bob", HOUR));
        await(bobHasTried);
        root.onNextAnswer(() -> {
            annHasCommitted.countDown();
            crew.join(); // bob has another number now
            Crew.elsewhere(() -> alone.open(store, "cora", HOUR));
            return true;
        });

        Session ann = alone.open(store, "ann", HOUR);

        assertThat(ann.isOpen()).isTrue();
        assertThat(store.size(RECORDS.child("open"))).isEqualTo(3);
    }

    @Test
    void ofASessionThatWasNeverOpenedNothingIsToldLater() {
        Sessions alone = new Sessions(store, false, failures::add);
        StoreIOException full = new StoreIOException("the disk is full", new IOException("no space"));
        root.beforeNextCommit(() -> {
            throw full;
        });
        assertThatThrownBy(() -> alone.open(store, "ann", HOUR)).isSameAs(full);

        assertThat(alone.open(store, "bob", HOUR).isOpen()).isTrue();
        assertThat(failures).isEmpty();
    }

    @Test
    void aSessionThatIsOpenedWhileItsStoreClosesIsOver() {
        Sessions closing = new Sessions(store, false, failures::add);
        closing.close();

        assertThat(closing.open(store, "ann", HOUR).isOpen()).isFalse();
        assertThat(store.size(RECORDS.child("open"))).isZero();
    }

    // ---- several processes

    @Test
    void whereProcessesShareTheTreeASessionOrAFunctionForTheEndOfOneBeginsTheHeartbeats() {
        assertThat(store.sessions().hasThreads()).isFalse();
        store.session("ann", HOUR);
        assertThat(store.sessions().hasThreads()).isTrue();

        Store listens = Store.over(new InterposedRoot(Map.of()));
        listens.onSessionEnd("give back", SessionTest::giveBack);
        assertThat(listens.sessions().hasThreads()).isTrue();
    }

    @Test
    void theThreadsOfTheSessionsEndWithTheirStoreAlsoWhereTheyRestForAnHour() throws InterruptedException {
        Set<Thread> before = sessionThreads();
        Store listens = Store.over(new InterposedRoot(Map.of()));
        listens.onSessionEnd("give back", SessionTest::giveBack);
        Set<Thread> threads = sessionThreads();
        threads.removeAll(before);
        assertThat(threads).hasSize(2);
        for (Thread thread : threads) {
            while (thread.getState() != Thread.State.TIMED_WAITING) {
                Thread.onSpinWait();
            }
        }

        listens.close();

        for (Thread thread : threads) {
            thread.join(30_000);
            assertThat(thread.isAlive()).as(thread.getName()).isFalse();
        }
    }

    private static Set<Thread> sessionThreads() {
        Set<Thread> found = new HashSet<>(Thread.getAllStackTraces().keySet());
        found.removeIf(thread -> !thread.getName().equals("heartwood sends heartbeats")
                && !thread.getName().equals("heartwood watches sessions"));
        return found;
    }

    // ---- arguments

    @Test
    void badArgumentsAreRefused() {
        assertThatThrownBy(() -> store.session(" ", HOUR)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> store.session("ann", Duration.ofMillis(99)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected a time to live of 100 ms to 365 d, not ");
        assertThatThrownBy(() -> store.session("ann", Duration.ofDays(365).plusNanos(1)))
                .isInstanceOf(IllegalArgumentException.class);
        Session longest = store.session("ann", Duration.ofDays(365));
        assertThat(longest.name()).isEqualTo("ann");
        assertThat(longest.ttl()).isEqualTo(Duration.ofDays(365));
        assertThat(longest).hasToString("Session[ann, fence " + longest.fence() + "]");
        longest.close();
        assertThat(longest).hasToString("Session[ann, fence " + longest.fence() + ", ended]");
        assertThat(Store.create().session("ann", Duration.ofMillis(100)).isOpen())
                .isTrue();
        store.onSessionEnd("give back", SessionTest::giveBack);
        assertThatThrownBy(() -> store.onSessionEnd("give back", SessionTest::giveBack))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("already");
        assertThatThrownBy(() -> store.batch(tx -> store.session("ann", HOUR)))
                .isInstanceOf(ReentrantUseException.class);
    }

    @Test
    void somethingElseUnderTheKeyOfSessionsIsRefusedByName() {
        Store other = Store.of(Map.of("$sessions", "mine"));

        assertThatThrownBy(() -> other.session("ann", HOUR))
                .isInstanceOf(TypeMismatchException.class)
                .hasMessageContaining("/$sessions");
        assertThat(other.get("$sessions")).isEqualTo("mine");
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void giveBack(Transaction tx, KeyPath place) {
        tx.move(place, QUEUE.child("-"));
    }

    private void take(Session session) {
        store.batch(tx -> {
            tx.require(session);
            session.own(tx, TAKEN, "give back");
            tx.move(QUEUE.child(0), TAKEN);
        });
    }

    /** Lets time pass elsewhere, without a heartbeat, until the session is too silent. */
    private void silence() {
        for (int i = 0; i < 4; i++) {
            passHalfATimeToLive();
        }
    }

    private void passHalfATimeToLive() {
        now += HOUR.toNanos() / 2;
        long ignored = elsewhere.look(now);
    }
}
