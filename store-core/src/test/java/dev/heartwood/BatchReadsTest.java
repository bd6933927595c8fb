package dev.heartwood;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The read set of a batch, and so the commits that make it run again. A rival commits during the first run of the body,
 * after all operations of the body.
 */
@Timeout(60)
class BatchReadsTest {
    private static final KeyPath M = KeyPath.of("m");
    private static final KeyPath MA = KeyPath.of("m", "a");
    private static final KeyPath MB = KeyPath.of("m", "b");
    private static final KeyPath MC = KeyPath.of("m", "c");
    private static final KeyPath L = KeyPath.of("l");
    private static final KeyPath L0 = KeyPath.of("l", 0);
    private static final KeyPath L1 = KeyPath.of("l", 1);
    private static final KeyPath END = KeyPath.of("l", "-");
    private static final KeyPath XY = KeyPath.of("x", "y");

    private final Store store = Store.of(start());

    private static Map<String, Object> start() {
        Map<String, Object> start = new HashMap<>();
        start.put("a", 1);
        start.put("none", null);
        start.put("m", Map.of("a", 1, "b", 2));
        start.put("l", Arrays.asList(1, 2, 3));
        return start;
    }

    // ---- values

    @Test
    void aValueIsReadByGet() {
        runsAgain(tx -> tx.get("a"), rival -> rival.put("a", 2));
        stands(tx -> tx.get("a"), rival -> rival.put("b", 2));
        stands(tx -> tx.get(MA), rival -> rival.put(MB, 9));
        stands(tx -> tx.get(MA), rival -> rival.put(MC, 9));
    }

    @Test
    void aPlaceIsReadInEachWayInWhichItWasLookedAt() {
        runsAgain(
                tx -> {
                    tx.contains(MA);
                    tx.get(MA);
                },
                rival -> rival.put(MA, 9));
        runsAgain(
                tx -> {
                    tx.keys(M);
                    tx.size(M);
                },
                rival -> rival.put(MC, 9));
    }

    @Test
    void aLeafThatCameBackIsTheSame() {
        stands(tx -> tx.get("a"), rival -> {
            rival.put("a", 2);
            rival.put("a", 1);
        });
    }

    @Test
    void aNullIsNotAnAbsence() {
        runsAgain(tx -> tx.getOrDefault("none", 5), rival -> rival.remove("none"));
        runsAgain(tx -> tx.getOrDefault("other", 5), rival -> rival.put("other", null));
    }

    @Test
    void anAbsenceThatWasThrownIsRead() {
        runsAgain(tx -> eitherWay(() -> tx.get("x")), rival -> rival.put("x", 1));
        stands(tx -> eitherWay(() -> tx.get("x")), rival -> rival.put("y", 1));
        runsAgain(tx -> eitherWay(() -> tx.increment(MC)), rival -> rival.put(MC, 1));
        runsAgain(tx -> eitherWay(() -> tx.update(XY, v -> v)), rival -> rival.put(XY, 1));
    }

    @Test
    void anAbsenceThatWasAnsweredIsRead() {
        runsAgain(tx -> tx.find("x", Long.class), rival -> rival.put("x", 1));
        runsAgain(tx -> tx.contains(XY), rival -> rival.put(XY, 1));
        stands(tx -> tx.contains(XY), rival -> rival.put("x", Map.of("z", 1)));
    }

    @Test
    void aScalarInTheWayThatWasThrownIsRead() {
        KeyPath below = KeyPath.of("a", "below");
        runsAgain(tx -> eitherWay(() -> tx.put(below, 1)), rival -> rival.put("a", Map.of()));
        runsAgain(tx -> eitherWay(() -> tx.set(below, 1)), rival -> rival.put("a", Map.of()));
        runsAgain(tx -> eitherWay(() -> tx.append("a", 1)), rival -> rival.put("a", List.of()));
    }

    @Test
    void aValueThatIsNoNumberAndWasThrownIsRead() {
        runsAgain(tx -> eitherWay(() -> tx.increment("m")), rival -> rival.put("m", 1));
        runsAgain(tx -> eitherWay(() -> tx.increment(L0)), rival -> rival.put(L0, 9)); // a sum is an answer
        runsAgain(tx -> eitherWay(() -> tx.increment("none")), rival -> rival.put("none", 1));
    }

