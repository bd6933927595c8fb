package dev.heartwood.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.heartwood.ImpureFunctionException;
import dev.heartwood.KeyPath;
import dev.heartwood.Store;
import dev.heartwood.history.History;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.opentest4j.AssertionFailedError;

/** Runs tests that use the extension, some of which fail on purpose. */
class HeartwoodExtensionTest {
    private static final List<Store> SEEN = Collections.synchronizedList(new ArrayList<>());

    @TempDir
    Path reports;

    @ExtendWith(HeartwoodExtension.class)
    static class Failing {
        @BeforeEach
        void begin(Store store) {
            store.as("setup").put("counter", 1);
        }

        @Test
        void theCounterIsTwo(Store store) {
            store.as("planner").batch(tx -> {
                tx.label("count wrongly");
                tx.put("counter", 3);
            });

            StoreAssertions.assertThat(store).hasValueAt("/counter", 2);
        }

        @Test
        void somethingElseIsThrown(Store store) {
            store.put("counter", 3);
            throw new IllegalStateException("broken");
        }

        @Test
        void doesNotApply(Store store) {
            Assumptions.abort("not here");
        }

        @ParameterizedTest
        @ValueSource(ints = {7, 8})
        void each(int value, Store store) {
            store.put("counter", value);
            throw new AssertionError("no");
        }

        @Nested
        class Inner {
            @Test
            void fails(Store store) {
                throw new AssertionError();
            }
        }
    }

    @Test
    void theMessageOfAFailureHasTheLastChangesAndWhoMadeThem() {
        Throwable failure = run(Failing.class).get("theCounterIsTwo(Store)");

        assertThat(failure)
                .isInstanceOf(AssertionFailedError.class)
                .hasMessageContaining("expected another value at /counter")
                .hasMessageContaining("~ /value: 2 -> 3")
                .hasMessageContaining("All changes of the store")
                .hasMessageMatching("(?s).*version 1, setup on [^\n]*\\.java:\\d+\\).*")
                .hasMessageContaining("version 1, setup on ")
                .hasMessageContaining("version 2, planner \"count wrongly\" on ")
                .hasMessageContaining("  ~ /counter: 1 -> 3");
        assertThat(((AssertionFailedError) failure).getExpected().getValue()).isEqualTo(2);
        assertThat(((AssertionFailedError) failure).getActual().getValue()).isEqualTo(3L);
    }

    @Test
    void theReportOfAFailureLiesInItsFolder() throws IOException {
        run(Failing.class);

        Path report = reports.resolve(Failing.class.getName() + ".theCounterIsTwo.html");
        assertThat(report).exists();
        assertThat(Files.readString(report)).startsWith("<!").contains("count wrongly");
        assertThat(reports.resolve(Failing.class.getName() + ".each-1.html")).exists();
        assertThat(reports.resolve(Failing.class.getName() + ".each-2.html")).exists();
        assertThat(reports.resolve(Failing.class.getName() + ".doesNotApply.html"))
                .doesNotExist();
    }

    @Test
    void aFailureHasItsChangesThoughItsReportCannotBeWritten() throws IOException {
        Path taken = reports.resolve(Failing.class.getName() + ".somethingElseIsThrown.html");
        Files.createDirectories(taken.resolve("something"));

        assertThat(run(Failing.class).get("somethingElseIsThrown(Store)"))
                .hasMessageStartingWith("java.lang.IllegalStateException: broken")
                .hasMessageContaining("could not be written")
                .hasMessageContaining("  ~ /counter: 1 -> 3");
    }

    @Test
    void anExceptionIsTheCauseOfTheFailureThatExplainsIt() {
        Throwable failure = run(Failing.class).get("somethingElseIsThrown(Store)");

        assertThat(failure)
                .hasMessageStartingWith("java.lang.IllegalStateException: broken")
                .hasMessageContaining("  ~ /counter: 1 -> 3")
                .hasCauseInstanceOf(IllegalStateException.class);
        assertThat(failure.getStackTrace()[0].getMethodName()).isEqualTo("somethingElseIsThrown");
    }

    @Test
    void nestedTestsFailWithTheirChangesToo() {
        assertThat(run(Failing.class).get("fails(Store)")).hasMessageContaining("  + /counter = 1");
    }

    @ExtendWith(HeartwoodExtension.class)
    static class FailingBefore {
        @BeforeEach
        void begin(Store store) {
            store.put("counter", 1);
            throw new IllegalStateException("broken");
        }

        @Test
        void neverRuns(Store store) {}
    }

    @ExtendWith(HeartwoodExtension.class)
    static class FailingAfter {
        @Test
        void runs(Store store) {
            for (int i = 1; i <= 12; i++) {
                store.put("counter", i);
            }
        }

        @AfterEach
        void end(Store store) {
            throw new IllegalStateException("broken");
        }
    }

    @Test
    void aFailureBeforeOrAfterATestHasTheChangesToo() {
        assertThat(run(FailingBefore.class).get("neverRuns(Store)")).hasMessageContaining("  + /counter = 1");
        assertThat(run(FailingAfter.class).get("runs(Store)"))
                .hasMessageContaining("The last 10 of 12 changes of the store")
                .hasMessageContaining("  ~ /counter: 11 -> 12")
                .hasMessageContaining("  ~ /counter: 2 -> 3")
                .hasMessageNotContaining("/counter: 1 -> 2");
    }

