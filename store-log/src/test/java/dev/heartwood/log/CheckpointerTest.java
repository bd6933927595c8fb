package dev.heartwood.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heartwood.Store;
import dev.heartwood.log.SharedLog.Entry;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;

/** A checkpoint, and the trim of the log after it. */
class CheckpointerTest {
    private static final int LARGEST = 1_000;

    private final SharedLog log = new InMemoryLog(LARGEST).connect();
    private final LogOptions options = LogOptions.DEFAULT.checkpointEvery(0).keepEntries(2);
    private final LogRoot root = LogRoot.open(log, options, Wiring.system());

    @Test
    void theEntriesThatATrimKeepsAreWhole() throws Exception {
        Checkpointer checkpointer =
                new Checkpointer(log, options.checkpointEvery(1), root.replica(), new ReentrantLock(), () -> false);
        Store store = Store.over(root);
        for (int i = 1; i <= 5; i++) {
            store.put("text", ("more than one value holds " + i).repeat(LARGEST));
        }

        checkpointer.writeIfDue("another writer");

        List<Entry> kept = log.read(1).entries();
        assertThat(kept).extracting(entry -> entry.at().number()).containsExactly(3L, 4L, 5L);
        for (Entry entry : kept) {
            assertThat(EntryText.read(log::get, entry)).isNotNull();
        }
        store.close();
    }
}