    @Test
    void theValueBeforeAPutIsRead() {
        runsAgain(tx -> tx.put("a", 5), rival -> rival.put("a", 2));
        runsAgain(tx -> tx.put(MA, 5), rival -> rival.put(MA, 2));
        runsAgain(tx -> tx.put(L0, 5), rival -> rival.put(L0, 2));
        stands(tx -> tx.put(MA, 5), rival -> rival.put(MB, 2));
    }

    @Test
    void aPlacePastTheEndOfAListThatWasThrownIsRead() {
        KeyPath past = KeyPath.of("l", 5);
        runsAgain(tx -> eitherWay(() -> tx.put(past, 1)), rival -> rival.concat(L, List.of(4, 5, 6)));
        runsAgain(tx -> eitherWay(() -> tx.set(past, 1)), rival -> rival.set(L, Map.of()));
        runsAgain(tx -> eitherWay(() -> tx.insert(past, 1)), rival -> rival.concat(L, List.of(4, 5)));
    }

    @Test
    void whatAWriteFoundMissingIsMissingInAContainerOfThatKind() {
        runsAgain(tx -> eitherWay(() -> tx.discard(MC)), rival -> rival.put(M, 5));
        runsAgain(tx -> eitherWay(() -> tx.replace(MC, 1, 2)), rival -> rival.put(M, List.of()));
        stands(tx -> tx.discard(MC), rival -> rival.put(M, Map.of()));
    }

    // ---- presence, size, keys

    @Test
    void presenceIsReadByContains() {
        stands(tx -> tx.contains("a"), rival -> rival.put("a", 2));
        runsAgain(tx -> tx.contains("a"), rival -> rival.remove("a"));
        runsAgain(tx -> tx.contains("x"), rival -> rival.put("x", null));
    }

    @Test
    void sizeIsReadBySize() {
        stands(tx -> tx.size(M), rival -> rival.put(MA, 9));
        runsAgain(tx -> tx.size(M), rival -> rival.put(MC, 9));
        stands(tx -> tx.size(M), rival -> {
            rival.put(MC, 9);
            rival.remove(MA);
        });
        runsAgain(tx -> tx.size(M), rival -> rival.put(M, List.of(1, 2)));
        stands(tx -> tx.size(L), rival -> rival.put(L0, 9));
        runsAgain(tx -> tx.size(L), rival -> rival.append(L, 9));
    }

    @Test
    void sizeOfTheTopLevelIsReadBySize() {
        stands(tx -> tx.size(), rival -> rival.put("a", 9));
        runsAgain(tx -> tx.size(), rival -> rival.put("x", 9));
    }

    /** The rival swaps one child for another: the batch's put now replaces a value, or no longer does. */
    @Test
    void aSizeReadAfterAWriteDependsOnWhetherTheWrittenChildWasThere() {
        Consumer<Store> swap = rival -> {
            rival.remove(MB);
            rival.put(MC, Map.of());
        };
        runsAgain(
                tx -> {
                    tx.set(MC, 9);
                    tx.size(M);
                },
                swap);
        // The same where something below the written child was looked at before.
        runsAgain(
                tx -> {
                    tx.contains(MC.child("x"));
                    tx.set(MC, 9);
                    tx.size(M);
                },
                swap);
        runsAgain(
                tx -> {
                    tx.contains(MC.child("x"));
                    tx.set(MC, 9);
                    tx.contains(MB);
                    tx.size(M);
                },
                rival -> rival.put(MC, Map.of()));
    }

    @Test
    void aSizeOfTheTopLevelDependsOnWhetherTheWrittenChildWasThereToo() {
        runsAgain(
                tx -> {
                    tx.contains(XY);
                    tx.set("x", 9);
                    tx.size();
                },
                rival -> {
                    rival.remove("a");
                    rival.put("x", Map.of());
                });
    }

