package dev.heartwood;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A store, a transaction and a snapshot, seen from a place. */
@Timeout(240)
class ScopedStoreTest {
    private static final int MOST_LEAVES = 100;
    private static final KeyPath ADA = KeyPath.of("users", "ada");

    private final Store store =
            Store.of(Map.of("users", Map.of("ada", Map.of("n", 1, "l", List.of(1, 2))), "n", 100, "list", List.of(5)));
    private final ScopedStore ada = store.under("users", "ada");

    @Test
    void eachViewNamesThePlaceAtWhichItsPathsBegin() {
        assertThat(store.place()).isEqualTo(KeyPath.root());
        assertThat(store.snapshot().place()).isEqualTo(KeyPath.root());
        for (TreeView view : List.of(
                store.under("users"),
                store.snapshot().under("users"),
                store.under().under("users"))) {
            assertThat(view.place()).isEqualTo(KeyPath.of("users"));
            assertThat(view.under("ada").place()).isEqualTo(ADA);
        }
        store.batch(tx -> {
            assertThat(tx.place()).isEqualTo(KeyPath.root());
            assertThat(tx.under("users").under("ada").place()).isEqualTo(ADA);
        });
        ada.batch(tx -> assertThat(tx.place()).isEqualTo(ADA));
        assertThat(store.derive(view -> view.place() + " " + view.under(ADA).place())
                        .get())
                .isEqualTo(" /users/ada");
    }

    // ---- the same as the whole

