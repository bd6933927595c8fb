package dev.heartwood;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Functions and bodies that may not be run twice are found in tests. */
class StrictModeTest {
    private final Store store = Store.options().strict().of(Map.of("a", 0, "list", List.of(1, 2)));
    private int counter;

    @Test
    void aFunctionThatGivesAnotherValueTheSecondTimeIsFound() {
        assertThatThrownBy(() -> store.update("a", value -> ++counter))
                .isInstanceOfSatisfying(
                        ImpureFunctionException.class, e -> assertThat(e.path()).isEqualTo(KeyPath.of("a")))
                .hasMessageContaining("at /a the first run of the function gave 1, the second 2")
                .hasMessageContaining("tx.once");
        assertThat(store.get("a")).isEqualTo(0L);
        assertThat(store.version()).isZero();
    }

    @Test
    void soAreTheFunctionsOfAllOperations() {
        assertImpure(() -> store.update("a", Long.class, value -> (long) ++counter));
        assertImpure(() -> store.merge("a", 1, (old, more) -> ++counter));
        assertImpure(() -> store.updateList("list", list -> list.append(++counter)));
        assertImpure(() -> store.asMap().compute("a", (key, old) -> ++counter));
        assertImpure(() -> store.at("a").update(value -> ++counter));
        assertImpure(() -> store.as("me").update("a", value -> ++counter));
        assertImpure(() -> store.under("list").update(KeyPath.of(0), value -> ++counter));
    }

    @Test
    void aBodyIsFoundWithThePlaceAtWhichItsRunsDiffer() {
        assertThatThrownBy(() -> store.batch(tx -> {
                    tx.put("fine", 1);
                    tx.put(KeyPath.of("deep", "id"), ++counter);
                }))
                .isInstanceOfSatisfying(
                        ImpureFunctionException.class, e -> assertThat(e.path()).isEqualTo(KeyPath.of("deep", "id")))
                .hasMessageContaining("~ /deep/id: 1 -> 2");
        assertThat(store.contains("fine")).isFalse();
    }

    @Test
    void soAreBodiesWithAResultAndThoseThatThrowChecked() {
        assertImpure(() -> store.transact(tx -> ++counter));
        assertImpure(() -> store.transactChecked(tx -> tx.put("a", ++counter)));
        assertImpure(() -> store.atomically(tx -> tx.put("a", ++counter)));
    }

    @Test
    void labelsActionsAndOutcomesAreCompared() {
        assertThatThrownBy(() -> store.batch(tx -> tx.label("run " + ++counter)))
                .isInstanceOf(ImpureFunctionException.class)
                .hasMessageContaining("label");
        assertThatThrownBy(() -> store.batch(tx -> {
                    if (++counter % 2 == 0) {
                        tx.afterCommit(() -> {});
                    }
                }))
                .isInstanceOf(ImpureFunctionException.class)
                .hasMessageContaining("afterCommit");
        assertThatThrownBy(() -> store.batch(tx -> {
                    if (++counter % 2 == 0) {
                        throw new IllegalStateException("even");
                    }
                }))
                .isInstanceOf(ImpureFunctionException.class)
                .hasMessageContaining("returned")
                .hasMessageContaining("even");
    }

    @Test
    void aFunctionThatFailsInOneOfItsRunsIsFound() {
        for (int run = 0; run < 2; run++) {
            counter = run;
            assertThatThrownBy(() -> store.update("a", value -> {
                        if (++counter % 2 == 0) {
                            throw new IllegalStateException("even");
                        }
                        return 1;
                    }))
                    .isInstanceOf(ImpureFunctionException.class)
                    .hasMessageContaining("returned")
                    .hasMessageContaining("even");
        }
    }

    @Test
    void aValueAgainstNothingIsADifference() {
        for (int run = 0; run < 2; run++) {
            counter = run;
            assertImpure(() -> store.update("a", value -> ++counter % 2 == 0 ? null : 1));
            counter = run;
            assertImpure(() -> store.transact(tx -> ++counter % 2 == 0 ? null : 1));
        }
    }

    @Test
    void twoRunsThatThrowDifferentExceptionsAreFound() {
        assertThatThrownBy(() -> store.batch(tx -> {
                    throw ++counter % 2 == 0 ? new IllegalStateException("even") : new IllegalArgumentException("odd");
                }))
                .isInstanceOf(ImpureFunctionException.class)
                .hasMessageContaining("odd")
                .hasMessageContaining("even");
    }

