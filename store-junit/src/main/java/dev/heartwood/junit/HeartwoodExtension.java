package dev.heartwood.junit;

import dev.heartwood.Store;
import dev.heartwood.history.History;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.LifecycleMethodExecutionExceptionHandler;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;

/**
 * Gives tests a {@link Store} and its {@link History} as parameters: of the test method, of the constructor, of
 * {@code @BeforeEach} and {@code @AfterEach} methods. Each test has one store of its own, in memory, empty or from a
 * {@link StoreFrom document}; it is closed after the test. Tests may run in parallel.
 *
 * <p>The store is {@linkplain dev.heartwood.StoreOptions#strict strict}, and records the author, label, thread, time
 * and line of code of each commit. When the test fails, the failure's message has the last changes with these origins,
 * and a report of the whole history lies at {@code target/heartwood/CLASS.METHOD.html}. The folder can be set with the
 * configuration parameter {@code dev.heartwood.reports}.
 *
 * <p>For JUnit 5.10 and later, and JUnit 6.
 *
 * <p>Use it with {@code @ExtendWith(HeartwoodExtension.class)}; or, for functions that may not be run twice, with
 * {@code @RegisterExtension static final HeartwoodExtension HEARTWOOD = HeartwoodExtension.lenient();}.
 */
public final class HeartwoodExtension
        implements ParameterResolver,
                AfterEachCallback,
                TestExecutionExceptionHandler,
                LifecycleMethodExecutionExceptionHandler {
    private static final Namespace NAMESPACE = Namespace.create(HeartwoodExtension.class);

    private final boolean strict;

    /** For {@code @ExtendWith}: stores are strict. */
    public HeartwoodExtension() {
        this(true);
    }

    private HeartwoodExtension(boolean strict) {
        this.strict = strict;
    }

    /** For {@code @RegisterExtension}: stores that run each function once. */
    public static HeartwoodExtension lenient() {
        return new HeartwoodExtension(false);
    }

    /** The parameters of a constructor belong to one test, as those of its method. */
    @Override
    public ExtensionContextScope getTestInstantiationExtensionContextScope(ExtensionContext root) {
        return ExtensionContextScope.TEST_METHOD;
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == Store.class || type == History.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        if (context.getTestMethod().isEmpty()) {
            throw new ParameterResolutionException("each test has a store of its own, and "
                    + parameter.getDeclaringExecutable().getName()
                    + " runs for all tests of the class: take the store in @BeforeEach, or make one of your own");
        }
        RecordedStore recorded = recorded(parameter, context);
        return parameter.getParameter().getType() == Store.class ? recorded.store() : recorded.history();
    }

    @SuppressWarnings("deprecation") // JUnit 5 has no other method for it
    private RecordedStore recorded(ParameterContext parameter, ExtensionContext context) {
        return Objects.requireNonNull(context.getStore(NAMESPACE)
                .getOrComputeIfAbsent(
                        RecordedStore.class,
                        key -> RecordedStore.open(Document.of(parameter, context), strict),
                        RecordedStore.class));
    }

    /** Before 5.13, JUnit closes nothing by itself. */
    @Override
    public void afterEach(ExtensionContext context) {
        RecordedStore recorded = recorded(context);
        if (recorded != null) {
            recorded.close();
        }
    }

    @Override
    public void handleTestExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        throw withChanges(context, failure);
    }

    @Override
    public void handleBeforeEachMethodExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        throw withChanges(context, failure);
    }

    @Override
    public void handleAfterEachMethodExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        throw withChanges(context, failure);
    }

    private static Throwable withChanges(ExtensionContext context, Throwable failure) {
        RecordedStore recorded = recorded(context);
        return recorded == null
                ? failure
                : FailureReport.of(context, recorded.history()).explain(failure);
    }

    private static @Nullable RecordedStore recorded(ExtensionContext context) {
        return Optional.ofNullable(context.getStore(NAMESPACE).get(RecordedStore.class, RecordedStore.class))
                .orElse(null);
    }
}
