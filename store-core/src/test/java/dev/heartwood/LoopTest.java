package dev.heartwood;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The commit loop under lost races and states that are rolled back. */
@Timeout(60)
class LoopTest {
    private final InterposedRoot root =
            new InterposedRoot(Map.of("a", 1, "b", 1, "m", Map.of("a", 1), "l", List.of(1)));
    private final Store store = Store.over(root);
    private final Snapshot start = store.snapshot();

    @Test
    void aLostRaceIsRunAgainOnTheNewState() {
        root.beforeNextCommit(() -> store.put("a", 10));
        assertThat(store.increment("a")).isEqualTo(11L);
        assertThat(store.version()).isEqualTo(start.version() + 2);
    }

    @Test
    void anAppendThatLostItsRaceComesBehindTheElementOfTheRival() {
        root.beforeNextCommit(() -> store.append("l", 2));
        store.append("l", 3);
        assertThat(store.getList(KeyPath.of("l"))).hasToString("[1, 2, 3]");
    }

    @Test
    void aBatchWhoseLastWriteARivalHasMadeTooCommitsTheOthers() {
        root.beforeNextCommit(() -> store.put("b", 2));
        store.batch(tx -> {
            tx.set("a", 2);
            tx.set("b", 2);
        });
        assertThat(store.get("a")).isEqualTo(2L);
        assertThat(store.version()).isEqualTo(start.version() + 2);
    }

    @Test
    void aRaceThatWasLostToAnEqualValueCommitsNothingMore() {
        root.beforeNextCommit(() -> store.put("a", 2));
        store.set("a", 2);
        assertThat(store.version()).isEqualTo(start.version() + 1);
    }

    @Test
    void aBatchThatWasLostToEqualValuesCommitsNothingMore() {
        root.beforeNextCommit(() -> store.atomically(tx -> {
            tx.set("a", 2);
            tx.set("new", 3);
        }));
        Commit commit = store.batch(tx -> {
            tx.set("a", 2);
            tx.set("new", 3);
        });
        assertThat(commit.attempts()).isEqualTo(1);
        assertThat(store.version()).isEqualTo(start.version() + 1);
    }

    @Test
    void aPutThatIsNoneOnTheNewStateTellsWhatItFoundThere() {
        root.beforeNextCommit(() -> store.put("a", 2));
        assertThat(store.put("a", 2)).isEqualTo(2L);
        assertThat(store.version()).isEqualTo(start.version() + 1);
    }

    @Test
    void aReplacementThatLostItsRaceToAnotherValueHasNotReplaced() {
        root.beforeNextCommit(() -> store.put("a", 2));
        assertThat(store.replace("a", 1, 7)).isFalse();
        assertThat(store.get("a")).isEqualTo(2L);
    }

    @Test
    void aRemovalThatWasLostToAnotherIsAnError() {
        root.beforeNextCommit(() -> store.remove("a"));
        assertThatThrownBy(() -> store.remove("a")).isInstanceOf(NoSuchPathException.class);
    }

    @Test
    void whatStoodBeforeAFailureDoesNotStandAfterIt() {
        KeyPath path = KeyPath.of("m", "a");
        root.beforeNextCommit(() -> {
            store.remove(path);
            root.onNextAnswer(() -> {
                store.put("b", 2);
                return false;
            });
        });
        assertThatThrownBy(() -> store.increment(path)).isInstanceOf(NoSuchPathException.class);
        assertThat(store.contains(path)).isFalse();
        assertThat(store.get("b")).isEqualTo(2L);
    }

    @Test
    void aParentThatARivalMadeIsKept() {
        root.beforeNextCommit(() -> store.put(KeyPath.of("x", "y"), 1));
        store.put(KeyPath.of("x", "z"), 2);
        assertThat(store.getMap("x")).isEqualTo(Map.of("y", 1L, "z", 2L));
    }

    @Test
    void aSetThatWroteNothingIsWrittenWhenItsStateIsTakenBack() {
        root.onNextAnswer(() -> {
            store.put("a", 0);
            return false;
        });
        store.set("a", 1);
        assertThat(store.get("a")).isEqualTo(1L);
    }

    @Test
    void aBatchThatWroteNothingIsWrittenWhenItsStateIsTakenBack() {
        root.onNextAnswer(() -> {
            store.put("a", 0);
            return false;
        });
        Commit commit = store.batch(tx -> tx.set("a", 1));
        assertThat(store.get("a")).isEqualTo(1L);
        assertThat(commit.changed()).isTrue();
        assertThat(commit.attempts()).isEqualTo(1);
    }

    @Test
    void anInitThatWroteNothingWritesNothingWhenItsStateIsTakenBack() {
        root.onNextAnswer(() -> {
            store.put("a", 7);
            return false;
        });
        assertThat(store.init("a", 5)).isFalse();
        assertThat(store.get("a")).isEqualTo(7L);
        root.onNextAnswer(() -> {
            store.remove("a");
            return false;
        });
        assertThat(store.init("a", 5)).isTrue();
        assertThat(store.get("a")).isEqualTo(5L);
    }

