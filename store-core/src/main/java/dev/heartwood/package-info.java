/** One nested, JSON-like tree that many threads read and change at once, without locks and without torn reads. A past
 * state that you keep stays whole.
 *
 * <p>Most programs need two types: a {@link dev.heartwood.Store} holds the tree, and a {@link dev.heartwood.KeyPath} names
 * a place in it.
 *
 * <pre>{@code
 * Store store = Store.of(Map.of("counter", 0, "user", Map.of("name", "Ada")));
 * KeyPath name = KeyPath.of("user", "name");
 *
 * store.update("counter", Integer.class, n -> n + 1);   // atomic, from any thread
 * Snapshot before = store.snapshot();                   // one state, kept for as long as you like
 * store.batch(tx -> {                                   // all of it, or nothing
 *     tx.put(name, "Ada L.");
 *     tx.increment("counter");
 * });
 * System.out.println(before.diff(store.snapshot()));    // each place that differs between two states
 * }</pre>
 *
 * <h2>For authors of storage</h2>
 *
 * <p>Four types are the boundary between a store and its storage. Programs that only use a store need none of them.
 * {@link dev.heartwood.Root} holds a tree; {@link dev.heartwood.Store#over} makes a store over it. A root publishes its
 * states in a {@link dev.heartwood.Timeline}, in version order. A {@link dev.heartwood.Dialect} defines the leaves that
 * a root can hold. An {@link dev.heartwood.Edit} is one change of a commit in the form that a root receives. The
 * contract suite in {@code heartwood-testkit} checks an implementation. {@link dev.heartwood.CommitRecorder} is the
 * boundary to a recorder of all commits, such as {@code heartwood-history}.
 */
@NullMarked
package dev.heartwood;

import org.jspecify.annotations.NullMarked;