    /** Operations at a place, and the same on a store of which the place is the root. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void everyOperationAtAPlaceDoesThereWhatItDoesAtARoot(long seed) {
        Random random = new Random(seed);
        KeyPath place = KeyPath.parse(List.of("/p", "/p/q", "/l/1").get(random.nextInt(3)));
        Store whole = Store.of(Map.of("p", Map.of("q", Map.of(), "k", 1), "l", List.of(0, Map.of(), 2)));
        Store alone = Store.of(AnyOperation.START);
        ScopedStore scoped = whole.under(place);
        scoped.put(KeyPath.root(), AnyOperation.START);
        for (int i = 0; i < 2_000; i++) {
            String label = "seed " + seed + " operation " + i;
            AnyOperation operation = AnyOperation.random(random);
            String expected = operation.on(alone);
            if (operation.isOfTheRoot() && expected.endsWith("TypeMismatchException")) {
                continue; // the root of a store is a map, and a place may hold anything
            }
            int how = random.nextInt(3);
            String[] told = new String[1];
            if (how == 0) {
                told[0] = operation.on(scoped);
            } else if (how == 1) {
                scoped.batch(tx -> told[0] = operation.on(tx));
            } else {
                whole.batch(tx -> told[0] = operation.on(tx.under(place)));
            }
            assertThat(told[0]).as(label).isEqualTo(expected);
            assertThat(scoped.toMap()).as(label).isEqualTo(alone.toMap());
            assertThat(whole.snapshot().under(place).leaves(KeyPath.root()).map(Object::toString))
                    .as(label)
                    .containsExactlyElementsOf(
                            alone.leaves(KeyPath.root()).map(Object::toString).toList());
            if (alone.leaves(KeyPath.root()).count() > MOST_LEAVES) {
                // A tree that is copied into itself doubles: a few more copies, and there is no end of it.
                scoped.put(KeyPath.root(), AnyOperation.START);
                alone.put(KeyPath.root(), AnyOperation.START);
            }
        }
        assertThat(whole.get(KeyPath.of("l", 0))).isEqualTo(0L);
    }

    @Test
    void aTransactionAtAPlaceHasEveryMethodOfTheWhole() {
        Set<String> declared = signatures(ScopedTransaction.class);
        Set<String> needed = Arrays.stream(Transaction.class.getDeclaredMethods())
                .filter(method -> Modifier.isPublic(method.getModifiers()) && !method.isBridge())
                .map(ScopedStoreTest::signature)
                .collect(Collectors.toSet());
        assertThat(needed).contains(signature("afterCommit", Runnable.class));
        // They make a path of steps or of a key, and call the method that takes a path.
        needed.removeIf(signature -> signature.startsWith("under[class [Ljava.lang.Object")
                || declared.contains(signature.replace("[class java.lang.String", "[class dev.heartwood.KeyPath")));
        assertThat(declared).containsAll(needed);
    }

    private static Set<String> signatures(Class<?> type) {
        return Arrays.stream(type.getDeclaredMethods())
                .map(ScopedStoreTest::signature)
                .collect(Collectors.toSet());
    }

    private static String signature(Method method) {
        return signature(method.getName(), method.getParameterTypes());
    }

    private static String signature(String name, Class<?>... parameters) {
        return name + Arrays.toString(parameters);
    }

    // ---- where it begins

    @Test
    void pathsBeginThere() {
        assertThat(ada.get("n")).isEqualTo(1L);
        assertThat(ada.keys()).containsExactlyInAnyOrder("n", "l");
        assertThat(ada.size()).isEqualTo(2);
        assertThat(ada.increment("n")).isEqualTo(2L);
        ada.append("l", 3);
        assertThat(store.get(ADA.child("l"))).isEqualTo(ada.get("l"));
        assertThat(ada.getList("l")).isEqualTo(List.of(1L, 2L, 3L));
        assertThat(ada.place()).isEqualTo(ADA);
        assertThat(ada.under("l").place()).isEqualTo(ADA.child("l"));
        assertThat(store.place()).isEqualTo(KeyPath.root());
        assertThat(store.snapshot().under(ADA).under("l").place()).isEqualTo(ADA.child("l"));
        store.batch(tx -> assertThat(tx.under(ADA).place()).isEqualTo(ADA));
        assertThat(ada.at("n").path()).isEqualTo(ADA.child("n"));
        assertThat(store.get("n")).isEqualTo(100L);
    }

    @Test
    void aPlaceInAPlaceIsOnePlace() {
        assertThat(store.under("users").under("ada").get("n")).isEqualTo(1L);
        assertThat(store.snapshot().under("users").under(KeyPath.of("ada")).get("n"))
                .isEqualTo(1L);
        store.batch(tx -> tx.under("users").under("ada").put("n", 5));
        assertThat(ada.get("n")).isEqualTo(5L);
        assertThat(store.under().get("n")).isEqualTo(100L);
    }

    @Test
    void aMissingPlaceReadsAsMissingAndIsMadeByAWrite() {
        ScopedStore bob = store.under("users", "bob");
        assertThat(bob.contains("n")).isFalse();
        assertThat(bob.contains(KeyPath.root())).isFalse();
        assertThat(bob.getOrDefault("n", 7)).isEqualTo(7);
        assertThatThrownBy(bob::keys).isInstanceOf(NoSuchPathException.class).hasMessageContaining("/users/bob");
        bob.clear();
        assertThat(store.contains(KeyPath.of("users", "bob"))).isFalse();
        bob.put("n", 1);
        assertThat(store.get(KeyPath.of("users", "bob", "n"))).isEqualTo(1L);
    }

    @Test
    void thePlaceIsResolvedAtEachCall() {
        store.put(ADA, Map.of("n", 50));
        assertThat(ada.get("n")).isEqualTo(50L);
        store.remove(ADA);
        assertThat(ada.find("n", Long.class)).isEmpty();
    }

    @Test
    void thePlaceMayHoldAnythingAndBePutButNotBeRemoved() {
        ada.put(KeyPath.root(), 5);
        assertThat(store.get(ADA)).isEqualTo(5L);
        assertThat(ada.get(KeyPath.root())).isEqualTo(5L);
        assertThatThrownBy(() -> ada.remove(KeyPath.root())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ada.compute(KeyPath.root(), x -> null)).isInstanceOf(IllegalArgumentException.class);
        ScopedStore list = store.under("list");
        list.append(KeyPath.root(), 6);
        assertThat(store.getList("list")).isEqualTo(List.of(5L, 6L));
        list.clear();
        assertThat(store.getList("list")).isEmpty();
    }

    @Test
    void clearEmptiesThePlaceAlone() {
        ada.clear();
        assertThat(store.toMap()).isEqualTo(Map.of("users", Map.of("ada", Map.of()), "n", 100L, "list", List.of(5L)));
        ada.put(KeyPath.root(), 5);
        assertThatThrownBy(ada::clear)
                .isInstanceOf(TypeMismatchException.class)
                .hasMessageContaining("/users/ada is 5");
    }

    @Test
    void exceptionsNamePathsFromTheRoot() {
        assertThatThrownBy(() -> ada.get("x"))
                .isInstanceOf(NoSuchPathException.class)
                .hasMessageContaining("/users/ada/x");
        assertThatThrownBy(() -> ada.get("n", String.class))
                .isInstanceOf(TypeMismatchException.class)
                .hasMessageContaining("/users/ada/n");
        assertThatThrownBy(() -> ada.find("n", String.class)).hasMessageContaining("/users/ada/n");
        assertThatThrownBy(() -> ada.mapAt("n")).hasMessageContaining("/users/ada/n");
        assertThatThrownBy(() -> ada.size("n")).hasMessageContaining("/users/ada/n");
        assertThatThrownBy(() -> ada.getList("l", String.class).get(0)).hasMessageContaining("/users/ada/l/0");
        assertThatThrownBy(() -> ada.getMap(KeyPath.root(), Long.class).get("l"))
                .hasMessageContaining("/users/ada/l");
        assertThatThrownBy(() -> ada.put("x", List.of().iterator())).hasMessageContaining("/users/ada/x");
        assertThatThrownBy(() -> ada.update("n", String.class, s -> s)).hasMessageContaining("/users/ada/n");
        assertThatThrownBy(() -> ada.merge("n", String.class, "", String::concat))
                .hasMessageContaining("/users/ada/n");
        assertThatThrownBy(() -> ada.increment("l")).hasMessageContaining("/users/ada/l");
        assertThatThrownBy(() -> ada.concat("n", "x")).hasMessageContaining("/users/ada/n");
        assertThatThrownBy(() -> ada.batch(tx -> tx.remove("x"))).hasMessageContaining("/users/ada/x");
        assertThatThrownBy(() -> store.snapshot().under(ADA).get("x")).hasMessageContaining("/users/ada/x");
    }

    // ---- batches, diffs, watching

    @Test
    void aFunctionCommutesAtAPlace() {
        ada.batch(tx -> tx.commute("n", Long.class, n -> n + 1));
        assertThat(store.get(ADA.child("n"))).isEqualTo(2L);
        assertThatThrownBy(() -> ada.batch(tx -> tx.commute("x", Long.class, n -> n + 1)))
                .isInstanceOf(NoSuchPathException.class)
                .hasMessageContaining("/users/ada/x");
    }

    @Test
    void aBatchAtAPlaceReadsAndWritesThereAndTheWholeBatchStaysOne() {
        Commit commit = store.batch(tx -> {
            Transaction there = tx.under(ADA);
            there.put("n", 2);
            assertThat(tx.get(ADA.child("n"))).isEqualTo(2L);
            tx.put(ADA.child("n"), 3);
            assertThat(there.get("n")).isEqualTo(3L);
            assertThatThrownBy(() -> there.atomically(part -> {
                        part.put("n", 9);
                        assertThat(part.get("n")).isEqualTo(9L);
                        throw new IllegalStateException("back");
                    }))
                    .hasMessage("back");
            assertThat(there.get("n")).isEqualTo(3L);
        });
        assertThat(commit.attempts()).isEqualTo(1);
        assertThat(ada.get("n")).isEqualTo(3L);
    }

    /** Each of these answers another thing where the rival comes first. */
    @Test
    void whatABatchReadAtAPlaceCountsAsARead() {
        Store whole = Store.of(Map.of());
        Derived<Integer> size = whole.derive(view -> view.size(KeyPath.of("p", "m")));
        List<Consumer<Transaction>> bodies = List.of(
                at -> at.get("n"),
                at -> at.contains("x"),
                at -> at.keys(KeyPath.root()),
                at -> at.increment("n"),
                at -> at.put("x", 5),
                at -> at.init("x", 5),
                at -> at.discard("x"),
                at -> at.replace("n", 1, 5),
                at -> at.update("n", n -> List.of(n)),
                at -> at.merge("x", 5, (old, added) -> old),
                at -> at.append("l", 5),
                at -> at.set(KeyPath.of("x", "y"), 5),
                at -> at.put(KeyPath.of("l", 0), 5),
                at -> size.in(at));
        for (int i = 0; i < bodies.size(); i++) {
            whole.put("p", Map.of("n", 1, "l", List.of(1), "m", Map.of()));
            Consumer<Transaction> body = bodies.get(i);
            boolean[] first = {true};
            Commit commit = whole.batch(tx -> {
                body.accept(tx.under("p"));
                tx.set("mark", first[0]);
                if (first[0]) {
                    first[0] = false;
                    Crew.elsewhere(() ->
                            whole.put("p", Map.of("n", 2, "x", Map.of(), "l", List.of(2, 3), "m", Map.of("k", 1))));
                }
            });
            assertThat(commit.attempts()).as("body %d", i).isEqualTo(2);
        }
    }

