package dev.heartwood.stress.streams;

import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.testng.SkipException;

/**
 * The rules of reactive streams for a publisher, by their own test kit. That one is written for TestNG; here each of its
 * methods is a test of JUnit.
 */
class PublisherRulesTest {
    @TestFactory
    Stream<DynamicTest> everyRule() {
        return Arrays.stream(VerifiedUpdates.class.getMethods())
                .filter(method -> method.isAnnotationPresent(org.testng.annotations.Test.class))
                .sorted(Comparator.comparing(Method::getName))
                .map(method -> dynamicTest(method.getName(), () -> run(method)));
    }

    private static void run(Method rule) throws Throwable {
        try (VerifiedUpdates test = new VerifiedUpdates()) {
            test.setUp();
            rule.invoke(test);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof SkipException skipped) {
                abort(skipped.getMessage());
            }
            throw e.getCause();
        }
    }
}