    @Test
    void theTransactionOfEachRunIsOfNoUseAfterTheBatch() {
        List<Transaction> kept = new ArrayList<>();
        store.batch(kept::add);
        assertThat(kept).hasSize(2);
        for (Transaction tx : kept) {
            assertThatThrownBy(() -> tx.put("a", 1)).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void anExceptionThatBothRunsThrowComesOutUnchanged() {
        IllegalArgumentException failure = new IllegalArgumentException("no");

        assertThatThrownBy(() -> store.batch(tx -> {
                    throw failure;
                }))
                .isSameAs(failure);
        assertThatThrownBy(() -> store.update("a", value -> {
                    throw failure;
                }))
                .isSameAs(failure);
    }

    @Test
    void aWriteToSomethingElseThatTheSecondRunShowsIsFound() {
        List<Object> seen = new ArrayList<>();

        assertImpure(() -> store.batch(tx -> {
            seen.add(tx.get("a"));
            tx.put("seen", seen.size());
        }));
    }

    @Test
    void onceGivesIdsAndClocksThatAreTheSameInBothRuns() {
        AtomicInteger made = new AtomicInteger();

        store.batch(tx -> {
            tx.put("at", tx.once(Instant::now));
            tx.put("id", tx.<UUID>once(UUID::randomUUID).toString());
            tx.put("n", tx.once(made::incrementAndGet));
            tx.put("nothing", tx.<Object>once(() -> null));
        });

        assertThat(made).hasValue(1);
        assertThat(store.get("nothing")).isNull();
    }

    @Test
    void onceGivesTheSameValueToARunAfterALostRaceToo() {
        Store lenient = Store.of(Map.of("a", 0));
        List<Object> given = new ArrayList<>();

        lenient.batch(tx -> {
            given.add(tx.once(Object::new));
            long a = tx.get("a", Long.class);
            if (given.size() == 1) {
                elsewhere(() -> lenient.increment("a"));
            }
            tx.put("b", a);
        });

        assertThat(given).hasSize(2);
        assertThat(given.get(0)).isSameAs(given.get(1));
    }

    @Test
    void onceWorksInADraftAndInAView() {
        assertThat(store.snapshot().edit(tx -> tx.put("id", tx.once(() -> 7))).get("id"))
                .isEqualTo(7L);
        store.batch(tx -> tx.under("deep").put("id", tx.under("deep").once(() -> ++counter)));
        assertThat(store.get(KeyPath.of("deep", "id"))).isEqualTo(1L);
    }

    @Test
    void aResultThatIsNoTreeValueIsNotComparedAndThatOfTheFirstRunIsReturned() {
        List<Object> made = new ArrayList<>();
        Object returned = store.<Object>transact(tx -> {
            made.add(new Object());
            return made.get(made.size() - 1);
        });

        assertThat(made).hasSize(2);
        assertThat(returned).isSameAs(made.get(0));
    }

    @Test
    void theActionsOfTheFirstRunAloneAreRun() {
        AtomicInteger ran = new AtomicInteger();
        store.batch(tx -> tx.afterCommit(ran::incrementAndGet));

        assertThat(ran).hasValue(1);
    }

    @Test
    void attemptsCountPairsOfRuns() {
        assertThat(store.batch(tx -> tx.put("x", 1)).attempts()).isEqualTo(1);
    }

    @Test
    void withoutStrictModeEachRunsOnce() {
        Store lenient = Store.of(Map.of("a", 0));
        lenient.update("a", value -> ++counter);
        lenient.batch(tx -> tx.put("a", ++counter));

        assertThat(counter).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void pureFunctionsRaiseNoAlarm(long seed) {
        Random random = new Random(seed);
        Store fuzzed = Store.options().strict().of(Map.of("m", Map.of(), "l", List.of(0)));
        for (int i = 0; i < 25_000; i++) {
            long choice = random.nextLong();
            assertThatCode(() -> pure(fuzzed, choice))
                    .as("seed %d, choice %d", seed, choice)
                    .doesNotThrowAnyException();
        }
    }

    private static void pure(Store store, long choice) {
        Random random = new Random(choice);
        String key = "k" + random.nextInt(20);
        int value = random.nextInt(5);
        switch (random.nextInt(8)) {
            case 0 -> store.merge(KeyPath.of("m", key), value, (old, more) -> more);
            case 1 ->
                store.batch(tx -> {
                    tx.label(key);
                    tx.put(KeyPath.of("m", key), Map.of("x", List.of(value, 1.5)));
                    tx.afterCommit(() -> {});
                });
            case 2 -> store.transact(tx -> tx.getOrDefault(KeyPath.of("m", key), null));
            case 3 -> store.updateList("l", list -> list.size() > 30 ? list.take(3) : list.append(value));
            case 4 ->
                store.batch(tx -> {
                    tx.discard(KeyPath.of("m", key));
                    tx.put(KeyPath.of("m", "at"), tx.once(Instant::now));
                });
            case 5 -> store.update("m", m -> m);
            case 6 -> store.transact(tx -> new Object());
            default -> store.asMap().compute(key, (k, old) -> old == null ? value : null);
        }
    }

    private static void assertImpure(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(ImpureFunctionException.class);
    }

    private static void elsewhere(Runnable action) {
        CountDownLatch done = new CountDownLatch(1);
        new Thread(() -> {
                    action.run();
                    done.countDown();
                })
                .start();
        try {
            done.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