    /** So many children that the read set finds them by an index. */
    @Test
    void aSizeDependsOnEachWrittenChildHoweverManyThereAre() {
        runsAgain(
                tx -> {
                    for (int i = 0; i < 30; i++) {
                        tx.contains(M.child("c" + i).child("x"));
                        tx.set(M.child("c" + i), i);
                    }
                    tx.size(M);
                },
                rival -> {
                    rival.remove(MB);
                    rival.put(M.child("c7"), Map.of());
                });
    }

    @Test
    void theKeySetIsReadByKeys() {
        stands(tx -> tx.keys(M), rival -> rival.put(MA, 9));
        runsAgain(tx -> tx.keys(M), rival -> rival.put(MC, 9));
        runsAgain(tx -> tx.keys(M), rival -> {
            rival.put(MC, 9);
            rival.remove(MA);
        });
        stands(tx -> tx.keys(), rival -> rival.put("a", 9));
        runsAgain(tx -> tx.keys(), rival -> rival.put("x", 9));
    }

    // ---- containers

    @Test
    void aContainerIsReadByReference() {
        for (Consumer<Transaction> read : List.<Consumer<Transaction>>of(
                tx -> tx.get(M), tx -> tx.mapAt(M), tx -> tx.getMap(M), tx -> tx.leaves(M), tx -> tx.toMap())) {
            runsAgain(read, rival -> rival.put(MA, 9));
            runsAgain(read, rival -> {
                rival.put(MA, 8);
                rival.put(MA, 1);
            });
        }
        stands(tx -> tx.get(M), rival -> rival.put(L0, 9));
        runsAgain(tx -> tx.vectorAt(L), rival -> rival.put(L0, 9));
        runsAgain(tx -> tx.getList(L), rival -> rival.append(L, 9));
    }

    @Test
    void theBasePinsTheVersion() {
        runsAgain(tx -> tx.base(), rival -> rival.put("elsewhere", 1));
    }

    @Test
    void anElementIsReadAtItsIndex() {
        stands(tx -> tx.get(L0), rival -> rival.append(L, 9));
        runsAgain(tx -> tx.get(L0), rival -> rival.insert(L0, 9));
        runsAgain(tx -> tx.get(L1), rival -> rival.remove(L0));
    }

    // ---- writes

    @Test
    void putHasReadThePreviousValue() {
        runsAgain(tx -> tx.put("a", 5), rival -> rival.put("a", 2));
        runsAgain(tx -> tx.put("x", 5), rival -> rival.put("x", 2));
        runsAgain(tx -> tx.remove("a"), rival -> rival.put("a", 2));
        runsAgain(tx -> tx.increment("a"), rival -> rival.put("a", 2));
        runsAgain(tx -> tx.replace("a", 1, 5), rival -> rival.put("a", 2));
    }

    @Test
    void setHasReadNothing() {
        stands(tx -> tx.set("a", 5), rival -> rival.put("a", 2));
        assertThat(store.get("a")).isEqualTo(5L);
        stands(tx -> tx.set("a", 5), rival -> rival.remove("a"));
        assertThat(store.get("a")).isEqualTo(5L);
        stands(tx -> tx.set(MA, Map.of()), rival -> rival.put(MC, 2));
        stands(tx -> tx.clear(), rival -> rival.put("x", 2));
        assertThat(store.keys()).containsExactly("mark");
    }

    @Test
    void aSetThatChangedNothingStillOverwritesARival() {
        stands(tx -> tx.set("a", 1), rival -> rival.put("a", 2));
        assertThat(store.get("a")).isEqualTo(1L);
    }

    @Test
    void aSetThatWasTakenBackStillOverwritesARival() {
        stands(
                tx -> {
                    tx.set("x", 1);
                    tx.remove("x");
                },
                rival -> rival.put("x", 2));
        assertThat(store.contains("x")).isFalse();
    }

    @Test
    void initAndDiscardHaveReadPresence() {
        stands(tx -> tx.init("a", 5), rival -> rival.put("a", 2));
        runsAgain(tx -> tx.init("x", 5), rival -> rival.put("x", 2));
        stands(tx -> tx.discard("a"), rival -> rival.put("a", 2));
        assertThat(store.contains("a")).isFalse();
        runsAgain(tx -> tx.discard("a"), rival -> rival.remove("a"));
    }

