package dev.heartwood;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Conditions that every commit which changes a place must keep. */
@Timeout(60)
class GuardTest {
    private static final KeyPath ACCOUNTS = KeyPath.of("accounts");
    private static final KeyPath A = ACCOUNTS.child("a");
    private static final KeyPath B = ACCOUNTS.child("b");
    private static final Map<String, Object> TREE = Map.of("accounts", Map.of("a", 2, "b", 3), "n", 1);

    private final AtomicInteger asked = new AtomicInteger();
    private final InterposedRoot root = new InterposedRoot(TREE);
    private final Store store =
            Store.options().guard("at most ten", ACCOUNTS, this::atMostTen).over(root);
    private final Snapshot start = store.snapshot();

    GuardTest() {
        asked.set(0);
    }

    private boolean atMostTen(TreeView view) {
        asked.incrementAndGet();
        return sum(view) <= 10;
    }

    private static long sum(TreeView view) {
        return view.getMap(ACCOUNTS, Long.class).values().stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    // ---- every way into the tree

    @Test
    void everyWayThatBreaksItIsRefusedAndNothingIsChanged() {
        Snapshot breaking = start.edit(tx -> tx.put(A, 9));
        for (ThrowingCallable way : List.<ThrowingCallable>of(
                () -> store.put(A, 9),
                () -> store.set(A, 9),
                () -> store.init(ACCOUNTS.child("c"), 9),
                () -> store.update(A, Long.class, a -> a + 9),
                () -> store.updateMap(ACCOUNTS, map -> map.put("c", 9L)),
                () -> store.merge(A, Long.class, 9L, Long::sum),
                () -> store.compute(A, a -> 9),
                () -> store.increment(A, 9),
                () -> store.replace(A, 2, 9),
                () -> store.putAll(ACCOUNTS, Map.of("a", 9)),
                () -> store.mergeTree(KeyPath.root(), Map.of("accounts", Map.of("a", 9))),
                () -> store.copy(B, ACCOUNTS.child("c").child("d")),
                () -> store.put(KeyPath.root(), Map.of("accounts", Map.of("a", 11))),
                () -> store.batch(tx -> tx.put(A, 9)),
                () -> store.transact(tx -> tx.put(A, 9)),
                () -> store.batch(tx -> tx.commute(A, Long.class, a -> a + 9)),
                () -> store.under(ACCOUNTS).put("a", 9),
                () -> store.at(A).put(9),
                () -> store.asMap().put("accounts", Map.of("a", 11)),
                () -> store.asMap(ACCOUNTS).put("a", 9),
                () -> store.apply(start.diff(breaking)),
                () -> store.compareAndSet(start, breaking),
                () -> store.restore(breaking))) {
            assertThatThrownBy(way).isInstanceOf(GuardException.class);
            assertThat(store.snapshot()).isSameAs(start);
        }
    }

    @Test
    void aPlaceThatComesOrGoesAndTheRootAreGuardedToo() {
        Store empty = Store.options()
                .guard("none below zero", A, view -> view.getOrDefault(A, Long.class, 0L) >= 0)
                .guard("never without b", B, view -> view.contains(B) || !view.contains(ACCOUNTS))
                .guard("three keys", KeyPath.root(), view -> view.size() <= 3)
                .create();
        Snapshot before = empty.snapshot();
        for (ThrowingCallable way : List.<ThrowingCallable>of(
                () -> empty.put(A, -1),
                () -> empty.init(A, -1),
                () -> empty.put(ACCOUNTS, Map.of("a", -1, "b", 1)),
                () -> empty.putAll(KeyPath.root(), Map.of("p", 1, "q", 2, "r", 3, "s", 4)))) {
            assertThatThrownBy(way).isInstanceOf(GuardException.class);
            assertThat(empty.snapshot()).isSameAs(before);
        }
        empty.put(ACCOUNTS, Map.of("a", 1, "b", 1));
        for (ThrowingCallable way : List.<ThrowingCallable>of(
                () -> empty.remove(B),
                () -> empty.discard(B),
                () -> empty.put(ACCOUNTS, Map.of()),
                () -> empty.asMap(ACCOUNTS).clear(),
                () -> empty.move(B, KeyPath.of("elsewhere")))) {
            assertThatThrownBy(way).isInstanceOf(GuardException.class);
            assertThat(empty.contains(B)).isTrue();
        }
        empty.clear();
        assertThat(empty.size()).isZero();
    }

    @Test
    void whatIsChosenAfterAGuardKeepsIt() {
        StoreOptions guarded = Store.options().guard("at most ten", ACCOUNTS, this::atMostTen);
        for (StoreOptions options : List.of(
                guarded.strict(),
                guarded.rightOfWay(Duration.ofMillis(1)),
                guarded.failureHandler(failure -> {}),
                guarded.origins(Origins.WHO),
                guarded.guard("another", KeyPath.of("n"), view -> true))) {
            Store opened = options.of(TREE);
            assertThatThrownBy(() -> opened.put(A, 9)).isInstanceOf(GuardException.class);
        }
    }

    @Test
    void theExceptionSaysWhichGuardWhereAndWhatWasTried() {
        assertThatThrownBy(() -> store.put(A, 9)).isInstanceOfSatisfying(GuardException.class, e -> {
            assertThat(e.name()).isEqualTo("at most ten");
            assertThat(e.path()).isEqualTo(ACCOUNTS);
            assertThat(e.tried()).isEqualTo("/accounts/a: 2 -> 9");
            assertThat(e)
                    .hasMessage(
                            "the guard \"at most ten\" refuses the commit: it does not hold with /accounts/a: 2 -> 9."
                                    + " Nothing is changed")
                    .hasNoCause();
        });
    }

    @Test
    void ofALargePlaceTheExceptionShowsWhatWouldChange() {
        Map<String, Object> accounts = new java.util.HashMap<>();
        for (int i = 0; i < 500; i++) {
            accounts.put("a" + i, 25);
        }
        Store bank = Store.options()
                .guard("never negative", ACCOUNTS, view -> sumOfNegatives(view) == 0)
                .of(Map.of("accounts", accounts));
        assertThatThrownBy(() -> bank.increment(ACCOUNTS.child("a4"), -82))
                .hasMessage("the guard \"never negative\" refuses the commit: it does not hold with"
                        + " /accounts/a4: 25 -> -57. Nothing is changed");
        assertThatThrownBy(() -> bank.batch(tx -> {
                    tx.put(ACCOUNTS.child("new"), -1);
                    tx.remove(ACCOUNTS.child("a0"));
                }))
                .hasMessageContaining("/accounts/a0: 25 -> nothing, /accounts/new: nothing -> -1.");
        assertThatThrownBy(() -> bank.batch(tx -> accounts.keySet().forEach(key -> tx.put(ACCOUNTS.child(key), -1))))
                .hasMessageContaining("/accounts/a0: 25 -> -1, ")
                .hasMessageContaining(" and 492 more changes. Nothing is changed");
    }

    private static long sumOfNegatives(TreeView view) {
        return view.getMap(ACCOUNTS, Long.class).values().stream()
                .mapToLong(balance -> Math.min(balance, 0))
                .sum();
    }

    @Test
    void aGuardHasAName() {
        for (String name : List.of("", " ")) {
            assertThatThrownBy(() -> Store.options().guard(name, ACCOUNTS, view -> true))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("expected the name of a guard");
        }
    }

    @Test
    void whatKeepsItIsCommitted() {
        store.put(A, 7);
        store.batch(tx -> {
            tx.put(A, 9); // in between it may be broken
            tx.put(B, 1);
        });
        assertThat(sum(store)).isEqualTo(10);
    }

    // ---- when a guard is evaluated

    @Test
    void itIsAskedOnlyForCommitsThatChangeItsPlace() {
        store.put("n", 2);
        store.put(KeyPath.of("other", "deep"), 2);
        store.put(A, 2); // as it is
        store.batch(tx -> {
            tx.put(A, 5);
            tx.put(A, 2);
        });
        assertThat(asked).hasValue(0);
        store.put(A, 3);
        assertThat(asked).hasValue(1);
    }

    @Test
    void twoBlindWritesThatEachKeepItDoNotBreakItTogether() {
        root.beforeNextCommit(() -> store.set(B, 7));
        assertThatThrownBy(() -> store.batch(tx -> tx.set(A, 6))).isInstanceOf(GuardException.class);
        assertThat(sum(store)).isEqualTo(9);
    }

    @Test
    void aRivalElsewhereDoesNotLetItBeAskedAgain() {
        root.beforeNextCommit(() -> store.put("n", 5));
        store.put(A, 4);
        assertThat(asked).hasValue(1);
        root.beforeNextCommit(() -> store.put(B, 4));
        store.put(A, 5);
        assertThat(asked).as("once for the rival, twice for this").hasValue(4);
    }

    @Test
    void itIsAskedAgainWhereAnythingThatItHasReadIsAnother() {
        InterposedRoot limited = new InterposedRoot(Map.of("limit", 10, "value", 1, "n", 0));
        Store values = Store.options()
                .guard("limit", KeyPath.of("value"), view -> {
                    asked.incrementAndGet();
                    return view.get("value", Long.class) <= view.get("limit", Long.class);
                })
                .over(limited);
        asked.set(0);
        limited.beforeNextCommit(() -> values.put("limit", 3));
        assertThatThrownBy(() -> values.put("value", 5)).isInstanceOf(GuardException.class);
        assertThat(asked).hasValue(2);
    }

    @Test
    void aStaleCompareAndSetIsFalseBeforeItIsAsked() {
        store.put("n", 2);
        asked.set(0);
        assertThat(store.compareAndSet(start, start.edit(tx -> tx.put(A, 9)))).isFalse();
        assertThat(asked).hasValue(0);
    }

    @Test
    void aRefusalIsAnAnswerThatIsSettled() {
        AtomicInteger answers = new AtomicInteger();
        root.onNextAnswer(() -> {
            answers.incrementAndGet();
            store.put(B, 1); // the state at which the guard refused is rolled back, and this one stands
            return false;
        });
        store.increment(A, 6);
        assertThat(answers).hasValue(1);
        assertThat(sum(store)).isEqualTo(9);
    }

    /** Nothing that the guard has read is another in the state that stands, so only its answer can refuse again. */
    @Test
    void aRefusalStandsWhereItsStateDoesNot() {
        root.onNextAnswer(() -> {
            store.put("n", 9);
            return false;
        });
        assertThatThrownBy(() -> store.put(A, 49)).isInstanceOf(GuardException.class);
        assertThat(store.get("n")).isEqualTo(9L);
        assertThat(sum(store)).isEqualTo(sum(start));
    }

    @Test
    void aPlaceThatOthersHaveBrokenMayOnlyBeMended() {
        Snapshot head = root.head();
        Snapshot broken = root.timeline()
                .state(head.version() + 1, start.edit(tx -> tx.put(A, 50)).tree());
        assertThat(root.timeline().advance(head, broken)).isTrue();

        store.put("n", 9);
        assertThatThrownBy(() -> store.put(A, 49)).isInstanceOf(GuardException.class);
        store.put(A, 1);
        assertThat(sum(store)).isEqualTo(4);
    }

    // ---- as a function

    @Test
    void anExceptionRefusesAndIsTheCause() {
        assertThatThrownBy(() -> store.put(A, "text"))
                .isInstanceOf(GuardException.class)
                .hasCauseInstanceOf(TypeMismatchException.class)
                .hasMessageContaining("the guard threw");
        assertThatThrownBy(() -> store.remove(ACCOUNTS))
                .isInstanceOf(GuardException.class)
                .hasMessageContaining("-> nothing")
                .hasCauseInstanceOf(NoSuchPathException.class);
        assertThat(store.snapshot()).isSameAs(start);
    }

    @Test
    void theReasonThatAGuardThrowsIsInTheMessageOnOneLineAndCutOffWhereItGetsLong() {
        String reason = "age: must be at least 0\nname: " + "is required, ".repeat(20);
        for (String text : List.of(reason, reason.repeat(1_000))) {
            Store failing = Store.options()
                    .guard("schema", A, view -> {
                        if (asked.incrementAndGet() > 1) {
                            throw new IllegalStateException(text);
                        }
                        return true;
                    })
                    .of(TREE);
            assertThatThrownBy(() -> failing.put(A, 1))
                    .hasMessageContaining("age: must be at least 0\\u000aname: " + "is required, ".repeat(20))
                    .hasMessageNotContaining("\n")
                    .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(1_000));
            asked.set(0);
        }
    }

