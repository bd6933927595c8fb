package dev.heartwood;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A batch is all or nothing: its effects, its results and exceptions, and its forbidden uses. */
@Timeout(60)
class BatchTest {
    private final List<Throwable> failures = new ArrayList<>();
    private final Store store =
            Store.options().failureHandler(failures::add).of(Map.of("a", 1, "m", Map.of("a", 1), "l", List.of(1, 2)));
    private final Snapshot start = store.snapshot();

    @Test
    void aBatchIsOneCommit() {
        Commit commit = store.batch(tx -> {
            tx.put("b", 2);
            tx.increment("a");
            tx.append("l", 3);
        });
        assertThat(commit.before()).isSameAs(start);
        assertThat(commit.after()).isSameAs(store.snapshot());
        assertThat(commit.after().version()).isEqualTo(start.version() + 1);
        assertThat(commit.changed()).isTrue();
        assertThat(commit.attempts()).isEqualTo(1);
        assertThat(commit.diff().toString()).isEqualTo("~ /a: 1 -> 2\n+ /b = 2\n+ /l/2 = 3");
    }

    @Test
    void aBodySeesWhatItHasDone() {
        assertThat(store.<Object, RuntimeException>transactChecked(tx -> {
                    tx.put(KeyPath.of("m", "b"), 2);
                    tx.remove(KeyPath.of("m", "a"));
                    return tx.keys("m");
                }))
                .isEqualTo(java.util.Set.of("b"));
    }

    @Test
    void aBatchThatChangesNothingCommitsNothing() {
        assertThat(store.batch(tx -> {}).changed()).isFalse();
        assertThat(store.batch(tx -> tx.put("a", 1)).changed()).isFalse();
        assertThat(store.batch(tx -> {
                            tx.put("a", 2);
                            tx.put("a", 1);
                            tx.put("x", 1);
                            tx.remove("x");
                        })
                        .changed())
                .isFalse();
        assertThat(store.snapshot()).isSameAs(start);
    }

    @Test
    void theResultOfTheLastRunIsGiven() {
        int[] runs = new int[1];
        String result = store.transact(tx -> {
            Object a = tx.get("a");
            tx.put("b", a);
            if (runs[0]++ == 0) {
                Crew.elsewhere(() -> store.put("a", 7));
            }
            return "saw " + a;
        });
        assertThat(result).isEqualTo("saw 7");
        assertThat(store.<Object, RuntimeException>transactChecked(tx -> tx.getOrDefault("none", null)))
                .isNull();
    }

    // ---- failures

    @Test
    void whatTheBodyThrowsComesOutUnchangedAndNothingIsDone() {
        for (Throwable mine : List.of(new IllegalStateException("mine"), new AssertionError("mine"))) {
            Throwable thrown = catchThrowable(() -> store.batch(tx -> {
                tx.put("a", 2);
                throw Exceptions.rethrow(mine);
            }));
            assertThat(thrown).isSameAs(mine).hasNoSuppressedExceptions().hasNoCause();
            assertThat(store.snapshot()).isSameAs(start);
        }
        assertThat(store.increment("a")).isEqualTo(2L);
    }

    @Test
    void aCheckedExceptionComesOutUnchanged() {
        IOException mine = new IOException("mine");
        assertThatThrownBy(() -> store.batchChecked(tx -> {
                    tx.put("a", 2);
                    throw mine;
                }))
                .isSameAs(mine);
        assertThatThrownBy(() -> store.<String, IOException>transactChecked(tx -> {
                    throw mine;
                }))
                .isSameAs(mine);
        assertThat(store.snapshot()).isSameAs(start);
    }

    @Test
    void whatAFunctionThrowsComesOutUnchangedAndNothingIsDone() {
        Error mine = new Error("mine");
        assertThatThrownBy(() -> store.update("a", value -> {
                    throw mine;
                }))
                .isSameAs(mine);
        assertThat(store.snapshot()).isSameAs(start);
        assertThat(store.increment("a")).isEqualTo(2L);
    }

