package dev.heartwood;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Functions that a batch applies to the newest value when it commits. Random bodies: BatchRebaseTest. */
@Timeout(120)
class CommuteTest {
    private static final KeyPath HITS = KeyPath.of("stats", "hits");
    private static final Map<String, Object> TREE =
            Map.of("stats", Map.of("hits", 1, "name", "x"), "list", List.of(1, 2, 3), "n", 10);

    private final InterposedRoot root = new InterposedRoot(TREE);
    private final Store store = Store.over(root);
    private final Snapshot start = store.snapshot();

    private static void count(Transaction tx) {
        tx.commute(HITS, Long.class, hits -> hits + 1);
    }

    private long hits() {
        return store.get(HITS, Long.class);
    }

    // ---- parts that are undone

    @Test
    void theFunctionsOfAnAlternativeThatGivesUpAreNeverApplied() throws Exception {
        int given = store.<Integer, RuntimeException>awaitTransact(
                tx -> {
                    count(tx);
                    return tx.orElse(
                            first -> {
                                count(first);
                                first.commute("n", Long.class, n -> {
                                    throw new AssertionError("of an alternative that gave up");
                                });
                                return first.retry();
                            },
                            second -> {
                                second.commute("n", Long.class, n -> n + 5);
                                return 2;
                            });
                },
                Duration.ZERO);

        assertThat(given).isEqualTo(2);
        assertThat(hits()).as("counted once, before the alternatives").isEqualTo(2L);
        assertThat(store.get("n")).isEqualTo(15L);
    }

    @Test
    void aFunctionThatTheFirstAlternativeHadToApplyIsUndoneAndWaitsAgain() throws Exception {
        AtomicInteger bodies = new AtomicInteger();
        root.beforeNextCommit(() -> store.put("n", 100));
        boolean done = store.<Boolean, RuntimeException>awaitTransact(
                tx -> {
                    bodies.incrementAndGet();
                    tx.commute(HITS, Long.class, hits -> hits * 10);
                    return tx.orElse(
                            first -> {
                                assertThat(first.get(HITS)).isEqualTo(10L);
                                return first.retry();
                            },
                            second -> true);
                },
                Duration.ZERO);

        assertThat(done).isTrue();
        assertThat(hits()).as("applied once").isEqualTo(10L);
        assertThat(store.get("n")).isEqualTo(100L);
        assertThat(bodies).as("nobody has changed what it read").hasValue(1);
    }

    // ---- without a look

    @Test
    void itIsAppliedAtTheCommit() {
        Commit commit = store.batch(CommuteTest::count);
        assertThat(hits()).isEqualTo(2L);
        assertThat(commit.attempts()).isEqualTo(1);
        assertThat(commit.diff()).hasToString("~ /stats/hits: 1 -> 2");
    }

    @Test
    void noRivalAtThePlaceMakesTheBatchRunAgain() {
        AtomicInteger bodies = new AtomicInteger();
        AtomicInteger functions = new AtomicInteger();
        root.beforeNextCommit(() -> store.put(HITS, 100));
        Commit commit = store.batch(tx -> {
            bodies.incrementAndGet();
            tx.commute(HITS, Long.class, hits -> {
                functions.incrementAndGet();
                return hits + 1;
            });
        });
        assertThat(hits()).isEqualTo(101L);
        assertThat(bodies).hasValue(1);
        assertThat(functions).hasValue(2);
        assertThat(commit.attempts()).isEqualTo(1);
        assertThat(commit.diff()).hasToString("~ /stats/hits: 100 -> 101");
    }

    @Test
    void aRivalElsewhereDoesNotMakeTheFunctionRunAgain() {
        AtomicInteger functions = new AtomicInteger();
        root.beforeNextCommit(() -> store.put("n", 100));
        store.batch(tx -> tx.commute(HITS, Long.class, hits -> hits + functions.incrementAndGet()));
        assertThat(functions).hasValue(1);
        assertThat(hits()).isEqualTo(2L);
    }

    @Test
    void noSlowBatchOfEightThreadsThatCountOnOneNumberRunsTwice() {
        Store counted = Store.of(Map.of("hits", 0));
        ConcurrentLinkedQueue<Integer> attempts = new ConcurrentLinkedQueue<>();
        Crew.together(8, thread -> {
            String own = "own" + thread;
            for (int i = 0; i < 20; i++) {
                attempts.add(counted.batch(tx -> {
                            tx.commute("hits", Long.class, hits -> hits + 1);
                            tx.merge(own, Long.class, 1L, Long::sum);
                            LockSupport.parkNanos(500_000);
                        })
                        .attempts());
            }
        });
        assertThat(attempts).hasSize(160).containsOnly(1);
        assertThat(counted.get("hits")).isEqualTo(160L);
    }

