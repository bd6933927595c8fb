/**
 * A tree that several processes of one machine share through one SQLite file.
 *
 * <p>Begin with {@link dev.heartwood.sqlite.SqliteStore}, which opens one; {@link dev.heartwood.sqlite.SqliteOptions}
 * sets how a commit is synced and how long it waits for another process.
 *
 * <pre>{@code
 * Path file = Path.of("shared.db");
 * try (Store store = SqliteStore.open(file)) {               // any number of processes may do this
 *     store.merge("jobs done", Long.class, 1L, Long::sum);
 *     Subscription watch = store.watch("jobs done", Delivery.every(Runnable::run), System.out::println);
 *     watch.close();                                         // a watcher also gets commits of other processes
 * }
 * SqliteStore.backup(file, Path.of("backup.db"));            // also while it is open
 * System.out.println(SqliteStore.check(file));               // the faults of the file: an empty list
 * }</pre>
 */
@NullMarked
package dev.heartwood.sqlite;

import org.jspecify.annotations.NullMarked;
