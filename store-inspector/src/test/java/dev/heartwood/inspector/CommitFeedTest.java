package dev.heartwood.inspector;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heartwood.Change;
import dev.heartwood.KeyPath;
import dev.heartwood.Session;
import dev.heartwood.Store;
import dev.heartwood.history.History;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The commits that a page is given. */
class CommitFeedTest {
    @Test
    void theLastCommitsOfAStoreThatHasClosedAreGivenBeforeItsEnd() {
        Store store = Store.create();
        try (History history = History.of(store)) {
            CommitFeed feed = Objects.requireNonNull(CommitFeed.after(store.version(), store, history));
            store.put("a", 1);
            store.put("a", 2);
            store.close();

            assertThat(feed.next()).hasSize(2);
            assertThat(feed.isEnded()).isTrue();
            assertThat(feed.next()).isEmpty();
        }
    }

    @Test
    void eachCommitIsGivenOnce() {
        Store store = Store.create();
        try (History history = History.of(store)) {
            CommitFeed feed = Objects.requireNonNull(CommitFeed.after(store.version(), store, history));
            for (long version = 1; version <= 3; version++) {
                store.put("a", version);

                assertThat(feed.next())
                        .singleElement()
                        .extracting(RecordedStep::version)
                        .isEqualTo(version);
                assertThat(feed.next()).isEmpty();
            }
        }
    }

    @Test
    void aSingleCommitBeforeThoseThatAreGivenOneByOneIsGivenToo() {
        Store store = Store.create();
        try (History history = History.of(store)) {
            CommitFeed feed = Objects.requireNonNull(CommitFeed.after(store.version(), store, history));
            for (int i = 0; i <= CommitFeed.MOST; i++) {
                store.put("a", i);
            }

            List<RecordedStep> steps = feed.next();

            assertThat(steps).hasSize(CommitFeed.MOST + 1);
            assertThat(steps.get(0).version()).isEqualTo(1);
            assertThat(steps.get(0).skipped()).isEqualTo(1);
        }
    }

    /** Steps of sessions are no commits of the history, but a page needs their changes for the next ones. */
    @Test
    void stepsOfSessionsBetweenTheCommitsOfOneLookAreGivenToo() {
        Store store = Store.create();
        try (History history = History.of(store)) {
            CommitFeed feed = Objects.requireNonNull(CommitFeed.after(store.version(), store, history));
            store.put("a", 1);
            Session session = store.session("me", Duration.ofHours(1));
            store.put("a", 2);
            session.own(KeyPath.of("a"));
            store.put("b", 3);

            List<RecordedStep> steps = feed.next();

            assertThat(steps).extracting(RecordedStep::version).containsExactly(1L, 2L, 3L, 4L, 5L);
            assertThat(steps).extracting(RecordedStep::skipped).containsExactly(0L, 1L, 0L, 1L, 0L);
            assertThat(steps.get(3).changes()).extracting(Change::path).contains(KeyPath.parse("/$sessions/owners"));
            session.close();
            store.put("c", 4);
            assertThat(feed.next()).extracting(RecordedStep::version).containsExactly(6L, 7L);
        }
    }
}