    @Test
    void setThatMakesParentsHasReadThatTheTopmostWasAbsent() {
        runsAgain(tx -> tx.set(XY, 1), rival -> rival.put(KeyPath.of("x", "z"), 2));
        assertThat(store.getMap("x")).containsOnlyKeys("y", "z");
        stands(tx -> tx.set(KeyPath.of("p", "q", "r"), 1), rival -> rival.put("other", 2));
    }

    @Test
    void setBelowAParentThatARivalRemovedRunsAgain() {
        runsAgain(tx -> tx.set(MA, 5), rival -> rival.remove(M));
        assertThat(store.getMap(M)).isEqualTo(Map.of("a", 5L));
    }

    /** A write that was possible told the body so, also where the batch itself overwrites the place of it afterwards. */
    @Test
    void thatAnElementCouldBeSetIsReadThoughItsListIsOverwritten() {
        Consumer<Transaction> body = tx -> {
            eitherWay(() -> tx.set(L1, 9));
            tx.set(L, List.of());
        };
        runsAgain(body, rival -> rival.set(L, List.of(1)));
        runsAgain(body, rival -> rival.set(L, "no list"));
        stands(body, rival -> rival.set(L, List.of(1, 2)));
    }

    @Test
    void clearHasReadOfWhichKindThePlaceIs() {
        Consumer<Transaction> clearsTheList = tx -> eitherWay(() -> tx.under(L).clear());
        runsAgain(clearsTheList, rival -> rival.set(L, "no list"));
        assertThat(store.get(L)).isEqualTo("no list");
        stands(clearsTheList, rival -> rival.set(L, List.of(1)));
        assertThat(store.getList(L)).isEmpty();
        runsAgain(tx -> eitherWay(() -> tx.under("x").clear()), rival -> rival.set("x", "no list"));
    }

    @Test
    void whatTheBatchHasSetItselfIsItsOwnAlsoAfterALookElsewhere() {
        stands(
                tx -> {
                    tx.set(MA, 5);
                    tx.get("a");
                    tx.get(MA);
                },
                rival -> rival.put(MA, 2));
        assertThat(store.get(MA)).isEqualTo(5L);
    }

    @Test
    void whatTheBatchHasSetItselfIsItsOwn() {
        stands(
                tx -> {
                    tx.set(MA, 5);
                    tx.get(MA);
                    tx.increment(MA);
                },
                rival -> rival.put(MA, 2));
        assertThat(store.get(MA)).isEqualTo(6L);
        stands(
                tx -> {
                    tx.set(M, Map.of("k", Map.of()));
                    tx.keys(M);
                    tx.size(KeyPath.of("m", "k"));
                    tx.contains(MC);
                    tx.put(MC, 1);
                },
                rival -> rival.put(MB, 2));
        assertThat(store.keys(M)).containsExactlyInAnyOrder("k", "c");
    }

    @Test
    void whatItSetWithoutAChangeIsItsOwnToo() {
        stands(
                tx -> {
                    tx.set("a", 1);
                    tx.get("a");
                },
                rival -> rival.put("a", 2));
        assertThat(store.get("a")).isEqualTo(1L);
    }

    @Test
    void whatWasReadBeforeItWasSetIsRead() {
        runsAgain(
                tx -> {
                    tx.get(MA);
                    tx.set(MA, 5);
                },
                rival -> rival.put(MA, 2));
    }

    @Test
    void aContainerAboveWhatWasSetIsRead() {
        runsAgain(
                tx -> {
                    tx.set(MA, 5);
                    tx.get(M);
                },
                rival -> rival.put(MB, 9));
    }

    @Test
    void aSizeThatCountsWhatWasSetHasReadWhetherItWasThere() {
        Consumer<Transaction> body = tx -> {
            tx.set(MA, 5);
            tx.size(M);
        };
        runsAgain(body, rival -> rival.put(M, Map.of("b", 2, "c", 3)));
        stands(body, rival -> rival.put(M, Map.of("a", 2, "c", 3)));
    }

    // ---- lists