    @Test
    void functionsForOnePlaceAreAppliedInTheirOrder() {
        store.batch(tx -> {
            count(tx);
            tx.commute(HITS, Long.class, hits -> hits * 10);
            count(tx);
            count(tx);
        });
        assertThat(hits()).isEqualTo(22L);
    }

    @Test
    void eachFunctionIsGivenWhatTheTreeHolds() {
        store.batch(tx -> {
            tx.commute("list", List.class, list -> new ArrayList<>(List.of(7)));
            tx.commute("list", List.class, list -> {
                assertThatThrownBy(list::clear).isInstanceOf(UnsupportedOperationException.class);
                return List.of(list.get(0), 8);
            });
        });
        assertThat(store.getList("list")).isEqualTo(List.of(7L, 8L));
    }

    @Test
    void aHundredThousandFunctionsTakeALinearTime() {
        Store wide = Store.create();
        wide.batch(tx -> {
            for (int i = 0; i < 100_000; i++) {
                tx.set(KeyPath.of("k" + i), 0);
            }
        });
        wide.batch(tx -> {
            for (int i = 0; i < 100_000; i++) {
                tx.commute("k" + i, Long.class, n -> n + 1);
                tx.commute("k0", Long.class, n -> n + 1);
            }
        });
        assertThat(wide.get("k0")).isEqualTo(100_001L);
        assertThat(wide.get("k99999")).isEqualTo(1L);
    }

    @Test
    void whatChangesNothingCommitsNothing() {
        assertThat(store.batch(tx -> tx.commute(HITS, Long.class, hits -> hits)).changed())
                .isFalse();
        assertThat(store.snapshot()).isSameAs(start);
    }

    // ---- with a look it is an update

    @Test
    void aLookAtThePlaceAboveOrBelowItFindsItApplied() {
        looks(tx -> assertThat(tx.get(HITS)).isEqualTo(2L));
        looks(tx -> assertThat(tx.contains(HITS)).isTrue());
        looks(tx -> assertThat(tx.getMap("stats").get("hits")).isEqualTo(2L));
        looks(tx -> assertThat(tx.size("stats")).isEqualTo(2));
        looks(tx -> assertThat(tx.keys()).contains("stats"));
        looks(tx -> assertThat(tx.increment(HITS)).isEqualTo(3L));
        looks(tx -> assertThat(tx.put("stats", 5)).isEqualTo(io.vavr.collection.HashMap.of("hits", 2L, "name", "x")));
        looks(tx -> assertThatThrownBy(() -> tx.put(HITS.child("below"), 5)).isInstanceOf(TypeMismatchException.class));
    }

    @Test
    void aDerivedValueThatTheBodyAsksForFindsItApplied() {
        Derived<Long> twice = store.derive(view -> 2 * view.get(HITS, Long.class));
        looks(tx -> assertThat(twice.in(tx)).isEqualTo(4L));
    }

    /** A body that commutes, and then looks, has read the value. */
    private void looks(Consumer<Transaction> look) {
        store.set(KeyPath.root(), TREE);
        boolean[] first = {true};
        Commit commit = store.batch(tx -> {
            count(tx);
            if (first[0]) {
                look.accept(tx);
                tx.set("mark", 1);
                first[0] = false;
                Crew.elsewhere(() -> store.put(HITS, 100));
            }
        });
        assertThat(commit.attempts()).as("attempts").isEqualTo(2);
        assertThat(hits()).isEqualTo(101L);
    }

    @Test
    void aLookElsewhereLeavesItWaiting() {
        boolean[] first = {true};
        Commit commit = store.batch(tx -> {
            count(tx);
            tx.get("n");
            tx.get(KeyPath.of("stats", "name"));
            tx.set(KeyPath.of("stats", "new"), 1);
            if (first[0]) {
                first[0] = false;
                Crew.elsewhere(() -> store.put(HITS, 100));
            }
        });
        assertThat(commit.attempts()).isEqualTo(1);
        assertThat(hits()).isEqualTo(101L);
    }

