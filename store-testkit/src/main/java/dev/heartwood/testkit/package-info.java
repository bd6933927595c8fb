/**
 * The contract suite that every {@link dev.heartwood.Root} passes.
 *
 * <p>Subclass {@link dev.heartwood.testkit.RootContract} in the tests of your root, and say how one is made; override
 * more of {@link dev.heartwood.testkit.RootFixture} for what your root can do besides.
 */
@NullMarked
package dev.heartwood.testkit;

import org.jspecify.annotations.NullMarked;