    @Test
    void theStoreWorksAfterAStackOverflow() {
        assertThatThrownBy(() -> store.batch(tx -> endless(tx, 0))).isInstanceOf(StackOverflowError.class);
        assertThatThrownBy(() -> store.update("a", value -> endless(value, 0))).isInstanceOf(StackOverflowError.class);
        assertThat(store.snapshot()).isSameAs(start);
        assertThat(store.increment("a")).isEqualTo(2L);
        assertThat(store.batch(tx -> tx.put("a", 5)).changed()).isTrue();
    }

    @Test
    void theStoreWorksAfterItsCallerRanOutOfStackAnywhereInIt() {
        Crew.elsewhere(() -> {
            long[] done = new long[1];
            assertThatThrownBy(() -> deeper(done, 0)).isInstanceOf(StackOverflowError.class);
            long sum = store.get("a", Long.class);
            assertThat(sum - 1).isBetween(done[0], done[0] + 1); // the last may have run out after its commit
            store.update("a", value -> 100);
            assertThat(store.increment("a")).isEqualTo(101L);
        });
        assertThat(store.increment("a")).isEqualTo(102L);
    }

    @SuppressWarnings("InfiniteRecursion") // until the stack is used up
    private void deeper(long[] done, int depth) {
        store.update("a", Long.class, value -> value + 1);
        done[0]++;
        deeper(done, depth + 1);
    }

    private static int endless(Object argument, int depth) {
        return argument == null ? depth : 1 + endless(argument, depth + 1);
    }

    @Test
    void aBodyMayCatchAFailedOperationAndGoOn() {
        store.batch(tx -> {
            assertThatThrownBy(() -> tx.remove("x")).isInstanceOf(NoSuchPathException.class);
            assertThatThrownBy(() -> tx.put(KeyPath.of("a", "b"), 1)).isInstanceOf(TypeMismatchException.class);
            assertThatThrownBy(() -> tx.update("a", value -> {
                        throw new IllegalStateException();
                    }))
                    .isInstanceOf(IllegalStateException.class);
            tx.put("b", 2);
        });
        assertThat(start.diff(store.snapshot()).toString()).isEqualTo("+ /b = 2");
    }

    @Test
    void aDiffInABatchIsAppliedWholeOrNotAtAll() {
        Diff diff = start.diff(start.edit(tx -> {
            tx.put("a", 2);
            tx.put("x", 3);
        }));
        store.put("x", 1);
        store.batch(tx -> {
            tx.put("b", 1);
            assertThatThrownBy(() -> tx.apply(diff)).isInstanceOf(ConflictException.class);
            assertThat(tx.get("a")).isEqualTo(1L);
        });
        assertThat(start.diff(store.snapshot()).toString()).isEqualTo("+ /b = 1\n+ /x = 1");
    }

    // ---- after the commit

    @Test
    void afterCommitRunsOnceInOrderOnTheCallersThread() {
        List<String> ran = new ArrayList<>();
        Thread caller = Thread.currentThread();
        int[] runs = new int[1];
        store.batch(tx -> {
            int run = ++runs[0];
            tx.afterCommit(() -> ran.add("first of run " + run + (Thread.currentThread() == caller)));
            tx.increment("a");
            tx.afterCommit(() -> ran.add("second, sees " + store.get("a")));
            if (run == 1) {
                Crew.elsewhere(() -> store.increment("a"));
            }
            assertThat(ran).isEmpty();
        });
        assertThat(ran).containsExactly("first of run 2true", "second, sees 3");
    }

    @Test
    void afterCommitRunsOnceWhenTheBatchIsOnlyRebased() {
        List<String> ran = new ArrayList<>();
        store.batch(tx -> {
            tx.afterCommit(() -> ran.add("it"));
            tx.put("b", 1);
            Crew.elsewhere(() -> store.put("c", 1));
        });
        assertThat(ran).containsExactly("it");
    }