    @Test
    void anErrorComesOutUnchangedAndNothingIsCommitted() {
        StackOverflowError error = new StackOverflowError();
        Store failing = Store.options()
                .guard("fails", A, view -> {
                    if (asked.incrementAndGet() > 1) {
                        throw error;
                    }
                    return true;
                })
                .of(TREE);
        assertThatThrownBy(() -> failing.put(A, 1)).isSameAs(error);
        assertThat(failing.version()).isZero();
        failing.put("n", 2);
    }

    @Test
    void itMustNotUseTheStore() {
        Store[] self = new Store[1];
        self[0] = Store.options()
                .guard("uses it", A, view -> self[0] == null || self[0].contains(A))
                .of(TREE);
        assertThatThrownBy(() -> self[0].put(A, 1)).hasCauseInstanceOf(ReentrantUseException.class);
    }

    @Test
    void itSeesTheWholeTreeWithPathsFromTheRoot() {
        List<String> seen = new ArrayList<>();
        Store watched = Store.options()
                .guard(
                        "sees",
                        A,
                        view -> seen.add(view.get(A) + " " + view.get("n") + " "
                                + view.under(ACCOUNTS).get("b")))
                .of(TREE);
        watched.under(ACCOUNTS).put("a", 5);
        assertThat(seen).containsExactly("2 1 3", "5 1 3");
    }

