/**
 * For authors of engines: all that the engines of a shared log have in common, so that an engine is some 300 lines.
 *
 * <p>An engine has one {@link dev.heartwood.log.engine.LogConnection}, which sends requests to its server and is used by one
 * thread at a time; one {@link dev.heartwood.log.engine.LogServer}, which makes such connections; options, which extend {@link dev.heartwood.log.engine.EngineOptions}; and a
 * {@link dev.heartwood.log.LogEngine}, which finds it by an address. Here are the rest: users, passwords, TLS and time-outs
 * ({@link dev.heartwood.log.engine.EngineSettings}), connections that are made anew after a failure, requests whose answer is
 * lost, the thread that hears of other processes' appends, the claims of slow writers, and logs that were deleted.
 *
 * <pre>{@code
 * import dev.heartwood.log.engine.*;
 *
 * abstract class MyOptions extends EngineOptions<MyOptions> {
 *     MyOptions(EngineSettings settings) {
 *         super(settings);
 *     }
 *
 *     abstract LogConnection connect(ServerAddress server) throws IOException;
 *
 *     public SharedLog connect(URI address) {
 *         ServerAddress server = ServerAddress.of(address, "my://host:1234", 1234, "", "my");
 *         return connection("My at " + server, 1 << 20, () -> connect(server));
 *     }
 * }
 * }</pre>
 *
 * <p>The guide is {@code docs/engines.md}; the contract suite in {@code heartwood-log-testkit} checks an engine.
 */
@NullMarked
package dev.heartwood.log.engine;

import org.jspecify.annotations.NullMarked;
