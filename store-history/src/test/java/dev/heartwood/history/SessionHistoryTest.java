package dev.heartwood.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heartwood.KeyPath;
import dev.heartwood.PathPattern;
import dev.heartwood.Session;
import dev.heartwood.Snapshot;
import dev.heartwood.Store;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The heartbeats of sessions are in no one's way: neither as entries, nor in the bounds, nor for undo. */
class SessionHistoryTest {
    private static final KeyPath TAKEN = KeyPath.of("taken");
    private static final KeyPath BEAT = Session.RECORDS.child("open").child("1").child("beat");

    private final Store store = Store.of(Map.of("a", 0));

    @TempDir
    private Path directory;

    @Test
    void commitsOfSessionsAloneAreNoEntriesAndAllOthersAreExact() {
        try (History history = History.of(store)) {
            store.put("a", 1);
            Session session = store.session("ann", Duration.ofHours(1));
            beat(3);
            store.batch(tx -> {
                session.own(tx, TAKEN);
                tx.put(TAKEN, "job");
            });
            beat(3);
            session.close();

            List<Entry> entries = history.entries();
            assertThat(entries).hasSize(3).noneMatch(Entry::isGap);
            assertThat(entries.get(0).diff()).hasToString("~ /a: 0 -> 1");
            assertThat(entries.get(1).diff().toString())
                    .contains("+ /taken = \"job\"")
                    .doesNotContain("beat");
            assertThat(entries.get(2).diff().under(TAKEN)).hasToString("- /taken = \"job\"");
            assertThat(history.of(KeyPath.root())).hasSize(3);
            assertThat(history.blame(KeyPath.root()).version())
                    .isEqualTo(entries.get(2).version());
        }
    }

    @Test
    void whoAsksForTheRecordsOfSessionsSeesThem() {
        try (History history = History.of(store)) {
            store.session("ann", Duration.ofHours(1));
            store.put("a", 1);
            beat(3);

            assertThat(history.entries()).hasSize(1);
            assertThat(history.of(BEAT)).hasSize(2);
            assertThat(history.blame(BEAT).after()).isEqualTo(3L);
            assertThat(history.blame(KeyPath.root()).version()).isEqualTo(2);
        }
        try (History history = History.options()
                .only(PathPattern.parse("/$sessions/**"), PathPattern.parse("/a"))
                .of(store)) {
            beat(5);

            assertThat(history.entries()).hasSize(5);
        }
    }

    @Test
    void heartbeatsDoNotCountInTheBoundAndTakeNoMemoryEach() {
        try (History history = History.options().keep(3).of(store)) {
            for (int i = 1; i <= 5; i++) {
                store.put("a", i);
                if (i == 1) {
                    store.session("ann", Duration.ofHours(1));
                }
                beat(1_000);
            }

            assertThat(history.entries().stream()
                            .map(entry ->
                                    entry.after() == null ? 0 : entry.state().get("a")))
                    .containsExactly(3L, 4L, 5L);
            assertThat(history.states()).hasSizeLessThanOrEqualTo(8);
            assertThat(history.states().get(history.states().size() - 1)).isSameAs(store.snapshot());
        }
    }

    @Test
    void theStateOfAVersionInBetweenIsTheOneThatItLeftAsItWas() {
        try (History history = History.of(store)) {
            store.session("ann", Duration.ofHours(1));
            store.put("a", 1);
            beat(10);
            store.put("a", 2);

            assertThat(history.at(2).get("a")).isEqualTo(1L);
            assertThat(history.at(7).get("a")).isEqualTo(1L);
            assertThat(history.at(7).version()).isEqualTo(2);
            assertThat(history.at(12).get(BEAT)).isEqualTo(10L);
            assertThat(history.at(13).get("a")).isEqualTo(2L);
        }
    }

    @Test
    void aHeartbeatAfterMissingCommitsDoesNotHideThatTheyAreMissing() {
        store.session("ann", Duration.ofHours(1));
        StateChain chain = new StateChain(100);
        chain.start(store.snapshot());
        step(chain);
        step(chain);
        store.put("a", 1);
        step(chain);

        List<Entry> entries = Records.of(chain, Instant.now()).entries();
        assertThat(entries).singleElement().satisfies(entry -> {
            assertThat(entry.isGap()).isTrue();
            assertThat(entry.diff().toString()).contains("~ /a: 0 -> 1");
        });
    }

