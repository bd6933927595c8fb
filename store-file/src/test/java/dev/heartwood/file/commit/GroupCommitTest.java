package dev.heartwood.file.commit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heartwood.Snapshot;
import dev.heartwood.Store;
import org.junit.jupiter.api.Test;

/** The writer thread stays awake for commits that come at once after the answer, and for no others. */
class GroupCommitTest {
    private final GroupCommit companions = new GroupCommit();
    private final CommitChain chain = new CommitChain(snapshot(), 0);

    private static Snapshot snapshot() {
        try (Store store = Store.create()) {
            return store.snapshot();
        }
    }

    private long now = System.nanoTime();

    /** A write that begins so many nanoseconds after the end of the last one, and takes so long. */
    private void write(long later, long takes) {
        now += later;
        companions.begin(now);
        companions.wrote(chain, now, now + takes);
        now += takes;
    }

    @Test
    void afterACommitThatCameAtOnceTheNextOneIsExpectedForATenthOfAMillisecond() {
        write(0, 0);
        write(99_999, 0);
        assertThat(companions.awakeNanos()).isEqualTo(100_000);
    }

    @Test
    void afterACommitThatCameLaterNoneIsExpected() {
        write(0, 0);
        write(0, 0);
        write(100_000, 0);
        assertThat(companions.awakeNanos()).isZero();
    }

    /** The slower the disk, the less a longer wait matters: a quarter of the time of the last write, and a millisecond at most. */
    @Test
    void theLongerAWriteTakesTheLongerTheNextCommitIsExpected() {
        write(0, 2_000_000);
        write(499_999, 20_000_000);
        assertThat(companions.awakeNanos()).isEqualTo(1_000_000);
        write(1_000_000, 20_000_000);
        assertThat(companions.awakeNanos()).isZero();
    }
}
