/**
 * A tree in a PostgreSQL database, which processes on several machines share.
 *
 * <p>{@link dev.heartwood.postgres.PostgresStore} opens one, {@link dev.heartwood.postgres.PostgresOptions} says how.
 */
@NullMarked
package dev.heartwood.postgres;

import org.jspecify.annotations.NullMarked;
