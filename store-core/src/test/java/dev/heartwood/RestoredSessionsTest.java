package dev.heartwood;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Sessions of a tree that was restored: those of the past are not revived, and nothing that they owned stays lost. */
class RestoredSessionsTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final KeyPath TAKEN = KeyPath.of("taken");
    private static final KeyPath QUEUE = KeyPath.of("queue");
    private static final Map<String, Object> TREE = Map.of("queue", List.of("job"));

    /** Of one process: it has no heartbeats. */
    private final Store memory = Store.of(TREE);
    /** Of several, as far as sessions are concerned. */
    private final Store shared = Store.over(new InterposedRoot(TREE));

    private long now = System.nanoTime();

    @Test
    void aSessionThatTheRestoredStateDoesNotHaveIsOver() throws Exception {
        Snapshot before = shared.snapshot();
        Session session = shared.session("ann", HOUR);

        shared.restore(before);

        assertThat(session.isOpen()).isFalse();
        assertThatThrownBy(() -> shared.batch(tx -> tx.require(session))).isInstanceOf(SessionEndedException.class);
        shared.sessions().beat();
        assertThat(session.ended().get(1, TimeUnit.MINUTES)).isNull();
        session.close();
        assertThat(shared.contains(Session.RECORDS)).isFalse();
    }

    @Test
    void aSessionThatIsOpenInBothGoesOnWithThePlacesThatItHadThen() {
        Session session = memory.session("ann", HOUR);
        session.own(KeyPath.of("first"));
        memory.put("first", 1);
        memory.put("second", 2);
        Snapshot then = memory.snapshot();
        session.own(KeyPath.of("second"));

        memory.restore(then);
        memory.batch(tx -> tx.require(session));
        session.close();

        assertThat(memory.contains("first")).isFalse();
        assertThat(memory.get("second")).isEqualTo(2L);
    }

    @Test
    void aSessionThatIsRolledBackAndForthInBetweenHeartbeatsIsTheSameAsBefore() {
        Snapshot before = shared.snapshot();
        Session session = shared.session("ann", HOUR);
        Snapshot open = shared.snapshot();

        shared.restore(before);
        shared.restore(open);

        shared.sessions().beat();
        shared.batch(tx -> tx.require(session));
        assertThat(session.ended()).isNotDone();
    }

    @Test
    void aSessionThatWasNoticedToBeOverStaysSoAndItsPlacesComeBack() throws Exception {
        giveBackAtTheEnd(shared);
        Snapshot before = shared.snapshot();
        Session session = shared.session("ann", HOUR);
        take(shared, session);
        Snapshot taken = shared.snapshot();
        shared.restore(before);
        shared.sessions().beat();
        assertThat(session.ended().get(1, TimeUnit.MINUTES)).isNull();

        shared.restore(taken);

        assertThatThrownBy(() -> shared.batch(tx -> tx.require(session))).isInstanceOf(SessionEndedException.class);
        passATimeToLive();
        assertThat(shared.getList(QUEUE)).containsExactly("job");
        assertThat(shared.contains(TAKEN)).isFalse();
    }

    @Test
    void aSessionThatHasEndedSinceIsEndedAgainWhereProcessesShareTheStorageOnceItIsSilent() {
        giveBackAtTheEnd(shared);
        Session session = shared.session("ann", HOUR);
        take(shared, session);
        Snapshot taken = shared.snapshot();
        session.close();

        shared.restore(taken);
        assertThat(shared.contains(TAKEN)).isTrue();
        passATimeToLive();

        assertThat(shared.getList(QUEUE)).containsExactly("job");
        assertThat(shared.size(Session.RECORDS.child("open"))).isZero();
        assertThat(shared.size(Session.RECORDS.child("owners"))).isZero();
    }

    @Test
    void inOneProcessASessionThatHasEndedSinceIsEndedAgainByTheNextThatIsOpened() {
        giveBackAtTheEnd(memory);
        Session session = memory.session("ann", HOUR);
        take(memory, session);
        Snapshot taken = memory.snapshot();
        session.close();

        memory.restore(taken);
        Session next = memory.session("bob", HOUR);

        assertThat(memory.getList(QUEUE)).containsExactly("job");
        assertThat(memory.keys(Session.RECORDS.child("open"))).containsExactly(Long.toString(next.fence()));
    }

    @Test
    void inOneProcessASessionThatHasEndedSinceIsEndedAgainByTheNextOwnerOfItsPlace() {
        giveBackAtTheEnd(memory);
        Session next = memory.session("bob", HOUR);
        Session session = memory.session("ann", HOUR);
        take(memory, session);
        Snapshot taken = memory.snapshot();
        session.close();

        memory.restore(taken);
        take(memory, next);

        assertThat(memory.getList(QUEUE)).isEmpty();
        assertThat(memory.get(TAKEN)).isEqualTo("job");
        next.close();
        assertThat(memory.getList(QUEUE)).containsExactly("job");
    }

    @Test
    void thatIsSoForThePlaceOfAViewToo() {
        Session next = memory.session("bob", HOUR);
        Session session = memory.session("ann", HOUR);
        session.own(KeyPath.of("inner", "taken"));
        memory.put(KeyPath.of("inner", "taken"), "job");
        Snapshot taken = memory.snapshot();
        session.close();

        memory.restore(taken);
        memory.under("inner").batch(tx -> {
            next.own(tx, TAKEN);
            assertThat(tx.contains(TAKEN)).isFalse();
        });

        assertThat(next.release(KeyPath.of("inner", "taken"))).isTrue();
    }

    @Test
    void aSessionThatCouldNotBeEndedIsEndedByTheNextThatIsOpened() {
        boolean[] full = {true};
        memory.onSessionEnd("give back", (tx, place) -> {
            if (full[0]) {
                throw new IllegalStateException("full");
            }
            giveBack(tx, place);
        });
        Session session = memory.session("ann", HOUR);
        take(memory, session);
        memory.session("cora", HOUR).close(); // which has seen the record, as one of this store
        assertThatThrownBy(session::close).hasMessage("full");
        assertThat(memory.get(TAKEN)).isEqualTo("job");
        assertThat(session.ended()).as("the end is known").isDone();
        assertThat(session.isOpen()).isFalse();
        assertThatThrownBy(() -> memory.batch(tx -> tx.require(session))).isInstanceOf(SessionEndedException.class);

        full[0] = false;
        Session next = memory.session("bob", HOUR);

        assertThat(memory.getList(QUEUE)).containsExactly("job");
        assertThat(next.isOpen()).isTrue();
    }

    @Test
    void sessionsThatWereRestoredWithAFunctionThatIsNotKnownYetWaitForIt() {
        Store past = Store.of(TREE);
        giveBackAtTheEnd(past);
        take(past, past.session("ann", HOUR));

        memory.restore(past.snapshot());
        memory.session("bob", HOUR).close();
        Session cora = memory.session("cora", HOUR);
        assertThat(memory.get(TAKEN)).isEqualTo("job");
        assertThatThrownBy(() -> cora.own(TAKEN)).isInstanceOf(ConflictException.class);
        cora.close();
        giveBackAtTheEnd(memory);

        assertThat(memory.getList(QUEUE)).containsExactly("job");
        assertThat(memory.size(Session.RECORDS.child("open"))).isZero();
    }

    @Test
    void theyWaitAlsoWhereOnlyTheirSecondPlaceHasAFunctionThatIsNotKnown() {
        Store past = Store.of(TREE);
        giveBackAtTheEnd(past);
        Session ann = past.session("ann", HOUR);
        ann.own(KeyPath.of("a"));
        take(past, ann);

        memory.restore(past.snapshot());
        Session cora = memory.session("cora", HOUR);
        assertThatThrownBy(() -> cora.own(KeyPath.of("a"))).isInstanceOf(ConflictException.class);

        assertThat(memory.get(TAKEN)).isEqualTo("job");
    }

    private static void giveBackAtTheEnd(Store store) {
        store.onSessionEnd("give back", RestoredSessionsTest::giveBack);
    }

    private static void giveBack(Transaction tx, KeyPath place) {
        tx.move(place, QUEUE.child("-"));
    }

    /** Owns the place first, since another may have to give it back before. */
    private static void take(Store store, Session session) {
        store.batch(tx -> {
            tx.require(session);
            session.own(tx, TAKEN, "give back");
            tx.move(QUEUE.child(0), TAKEN);
        });
    }

    /** As the watching thread does, without a heartbeat. */
    private void passATimeToLive() {
        Sessions elsewhere = new Sessions(shared, true, failure -> {
            throw new AssertionError(failure);
        });
        elsewhere.know("give back", RestoredSessionsTest::giveBack);
        for (int i = 0; i < 4; i++) {
            long ignored = elsewhere.look(now += HOUR.toNanos() / 2);
        }
    }
}