    @Test
    void allGuardsOfAPlaceAreAskedInTheirOrder() {
        List<String> seen = new ArrayList<>();
        Store both = Store.options()
                .guard("elsewhere", KeyPath.of("n"), view -> seen.add("elsewhere"))
                .guard("first", A, view -> seen.add("first"))
                .guard("second", ACCOUNTS, view -> seen.add("second"))
                .of(TREE);
        seen.clear();
        both.put(A, 5);
        assertThat(seen).containsExactly("first", "second");
    }

    // ---- at the start

    @Test
    void aStoreDoesNotStartWithATreeThatBreaksIt() {
        StoreOptions options = Store.options().guard("at most ten", ACCOUNTS, this::atMostTen);
        Map<String, Object> broken = Map.of("accounts", Map.of("a", 11));
        Root taken = Root.inMemory(broken);
        for (ThrowingCallable start : List.<ThrowingCallable>of(
                () -> options.of(broken),
                () -> options.over(taken),
                () -> options.of(io.vavr.collection.HashMap.of("accounts", io.vavr.collection.HashMap.of("a", 11L))))) {
            assertThatThrownBy(start)
                    .isInstanceOf(GuardException.class)
                    .hasMessage(
                            "the guard \"at most ten\" does not hold for the tree that the store would start with: "
                                    + "/accounts is {\"a\": 11}. Nothing is changed; correct the tree, or open it without the guard");
        }
        assertThat(Store.over(taken).get(A)).isEqualTo(11L);
    }

