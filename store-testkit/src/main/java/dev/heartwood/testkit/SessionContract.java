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
import dev.heartwood.Transaction;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Sessions of two stores over one storage. A root that is closed under its store is as a process that was killed. */
interface SessionContract extends Workbench {
    Duration SHORT = Duration.ofMillis(200);
    Duration LONG = Duration.ofSeconds(4);
    KeyPath JOBS = KeyPath.of("jobs");
    KeyPath TAKEN = KeyPath.of("taken");

    private static Map<String, Object> tree() {
        return Map.of("jobs", List.of("job"));
    }

    private Store second(Root root) throws Exception {
        Store other = store(closing(orSkip(join(root), "be shared")));
        other.onSessionEnd("give back", SessionContract::giveBack);
        return other;
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

    /** On a slow machine a session that is as short may end before it is used. */
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

    @Test
    default void theJobOfOneThatIsGoneComesBackToTheOther() throws Exception {
        Root root = root(tree());
        Store one = store(root);
        Store other = second(root);
        one.onSessionEnd("give back", SessionContract::giveBack);
        takeUntilItIsTaken(one);

        root.close();

        other.await(
                view -> view.size(JOBS) == 1 && view.size(KeyPath.of("$sessions", "open")) == 0,
                WatchingContract.PATIENCE);
        assertThat(other.contains(TAKEN)).isFalse();
        assertThat(other.size(KeyPath.of("$sessions", "places"))).isZero();
    }

    @Test
    default void aSessionThatSendsHeartbeatsStaysOpen() throws Exception {
        Root root = root(tree());
        Store one = store(root);
        Store other = second(root);
        Session session = one.session("one", LONG);
        KeyPath beat = KeyPath.of("$sessions", "open", Long.toString(session.fence()), "beat");

        other.await(view -> view.getOrDefault(beat, Long.class, 0L) > 0, WatchingContract.PATIENCE);
        one.batch(tx -> tx.require(session));
        assertThat(session.ended()).isNotDone();
        session.close();
        assertThatThrownBy(() -> one.batch(tx -> tx.require(session))).isInstanceOf(SessionEndedException.class);
    }

    @Test
    default void fencesOfBothGrow() throws Exception {
        Root root = root(tree());
        Store one = store(root);
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
        Store one = store(root);
        Store other = second(root);
        one.onSessionEnd("give back", SessionContract::giveBack);
        Session session = one.session("one", SHORT);
        Assumptions.assumeTrue(doubtNextCommit(root), "this root has no doubtful commits");
        try {
            take(one, session);
        } catch (IndeterminateCommitException | SessionEndedException e) {
            // In doubt: its own commit, or a heartbeat that came first, and with it the session.
        }
        try {
            root.close();
        } catch (StoreException e) {
            // As good as killed, whatever it says.
        }

        other.await(
                view -> view.size(KeyPath.of("$sessions", "open")) == 0 && !view.contains(TAKEN),
                WatchingContract.PATIENCE);
        assertThat(other.getList(JOBS)).containsExactly("job");
    }
}