    @Test
    void actionsAfterTheCommitAndTheEndOfTheBatchAreThoseOfTheWhole() {
        List<String> told = new ArrayList<>();
        Transaction[] kept = new Transaction[1];
        ada.batch(tx -> {
            kept[0] = tx;
            tx.put("n", 4);
            tx.afterCommit(() -> told.add("done"));
            assertThat(tx.base().version()).isZero();
        });
        assertThat(told).containsExactly("done");
        assertThatThrownBy(() -> kept[0].get("n")).isInstanceOf(IllegalStateException.class);
        assertThat(kept[0].toString()).contains("under /users/ada");
    }

    @Test
    void aBatchAtAPlaceHasTheLabelTheChoicesAndTheSessionsOfTheWhole() throws Exception {
        Session session = store.session("worker", Duration.ofHours(1));
        Commit commit = ada.batch(tx -> {
            tx.label("count");
            tx.require(session);
            tx.put("n", tx.once(() -> 5));
            tx.clear();
            tx.check(true);
        });
        assertThat(commit.after().origin().label()).isEqualTo("count");
        assertThat(commit.after().get(ADA)).isEqualTo(io.vavr.collection.HashMap.empty());
        assertThat(commit.after().get("n")).isEqualTo(100L);

        String chosen = ada.awaitTransact(
                tx -> tx.<String>orElse(
                        first -> {
                            first.put("n", 1);
                            first.check(false);
                            return "first";
                        },
                        second -> {
                            second.put("n", 2);
                            return "second";
                        }),
                Duration.ofSeconds(60));
        assertThat(chosen).isEqualTo("second");
        assertThat(store.get(ADA.child("n"))).isEqualTo(2L);
        String other =
                ada.awaitTransact(tx -> tx.orElse(first -> first.retry(), second -> "second"), Duration.ofSeconds(60));
        assertThat(other).isEqualTo("second");

        session.close();
        assertThatThrownBy(() -> ada.batch(tx -> tx.require(session))).isInstanceOf(SessionEndedException.class);
    }

