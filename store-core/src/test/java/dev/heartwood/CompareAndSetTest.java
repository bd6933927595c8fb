package dev.heartwood;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Drafts, the conditional commit of one, and going back. */
@Timeout(60)
class CompareAndSetTest {
    private final Store store = Store.of(Map.of("a", 1, "m", Map.of("k", 1)));
    private final Snapshot start = store.snapshot();

    @Test
    void aDraftOfTheNewestStateWins() {
        assertThat(store.compareAndSet(start, start.edit(tx -> tx.put("leader", "me"))))
                .isTrue();
        assertThat(store.get("leader")).isEqualTo("me");
        assertThat(store.version()).isEqualTo(start.version() + 1);
    }

    @Test
    void aDraftOfAStateThatWasLeftLoses() {
        store.put("b", 1);
        Snapshot now = store.snapshot();
        assertThat(store.compareAndSet(start, start.edit(tx -> tx.put("leader", "me"))))
                .isFalse();
        assertThat(store.snapshot()).isSameAs(now);
    }

    @Test
    void aStateThatWasLeftAndRestoredIsNotTheNewest() {
        store.put("a", 2);
        store.restore(start);
        assertThat(store.snapshot().sameTree(start)).isTrue();
        assertThat(store.compareAndSet(start, start.edit(tx -> tx.put("b", 1)))).isFalse();
        assertThat(store.contains("b")).isFalse();
        store.put("a", 3);
        store.put("a", 1);
        assertThat(store.compareAndSet(start, start.edit(tx -> tx.put("b", 1)))).isFalse();
        assertThat(store.contains("b")).isFalse();
    }

    @Test
    void aDraftThatChangesNothingWinsAndCommitsNothing() {
        Snapshot draft = start.edit(tx -> tx.put("a", 1));
        assertThat(draft).isSameAs(start);
        assertThat(store.compareAndSet(start, draft)).isTrue();
        assertThat(store.snapshot()).isSameAs(start);
        store.put("a", 2);
        assertThat(store.compareAndSet(start, draft)).isFalse();
    }

    @Test
    void nextMayBeAnOlderStateOrOneOfAnotherStore() {
        store.put("a", 2);
        Snapshot second = store.snapshot();
        assertThat(store.compareAndSet(second, start)).isTrue();
        assertThat(store.get("a")).isEqualTo(1L);
        Snapshot third = store.snapshot();
        assertThat(store.compareAndSet(third, Store.of(Map.of("other", 1)).snapshot()))
                .isTrue();
        assertThat(store.toMap()).isEqualTo(Map.of("other", 1L));
    }

    @Test
    void expectedMustBeACommittedStateOfThisStore() {
        Snapshot draft = start.edit(tx -> tx.put("a", 2));
        assertThatThrownBy(() -> store.compareAndSet(draft, start))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("draft");
        Snapshot foreign = Store.of(Map.of("a", 1)).snapshot();
        assertThatThrownBy(() -> store.compareAndSet(foreign, draft))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("another store");
        assertThat(store.snapshot()).isSameAs(start);
    }

    @Test
    void aDraftHasTheVersionOfItsBase() {
        Snapshot draft = start.edit(tx -> tx.put("a", 2));
        assertThat(draft.version()).isEqualTo(start.version());
        assertThat(draft.edit(tx -> tx.put("a", 3)).version()).isEqualTo(start.version());
        assertThat(store.get("a")).isEqualTo(1L);
        assertThat(start.diff(draft).toString()).isEqualTo("~ /a: 1 -> 2");
    }

    @Test
    void anEditThatFailsLeavesNothing() {
        IllegalStateException mine = new IllegalStateException("mine");
        assertThatThrownBy(() -> start.edit(tx -> {
                    tx.put("a", 2);
                    throw mine;
                }))
                .isSameAs(mine);
        assertThat(start.get("a")).isEqualTo(1L);
    }

    @Test
    void ofManyOneWinsEachRound() {
        AtomicInteger wins = new AtomicInteger();
        Crew.together(8, index -> {
            for (int i = 0; i < 2_000; i++) {
                Snapshot base = store.snapshot();
                long a = base.get("a", Long.class);
                if (store.compareAndSet(base, base.edit(tx -> tx.put("a", a + 1)))) {
                    wins.incrementAndGet();
                }
            }
        });
        assertThat(store.get("a")).isEqualTo(1L + wins.get());
        assertThat(store.version()).isEqualTo(start.version() + wins.get());
    }

    @Test
    void restoreIsANewCommitWithTheOldTree() {
        store.put("a", 2);
        store.remove("m");
        Commit undone = store.restore(start);
        assertThat(undone.changed()).isTrue();
        assertThat(undone.after()).isSameAs(store.snapshot());
        assertThat(undone.after().version()).isEqualTo(start.version() + 3);
        assertThat(undone.after().sameTree(start)).isTrue();
        assertThat(undone.diff().toString()).isEqualTo("~ /a: 2 -> 1\n+ /m = {\"k\": 1}");
    }

    @Test
    void restoreOfWhatIsThereCommitsNothing() {
        Commit commit = store.restore(start);
        assertThat(commit.changed()).isFalse();
        assertThat(store.snapshot()).isSameAs(start);
    }

    @Test
    void restoreTakesADraftAndAForeignState() {
        store.restore(start.edit(tx -> tx.put("a", 7)));
        assertThat(store.get("a")).isEqualTo(7L);
        store.restore(Store.of(Map.of("other", 1)).snapshot());
        assertThat(store.toMap()).isEqualTo(Map.of("other", 1L));
    }
}