    @Test
    void afterCommitRunsForABatchThatChangedNothing() {
        List<String> ran = new ArrayList<>();
        store.batch(tx -> tx.afterCommit(() -> ran.add("it")));
        assertThat(ran).containsExactly("it");
    }

    @Test
    void afterCommitDoesNotRunAfterAFailure() {
        List<String> ran = new ArrayList<>();
        assertThatThrownBy(() -> store.batch(tx -> {
                    tx.afterCommit(() -> ran.add("it"));
                    tx.put("b", 1);
                    throw new IllegalStateException();
                }))
                .isInstanceOf(IllegalStateException.class);
        assertThat(ran).isEmpty();
    }

    @Test
    void whatAnAfterCommitThrowsGoesToTheHandlerAndTheOthersRun() {
        List<String> ran = new ArrayList<>();
        Error mine = new Error("mine");
        Commit commit = store.batch(tx -> {
            tx.put("b", 1);
            tx.afterCommit(() -> ran.add("first"));
            tx.afterCommit(() -> {
                throw mine;
            });
            tx.afterCommit(() -> ran.add("third"));
        });
        assertThat(commit.changed()).isTrue();
        assertThat(ran).containsExactly("first", "third");
        assertThat(failures).containsExactly(mine);
    }

    @Test
    void everyDoorOfATransactionIsClosedToOtherThreadsAndAfterItsBatch() throws Exception {
        List<Transaction> kept = new ArrayList<>();
        Session session = store.session("s", Duration.ofHours(1));
        Snapshot state = store.snapshot();
        store.awaitTransact(
                tx -> {
                    assertThat(tx.base()).isSameAs(state);
                    kept.add(tx);
                    Crew.elsewhere(() -> requireClosed(tx, session, "on the thread that runs its batch"));
                    return 0;
                },
                Duration.ofHours(1));
        requireClosed(kept.get(0), session, "the batch of this transaction is over");
    }

    private static void requireClosed(Transaction tx, Session session, String why) {
        List<ThrowingCallable> doors = List.of(
                () -> tx.get("n"),
                () -> tx.put("n", 1),
                () -> tx.label("late"),
                () -> tx.afterCommit(() -> {}),
                () -> tx.once(() -> 1),
                () -> tx.commute("n", Long.class, n -> n),
                () -> tx.require(session),
                () -> tx.atomically(part -> {}),
                () -> tx.orElse(first -> 1, second -> 2),
                tx::retry,
                () -> tx.check(false));
        for (int i = 0; i < doors.size(); i++) {
            assertThatThrownBy(doors.get(i))
                    .as("door %d", i)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining(why);
        }
    }

    @Test
    void afterCommitOfADraftIsRefused() {
        assertThatThrownBy(() -> start.edit(tx -> tx.afterCommit(() -> {})))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("draft");
    }

    @Test
    void afterCommitOfNothingIsRefusedAtOnce() {
        assertThatThrownBy(() -> store.batch(tx -> tx.afterCommit(null)))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("action must not be null");
    }

    // ---- misuse

    @Test
    void aTransactionIsRefusedAfterItsBatch() {
        AtomicReference<Transaction> kept = new AtomicReference<>();
        store.batch(kept::set);
        refusedEverywhere(kept.get(), "over");
        assertThatThrownBy(() -> store.batch(tx -> {
                    kept.set(tx);
                    throw new IllegalStateException("mine");
                }))
                .hasMessage("mine");
        refusedEverywhere(kept.get(), "over");
        start.edit(kept::set);
        refusedEverywhere(kept.get(), "over");
    }

    @Test
    void aTransactionIsRefusedOnAnotherThread() {
        store.batch(tx -> Crew.elsewhere(() -> refusedEverywhere(tx, "only on the thread")));
        assertThat(store.snapshot()).isSameAs(start);
    }