    @Test
    void eachOfSeveralIsAskedAtTheStart() {
        StoreOptions both = Store.options()
                .guard("at most ten", ACCOUNTS, this::atMostTen)
                .guard("a is small", A, view -> view.getOrDefault(A, Long.class, 0L) < 5);
        for (Map<String, Object> broken : List.<Map<String, Object>>of(
                Map.of("accounts", Map.of("a", 5)), Map.of("accounts", Map.of("a", 1, "b", 10)))) {
            assertThatThrownBy(() -> both.of(broken)).isInstanceOf(GuardException.class);
        }
        assertThat(both.of(TREE).get(A)).isEqualTo(2L);
    }

    @Test
    void itIsAskedAtTheStartAlsoWhereNothingIsAtItsPlace() {
        StoreOptions options = Store.options().guard("is there", A, view -> view.contains(A));
        assertThatThrownBy(options::create)
                .isInstanceOf(GuardException.class)
                .hasMessageContaining("/accounts/a is nothing");
        assertThat(options.of(TREE).get(A)).isEqualTo(2L);
    }

    @Test
    void itHoldsBesideManyThreads() {
        Store crowded = Store.options()
                .guard("at most ten", ACCOUNTS, view -> sum(view) <= 10)
                .of(Map.of("accounts", Map.of()));
        Consumer<KeyPath> take = path -> {
            try {
                crowded.merge(path, Long.class, 1L, Long::sum);
            } catch (GuardException full) {
                assertThat(full.name()).isEqualTo("at most ten");
            }
        };
        Crew.together(4, thread -> {
            for (int i = 0; i < 50; i++) {
                take.accept(ACCOUNTS.child("of" + thread));
                assertThat(sum(crowded)).isBetween(1L, 10L);
            }
        });
        assertThat(sum(crowded)).isEqualTo(10);
    }
}
