/**
 * The contract suite that every {@link dev.heartwood.Root} passes.
 *
 * <p>Subclass {@link dev.heartwood.testkit.RootContract} in the tests of your root, and implement its {@code create}
 * method. Override more methods of {@link dev.heartwood.testkit.RootFixture} for the further abilities of your root. A
 * test that needs more than the root can do is skipped.
 *
 * <pre>{@code
 * import dev.heartwood.testkit.RootContract;
 *
 * class MyRootTest extends RootContract {
 *     @Override
 *     public Root create(Map<String, ?> tree) {
 *         return Root.inMemory(tree);           // a root of yours instead, over a storage of its own
 *     }
 * }
 * }</pre>
 */
@NullMarked
package dev.heartwood.testkit;

import org.jspecify.annotations.NullMarked;