    @Test
    void afterTheBatchHasWrittenThePlaceItIsAnUpdate() {
        store.batch(tx -> {
            tx.set(HITS, 5);
            count(tx);
            assertThat(tx.get(HITS)).isEqualTo(6L);
            tx.set(KeyPath.of("fresh"), Map.of("n", 1));
            tx.commute(KeyPath.of("fresh", "n"), Long.class, n -> n + 1);
            tx.set(KeyPath.of("stats", "deep"), Map.of());
            tx.commute("stats", Map.class, stats -> Map.of("hits", stats.size()));
        });
        assertThat(hits()).isEqualTo(3L);
        assertThat(store.get(KeyPath.of("fresh", "n"))).isEqualTo(2L);
    }

    @Test
    void aCommutedMapAndAPlaceInItAreAppliedInTheirOrder() {
        store.batch(tx -> {
            tx.commute("stats", Map.class, stats -> Map.of("hits", 50));
            count(tx);
        });
        assertThat(hits()).isEqualTo(51L);
    }

    @Test
    void anElementKeepsItsFunctionWhereOthersComeAndGo() {
        store.batch(tx -> {
            tx.commute(KeyPath.of("list", 2), Long.class, n -> n + 100);
            tx.remove(KeyPath.of("list", 0));
            tx.insert(KeyPath.of("list", 0), 7);
            tx.insert(KeyPath.of("list", 0), 8);
        });
        assertThat(store.getList("list")).isEqualTo(List.of(8L, 7L, 2L, 103L));
    }

    @Test
    void itIsAppliedAtTheEndOfADraft() {
        Snapshot draft = start.edit(CommuteTest::count);
        assertThat(draft.get(HITS)).isEqualTo(2L);
        assertThat(hits()).isEqualTo(1L);
    }

    // ---- failures

    @Test
    void whatIsNotThereIsToldByTheCommitWithoutAnotherRun() {
        AtomicInteger bodies = new AtomicInteger();
        assertThatThrownBy(() -> store.batch(tx -> {
                    bodies.incrementAndGet();
                    tx.set("n", 11);
                    tx.commute("none", Long.class, n -> n + 1);
                }))
                .isInstanceOf(NoSuchPathException.class)
                .hasMessageContaining("/none");
        assertThat(bodies).hasValue(1);
        assertThat(store.snapshot()).isSameAs(start);
    }

    @Test
    void aPlaceThatARivalTakesAwayIsMissing() {
        AtomicInteger bodies = new AtomicInteger();
        root.beforeNextCommit(() -> store.remove(HITS));
        assertThatThrownBy(() -> store.batch(tx -> {
                    bodies.incrementAndGet();
                    count(tx);
                }))
                .isInstanceOf(NoSuchPathException.class);
        assertThat(bodies).hasValue(1);
    }

    /** The state that the body began on, where it fails, is not the newest any more. */
    @Test
    void aFailureCountsOnlyOnTheNewestValue() throws Exception {
        Store store = Store.of(Map.of("balance", 5));
        Commit commit = store.batch(tx -> {
            CompletableFuture.runAsync(() -> store.put("balance", 50)).join();
            CompletableFuture.runAsync(() -> store.put("hits", 1)).join();
            tx.commute(KeyPath.of("balance"), Long.class, n -> {
                if (n < 10) {
                    throw new IllegalStateException("too poor: " + n);
                }
                return n - 10;
            });
            tx.commute(KeyPath.of("hits"), Long.class, n -> n + 1);
        });
        assertThat(store.toMap()).isEqualTo(Map.of("balance", 40L, "hits", 2L));
        assertThat(commit.attempts()).isEqualTo(1);
        assertThatThrownBy(() -> store.batch(tx -> {
                    CompletableFuture.runAsync(() -> store.put("balance", 3)).join();
                    tx.commute(KeyPath.of("balance"), Long.class, n -> {
                        throw new IllegalStateException("too poor: " + n);
                    });
                }))
                .hasMessage("too poor: 3");
    }

    @Test
    void theValueOldAndNewMustBeOfTheType() {
        assertThatThrownBy(() -> store.batch(tx -> tx.commute(KeyPath.of("stats", "name"), Long.class, n -> n)))
                .isInstanceOf(TypeMismatchException.class)
                .hasMessageContaining("/stats/name");
        assertThatThrownBy(() -> store.batch(tx -> tx.commute(HITS, Long.class, n -> null)))
                .isInstanceOf(TypeMismatchException.class);
        assertThat(store.snapshot()).isSameAs(start);
    }

    @Test
    void whatAFunctionThrowsComesOutUnchanged() {
        IllegalStateException thrown = new IllegalStateException("mine");
        assertThatThrownBy(() -> store.batch(tx -> {
                    tx.set("n", 11);
                    tx.commute(HITS, Long.class, n -> {
                        throw thrown;
                    });
                }))
                .isSameAs(thrown);
        assertThat(store.snapshot()).isSameAs(start);
    }

