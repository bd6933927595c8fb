/**
 * A tree that several processes share through one SQLite file.
 *
 * <p>{@link dev.heartwood.sqlite.SqliteStore} opens one, {@link dev.heartwood.sqlite.SqliteOptions} says how; what comes
 * out is a {@link dev.heartwood.Store} like any other.
 */
@NullMarked
package dev.heartwood.sqlite;

import org.jspecify.annotations.NullMarked;