    @Test
    void anAnswerWhoseStateIsTakenBackIsGivenAnew() {
        root.onNextAnswer(() -> {
            store.put("a", 5);
            return false;
        });
        assertThat(store.<Object, RuntimeException>transactChecked(tx -> tx.get("a")))
                .isEqualTo(5L);
        root.onNextAnswer(() -> {
            store.put("a", 1);
            return false;
        });
        assertThat(store.replace("a", 1, 2)).isTrue();
        assertThat(store.get("a")).isEqualTo(2L);
    }

    @Test
    void aCallThatChangesNothingAsksTheStorageOnceHoweverOftenOthersCommit() {
        AtomicInteger questions = new AtomicInteger();
        root.beforeEachQuestion(() -> {
            assertThat(questions.incrementAndGet()).isEqualTo(1);
            Crew.elsewhere(() -> store.increment("a"));
        });
        assertThat(store.<Object>transact(tx -> tx.get("a"))).isEqualTo(2L);
    }

    @Test
    void whatIsMadeOnceIsTheSameAfterAFailureWhoseStateIsTakenBack() {
        List<Object> made = new ArrayList<>();
        root.onNextAnswer(() -> false);
        store.batch(tx -> {
            made.add(tx.once(Object::new));
            if (made.size() == 1) {
                throw new IllegalStateException("of a state that does not stay");
            }
        });
        assertThat(made).hasSize(2);
        assertThat(made.get(0)).isSameAs(made.get(1));
    }

    @Test
    void eachCallHasItsOwnValueAlsoWhereASupplierFailsOrAsksForMore() {
        List<Object> made = new ArrayList<>();
        AtomicInteger calls = new AtomicInteger();
        root.onNextAnswer(() -> false);
        store.batch(tx -> {
            made.clear();
            try {
                made.add(tx.once(() -> {
                    made.add(tx.once(() -> "within " + calls.incrementAndGet()));
                    if (calls.get() == 1) {
                        throw new IllegalStateException("the first time");
                    }
                    return "first " + calls.incrementAndGet();
                }));
            } catch (IllegalStateException e) {
                made.add("failed " + calls.incrementAndGet());
            }
            made.add(tx.once(() -> "outer " + tx.once(() -> "inner " + calls.incrementAndGet())));
            made.add(tx.once(() -> "last " + calls.incrementAndGet()));
            if (calls.get() < 5) {
                throw new IllegalStateException("of a state that does not stay");
            }
        });
        assertThat(made).containsExactly("within 1", "first 5", "outer inner 3", "last 4");
    }

    @Test
    void anExceptionWhoseStateIsTakenBackIsNotThrown() {
        root.onNextAnswer(() -> {
            store.put("x", 5);
            return false;
        });
        assertThat(store.increment("x")).isEqualTo(6L);
        root.onNextAnswer(() -> {
            store.put("y", 1);
            return false;
        });
        assertThat(store.<Object, RuntimeException>transactChecked(tx -> tx.get("y")))
                .isEqualTo(1L);
    }

    @Test
    void aCommitThatIsTakenBackIsMadeAgain() {
        Snapshot[] first = new Snapshot[1];
        root.onNextAnswer(() -> {
            first[0] = store.snapshot();
            store.restore(start);
            return false;
        });
        assertThat(store.increment("a")).isEqualTo(2L);
        assertThat(first[0].get("a")).isEqualTo(2L);
        assertThat(store.get("a")).isEqualTo(2L);
        assertThat(store.version()).isEqualTo(start.version() + 3);
    }

    @Test
    void anIndeterminateCommitIsNotRepeated() {
        int[] runs = new int[1];
        root.beforeNextCommit(() -> {
            throw new IndeterminateCommitException("the line went dead", null);
        });
        Throwable thrown = catchThrowable(() -> store.update("a", value -> {
            runs[0]++;
            return 7;
        }));
        assertThat(thrown).isInstanceOf(IndeterminateCommitException.class);
        assertThat(runs[0]).isEqualTo(1);
        assertThat(store.increment("a")).isEqualTo(2L);
    }

    @Test
    void whatTheRootRefusesComesOutAndNothingIsChanged() {
        root.beforeNextCommit(() -> {
            throw new StoreIOException("the disk is full", null);
        });
        assertThatThrownBy(() -> store.increment("a")).hasMessage("the disk is full");
        assertThat(store.snapshot()).isSameAs(start);
        assertThat(store.increment("a")).isEqualTo(2L);
    }

    @Test
    void aFailureOfTheBodyIsNotLostWhenItsAnswerCannotBeSettled() {
        IllegalStateException mine = new IllegalStateException("mine");
        root.onNextAnswer(() -> {
            throw new StoreIOException("the disk is full", null);
        });
        assertThatThrownBy(() -> store.batch(tx -> {
                    throw mine;
                }))
                .hasMessage("the disk is full")
                .hasSuppressedException(mine);
    }
}
