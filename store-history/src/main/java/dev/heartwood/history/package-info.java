/** The past of a store: its commits, each with author, time, reason and changes.
 *
 * <p>Begin with {@link dev.heartwood.history.History}, which records a store, and
 * {@link dev.heartwood.history.Entry}, one commit in it.
 *
 * <pre>{@code
 * Store store = Store.of(Map.of("account", Map.of("rent", 800)));
 * try (History history = History.of(store)) {
 *     store.as("planner").batch(tx -> {
 *         tx.label("pay rent");
 *         tx.put(KeyPath.of("account", "rent"), 900);
 *     });
 *     System.out.println(history.blame(KeyPath.of("account", "rent")));
 * }
 * }</pre>
 */
@NullMarked
package dev.heartwood.history;

import org.jspecify.annotations.NullMarked;
