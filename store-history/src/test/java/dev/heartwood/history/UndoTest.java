package dev.heartwood.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heartwood.ConflictException;
import dev.heartwood.KeyPath;
import dev.heartwood.Origins;
import dev.heartwood.Snapshot;
import dev.heartwood.Store;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commits are taken back and made again, unless others have changed the same place. */
class UndoTest {
    private final Store store = Store.of(Map.of("a", 0, "b", 0, "list", List.of(1, 2)));
    private final Store me = store.as("me");
    private final Store rival = store.as("rival");
    private final History history = History.of(me);

    @Test
    void theNewestCommitOfTheAuthorIsTakenBack() {
        me.put("a", 1);
        rival.put("b", 1);

        assertThat(history.undo().after().origin().label()).isEqualTo("undo of version 1");
        assertThat(store.toMap()).containsEntry("a", 0L).containsEntry("b", 1L);
        assertThat(store.snapshot().origin().author()).isEqualTo("me");
    }

    @Test
    void undoingGoesBackCommitByCommitAndRedoingForth() {
        me.put("a", 1);
        me.put("a", 2);
        me.put("b", 3);

        history.undo();
        history.undo();
        assertThat(store.get("a")).isEqualTo(1L);
        assertThat(history.redo().after().origin().label()).isEqualTo("redo of version 2");
        assertThat(store.get("a")).isEqualTo(2L);
        history.undo();
        history.undo();
        assertThat(store.get("a")).isEqualTo(0L);
        assertThat(history.undo()).isNull();
        history.redo();
        history.redo();
        history.redo();
        assertThat(store.get("b")).isEqualTo(3L);
        assertThat(history.redo()).isNull();
    }

    @Test
    void theLabelOfWhatIsUndoneStandsInTheLabel() {
        me.batch(tx -> {
            tx.label("pay rent");
            tx.put("a", 1);
        });

        assertThat(history.undo().after().origin().label()).isEqualTo("undo of version 1 (pay rent)");
    }

    @Test
    void aPlaceThatOthersHaveChangedSinceIsLeftAsItIs() {
        me.batch(tx -> {
            tx.put("a", 1);
            tx.put("b", 1);
        });
        rival.put("a", 7);
        Snapshot before = store.snapshot();

        assertThatThrownBy(history::undo)
                .isInstanceOf(ConflictException.class)
                .hasMessageStartingWith(
                        "conflict at /a: expected 1, but there is 7; nothing is changed;" + " /a was written since by ")
                .hasMessageEndingWith(", version " + before.version());
        assertThat(store.snapshot()).isSameAs(before);
    }

    @Test
    void anElementOfAListThatOthersHaveChangedIsNotMistakenForAnotherOfEqualValue() {
        me.put(KeyPath.of("list", 0), 2);
        rival.insert(KeyPath.of("list", 0), 2);

        assertThatThrownBy(history::undo)
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("/list was written since by ");
        assertThat(store.getList("list")).containsExactly(2L, 2L, 2L);
    }

    @Test
    void thatIsSoTooWhereTheListHasAsManyElementsAsBefore() {
        me.put(KeyPath.of("list", 0), 2);
        rival.batch(tx -> {
            tx.remove(KeyPath.of("list", 0));
            tx.append("list", 3);
        });

        assertThatThrownBy(history::undo).isInstanceOf(ConflictException.class);
        assertThat(store.getList("list")).containsExactly(2L, 3L);
    }

    @Test
    void aListThatOthersHaveChangedIsNoticedAlsoWhereTheCommitChangedAnotherOne() {
        me.batch(tx -> {
            tx.put(KeyPath.of("list", 0), 2);
            tx.put("more", List.of(1));
        });
        me.batch(tx -> {
            tx.put(KeyPath.of("list", 0), 3);
            tx.put(KeyPath.of("more", 0), 2);
        });
        rival.insert(KeyPath.of("more", 0), 2);
        Snapshot before = store.snapshot();

        assertThatThrownBy(history::undo)
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("conflict at /more: the list was changed since");
        assertThat(store.snapshot()).isSameAs(before);
    }

    @Test
    void thatIsSoForAListWithinAMapToo() {
        me.put("m", Map.of("list", List.of(1, 2)));
        me.put(KeyPath.of("m", "list", 0), 2);
        rival.insert(KeyPath.of("m", "list", 0), 2);

        assertThatThrownBy(history::undo).isInstanceOf(ConflictException.class);
        assertThat(store.getList(KeyPath.of("m", "list"))).containsExactly(2L, 2L, 2L);
    }