    @Test
    void aChangeOfLengthHasReadTheWholeList() {
        for (Consumer<Transaction> write : List.<Consumer<Transaction>>of(
                tx -> tx.append(L, 9),
                tx -> tx.put(END, 9),
                tx -> tx.set(END, 9),
                tx -> tx.insert(L0, 9),
                tx -> tx.remove(L1),
                tx -> tx.discard(L1),
                tx -> tx.concat(L, List.of(9)))) {
            runsAgain(write, rival -> rival.put(L0, 7));
            runsAgain(write, rival -> rival.append(L, 8));
            stands(write, rival -> rival.put("a", 5));
        }
    }

    @Test
    void twoBatchesThatAppendBothDo() {
        runsAgain(tx -> tx.append(L, 9), rival -> rival.append(L, 8));
        assertThat(store.getList(L)).containsExactly(1L, 2L, 3L, 8L, 9L);
    }

    @Test
    void anElementThatIsReplacedHasNotReadTheList() {
        stands(tx -> tx.set(L0, 9), rival -> rival.append(L, 8));
        assertThat(store.getList(L)).containsExactly(9L, 2L, 3L, 8L);
        stands(tx -> tx.put(L1, 7), rival -> rival.put(L0, 6));
    }

    @Test
    void whatItAppendedItselfIsItsOwn() {
        Commit commit = disturbed(
                tx -> {
                    tx.append(L, 9);
                    tx.append(L, 8);
                    tx.put(KeyPath.of("l", 3), 7);
                    tx.get(KeyPath.of("l", 4));
                },
                rival -> rival.put("a", 3));
        assertThat(commit.attempts()).isEqualTo(1);
        assertThat(store.getList(L)).containsExactly(1L, 2L, 3L, 7L, 8L);
    }

    // ---- single operations

    @Test
    void aFunctionHasReadItsOwnPlaceAlone() {
        assertThat(runsOfUpdate("a", rival -> rival.put("b", 1))).isEqualTo(1);
        assertThat(runsOfUpdate("a", rival -> rival.put("a", 1))).isEqualTo(1); // equal: no commit
        assertThat(runsOfUpdate("a", rival -> rival.put("a", 3))).isEqualTo(2);
        assertThat(runsOfUpdate("m", rival -> rival.put(MA, 3))).isEqualTo(2);
        assertThat(runsOfUpdate("m", rival -> rival.put(L0, 3))).isEqualTo(1);
    }

    @Test
    void aReadOnlyBatchIsNotDisturbed() {
        AtomicBoolean first = new AtomicBoolean(true);
        Commit commit = store.batch(tx -> {
            tx.get("a");
            if (first.getAndSet(false)) {
                Crew.elsewhere(() -> store.put("a", 2));
            }
        });
        assertThat(commit.changed()).isFalse();
        assertThat(commit.attempts()).isEqualTo(1);
        assertThat(commit.after()).isSameAs(commit.before());
    }

    /** A call that may throw on the first run and not on the second; the body records the exception and goes on. */
    private static void eitherWay(Runnable operation) {
        try {
            operation.run();
        } catch (NoSuchPathException | TypeMismatchException e) {
            assertThat(e.getMessage()).isNotEmpty();
        }
    }

    private int runsOfUpdate(String key, Consumer<Store> rival) {
        store.set(KeyPath.root(), start());
        int[] runs = new int[1];
        store.update(key, value -> {
            if (runs[0]++ == 0) {
                Crew.elsewhere(() -> rival.accept(store));
            }
            return List.of("made of", String.valueOf(value));
        });
        return runs[0];
    }

    private void stands(Consumer<Transaction> body, Consumer<Store> rival) {
        assertThat(disturbed(body, rival).attempts()).isEqualTo(1);
    }

    private void runsAgain(Consumer<Transaction> body, Consumer<Store> rival) {
        assertThat(disturbed(body, rival).attempts()).isEqualTo(2);
    }

    private Commit disturbed(Consumer<Transaction> body, Consumer<Store> rival) {
        store.set(KeyPath.root(), start());
        AtomicBoolean first = new AtomicBoolean(true);
        return store.batch(tx -> {
            body.accept(tx);
            tx.set("mark", true); // a batch that writes nothing has no race to lose
            if (first.getAndSet(false)) {
                Crew.elsewhere(() -> rival.accept(store));
            }
        });
    }
}
