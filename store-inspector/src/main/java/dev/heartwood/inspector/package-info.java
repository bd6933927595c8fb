/**
 * Looks at a store: each commit with its difference, author and reason; the whole tree at any version; which commits
 * changed a place; search through time; any two versions compared.
 *
 * <p>{@link dev.heartwood.inspector.Report} writes a recorded history as one HTML file, which needs no network and can be
 * attached to a bug report. {@link dev.heartwood.inspector.Inspector} serves the same page to browsers on this computer,
 * while the program works.
 *
 * <pre>{@code
 * Store store = Store.of(Map.of("budget", 100));
 * try (History history = History.of(store);
 *         Inspector inspector = Inspector.options().history(history).of(store)) {
 *     System.out.println("open " + inspector.url());          // live, while the program works
 *     store.as("planner").batch(tx -> {
 *         tx.label("pay rent");
 *         tx.decrement("budget", 70);
 *     });
 *     Report.write(history, Path.of("report.html"));          // the same page, as a file
 * }
 * }</pre>
 */
@NullMarked
package dev.heartwood.inspector;

import org.jspecify.annotations.NullMarked;