    /** A later run does not call the supplier, and would lack what it has read and written. */
    @Test
    void aTransactionIsRefusedWithinASupplierOfOnce() throws Exception {
        Session session = store.session("s", Duration.ofHours(1));
        Snapshot before = store.snapshot();
        AtomicInteger calls = new AtomicInteger();
        Consumer<Transaction> body = tx -> {
            for (Transaction each : List.of(tx, tx.under("m"))) {
                tx.once(() -> {
                    refusedInSupplier(tx, session);
                    refusedInSupplier(tx.under("m"), session);
                    return each.once(() -> {
                        refusedInSupplier(each, session);
                        return calls.incrementAndGet();
                    });
                });
            }
        };
        store.batch(body);
        store.awaitTransact(
                tx -> {
                    body.accept(tx);
                    return 0;
                },
                Duration.ofHours(1));
        assertThat(before.edit(body)).isSameAs(before);
        assertThat(store.snapshot()).isSameAs(before);
        assertThat(calls).hasValue(6);
    }

    private void refusedInSupplier(Transaction tx, Session session) {
        refusedEverywhere(tx, "supplier of once uses the transaction");
        for (ThrowingCallable use : List.<ThrowingCallable>of(
                () -> tx.label("late"),
                () -> tx.commute("n", Long.class, n -> n),
                () -> tx.require(session),
                () -> tx.atomically(part -> {}),
                () -> tx.orElse(first -> 1, second -> 2),
                tx::retry,
                () -> tx.check(false))) {
            assertThatThrownBy(use)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("supplier of once uses the transaction");
        }
        assertThat(tx.toString()).doesNotContain("over");
    }

    @Test
    void aTransactionIsRefusedOnAnotherThreadAlsoWithinASupplierOfOnce() {
        store.batch(tx -> tx.once(() -> {
            Crew.elsewhere(() -> refusedEverywhere(tx, "only on the thread"));
            Crew.elsewhere(() -> assertThatThrownBy(() -> tx.once(() -> 1)).hasMessageContaining("only on the thread"));
            return 0;
        }));
        assertThat(store.snapshot()).isSameAs(start);
    }

    @Test
    void afterOnceATransactionIsUsedAsBefore() {
        store.batch(tx -> {
            assertThatThrownBy(() -> tx.once(() -> tx.increment("a"))).hasMessageContaining("before or after once");
            assertThatThrownBy(() -> tx.once(() -> {
                        throw new IllegalStateException("mine");
                    }))
                    .hasMessage("mine");
            tx.put("seen", tx.get("a"));
            tx.put("id", tx.once(() -> tx.<Integer>once(() -> 6) + 1));
        });
        assertThat(start.diff(store.snapshot()).toString()).isEqualTo("+ /id = 7\n+ /seen = 1");
    }

    private void refusedEverywhere(Transaction tx, String why) {
        for (Runnable use : List.<Runnable>of(
                () -> tx.get("a"),
                () -> tx.contains("a"),
                () -> tx.size(),
                () -> tx.keys(),
                () -> tx.toMap(),
                () -> tx.leaves("a"),
                () -> tx.base(),
                () -> tx.put("a", 2),
                () -> tx.set("a", 2),
                () -> tx.increment("a"),
                () -> tx.update("a", v -> 2),
                () -> tx.remove("a"),
                () -> tx.clear(),
                () -> tx.apply(start.diff(start)),
                () -> tx.afterCommit(() -> {}))) {
            assertThatThrownBy(use::run)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining(why);
        }
    }

    @Test
    void aFunctionInABatchMayUseTheTransaction() {
        store.batch(tx -> tx.update("a", value -> {
            tx.put("seen", tx.get(KeyPath.of("m", "a")));
            return 5;
        }));
        assertThat(start.diff(store.snapshot()).toString()).isEqualTo("~ /a: 1 -> 5\n+ /seen = 1");
    }

    @Test
    void aFunctionThatWritesAtItsOwnPlaceIsRefused() {
        assertThatThrownBy(() -> store.batch(tx -> tx.update("a", value -> {
                    tx.put("a", 3);
                    return 5;
                })))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("/a");
        assertThat(store.snapshot()).isSameAs(start);
    }
}
