package dev.heartwood.file.commit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The answers about what is durable, after a write has failed. */
@Timeout(60)
class DurabilityTrackerTest {
    private final DurabilityTracker tracker = new DurabilityTracker(1);
    private final Throwable full = new IOException("No space left on device");

    @Test
    void aVersionThatWasRolledBackIsNotDurableWhenLaterOnesAre() {
        RolledBackVersions.Range lost = new RolledBackVersions.Range(1, 2, 2, full, false);
        tracker.lost(lost);
        tracker.troubled(full);
        tracker.durable(3);

        assertThat(tracker.isDurable(2)).isFalse();
        assertThat(tracker.await(2)).isEqualTo(lost);
        assertThat(tracker.await(1)).isNull();
        assertThat(tracker.await(3)).isNull();
    }

    /** The error may be that it has no memory, or no descriptor, to tell of an error. */
    @Test
    void nobodyWaitsForAThreadThatEndedWithoutAWord() {
        tracker.durable(2);
        tracker.refuseMore(full);
        tracker.ended();

        assertThat(tracker.await(2)).isNull();
        RolledBackVersions.Range unknown = tracker.await(3);
        assertThat(unknown.indeterminate()).isTrue();
        assertThat(unknown.cause()).isSameAs(full);
        assertThat(tracker.awaitOrTrouble(() -> false, () -> {})).isSameAs(full);
        assertThat(tracker.awaitOrTrouble(() -> true, () -> {})).isNull();
    }

    @Test
    void whereNotEvenTheErrorIsKnownNobodyWaitsEither() {
        tracker.ended();

        assertThat(tracker.await(2).cause()).hasMessageContaining("has ended");
        assertThat(tracker.awaitOrTrouble(() -> false, () -> {})).hasMessageContaining("has ended");
    }

    @Test
    void howeverManyFailuresFollowNoVersionThatWasRolledBackIsTakenForDurable() {
        for (long after = 1; after < 1_000; after += 2) {
            tracker.lost(new RolledBackVersions.Range(after, after + 1, after + 1, full, false));
            tracker.durable(after + 2);
        }

        for (long version = 1; version < 1_000; version++) {
            assertThat(tracker.await(version) != null)
                    .as("version %d was rolled back", version)
                    .isEqualTo(version % 2 == 0);
        }
    }

    @Test
    void onADiskThatStaysFullNoVersionIsTakenForDurable() {
        for (long to = 2; to < 1_000; to++) {
            tracker.lost(new RolledBackVersions.Range(1, to, to, full, false));
        }
        tracker.durable(1_000);

        for (long version = 2; version < 1_000; version++) {
            assertThat(tracker.await(version)).isNotNull();
        }
    }

    @Test
    void aFailureFromBeforeTheWaitingDoesNotEndIt() {
        tracker.troubled(full);

        assertThat(tracker.awaitOrTrouble(answering(false, false, true), () -> {}))
                .isNull();
    }

    @Test
    void aFailureOfTheWriteThatTheWaitingBeginsEndsIt() {
        tracker.troubled(new IOException("an earlier one"));

        assertThat(tracker.awaitOrTrouble(answering(false, false, true), () -> tracker.troubled(full)))
                .isSameAs(full);
    }

    @Test
    void whatIsDoneIsDoneAlsoIfTheNextWriteHasFailed() {
        assertThat(tracker.awaitOrTrouble(() -> true, () -> tracker.troubled(full)))
                .isNull();
    }

    /** A condition that has each of these values once, and then the last one. */
    private static BooleanSupplier answering(Boolean... answers) {
        Queue<Boolean> left = new ArrayDeque<>(List.of(answers));
        return () -> left.size() > 1 ? left.remove() : left.element();
    }

    @Test
    @Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void whoWaitsForALookIsLetGoWhenTheStoreIsClosed() {
        tracker.ended();
        assertThat(tracker.awaitLook(1)).isNull();
    }
}