    @Test
    void aFailureIsAnAnswerThatIsSettled() {
        AtomicInteger bodies = new AtomicInteger();
        root.onNextAnswer(() -> {
            store.put("none", 1);
            return false;
        });
        store.batch(tx -> {
            bodies.incrementAndGet();
            tx.commute("none", Long.class, n -> n + 1);
        });
        assertThat(store.get("none")).isEqualTo(2L);
        assertThat(bodies).hasValue(1);
    }

    @Test
    void aFunctionMustNotUseTheStoreOrAnEndedTransaction() {
        assertThatThrownBy(() -> store.batch(tx -> tx.commute(HITS, Long.class, n -> store.get(HITS, Long.class))))
                .isInstanceOf(ReentrantUseException.class);
        assertThatThrownBy(() -> store.batch(tx -> tx.commute(HITS, Long.class, n -> tx.get("n", Long.class))))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> store.batch(tx -> tx.update(HITS, n -> {
                    count(tx);
                    return 5;
                })))
                .isInstanceOf(IllegalStateException.class);
        assertThat(store.snapshot()).isSameAs(start);
    }

    @Test
    void aLookThatFailsLeavesTheFunctionForTheCommitToFail() {
        assertThatThrownBy(() -> store.batch(tx -> {
                    tx.commute("none", Long.class, n -> n + 1);
                    assertThatThrownBy(() -> tx.contains("none")).isInstanceOf(NoSuchPathException.class);
                }))
                .isInstanceOf(NoSuchPathException.class);
    }

    // ---- parts

    @Test
    void aPartThatFailsTakesItsFunctionsAway() {
        store.batch(tx -> {
            count(tx);
            assertThatThrownBy(() -> tx.atomically(part -> {
                        count(part);
                        assertThat(part.get(HITS)).isEqualTo(3L);
                        count(part);
                        part.commute("n", Long.class, n -> n + 1);
                        throw new IllegalStateException();
                    }))
                    .isInstanceOf(IllegalStateException.class);
        });
        assertThat(hits()).isEqualTo(2L);
        assertThat(store.get("n")).isEqualTo(10L);
    }

    // ---- the edits for roots

    @Test
    void rootsAreToldThePutOfTheFinalValue() {
        List<List<Edit>> told = new ArrayList<>();
        root.onEdits((before, after, edits) -> told.add(edits.get()));
        root.beforeNextCommit(() -> root.timeline()
                .advance(
                        start,
                        root.timeline()
                                .state(1, start.edit(tx -> tx.put(HITS, 100)).tree())));
        Commit commit = store.batch(tx -> {
            count(tx);
            count(tx);
            tx.commute("n", Long.class, n -> n);
            tx.append("list", 4);
            tx.commute(KeyPath.of("list", 0), Long.class, n -> n + 1);
        });
        List<Edit> last = told.get(told.size() - 1);
        assertThat(last).map(Edit::toString).contains("Put[/stats/hits, 102]");
        io.vavr.collection.HashMap<String, Object> tree = commit.before().tree();
        for (Edit edit : last) {
            tree = Objects.requireNonNull(edit.applyTo(tree));
        }
        assertThat(tree).isEqualTo(store.snapshot().tree());
        assertThat(store.getList("list")).isEqualTo(List.of(2L, 2L, 3L, 4L));
        assertThat(last).noneMatch(edit -> edit.path().equals(KeyPath.of("n")));
    }

    /** Edits of one commit overlap nowhere, so that a root may apply them in any order. */
    @Test
    void aboveAPlaceThatTheBatchHasWrittenItIsAppliedAtOnce() {
        List<List<Edit>> told = new ArrayList<>();
        root.onEdits((before, after, edits) -> told.add(edits.get()));
        store.batch(tx -> {
            tx.set(HITS, 5);
            tx.commute("stats", Map.class, stats -> Map.of("hits", 7, "sum", stats.size()));
            tx.append("list", 4);
            tx.commute("list", List.class, list -> List.of(list.size()));
        });
        assertThat(told)
                .singleElement()
                .satisfies(edits -> assertThat(edits)
                        .map(edit -> edit.path().toString())
                        .containsExactlyInAnyOrder("/stats", "/list"));
        assertThat(store.get("list")).isEqualTo(io.vavr.collection.Vector.of(4L));
        assertThat(hits()).isEqualTo(7L);
    }
}
