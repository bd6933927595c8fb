package dev.heartwood.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heartwood.Origins;
import dev.heartwood.Store;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The message of a violated invariant names the author of each write. */
class RecentCommitsTest {
    private final Store store = Store.options().origins(Origins.WHO).of(Map.of("a", 1, "b", 2, "text", "x"));
    private final RecentCommits commits = RecentCommits.of(store);

    @AfterEach
    void close() {
        commits.close();
        store.close();
    }

    @Test
    void theMessageOfAViolatedInvariantNamesTheThreadAndTheAuthorThatBrokeItAndWhatTheyWrote() throws Exception {
        store.increment("a");
        Thread thief = new Thread(
                () -> store.as("thief").batch(tx -> {
                    tx.label("take it");
                    tx.put("b", 9);
                }),
                "thread of the thief");
        thief.start();
        thief.join();

        assertThatThrownBy(
                        () -> assertThat(store.get("b")).as(commits::toString).isEqualTo(2L))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(
                        "1 by unknown, thread " + Thread.currentThread().getName() + ", label unknown: ~ /a: 1 -> 2")
                .hasMessageContaining("2 by thief, thread thread of the thief, label take it: ~ /b: 2 -> 9");
    }

    @Test
    void theNewestAreKeptAndLongOnesAreCutOff() {
        for (int i = 1; i <= 100; i++) {
            store.put("a", -i);
        }
        store.put("text", "long ".repeat(10_000));
        assertThat(commits.toString())
                .contains("/a: -99 -> -100")
                .doesNotContain("/a: -50 ->")
                .hasLineCount(41)
                .hasSizeLessThan(10_000);
    }
}
