package dev.heartwood.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heartwood.KeyPath;
import dev.heartwood.Session;
import dev.heartwood.SessionEndedException;
import dev.heartwood.Store;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Sessions of replicas, some of which are cut off from the log. */
class LogSessionsTest {
    private static final Duration TTL = Duration.ofSeconds(2);
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final KeyPath TAKEN = KeyPath.of("taken");

    private final InMemoryLog log = new InMemoryLog(1_000);
    private final FaultyLog connection = new FaultyLog(log.connect(), 1);

    @Test
    void aReplicaThatWasCutOffForLongerThanItsSessionIsRefusedAndItsJobIsElsewhere() throws Exception {
        try (Store far = open(connection);
                Store near = open(log.connect())) {
            giveBackAtTheEnd(far);
            giveBackAtTheEnd(near);
            far.put("queue", List.of("job"));
            Session session = far.session("far", TTL);
            far.batch(tx -> {
                tx.require(session);
                session.own(tx, TAKEN, "give back");
                tx.move(KeyPath.of("queue", 0), TAKEN);
            });

            near.await(view -> view.contains(TAKEN), PATIENCE);
            connection.mode = FaultyLog.Mode.CUT;
            near.await(view -> view.size("queue") == 1, PATIENCE);
            assertThat(session.ended()).as("it cannot know").isNotDone();
            connection.mode = FaultyLog.Mode.SOUND;

            assertThatThrownBy(() -> far.batch(tx -> {
                        tx.require(session);
                        tx.put("done", tx.getOrDefault(TAKEN, "job"));
                    }))
                    .isInstanceOf(SessionEndedException.class);
            assertThat(near.fresh().contains("done")).isFalse();
            assertThat(session.ended().get(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .isNull();
        }
    }

    @Test
    void theSessionsOfAReplicaThatIsGoneAreEndedByTheOthers() throws Exception {
        Store gone = open(connection);
        Session session = gone.session("gone", TTL);
        session.own(TAKEN);
        gone.put(TAKEN, "job");
        connection.mode = FaultyLog.Mode.CUT;
        try (Store near = open(log.connect());
                Session mine = near.session("near", TTL)) {
            near.await(view -> !view.contains(TAKEN), PATIENCE);

            assertThat(near.getMap(Session.RECORDS.child("open"))).containsOnlyKeys(Long.toString(mine.fence()));
            assertThat(mine.fence()).isGreaterThan(session.fence());
        } finally {
            connection.mode = FaultyLog.Mode.SOUND;
            gone.close();
        }
    }

    @Test
    void aSessionLivesAsLongAsItsReplicaAnswers() throws Exception {
        try (Store one = open(connection);
                Store other = open(log.connect());
                Session session = one.session("one", TTL);
                Session watching = other.session("other", TTL)) {
            KeyPath beat = Session.RECORDS
                    .child("open")
                    .child(Long.toString(session.fence()))
                    .child("beat");
            // For longer than a time to live, by its own heartbeats.
            other.await(view -> view.getOrDefault(beat, Long.class, 0L) >= 6, PATIENCE);

            one.batch(tx -> tx.require(session));
            assertThat(watching.isOpen()).isTrue();
        }
    }

    private static void giveBackAtTheEnd(Store store) {
        store.onSessionEnd("give back", (tx, place) -> tx.move(place, KeyPath.of("queue", "-")));
    }

    private static Store open(SharedLog connection) {
        Store store = LogStore.options()
                .deadline(Duration.ofMillis(500))
                .pollInterval(Duration.ofMillis(20))
                .over(connection);
        store.mergeTree(KeyPath.root(), Map.of("stores", 1));
        return store;
    }
}
