package dev.heartwood.inspector;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heartwood.Store;
import dev.heartwood.history.History;
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
}
