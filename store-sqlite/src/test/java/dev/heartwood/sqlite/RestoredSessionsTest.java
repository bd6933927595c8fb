package dev.heartwood.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heartwood.KeyPath;
import dev.heartwood.Session;
import dev.heartwood.Store;
import dev.heartwood.StoreIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Sessions of a database that is restored from a backup: they end, and what they owned comes back. */
@Timeout(120)
class RestoredSessionsTest {
    private static final Duration TTL = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final KeyPath QUEUE = KeyPath.of("queue");
    private static final KeyPath TAKEN = KeyPath.of("taken");

    @TempDir
    Path directory;

    private Path file;
    private Path backup;

    @BeforeEach
    void name() {
        file = directory.resolve("shared.db");
        backup = directory.resolve("backup.db");
    }

    private static Store worker(Path file) {
        Store store = SqliteStore.open(file);
        store.onSessionEnd("give back", (tx, place) -> tx.move(place, QUEUE.child("-")));
        return store;
    }

    /** A session that has taken the job. */
    private static Session taker(Store store) {
        store.put("queue", List.of("job"));
        Session session = store.session("ann", TTL);
        store.batch(tx -> {
            tx.require(session);
            session.own(tx, TAKEN, "give back");
            tx.move(QUEUE.child(0), TAKEN);
        });
        return session;
    }

    private static void awaitGivenBack(Store store) throws Exception {
        store.await(view -> !view.contains(TAKEN), PATIENCE);
        assertThat(store.getList(QUEUE)).containsExactly("job");
        assertThat(store.size(Session.RECORDS.child("open"))).isZero();
        assertThat(store.size(Session.RECORDS.child("owners"))).isZero();
    }

    @Test
    void aJobThatWasDoneSinceTheBackupIsThereAgainAndNotLostWithTheSessionThatHadTakenIt() throws Exception {
        try (Store store = worker(file)) {
            Session session = taker(store);
            SqliteStore.backup(file, backup);
            store.batch(tx -> {
                tx.require(session);
                tx.put("done", tx.remove(TAKEN));
            });
        }

        SqliteStore.restore(backup, file);

        try (Store restored = worker(file)) {
            assertThat(restored.get(TAKEN)).isEqualTo("job");
            awaitGivenBack(restored);
        }
    }

    @Test
    void aProcessWhoseDatabaseIsRestoredUnderItCommitsNothingMoreAndItsJobComesBack() throws Exception {
        try (Store store = worker(file)) {
            Session session = taker(store);
            SqliteStore.backup(file, backup);
            store.put("later", true); // or the restored state would be the newest one

            Sql.run(file, "restore from '" + backup + "'"); // as another program does it

            try (Store restored = worker(file)) {
                awaitGivenBack(restored);
            }
            assertThatThrownBy(() -> store.batch(tx -> {
                        tx.require(session);
                        tx.put("done", tx.remove(TAKEN));
                    }))
                    .isInstanceOf(StoreIOException.class)
                    .hasMessageContaining("restored to another state");
        }
        try (Store restored = SqliteStore.open(file)) {
            assertThat(restored.contains("done")).isFalse();
        }
    }
}
