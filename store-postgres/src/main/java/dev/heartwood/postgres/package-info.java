/**
 * A tree in a PostgreSQL database, which processes on several machines share.
 *
 * <p>{@link dev.heartwood.postgres.PostgresStore} opens one, {@link dev.heartwood.postgres.PostgresOptions} says how.
 *
 * <pre>{@code
 * try (Store store = PostgresStore.options()
 *         .user("app", "secret")
 *         .tls(Path.of("authorities.pem"))
 *         .open("jdbc:postgresql://db.example.com/app", "my_app")) {
 *     store.put("greeting", "hello");
 * }
 * }</pre>
 */
@NullMarked
package dev.heartwood.postgres;

import org.jspecify.annotations.NullMarked;