    @Test
    void aDiffAppliesAtAPlace() {
        Snapshot before = Store.of(Map.of("n", 1, "l", List.of(1, 2))).snapshot();
        Diff diff = before.diff(before.edit(tx -> {
            tx.put("n", 2);
            tx.insert(KeyPath.of("l", 0), 0);
            tx.put("new", Map.of());
        }));
        ada.apply(diff);
        assertThat(ada.toMap()).isEqualTo(Map.of("n", 2L, "l", List.of(0L, 1L, 2L), "new", Map.of()));
        assertThatThrownBy(() -> ada.apply(diff))
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("/users/ada/");
        store.batch(tx -> tx.under(ADA).apply(diff.inverse()));
        assertThat(ada.toMap()).isEqualTo(Map.of("n", 1L, "l", List.of(1L, 2L)));
    }

    @Test
    void updatesNameThePathFromTheRoot() throws Exception {
        List<String> told = new ArrayList<>();
        Subscription watch = ada.watch("n", Delivery.every(Runnable::run), u -> told.add(u.toString()));
        ada.put("n", 2);
        store.put("n", 3);
        watch.close();
        assertThat(told).containsExactly("/users/ada/n: 1 -> 2");
        assertThat(ada.await(view -> view.get("n", Long.class) == 2, Duration.ofSeconds(5)))
                .isSameAs(store.snapshot());
    }

    @Test
    void patternsBeginThereAndTheirUpdatesNameThePathFromTheRoot() {
        store.put(KeyPath.of("users", "a*"), Map.of("n", 1));
        ScopedStore star = store.under("users", "a*");
        List<String> told = new ArrayList<>();
        star.watch(PathPattern.parse("/*"), Delivery.every(Runnable::run), u -> told.add(u.toString()));
        star.watch(PathPattern.parse(""), Delivery.every(Runnable::run), u -> told.add("root " + u.path()));

        star.put("n", 2);
        ada.put("n", 2);
        store.put("n", 3);

        assertThat(told).containsExactly("/users/a*/n: 1 -> 2", "root /users/a*");
    }

    @Test
    void aBatchAtAPlaceWaits() {
        Object taken = Crew.elsewhere(() -> {
            ada.append("l", 3);
            return ada.<Object, RuntimeException>awaitTransact(
                    tx -> {
                        tx.check(tx.size("l") > 2);
                        return tx.remove(KeyPath.of("l", 0));
                    },
                    Duration.ofSeconds(20));
        });
        assertThat(taken).isEqualTo(1L);
        assertThatThrownBy(() -> ada.awaitTransact(Transaction::retry, Duration.ZERO))
                .isInstanceOf(TimeoutException.class);
    }