    /** A heartbeat that the chain is told of. */
    private void step(StateChain chain) {
        Snapshot before = store.snapshot();
        beat(1);
        chain.add(before, store.snapshot());
    }

    @Test
    void undoAndRedoPassHeartbeatsBy() {
        try (History history = History.of(store)) {
            Session session = store.session("ann", Duration.ofHours(1));
            store.put("a", 1);
            beat(3);

            history.undo();
            assertThat(store.get("a")).isEqualTo(0L);
            assertThat(session.isOpen()).isTrue();
            beat(3);
            assertThat(history.undo()).as("the session is nobody's to undo").isNull();
            history.redo();
            assertThat(store.get("a")).isEqualTo(1L);
            assertThat(store.get(BEAT)).isEqualTo(6L);
        }
    }

    @Test
    void aSavedHistoryIsLoadedAsItWas() {
        try (History history = History.of(store)) {
            store.session("ann", Duration.ofHours(1));
            store.put("a", 1);
            beat(5);
            store.put("a", 2);
            beat(5);
            Path file = directory.resolve("history.jsonl");
            history.save(file);

            History loaded = History.load(file);
            assertThat(loaded.entries().toString()).isEqualTo(history.entries().toString());
            assertThat(loaded.states()).hasSameSizeAs(history.states());
            assertThat(loaded.of(BEAT)).hasSameSizeAs(history.of(BEAT));
        }
    }

    @Test
    void missingCommitsBetweenHeartbeatsAreAGapInALoadedHistoryToo() {
        store.session("ann", Duration.ofHours(1));
        RecordedCommits commits = new RecordedCommits(
                store.version(), store.snapshot().root(), store.snapshot().origin());
        beat(1);
        commits.add(store.version(), store.snapshot().root(), store.snapshot().origin());
        beat(3);
        commits.addAfterGap(
                store.version(), store.snapshot().root(), store.snapshot().origin());

        assertThat(commits.records().entries())
                .singleElement()
                .matches(entry -> entry.isGap() && entry.version() == store.version());
    }

    @Test
    void aHistoryThatLeavesValuesOutLeavesHeartbeatsOutToo() {
        try (History history =
                History.options().redact(PathPattern.parse("/secret")).of(store)) {
            store.session("ann", Duration.ofHours(1));
            beat(5);
            store.put("secret", 1);
            beat(5);
            store.put("a", 1);

            assertThat(history.entries()).hasSize(2);
            assertThat(history.entries().get(1).diff()).hasToString("~ /a: 0 -> 1");
            assertThat(history.states()).hasSize(5);
            assertThat(History.options().of(history).entries()).hasSize(2);
        }
    }

    @Test
    void commitsOfPeopleBesideHeartbeatsAreAllThereAndExact() throws Exception {
        store.session("ann", Duration.ofHours(1));
        try (History history = History.options().keep(100_000).of(store)) {
            int commits = 2_000;
            CyclicBarrier start = new CyclicBarrier(2);
            Thread heart = new Thread(() -> {
                await(start);
                beat(commits);
            });
            heart.start();
            await(start);
            for (int i = 1; i <= commits; i++) {
                store.put("a", i);
            }
            heart.join();

            List<Entry> entries = history.entries();
            assertThat(entries).hasSize(commits);
            for (int i = 0; i < commits; i++) {
                assertThat(entries.get(i).diff()).hasToString("~ /a: " + i + " -> " + (i + 1));
            }
            Snapshot newest = history.states().get(history.states().size() - 1);
            assertThat(newest).isSameAs(store.snapshot());
        }
    }

    private static void await(CyclicBarrier start) {
        try {
            start.await();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** As a process does on a shared root. */
    private void beat(int times) {
        for (int i = 0; i < times; i++) {
            store.under(Session.RECORDS)
                    .getMap("open")
                    .keySet()
                    .forEach(fence -> store.increment(
                            Session.RECORDS.child("open").child(fence).child("beat")));
        }
    }
}
