package dev.heartwood.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heartwood.Root;
import dev.heartwood.Snapshot;
import dev.heartwood.StoreException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A commit is accepted, or it is lost and definitely not applied. */
interface CommitContract extends Workbench {
    @Test
    default void itStartsWithItsTree() throws Exception {
        Root root = root(Map.of("a", 1, "m", Map.of("k", List.of("x", "y"))));
        assertThat(root.head().toMap()).isEqualTo(Map.of("a", 1L, "m", Map.of("k", List.of("x", "y"))));
        assertThat(root.settle(root.head())).isTrue();
        assertThat(root.visible()).isSameAs(root.head());
    }

    @Test
    default void whatIsAcceptedIsTheHeadAndWhatIsSettledIsVisible() throws Exception {
        Root root = root(Map.of("a", 1));
        Snapshot before = root.head();
        Snapshot after = on(root, before, "a", 2L);
        assertThat(offer(root, before, after, "a")).isTrue();
        assertThat(root.head()).isSameAs(after);
        assertThat(root.settle(after)).isTrue();
        assertThat(root.visible()).isSameAs(after);
    }

    @Test
    default void aStaleBaseLosesAndIsNotApplied() throws Exception {
        Root root = root(Map.of("a", 1));
        Snapshot stale = root.head();
        Snapshot now = commit(root, "a", 2L);
        assertThat(offer(root, stale, on(root, stale, "b", 3L), "b")).isFalse();
        assertThat(root.head()).isSameAs(now);
        assertThat(root.settle(now)).isTrue();
        assertThat(root.visible().toMap()).isEqualTo(Map.of("a", 2L));
    }

    @Test
    default void anEqualStateThatIsNotTheHeadItselfLoses() throws Exception {
        Root root = root(Map.of("a", 1));
        Snapshot head = root.head();
        Snapshot equal = root.timeline().state(head.version(), head.root());
        assertThat(offer(root, equal, on(root, equal, "a", 2L), "a")).isFalse();
        assertThat(root.head()).isSameAs(head);
    }

    @Test
    default void aStateThatWasLeftAndRestoredIsNotTheHead() throws Exception {
        Root root = root(Map.of("a", 1L));
        Snapshot first = root.head();
        commit(root, "a", 2L);
        Snapshot restored = commit(root, "a", 1L);
        assertThat(restored.sameTree(first)).isTrue();
        assertThat(offer(root, first, on(root, first, "b", 3L), "b")).isFalse();
        assertThat(root.head()).isSameAs(restored);
    }

    @Test
    default void oneOfManyWins() throws Exception {
        Root root = root(Map.of("a", 1));
        for (int round = 0; round < 20; round++) {
            Snapshot base = root.head();
            AtomicInteger won = new AtomicInteger();
            Crew.together(4, index -> {
                Snapshot mine = on(root, base, "a", (long) index);
                if (offer(root, base, mine, "a")) {
                    won.incrementAndGet();
                    assertThat(root.settle(mine)).isTrue();
                }
            });
            assertThat(won).hasValue(1);
        }
    }

    @Test
    default void versionsGrowAndAreNeverUsedTwice() throws Exception {
        Root root = root(Map.of("a", 1));
        Set<Long> versions = ConcurrentHashMap.newKeySet();
        versions.add(root.head().version());
        Crew.together(4, index -> {
            for (int i = 0; i < 25; i++) {
                Snapshot before = root.head();
                Snapshot after = on(root, before, "a", (long) i);
                assertThat(after.version()).isGreaterThan(before.version());
                if (offer(root, before, after, "a")) {
                    assertThat(versions.add(after.version())).isTrue();
                    assertThat(root.settle(after)).isTrue();
                }
            }
        });
        long used = Math.max(Collections.max(versions), takenBack(root));
        // Back to the root's initial tree: an equal tree, but a different state.
        Snapshot last = commit(root, "a", 1L);
        assertThat(last.version()).isGreaterThan(used);
        assertThat(root.settle(last)).isTrue();
        root.close();
        Optional<Root> again = reopen(root);
        if (again.isPresent()) {
            Root opened = closing(again.get());
            assertThat(opened.head().version()).isGreaterThanOrEqualTo(last.version());
            assertThat(opened.nextVersion(opened.head())).isGreaterThan(last.version());
        }
    }

    /**
     * Returns the version of a commit that the root rolls back, if it can: a version that was used and is lost. It is
     * one commit only, since in a database with other writers the versions of later commits go to others.
     */
    private long takenBack(Root root) throws Exception {
        Hold hold = hold(root).orElse(null);
        if (hold == null) {
            return 0;
        }
        Snapshot lost = commit(root, "a", -1L);
        boolean isTakenBack = hold.takeBack();
        if (!isTakenBack) {
            hold.release();
        }
        assertThat(isSettled(root, lost)).isEqualTo(!isTakenBack);
        return lost.version();
    }

    private static boolean isSettled(Root root, Snapshot state) {
        try {
            return root.settle(state);
        } catch (StoreException notWritten) {
            // The error of a file whose disk is full.
            return false;
        }
    }

    @Test
    default void flushMakesVisibleWhatWasAccepted() throws Exception {
        Root root = root(Map.of("a", 1));
        Snapshot accepted = commit(root, "a", 2L);
        root.flush();
        assertThat(root.visible()).isSameAs(accepted);
    }
}
