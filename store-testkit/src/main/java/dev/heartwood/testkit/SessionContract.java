package dev.heartwood.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heartwood.IndeterminateCommitException;
import dev.heartwood.KeyPath;
import dev.heartwood.Root;
import dev.heartwood.Session;
import dev.heartwood.SessionEndedException;
import dev.heartwood.Store;
import dev.heartwood.StoreException;
import dev.heartwood.StoreIOException;
import dev.heartwood.Transaction;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/**
 * Sessions of one store, of the next store over a storage that outlives the first, and of two stores over one storage.
 * Closing the root under a store simulates a killed process.
 */
interface SessionContract extends Workbench {
    Duration SHORT = Duration.ofMillis(200);
    Duration LONG = Duration.ofSeconds(4);
    KeyPath JOBS = KeyPath.of("jobs");
    KeyPath TAKEN = KeyPath.of("taken");
    KeyPath OPEN = Session.RECORDS.child("open");
    KeyPath OWNERS = Session.RECORDS.child("owners");

    private static Map<String, Object> tree() {
        return Map.of("jobs", List.of("job"));
    }

    /** The store over a root, which gives jobs back. */
    private Store worker(Root root) {
        Store store = store(root);
        store.onSessionEnd("give back", SessionContract::giveBack);
        return store;
    }

    /** Another store over the same storage. */
    private Store second(Root root) throws Exception {
        return worker(closing(orSkip(join(root), "be shared")));
    }

    private static void giveBack(Transaction tx, KeyPath place) {
        tx.move(place, JOBS.child("-"));
    }

    private static void take(Store store, Session session) {
        store.batch(tx -> {
            tx.require(session);
            session.own(tx, TAKEN, "give back");
            tx.move(JOBS.child(0), TAKEN);
        });
    }

    /** On a slow machine such a short session may end before it is used. */
    private static void takeUntilItIsTaken(Store store) {
        for (; ; ) {
            try {
                take(store, store.session("one", SHORT));
                return;
            } catch (SessionEndedException e) {
                // Once more.
            }
        }
    }

    private static void requireGivenBack(Store store) {
        assertThat(store.getList(JOBS)).containsExactly("job");
        assertThat(store.contains(TAKEN)).isFalse();
        assertThat(store.size(OWNERS)).isZero();
    }

    // ---- of one store

    @Test
    default void theEndGivesThePlacesOfASessionBackAndRefusesWhatRequiresIt() throws Exception {
        Store store = worker(root(tree()));
        Session session = store.session("one", LONG);
        take(store, session);
        store.batch(tx -> tx.require(session));

        session.close();

        requireGivenBack(store);
        assertThatThrownBy(() -> store.batch(tx -> {
                    tx.put("done", true);
                    tx.require(session);
                }))
                .isInstanceOf(SessionEndedException.class);
        assertThat(store.contains("done")).isFalse();
        assertThat(session.isOpen()).isFalse();
    }

    @Test
    default void aStateOfThePastThatIsRestoredRevivesNoSessionAndGivesItsPlacesBack() throws Exception {
        Store store = worker(root(tree()));
        Session session = store.session("one", SHORT);
        Session living = store.session("two", LONG);
        try {
            take(store, session);
        } catch (SessionEndedException e) {
            Assumptions.abort("too slow a machine for a session as short");
        }
        // A state in which the job is taken; it has the session, too.
        var taken = store.batch(tx -> tx.put("mark", 1)).after();
        session.close();

        store.restore(taken);
        assertThatThrownBy(() -> store.batch(tx -> tx.require(session))).isInstanceOf(SessionEndedException.class);
        // Without heartbeats, the next session ends this one; with them, its silence does.
        try (Session next = store.session("three", LONG)) {
            store.await(view -> !view.contains(TAKEN), WatchingContract.PATIENCE);
            assertThat(next.fence()).isGreaterThan(living.fence());
        }
        requireGivenBack(store);
        store.batch(tx -> tx.require(living));
    }

    // ---- of the next one

    @Test
    default void theSessionsOfAStorageThatWasLeftAreEndedByTheNextThatUsesIt() throws Exception {
        Root root = root(tree());
        Store left = worker(root);
        takeUntilItIsTaken(left);
        long fence = left.transact(tx -> Long.parseLong(tx.keys(OPEN).iterator().next()));
        root.close();
        Store next = worker(closing(orSkip(reopen(root), "outlive its root")));

        next.await(view -> !view.contains(TAKEN), WatchingContract.PATIENCE);
        requireGivenBack(next);
        try (Session session = next.session("next", LONG)) {
            assertThat(session.fence()).isGreaterThan(fence);
        }
    }

    // ---- of two

    @Test
    default void theJobOfOneThatIsGoneComesBackToTheOther() throws Exception {
        Root root = root(tree());
        Store one = worker(root);
        Store other = second(root);
        takeUntilItIsTaken(one);

        root.close();

        // A replica may not have received the session yet, and then has no list of open sessions.
        other.await(
                view -> view.size(JOBS) == 1 && view.contains(OPEN) && view.size(OPEN) == 0, WatchingContract.PATIENCE);
        requireGivenBack(other);
    }

    @Test
    default void aSessionThatSendsHeartbeatsStaysOpen() throws Exception {
        Root root = root(tree());
        Store one = worker(root);
        Store other = second(root);
        Session session = one.session("one", LONG);
        KeyPath beat = OPEN.child(Long.toString(session.fence())).child("beat");

        other.await(view -> view.getOrDefault(beat, Long.class, 0L) > 0, WatchingContract.PATIENCE);
        one.batch(tx -> tx.require(session));
        assertThat(session.ended()).isNotDone();
        session.close();
        assertThatThrownBy(() -> one.batch(tx -> tx.require(session))).isInstanceOf(SessionEndedException.class);
    }

    @Test
    default void fencesOfBothGrow() throws Exception {
        Root root = root(tree());
        Store one = worker(root);
        Store other = second(root);
        long last = 0;
        for (int i = 0; i < 3; i++) {
            for (Store store : List.of(one, other)) {
                try (Session session = store.session("any", LONG)) {
                    assertThat(session.fence()).isGreaterThan(last);
                    last = session.fence();
                }
            }
        }
    }

    @Test
    default void aTakerThatIsGoneBeforeItKnowsWhetherItHasTakenLosesNoJobAndDoublesNone() throws Exception {
        Root root = root(tree());
        Store one = worker(root);
        Store other = second(root);
        Session session = one.session("one", SHORT);
        Assumptions.assumeTrue(doubtNextCommit(root), "this root has no doubtful commits");
        try {
            take(one, session);
        } catch (IndeterminateCommitException | StoreIOException | SessionEndedException e) {
            // Its own commit is indeterminate, or an earlier heartbeat is, and with it the session, or its own was not
            // sent behind that.
        }
        try {
            root.close();
        } catch (StoreException e) {
            // As good as killed, regardless of its output.
        }

        other.await(
                view -> view.contains(OPEN) && view.size(OPEN) == 0 && !view.contains(TAKEN),
                WatchingContract.PATIENCE);
        assertThat(other.getList(JOBS)).containsExactly("job");
    }
}
