package dev.heartwood.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heartwood.ConflictException;
import dev.heartwood.KeyPath;
import dev.heartwood.Origins;
import dev.heartwood.Snapshot;
import dev.heartwood.Store;
import java.time.Instant;
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
    void anEqualValueThatOthersHavePutSinceIsLeftAsItIs() {
        me.put("a", 1);
        rival.put("a", 7);
        rival.put("a", 1);
        Snapshot before = store.snapshot();

        assertThatThrownBy(history::undo)
                .isInstanceOf(ConflictException.class)
                .hasMessageStartingWith("conflict at /a: it was changed since, though to an equal value in the end;"
                        + " nothing is changed; /a was written since by ")
                .hasMessageEndingWith(", version " + before.version());
        assertThat(store.snapshot()).isSameAs(before);
    }

    @Test
    void soIsAContainerThatOthersHaveRemovedAndPutAgain() {
        me.put("m", Map.of("k", 1));
        rival.remove("m");
        rival.put("m", Map.of("k", 1));

        assertThatThrownBy(history::undo).isInstanceOf(ConflictException.class);
        assertThat(store.get("m")).isNotNull();
    }

    @Test
    void soIsAContainerInWhichOthersHavePutAndRemovedSomething() {
        me.put("m", Map.of("k", 1));
        rival.put(KeyPath.of("m", "j"), 1);
        rival.remove(KeyPath.of("m", "j"));

        assertThatThrownBy(history::undo).isInstanceOf(ConflictException.class);
    }

    @Test
    void soIsAKeyOfAContainerThatOthersHaveRemovedAndPutAgain() {
        store.put("m", Map.of("k", 0, "j", 0));
        me.put(KeyPath.of("m", "k"), 1);
        rival.remove("m");
        rival.put("m", Map.of("k", 1, "j", 0));

        assertThatThrownBy(history::undo).isInstanceOf(ConflictException.class);
        assertThat(store.get(KeyPath.of("m", "k"))).isEqualTo(1L);
    }

    @Test
    void aContainerMayHaveLostAndGotBackWhatIsNotOfTheCommit() {
        store.put("m", Map.of("k", 0, "j", 0));
        me.put(KeyPath.of("m", "k"), 1);
        rival.put(KeyPath.of("m", "j"), 1);
        rival.remove(KeyPath.of("m", "j"));

        history.undo();
        assertThat(store.get(KeyPath.of("m", "k"))).isEqualTo(0L);
    }

    @Test
    void soIsAListThatOthersHaveChangedAndChangedBack() {
        me.put(KeyPath.of("list", 0), 2);
        rival.insert(KeyPath.of("list", 0), 2);
        rival.remove(KeyPath.of("list", 0));

        assertThatThrownBy(history::undo)
                .isInstanceOf(ConflictException.class)
                .hasMessageStartingWith("conflict at /list: it was changed since");
    }

    @Test
    void soIsAPlaceThatTheCommitHasEmptiedAndOthersHaveFilledAndEmptied() {
        me.remove("a");
        rival.put("a", 7);
        rival.remove("a");

        assertThatThrownBy(history::undo).isInstanceOf(ConflictException.class);
        assertThat(store.contains("a")).isFalse();
    }

    @Test
    void whatOthersHaveChangedBeforeTheCommitOrElsewhereIsNoConflict() {
        rival.put("a", 5);
        me.put("a", 1);
        rival.put("b", 5);
        rival.put("b", 0);
        rival.put("a", 1);

        history.undo();
        assertThat(store.get("a")).isEqualTo(5L);
    }

    @Test
    void whatOthersHaveUndoneIsNoConflictUntilTheyRedoIt() {
        try (History theirs = History.of(rival)) {
            me.put("a", 1);
            rival.put("a", 7);
            theirs.undo();
            history.undo();
            assertThat(store.get("a")).isEqualTo(0L);
            history.redo();
            theirs.redo();

            assertThatThrownBy(history::undo).isInstanceOf(ConflictException.class);
            assertThat(store.get("a")).isEqualTo(7L);
        }
    }

    /** The guard is asked when the undo has looked, and right before its commit. */
    @Test
    void anEqualValueThatOthersPutBesideTheUndoIsLeftAsItIsToo() {
        AtomicReference<Runnable> beside = new AtomicReference<>();
        Store guarded = Store.options()
                .guard("beside", KeyPath.of("a"), view -> {
                    Runnable other = beside.getAndSet(null);
                    if (other != null) {
                        CompletableFuture.runAsync(other).join();
                    }
                    return true;
                })
                .of(Map.of("a", 0));
        History mine = History.of(guarded);
        guarded.put("a", 1);
        beside.set(() -> {
            guarded.put("a", 7);
            guarded.put("a", 1);
        });

        assertThatThrownBy(mine::undo).isInstanceOf(ConflictException.class);
        assertThat(guarded.get("a")).isEqualTo(1L);
    }

    /** Nobody knows what the missing commits changed. */
    @Test
    void whereCommitsAreMissingTheValuesDecide() {
        Snapshot base = store.snapshot();
        me.put("a", 1);
        Snapshot mine = store.snapshot();
        rival.put("a", 7);
        rival.put("b", 7);
        rival.put("a", 1);

        undoWithMissingCommits(base, mine).run();
        assertThat(store.toMap()).containsEntry("a", 0L).containsEntry("b", 7L);
    }

    @Test
    void missingCommitsThatHaveChangedThePlaceAreAConflictThoughOthersChangeItBack() {
        Snapshot base = store.snapshot();
        me.put("a", 1);
        Snapshot mine = store.snapshot();
        rival.put("a", 7);
        Snapshot missed = store.snapshot();
        rival.put("a", 1);
        StateChain chain = new StateChain(100);
        chain.start(base);
        chain.append(mine, false, false);
        chain.append(missed, true, false);
        chain.append(store.snapshot(), true, false);
        Records records = Records.of(chain, Instant.EPOCH);

        assertThatThrownBy(() -> new UndoLog(me).undo(() -> records)).isInstanceOf(ConflictException.class);
        assertThat(store.get("a")).isEqualTo(1L);
    }

    @Test
    void whereCommitsAreMissingAListMustBeAsItWas() {
        Snapshot base = store.snapshot();
        me.put(KeyPath.of("list", 0), 2);
        Snapshot mine = store.snapshot();
        rival.insert(KeyPath.of("list", 0), 2);

        assertThatThrownBy(undoWithMissingCommits(base, mine)::run)
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("conflict at /list: the list was changed since");
        assertThat(store.getList("list")).containsExactly(2L, 2L, 2L);
    }

    @Test
    void whereCommitsAreMissingAListMustHaveTheElementsThatItHad() {
        Snapshot base = store.snapshot();
        me.put(KeyPath.of("list", 0), 2);
        Snapshot mine = store.snapshot();
        rival.batch(tx -> {
            tx.remove(KeyPath.of("list", 0));
            tx.append("list", 3);
        });

        assertThatThrownBy(undoWithMissingCommits(base, mine)::run)
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("conflict at /list: the list was changed since");
        assertThat(store.getList("list")).containsExactly(2L, 3L);
    }

    @Test
    void whereCommitsAreMissingAListWithinAMapMustBeAsItWas() {
        me.put("m", Map.of("list", List.of(1, 2)));
        Snapshot base = store.snapshot();
        me.put(KeyPath.of("m", "list", 0), 2);
        Snapshot mine = store.snapshot();
        rival.insert(KeyPath.of("m", "list", 0), 2);

        assertThatThrownBy(undoWithMissingCommits(base, mine)::run)
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("conflict at /m/list: the list was changed since");
        assertThat(store.getList(KeyPath.of("m", "list"))).containsExactly(2L, 2L, 2L);
    }

    /** Undoes by a history that has two states, and none of the commits from the second one to the newest. */
    private Runnable undoWithMissingCommits(Snapshot base, Snapshot mine) {
        StateChain chain = new StateChain(100);
        chain.start(base);
        chain.append(mine, false, false);
        chain.append(store.snapshot(), true, false);
        Records records = Records.of(chain, Instant.EPOCH);
        return () -> new UndoLog(me).undo(() -> records);
    }

    @Test
    void aRedoToAnEqualValueThatOthersHavePutSinceIsRefused() {
        me.put("a", 1);
        history.undo();
        rival.put("a", 5);
        rival.put("a", 0);

        assertThatThrownBy(history::redo).isInstanceOf(ConflictException.class);
        assertThat(store.get("a")).isEqualTo(0L);
    }

    @Test
    void whatOthersHaveDoneAndUndoneWhileTheCommitWasUndoneIsNoConflict() {
        try (History theirs = History.of(rival)) {
            me.put("a", 1);
            history.undo();
            rival.put("a", 5);
            rival.put("b", 5);
            theirs.undo();
            theirs.undo();
            history.redo();
            history.undo();

            assertThat(store.get("a")).isEqualTo(0L);
        }
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
    void aLabelOfTheProgramThatOnlySoundsLikeAnUndoIsNone() {
        me.put("a", 1);
        labelled("undo of version 1", "b", 1);
        assertThat(store.snapshot().version()).isEqualTo(2);

        history.undo();
        assertThat(store.toMap()).containsEntry("a", 1L).containsEntry("b", 0L);
        history.undo();
        assertThat(store.toMap()).containsEntry("a", 0L).containsEntry("b", 0L);
        assertThat(history.undo()).isNull();
        history.redo();
        history.redo();
        assertThat(store.toMap()).containsEntry("a", 1L).containsEntry("b", 1L);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "undo of version 1 and more",
                "redo of version 1",
                "undo of version 2",
                "undo of version 77",
                "undo of version 0",
                "undo of version 0 (mine)",
                "redo of version 0"
            })
    void norAreTheseOnes(String label) {
        me.put("a", 1);
        labelled(label, "a", 2);

        history.undo();
        assertThat(store.get("a")).isEqualTo(1L);
    }

    /** It goes back at the place of the commit, and does more. */
    @Test
    void aCommitThatDoesMoreThanItsLabelSaysIsNoUndo() {
        me.put("a", 1);
        me.batch(tx -> {
            tx.label("undo of version 1");
            tx.put("a", 0);
            tx.put("b", 1);
        });

        history.undo();
        assertThat(store.toMap()).containsEntry("a", 1L).containsEntry("b", 0L);
    }

    @Test
    void aCommitFromAnotherValueIsNoUndo() {
        me.put("a", 1);
        me.put("a", 2);
        labelled("undo of version 1", "a", 0);

        history.undo();
        assertThat(store.get("a")).isEqualTo(2L);
    }

    @Test
    void aCommitIsNoUndoOfALaterOne() {
        me.put("a", 1);
        labelled("undo of version 3", "a", 0);
        me.put("a", 1);

        history.undo();
        history.undo();
        assertThat(store.get("a")).isEqualTo(1L);
        history.undo();
        assertThat(store.get("a")).isEqualTo(0L);
    }

    @Test
    void aRivalThatOnlySaysThatItHasUndoneIsNotBelieved() {
        me.put("a", 1);
        rival.put("a", 7);
        rival.batch(tx -> {
            tx.label("undo of version 2");
            tx.put("a", 1);
            tx.put("b", 1);
        });

        assertThatThrownBy(history::undo).isInstanceOf(ConflictException.class);
    }

    @Test
    void norIsARivalThatSaysThatItHasUndoneTheFirstState() {
        me.put("a", 1);
        for (int value : List.of(7, 1)) {
            rival.batch(tx -> {
                tx.label("undo of version 0 (mine)");
                tx.put("a", value);
            });
        }

        assertThatThrownBy(history::undo).isInstanceOf(ConflictException.class);
        assertThat(store.get("a")).isEqualTo(1L);
    }

    @Test
    void norIsARivalThatSaysThatItHasUndoneACommitThatIsNoLongerKept() {
        try (History three = History.options().keep(3).of(me)) {
            store.put("b", 1);
            me.put("a", 1);
            for (int value : List.of(7, 1)) {
                rival.batch(tx -> {
                    tx.label("undo of version 1");
                    tx.put("a", value);
                });
            }

            assertThatThrownBy(three::undo).isInstanceOf(ConflictException.class);
            assertThat(store.get("a")).isEqualTo(1L);
        }
    }

    @Test
    void aCommitThatOnlySaysThatItHasUndoneOneThatIsNoLongerKeptIsUndone() {
        try (History two = History.options().keep(2).of(me)) {
            for (int i = 1; i < 10; i++) {
                me.put("a", i);
            }
            labelled("undo of version 3", "a", 100);

            two.undo();
            assertThat(store.get("a")).isEqualTo(9L);
        }
    }

    /** What that commit did is not known, so neither is whether it is undone. */
    @Test
    void anUndoOfACommitBeforeTheHistoryIsACommitLikeAnyOther() {
        me.put("a", 1);
        try (History later = History.of(me)) {
            history.undo();

            later.undo();
            assertThat(store.get("a")).isEqualTo(1L);
        }
    }

    @Test
    void aCommitThatSaysThatItHasUndoneWhatIsMissingIsUndone() {
        Snapshot base = store.snapshot();
        rival.put("b", 1);
        me.put("a", 1);
        Snapshot missed = store.snapshot();
        me.put("list", List.of());
        Snapshot mine = store.snapshot();
        me.batch(tx -> {
            tx.label("undo of version 2");
            tx.put("a", 0);
            tx.put("b", 0);
        });
        StateChain chain = new StateChain(100);
        chain.start(base);
        chain.add(missed, mine);
        chain.add(mine, store.snapshot());
        Records records = Records.of(chain, Instant.EPOCH);

        new UndoLog(me).undo(() -> records);
        assertThat(store.toMap()).containsEntry("a", 1L).containsEntry("b", 1L);
    }

    /** Nobody knows what others have done since. */
    @Test
    void aClosedHistoryUndoesAndRedoesNothing() {
        me.put("a", 1);
        me.put("b", 1);
        history.undo();
        history.close();
        rival.put("a", 7);
        rival.put("a", 1);
        Snapshot before = store.snapshot();

        assertThatThrownBy(history::undo)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("this history is closed");
        assertThatThrownBy(history::redo)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("this history is closed");
        assertThat(store.snapshot()).isSameAs(before);
        assertThat(history.entries()).hasSize(3);
    }

    /** The guard is asked when the undo has looked, and right before its commit. */
    @Test
    void aHistoryThatIsClosedBesideTheUndoUndoesNothing() {
        AtomicReference<Runnable> beside = new AtomicReference<>();
        Store guarded = Store.options()
                .guard("beside", KeyPath.of("a"), view -> {
                    Runnable other = beside.getAndSet(null);
                    if (other != null) {
                        CompletableFuture.runAsync(other).join();
                    }
                    return true;
                })
                .of(Map.of("a", 0));
        History mine = History.of(guarded);
        guarded.put("a", 1);
        beside.set(() -> {
            mine.close();
            guarded.put("a", 7);
            guarded.put("a", 1);
        });

        assertThatThrownBy(mine::undo)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("this history is closed");
        assertThat(guarded.get("a")).isEqualTo(1L);
    }

    /** The guard is asked when the undo has looked, and right before its commit. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aCommitThatIsLetGoBesideItsUndoOrRedoIsPassedOver(boolean undo) {
        AtomicReference<Runnable> beside = new AtomicReference<>();
        Store guarded = Store.options()
                .guard("beside", KeyPath.of("a"), view -> {
                    Runnable other = beside.getAndSet(null);
                    if (other != null) {
                        CompletableFuture.runAsync(other).join();
                    }
                    return true;
                })
                .of(Map.of("a", 0, "b", 0));
        try (History mine = History.options().keep(3).of(guarded.as("me"))) {
            guarded.as("me").put("a", 1);
            if (!undo) {
                mine.undo();
            }
            Object before = guarded.get("a");
            beside.set(() -> {
                for (int i = 1; i <= 5; i++) {
                    guarded.as("rival").put("b", i);
                }
            });

            assertThat(undo ? mine.undo() : mine.redo()).isNull();
            assertThat(guarded.get("a")).isEqualTo(before);
            assertThat(guarded.get("b")).isEqualTo(5L);
        }
    }

    @Test
    void afterACommitThatIsLetGoBesideItsUndoTheNewestOneThatIsKeptIsUndone() {
        AtomicReference<Runnable> beside = new AtomicReference<>();
        Store guarded = Store.options()
                .guard("beside", KeyPath.of("a"), view -> {
                    Runnable other = beside.getAndSet(null);
                    if (other != null) {
                        CompletableFuture.runAsync(other).join();
                    }
                    return true;
                })
                .of(Map.of("a", 0, "b", 0));
        try (History mine = History.options().keep(2).of(guarded)) {
            guarded.put("a", 1);
            beside.set(() -> {
                for (int i = 1; i <= 5; i++) {
                    guarded.put("b", i);
                }
            });

            assertThat(mine.undo().after().origin().label()).isEqualTo("undo of version 6");
            assertThat(guarded.get("a")).isEqualTo(1L);
            assertThat(guarded.get("b")).isEqualTo(4L);
        }
    }

    @Test
    void whatIsKnownOfUndoingsGoesWithTheCommits() {
        LiveSource source = LiveSource.start(me, History.options().keep(4));
        try {
            for (int i = 1; i <= 20; i++) {
                me.put("a", i);
                source.undoLog().undo(source::records);
            }
            source.records();
            assertThat(source.undoLog().own).hasSize(2);
            source.undoLog().redo(source::records);
            assertThat(store.get("a")).isEqualTo(20L);
            for (int i = 1; i <= 4; i++) {
                rival.put("b", i);
            }
            source.records();
            assertThat(source.undoLog().own).isEmpty();
        } finally {
            source.close();
        }
    }

    /** An undo of a list knows the whole list. */
    @Test
    void anUndoOfElementsIsKnownToAnotherHistory() {
        try (History second = History.of(me)) {
            me.batch(tx -> {
                tx.insert(KeyPath.of("list", 0), 7);
                tx.remove(KeyPath.of("list", 2));
                tx.put("a", 1);
            });
            history.undo();
            history.redo();
            history.undo();

            assertThat(second.undo()).isNull();
            second.redo();
            assertThat(store.getList("list")).containsExactly(7L, 1L);
            assertThat(history.redo()).isNull();
        }
    }

    /** It was kept when the undo was recorded. */
    @Test
    void anUndoOfACommitThatIsNoLongerKeptIsNotUndone() {
        try (History two = History.options().keep(2).of(me)) {
            me.put("a", 2);
            history.undo();
            rival.put("b", 1);

            assertThat(two.entries()).hasSize(2);
            assertThat(two.undo()).isNull();
            assertThat(store.get("a")).isEqualTo(0L);
        }
    }

    private void labelled(String label, String key, int value) {
        me.batch(tx -> {
            tx.label(label);
            tx.put(key, value);
        });
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