    @Test
    void aDerivedValueOfAPlaceIsComputedAgainOnlyWhenThePlaceChanges() {
        AtomicInteger runs = new AtomicInteger();
        Derived<Integer> size = ada.derive(view -> {
            runs.incrementAndGet();
            return view.size("l");
        });
        Derived<Integer> twice = ada.derive(view -> 2 * size.in(view));
        assertThat(twice.get()).isEqualTo(4);
        store.put("n", 5);
        assertThat(twice.get()).isEqualTo(4);
        assertThat(runs).hasValue(1);
        ada.append("l", 3);
        assertThat(twice.get()).isEqualTo(6);
        assertThat(size.get()).isEqualTo(3);
    }

    @Test
    void aConditionAtAPlaceIsAwaitedWithoutAThread() throws Exception {
        CompletableFuture<Snapshot> there = ada.awaitAsync(view -> view.get("n", Long.class) == 2, Runnable::run);
        store.put("n", 2);
        assertThat(there).isNotDone();
        ada.put("n", 2);
        assertThat(there.get(20, TimeUnit.SECONDS)).isSameAs(store.snapshot());
    }

    @Test
    void aPublisherAtAPlaceTellsOfThePlace() {
        List<String> told = new ArrayList<>();
        ada.publisher(KeyPath.of("n"), Runnable::run).subscribe(new Flow.Subscriber<>() {
            @Override
            public void onSubscribe(Flow.Subscription subscription) {
                subscription.request(Long.MAX_VALUE);
            }

            @Override
            public void onNext(Update update) {
                told.add(update.toString());
            }

            @Override
            public void onError(Throwable failure) {
                throw new AssertionError(failure);
            }

            @Override
            public void onComplete() {
                told.add("complete");
            }
        });
        ada.put("n", 2);
        store.put("n", 7);
        store.close();
        assertThat(told).containsExactly("/users/ada/n: 1 -> 2", "complete");
    }

    /** The test lists only the methods that a whole store alone has, so that it finds each new method. */
    @Test
    void aStoreAtAPlaceHasEveryMethodThatMakesSenseThere() {
        Set<String> ofTheStoreAlone = Set.of(
                "as",
                "author",
                "snapshot",
                "version",
                "compareAndSet",
                "restore",
                "record",
                "fresh",
                "atLeast",
                "outcomeOf",
                "flush",
                "close",
                "session",
                "onSessionEnd",
                "statistics",
                "create",
                "of",
                "over",
                "options",
                "toString");
        Set<String> missing = Arrays.stream(Store.class.getDeclaredMethods())
                .filter(method -> Modifier.isPublic(method.getModifiers()) && !method.isBridge())
                .filter(method -> !ofTheStoreAlone.contains(method.getName()))
                .map(ScopedStoreTest::signature)
                .collect(Collectors.toSet());
        missing.removeAll(signatures(ScopedStore.class));
        assertThat(missing).isEmpty();
    }

    @Test
    void theLiveMapOfAPlace() {
        Map<String, Object> map = ada.asMap();
        map.put("k", 1);
        map.merge("k", 2L, (a, b) -> (Long) a + (Long) b);
        assertThat(store.get(ADA.child("k"))).isEqualTo(3L);
        assertThat(map).containsOnlyKeys("n", "l", "k");
    }

    @Test
    void theLiveMapOfNothingIsEmptyAndOfSomethingElseIsRefused() {
        Map<String, Object> none = store.asMap(KeyPath.of("x", "y"));
        assertThat(none).isEmpty();
        none.clear();
        assertThat(store.contains("x")).isFalse();
        none.put("k", 1);
        assertThat(store.get(KeyPath.of("x", "y", "k"))).isEqualTo(1L);
        for (Map<String, Object> other : List.of(store.asMap(KeyPath.of("n")), store.asMap(KeyPath.of("list")))) {
            assertThatThrownBy(other::size).isInstanceOf(TypeMismatchException.class);
            assertThatThrownBy(() -> other.get("0")).isInstanceOf(TypeMismatchException.class);
            assertThatThrownBy(() -> other.put("0", 1)).isInstanceOf(TypeMismatchException.class);
            assertThatThrownBy(() -> other.remove("0")).isInstanceOf(TypeMismatchException.class);
            assertThatThrownBy(other::clear).isInstanceOf(TypeMismatchException.class);
        }
    }
}
