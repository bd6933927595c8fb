package dev.heartwood;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The cost of ten thousand sessions: their changes, in counted steps. */
class SessionChangesTest {
    private static final int SESSIONS = 10_000;
    private static final Duration HOUR = Duration.ofHours(1);
    private static final KeyPath OPEN = Session.RECORDS.child("open");

    private final Store store = Store.create();
    private final SessionChanges changes = new SessionChanges();
    private final List<Long> changed = new ArrayList<>();
    private final List<Long> gone = new ArrayList<>();
    private final List<StoreException> failures = new ArrayList<>();

    private void look() {
        changed.clear();
        gone.clear();
        failures.clear();
        changes.look(store.snapshot(), session -> changed.add(session.fence()), gone::add, failures::add);
    }

    @Test
    void aLookReadsTheRecordsThatHaveChangedHoweverManyThereAre() {
        store.batch(SessionChangesTest::openAll);
        look();
        assertThat(changed).hasSize(SESSIONS);

        look();
        assertThat(changed).as("nothing has changed").isEmpty();

        store.batch(tx -> assertThat(SessionRecords.beat(tx, 17)).isTrue());
        store.batch(tx -> SessionRecords.own(tx, 18, KeyPath.of("place"), null));
        store.batch(tx -> assertThat(SessionRecords.end(tx, 19, Map.of())).isTrue());
        long opened = store.<Long>transact(tx -> SessionRecords.open(tx, "bob", HOUR));
        store.put("elsewhere", 1);
        look();
        assertThat(changed).containsExactlyInAnyOrder(17L, 18L, opened);
        assertThat(gone).containsExactly(19L);
        assertThat(failures).isEmpty();
    }

    @Test
    void aRenewalAndAnEndAreOneEditEachHoweverManySessionsThereAre() {
        InterposedRoot root = new InterposedRoot(Map.of());
        Store counted = Store.over(root);
        counted.batch(SessionChangesTest::openAll);
        List<List<Edit>> edits = new ArrayList<>();
        root.onEdits((before, after, made) -> edits.add(made.get()));

        counted.batch(tx -> assertThat(SessionRecords.beat(tx, 17)).isTrue());
        counted.batch(tx -> assertThat(SessionRecords.end(tx, 17, Map.of())).isTrue());

        KeyPath session = OPEN.child("17");
        assertThat(edits)
                .containsExactly(List.of(new Edit.Put(session.child("beat"), 1L)), List.of(new Edit.Remove(session)));
    }

    private static void openAll(Transaction tx) {
        tx.put(Session.RECORDS.child("fence"), SESSIONS);
        for (int fence = 1; fence <= SESSIONS; fence++) {
            tx.put(OPEN.child(Integer.toString(fence)), record(fence));
        }
    }

    private static Map<String, Object> record(int i) {
        return Map.of("name", "ann", "beat", 0, "ttl", 3_600_000 + i % 3);
    }

    @Test
    void whatIsNoSessionIsToldOfOnceAndDoesNotHideTheOthers() {
        store.put(OPEN.child("x"), Map.of("name", 1));
        store.put(OPEN.child("5"), "nonsense");
        store.put(OPEN.child("6"), record(0));
        look();
        assertThat(changed).containsExactly(6L);
        assertThat(failures).hasSize(2);

        store.put(OPEN.child("6").child("beat"), 1);
        look();
        assertThat(changed).containsExactly(6L);
        assertThat(failures).isEmpty();

        store.put(OPEN.child("6"), "nonsense");
        store.remove(OPEN.child("x"));
        look();
        assertThat(gone).as("it can be read no more, so nobody ends it").containsExactly(6L);

        store.discard(Session.RECORDS);
        look();
        assertThat(gone).containsExactlyInAnyOrder(5L, 6L);
    }
}
