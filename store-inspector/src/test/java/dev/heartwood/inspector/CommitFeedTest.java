package dev.heartwood.inspector;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heartwood.Store;
import dev.heartwood.history.History;
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
}