    @Test
    void aTestThatDoesNotApplyIsLeftAlone() {
        assertThat(run(Failing.class).get("doesNotApply(Store)")).hasMessage("not here");
    }

    @ExtendWith(HeartwoodExtension.class)
    static class Passing {
        private final Store store;

        Passing(Store store) {
            this.store = store;
        }

        @Test
        void allParametersOfATestAreOfOneStore(Store mine, History history) {
            SEEN.add(mine);
            assertThat(mine).isSameAs(store);
            store.put("x", 1);
            assertThat(history.states()).hasSize(2);
            StoreAssertions.assertThat(mine).changedOnly("/x");
            assertThatThrownBy(() -> StoreAssertions.assertThat(mine).changedOnly("/y"))
                    .isInstanceOf(AssertionError.class);
        }

        @Test
        void eachTestHasItsOwn(Store mine) {
            SEEN.add(mine);
            assertThat(mine.contains("x")).isFalse();
        }

        @AfterEach
        void end(Store mine) {
            assertThat(mine).isSameAs(store);
        }
    }

    @Test
    void eachTestHasAStoreOfItsOwnThatIsClosedAfterIt() {
        SEEN.clear();
        assertThat(run(Passing.class)).isEmpty();

        assertThat(SEEN).hasSize(2).doesNotHaveDuplicates();
        assertThat(SEEN).allMatch(store -> store.toString().contains("closed"));
    }

    @Test
    void testsRunInParallel() {
        assertThat(run(Passing.class, "junit.jupiter.execution.parallel.enabled", "true"))
                .isEmpty();
    }

    @ExtendWith(HeartwoodExtension.class)
    @StoreFrom("/accounts.json")
    static class FromDocument {
        @Test
        void ofTheClass(Store store) {
            assertThat(store.get(KeyPath.of("account", "rent"))).isEqualTo(0L);
        }

        @Test
        @StoreFrom("src/test/resources/orders.json")
        void ofTheMethodAndAFile(Store store) {
            assertThat(store.get(KeyPath.of("orders", 0))).isEqualTo("books");
        }

        @Test
        @StoreFrom("/accounts.json")
        void ofTheParameterRatherThanOfTheMethod(@StoreFrom("src/test/resources/orders.json") Store store) {
            assertThat(store.contains("account")).isFalse();
        }

        @Test
        void ofTheParameterWhichIsMissing(@StoreFrom("/absent.json") Store store) {}

        @Nested
        class Inner {
            @Test
            void ofTheClassAround(Store store) {
                assertThat(store.contains("account")).isTrue();
            }
        }
    }

    @Test
    void aStoreStartsWithItsDocument() {
        Map<String, Throwable> failures = run(FromDocument.class);

        assertThat(failures).containsOnlyKeys("ofTheParameterWhichIsMissing(Store)");
        assertThat(failures.values())
                .singleElement()
                .satisfies(failure -> assertThat(failure).hasStackTraceContaining("/absent.json"));
    }

    @ExtendWith(HeartwoodExtension.class)
    static class Impure {
        private int counter;

        @Test
        void isFound(Store store) {
            store.batch(tx -> tx.put("n", ++counter));
        }
    }

    static class Lenient {
        @RegisterExtension
        static final HeartwoodExtension HEARTWOOD = HeartwoodExtension.lenient();

        private int counter;

        @Test
        void isAllowed(Store store) {
            store.batch(tx -> tx.put("n", ++counter));
        }
    }

    @Test
    void storesAreStrictUnlessTheyAreLenient() {
        assertThat(run(Impure.class).get("isFound(Store)")).hasCauseInstanceOf(ImpureFunctionException.class);
        assertThat(run(Lenient.class)).isEmpty();
    }

    @ExtendWith(HeartwoodExtension.class)
    static class ForAll {
        @BeforeAll
        static void begin(Store store) {}

        @Test
        void test() {}
    }

    @Test
    void aStoreForAllTestsOfAClassIsRefused() {
        assertThat(run(ForAll.class).values())
                .singleElement()
                .satisfies(failure -> assertThat(failure).hasMessageContaining("each test has a store of its own"));
    }

    private Map<String, Throwable> run(Class<?> type, String... parameters) {
        LauncherDiscoveryRequestBuilder request = LauncherDiscoveryRequestBuilder.request()
                .selectors(selectClass(type))
                .configurationParameter("dev.heartwood.reports", reports.toString());
        for (int i = 0; i < parameters.length; i += 2) {
            request.configurationParameter(parameters[i], parameters[i + 1]);
        }
        return run(request.build());
    }

    /** The tests that did not succeed, and their failures. */
    private static Map<String, Throwable> run(LauncherDiscoveryRequest request) {
        Map<String, Throwable> failures = Collections.synchronizedMap(new TreeMap<>());
        LauncherFactory.create().execute(request, new TestExecutionListener() {
            @Override
            public void executionFinished(TestIdentifier test, TestExecutionResult result) {
                result.getThrowable().ifPresent(failure -> failures.put(test.getLegacyReportingName(), failure));
            }
        });
        return failures;
    }
}