    /** The guard is asked when the undo has looked at the list, and right before its commit. */
    @Test
    void aListThatOthersChangeBesideTheUndoIsNoticedToo() {
        AtomicReference<Runnable> beside = new AtomicReference<>();
        Store guarded = Store.options()
                .guard("beside", KeyPath.of("list"), view -> {
                    Runnable other = beside.getAndSet(null);
                    if (other != null) {
                        CompletableFuture.runAsync(other).join();
                    }
                    return true;
                })
                .of(Map.of("list", List.of(1, 2)));
        History mine = History.of(guarded.as("me"));
        guarded.as("me").put(KeyPath.of("list", 0), 2);
        beside.set(() -> guarded.as("rival").insert(KeyPath.of("list", 0), 2));

        assertThatThrownBy(mine::undo)
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("conflict at /list: the list was changed since");
        assertThat(guarded.getList("list")).containsExactly(2L, 2L, 2L);
    }

    @Test
    void redoIsRefusedToo() {
        me.put("a", 1);
        history.undo();
        rival.put("a", 5);

        assertThatThrownBy(history::redo).isInstanceOf(ConflictException.class);
        assertThat(store.get("a")).isEqualTo(5L);
    }

    @Test
    void anotherCommitOfTheAuthorEndsWhatCanBeDoneAgain() {
        me.put("a", 1);
        history.undo();
        me.put("b", 1);

        assertThat(history.redo()).isNull();
    }

    @Test
    void acommitOfAnotherDoesNot() {
        me.put("a", 1);
        history.undo();
        rival.put("b", 1);

        assertThat(history.redo()).isNotNull();
    }

    @Test
    void aCommitWithoutAnAuthorIsNobodys() {
        store.put("a", 1);

        assertThat(history.undo()).isNull();
        assertThat(store.get("a")).isEqualTo(1L);
    }

    @Test
    void withoutAnAuthorAnyonesCommitsAreTakenBack() {
        try (History all = History.of(store)) {
            me.put("a", 1);
            rival.put("b", 1);

            all.undo();
            all.undo();
            assertThat(store.get("a")).isEqualTo(0L);
            assertThat(store.get("b")).isEqualTo(0L);
        }
    }

    @Test
    void anotherHistoryKnowsWhatIsUndone() {
        me.put("a", 1);
        me.put("a", 2);
        try (History second = History.of(me)) {
            me.put("b", 1);
            history.undo();

            assertThat(second.undo()).isNull();
            second.redo();
            assertThat(store.get("b")).isEqualTo(1L);
        }
    }

    @Test
    void anotherHistoryKnowsWhatIsUndoneWhateverItsLabel() {
        try (History second = History.of(me)) {
            me.batch(tx -> {
                tx.label("pay rent\nfor May");
                tx.put("a", 1);
            });
            history.undo();

            assertThat(second.undo()).isNull();
            assertThat(store.get("a")).isEqualTo(0L);
        }
    }

    @Test
    void whereLabelsAreNotRecordedItsOwnUndoingsAreStillKnown() {
        Store silent = Store.options().origins(Origins.NONE).of(Map.of("a", 0));
        try (History own = History.of(silent)) {
            silent.put("a", 1);
            silent.put("a", 2);

            own.undo();
            own.undo();
            assertThat(silent.get("a")).isEqualTo(0L);
            own.redo();
            assertThat(silent.get("a")).isEqualTo(1L);
        }
    }

    @Test
    void aCommitThatPutAnEqualValueIsPassedOver() {
        me.put("a", 1);
        me.put("list", List.of(1, 2));

        history.undo();
        assertThat(store.get("a")).isEqualTo(0L);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void undoingAllGivesTheFirstStateAndRedoingAllTheLast(long seed) {
        Random random = new Random(seed);
        Snapshot first = store.snapshot();
        for (int i = 0; i < 50; i++) {
            step(random);
        }
        Snapshot last = store.snapshot();

        while (history.undo() != null) {}
        assertThat(first.diff(store.snapshot()).toString()).as("seed %d", seed).isEmpty();
        while (history.redo() != null) {}
        assertThat(last.diff(store.snapshot()).toString()).as("seed %d", seed).isEmpty();
    }

    private void step(Random random) {
        switch (random.nextInt(5)) {
            case 0 -> me.put("a", random.nextInt(4));
            case 1 -> me.put(KeyPath.of("m", "k" + random.nextInt(3)), random.nextInt(4));
            case 2 -> me.append("list", random.nextInt(3));
            case 3 -> me.insert(KeyPath.of("list", 0), Map.of("x", random.nextInt(3)));
            default -> me.remove(KeyPath.of("list", 0));
        }
        if (me.size("list") == 0) {
            me.append("list", 1);
        }
    }
}
