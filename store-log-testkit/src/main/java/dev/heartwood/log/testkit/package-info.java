/**
 * The contract suites of shared logs: {@link dev.heartwood.log.testkit.LogContract} of the log itself, and
 * {@link dev.heartwood.log.testkit.LogRootContract} of a store over it.
 *
 * <p>Subclass {@link dev.heartwood.log.testkit.LogContract} in the tests of your engine, and implement its
 * {@code connect} method.
 *
 * <pre>{@code
 * import dev.heartwood.log.testkit.LogContract;
 *
 * class MyLogTest extends LogContract {
 *     private final Map<String, InMemoryLog> server = new ConcurrentHashMap<>();      // a server of yours instead
 *
 *     @Override
 *     protected SharedLog connect(String name) {
 *         return server.computeIfAbsent(name, key -> new InMemoryLog()).connect();
 *     }
 * }
 * }</pre>
 */
@NullMarked
package dev.heartwood.log.testkit;

import org.jspecify.annotations.NullMarked;
